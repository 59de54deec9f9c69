"""Each site's responses, ready: a look at the revision at most once a second, new bytes only when something changed."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine

from anonmsg import manifest
from anonmsg.db import reading, utc_now
from anonmsg.delivery import responses
from anonmsg.delivery.bundle import Bundle
from anonmsg.delivery.responses import Response
from anonmsg.images.storage import FOREVER
from anonmsg.models.site import KEY

DAY = 24 * 3600.0
SENDERS = ("Segment.io", "Customer.io Data Pipelines")
"""What analytics-next and Customer.io's client call the part of them that sends: each looks for its own name only."""

logger = logging.getLogger(__name__)

Responses = Mapping[str, Response]
"""By path below the site, e.g. ``messages.json``."""


class Kept:
    """One site as it was last seen. ``responses`` is None for a key that no site has, empty before the first look."""

    __slots__ = ("changes_at", "key", "lock", "look_at", "made_of", "previous", "responses", "seen_at")

    def __init__(self, key: str) -> None:
        self.key = key
        self.lock = Lock()
        self.look_at = self.seen_at = float("-inf")
        self.responses: Responses | None = {}
        self.made_of: tuple[int, str] | None = None
        self.changes_at: datetime | None = None
        self.previous: Responses = {}

    def outdated(self, made_of: tuple[int, str], now: datetime) -> bool:
        return self.made_of != made_of or (self.changes_at is not None and now >= self.changes_at)


class Recent(OrderedDict[str, Kept]):
    """A bounded number of sites; those that were not looked at for longest are forgotten."""

    def __init__(self, capacity: int) -> None:
        super().__init__()
        self._capacity = capacity
        self._lock = Lock()

    def keep(self, site: Kept) -> Kept:
        """Keep it, or the one with its key that is here already, which is returned."""
        with self._lock:
            site = self.setdefault(site.key, site)
            self.move_to_end(site.key)
            while len(self) > self._capacity:
                self.popitem(last=False)
        return site

    def forget(self, key: str) -> None:
        with self._lock:
            self.pop(key, None)


class Shelf:
    """The ready responses of all sites that were asked for lately.

    ``every`` is the time in seconds between two looks at a site's revision. A key that was never seen costs a look of
    its own; there are at most ``strangers`` of those a second, so that invented keys never keep the database busy.
    """

    def __init__(
        self, engine: Engine, address: str, every: float = 1.0, sites: int = 1_000, strangers: int = 200,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._engine, self._address = engine, urlsplit(address)
        self._every, self._clock = every, clock
        self._sites, self._strangers = Recent(sites), Recent(strangers)
        self._allowance = (float("-inf"), strangers)
        self._per_second = strangers

    def responses(self, key: str) -> Responses | None:
        """The site's responses; None when no site has this key; empty when that cannot be known now."""
        site = self._sites.get(key)
        if site is not None and self._clock() < site.look_at:
            return site.responses
        return self._renewed(key, site or self._strangers.get(key))

    def _renewed(self, key: str, site: Kept | None) -> Responses | None:
        if site is None:
            if not KEY.fullmatch(key):
                return None
            if not self._may_look():
                return {}
            site = self._strangers.keep(Kept(key))
        # Who finds somebody else looking is served what is there, and waits only when there is nothing yet.
        if site.lock.acquire(blocking=not site.responses):
            try:
                if self._clock() >= site.look_at:
                    self._look(site)
            finally:
                site.lock.release()
        return site.responses

    def _may_look(self) -> bool:
        second, left = self._allowance
        now = self._clock()
        if now - second >= 1:
            second, left = now, self._per_second
        self._allowance = (second, left - 1)
        return left > 0

    def _look(self, site: Kept) -> None:
        try:
            with self._connection() as connection:
                self._compare(site, connection)
        except Exception:  # with the database down, or whatever else, the last bytes are better than none
            logger.exception("Cannot look at site %s.", site.key)
            self._failed(site)
        else:
            site.seen_at = self._clock()
            self._keep(site)
        site.look_at = self._clock() + self._every

    def _failed(self, site: Kept) -> None:
        if self._clock() - site.seen_at > DAY:
            site.responses, site.made_of = {}, None

    def _keep(self, site: Kept) -> None:
        kept, other = (self._strangers, self._sites) if site.responses is None else (self._sites, self._strangers)
        kept.keep(site)
        other.forget(site.key)

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        with reading(), self._engine.connect() as connection:
            yield connection

    def _compare(self, site: Kept, connection: Connection) -> None:
        """The revision is read before the messages: should one change in between, the next look sees it."""
        found = manifest.revision(connection, site.key)
        if found is None:
            site.responses, site.made_of = None, None
            return
        bundle, now = Bundle.current(), utc_now()
        if site.outdated(made_of := (found.revision, bundle.hash), now):
            messages = manifest.launched(connection, found.id, now)
            self._fill(site, bundle, manifest.build(site.key, found.revision, messages, now))
            site.made_of = made_of

    def _fill(self, site: Kept, bundle: Bundle, made: manifest.Manifest) -> None:
        """A page that was given the manifest a moment ago still finds the contents that it names."""
        contents = {path: Response(body, responses.JSON, FOREVER) for path, body in made.contents.items()}
        site.responses = {
            **site.previous,
            **contents,
            "messages.json": Response(made.body, responses.JSON, responses.FRESH),
            "site.js": responses.script(bundle.script(made.messages, made.parts), responses.FRESH),
            "settings": responses.json(self._settings(site.key), responses.BRIEF),
        }
        site.previous, site.changes_at = contents, made.until

    def _settings(self, key: str) -> dict[str, object]:
        """What unmodified analytics.js asks for first. The host is configured, never the one that a request names."""
        here = {"apiKey": key, "apiHost": f"{self._address.netloc}/v1", "protocol": self._address.scheme}
        return {"integrations": dict.fromkeys(SENDERS, here), "metrics": {"sampleRate": 0}}
