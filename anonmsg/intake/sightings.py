"""Where a site's install tag is seen, written down: by the calls of its pages, and by who fetched its script.

A host is what a browser says of the page itself (Origin, Referer), never what a call claims. Neither addresses of
visitors nor those of pages are kept. Anybody can invent hosts, so a site keeps those seen last only.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from sqlalchemy import Engine

from anonmsg.db import writing
from anonmsg.intake.calls import Call, microseconds
from anonmsg.intake.decode import Envelope
from anonmsg.intake.driver import Cursor, Row, read, unavailable
from anonmsg.models.counter import DAY_MS

EVERY_SECONDS = 10
"""Between two writings of a host of which nothing new is known."""
MOST_HOSTS = 50
"""That a site keeps."""
KEPT_MS = 30 * DAY_MS
"""How long a host is kept that is not seen any more."""
WRONG_CLOCK_SECONDS = 300
"""From which difference on a browser's clock counts as wrong. A call takes seconds, a schedule goes by minutes."""
MOST_SKEW = 2**31 - 1
REMEMBERED = 10_000

Setup = tuple[bool, Annotated[int, Meta(ge=0, le=99)]]
"""What the snippet says of the page it is on: whether messages are on, and how many install tags there are."""

_HOST = re.compile(r"https?://([a-z0-9._-]{1,240}(?::\d{1,5})?)(?:[/?#]|$)", re.IGNORECASE | re.ASCII)


@lru_cache(4_000)
def host_of(address: str) -> str:
    """The host of a page or an origin, with its port if that is not the usual one; empty if it names none."""
    found = _HOST.match(address)
    return found[1].lower() if found else ""


@dataclass(frozen=True, slots=True)
class Sighted:
    """A page of the host, seen by a call if ``called``, else by what it fetched: the part for consent if ``levelled``.
    Other fields as in :class:`Sighting`."""

    site_id: str
    host: str
    at: int
    called: bool = False
    enabled: bool | None = None
    tags: int | None = None
    skew: int | None = None
    library: str | None = None
    wrong_key: str | None = None
    levelled: bool = False

    @property
    def news(self) -> tuple[object, ...]:
        """What is worth writing down at once when it changes."""
        is_wrong = self.skew is not None and abs(self.skew) > WRONG_CLOCK_SECONDS
        return self.called, self.enabled, self.tags, is_wrong, self.wrong_key

    @property
    def row(self) -> Row:
        fetched, wrong = not (self.called or self.wrong_key or self.levelled), bool(self.wrong_key)
        times = [self.at if it else None for it in (fetched, self.called, wrong, self.levelled)]
        said = (self.enabled, self.tags, self.skew, self.library, self.wrong_key)
        return (self.site_id, self.host, self.at, *times, *said)


def by_call(call: Call, host: str, envelope: Envelope | None) -> Sighted:
    """The host as this call and the batch that it came in say."""
    sent_at, setup = (envelope.sent_at, envelope.setup) if envelope else (None, None)
    enabled, tags = _setup(setup)
    return Sighted(
        call.site_id,
        host,
        call.received_at,
        called=True,
        enabled=enabled,
        tags=tags,
        skew=_skew(sent_at, call),
        library=_library(call),
    )


def _setup(said: Any) -> tuple[bool | None, int | None]:
    try:
        enabled, tags = msgspec.convert(said, Setup)
    except msgspec.ValidationError:  # another client's, or invented
        return None, None
    return enabled, tags


def _skew(sent_at: Any, call: Call) -> int | None:
    """Seconds that the sender's clock is ahead of ours, the way here not counted; None where it does not say."""
    said = microseconds(sent_at)
    return max(-MOST_SKEW, min(round((said / 1000 - call.received_at) / 1000), MOST_SKEW)) if said else None


def _library(call: Call) -> str | None:
    library = (call.fields.context or {}).get("library")
    words = [library.get("name"), library.get("version")] if isinstance(library, dict) else []
    return " ".join(word for word in words if isinstance(word, str))[:80] or None


class Memory:
    """What this process wrote of late, so that a busy website does not write the same with every call."""

    def __init__(self) -> None:
        self._written: dict[tuple[str, str, bool], tuple[float, tuple[object, ...]]] = {}

    def due(self, sighted: Iterable[Sighted]) -> list[Sighted]:
        """Those to be written: of each host the last, if it says something new or the last time is a while ago."""
        last = {(one.site_id, one.host, one.called): one for one in sighted}
        before = time.monotonic() - EVERY_SECONDS
        return [last[key] for key in sorted(last) if self._is_due(key, last[key], before)]

    def _is_due(self, key: tuple[str, str, bool], one: Sighted, before: float) -> bool:
        at, news = self._written.get(key, (before, ()))
        return at <= before or news != one.news

    def keep(self, written: Iterable[Sighted]) -> None:
        """Note these as written. To be called once that is committed."""
        if len(self._written) > REMEMBERED:
            self._written.clear()
        now = time.monotonic()
        self._written.update({(one.site_id, one.host, one.called): (now, one.news) for one in written})


def enter(cursor: Cursor, sighted: Sequence[Sighted]) -> None:
    """Write these down, as the last thing in a transaction: with PostgreSQL a site's hosts are then written by one
    transaction at a time, until it commits."""
    sites = sorted({one.site_id for one in sighted})
    cursor.lock(*(("sighting", site_id) for site_id in sites))
    cursor.run_each(ADD, [one.row for one in sighted])
    for site_id in sites:
        cursor.run(CROWDED_OUT, site_id, site_id, MOST_HOSTS)


def write(engine: Engine, sighted: Sequence[Sighted]) -> None:
    """Write these down in a transaction of their own. Raises Unavailable."""
    if not sighted:
        return
    with unavailable(engine), writing(), engine.begin() as connection:
        enter(Cursor(connection), sighted)


def prune(engine: Engine, now: int) -> None:
    """Forget the hosts that were not seen for long; ``now`` in milliseconds."""
    with unavailable(engine), writing(), engine.begin() as connection:
        Cursor(connection).run("DELETE FROM sighting WHERE seen_at < ?", now - KEPT_MS)


def site_of(engine: Engine, key: str) -> str | None:
    """The id of the site with this key."""
    found = read(engine, "SELECT id FROM site WHERE key = ?", key)
    return found[0][0] if found else None


def sites_meant(engine: Engine, key: str, host: str) -> list[str]:
    """The ids of the sites that a page of this host may mean by a key that no site has: the one whose key was copied in
    part or mistyped at one end, and those whose calls come from this very host."""
    start, end = (key[:ALIKE], key[-ALIKE:]) if len(key) >= ALIKE else (None, None)
    return [id for (id,) in read(engine, MEANT, start, end, host)]


def sites_on(engine: Engine, host: str) -> list[str]:
    """The ids of the sites whose tag was seen on this host."""
    return [id for (id,) in read(engine, ON_HOST, host)]


ALIKE = 8
"""Characters at one end of two keys that make them alike; keys are random."""

ADD = """
INSERT INTO sighting (
    site_id, host, seen_at, fetched_at, called_at, wrong_key_at, levelled_at, enabled, tags, skew, library, wrong_key
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (site_id, host) DO UPDATE SET
    seen_at = excluded.seen_at,
    fetched_at = coalesce(excluded.fetched_at, sighting.fetched_at),
    called_at = coalesce(excluded.called_at, sighting.called_at),
    enabled = coalesce(excluded.enabled, sighting.enabled),
    tags = coalesce(excluded.tags, sighting.tags),
    skew = coalesce(excluded.skew, sighting.skew),
    library = coalesce(excluded.library, sighting.library),
    wrong_key = coalesce(excluded.wrong_key, sighting.wrong_key),
    wrong_key_at = coalesce(excluded.wrong_key_at, sighting.wrong_key_at),
    levelled_at = coalesce(excluded.levelled_at, sighting.levelled_at)"""
CROWDED_OUT = """
DELETE FROM sighting WHERE site_id = ? AND host IN (
    SELECT host FROM sighting WHERE site_id = ? ORDER BY seen_at DESC, host LIMIT 1000 OFFSET ?)"""
MEANT = """
SELECT id FROM site WHERE substr(key, 1, 8) = CAST(? AS text) OR substr(key, length(key) - 7) = CAST(? AS text)
UNION SELECT site_id FROM sighting WHERE host = ? AND called_at IS NOT NULL
ORDER BY 1 LIMIT 10"""
ON_HOST = "SELECT site_id FROM sighting WHERE host = ? ORDER BY seen_at DESC, site_id LIMIT 10"
