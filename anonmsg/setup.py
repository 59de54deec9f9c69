"""Am I set up? What the sightings of a site's install tag say, and what is wrong (DESIGN §4, the install tag)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from anonmsg.intake.sightings import WRONG_CLOCK_SECONDS
from anonmsg.models import Sighting, Site
from anonmsg.models.counter import DAY_MS

CALL_AFTER_MS = 15_000
"""How long after it fetched the script a page may take until its first call is here."""
TOGETHER_MS = 60_000
"""A call so long before a fetch still speaks for the website: each is written down once in a while only, and a visitor
whose blocker refuses calls is no reason to warn while others' arrive."""


class Stage(StrEnum):
    """How far it got on the website that is furthest."""

    WAITING = "waiting"
    FETCHED = "fetched"
    CALLING = "calling"
    ON = "on"


class Fault(StrEnum):
    """What is wrong on a website; the page has a sentence and a fix for each."""

    WRONG_KEY = "wrong_key"
    NO_CALLS = "no_calls"
    NOT_ENABLED = "not_enabled"
    TWICE = "twice"
    CLOCK = "clock"


@dataclass(frozen=True)
class Setup:
    """What is known at a moment (``now``, milliseconds) of the websites that carry the tag, the last seen first."""

    websites: list[Sighting]
    now: int

    @classmethod
    def of(cls, site: Site, own_hosts: Collection[str], now: datetime) -> Setup:
        """Our own demo shop carries every site's tag, so what it shows says nothing of the site's website."""
        found = [one for one in Sighting.of_site(site) if one.host not in own_hosts]
        return cls(found, int(now.timestamp() * 1000))

    @property
    def stage(self) -> Stage:
        return max((_stage(one) for one in self.websites), key=list(Stage).index, default=Stage.WAITING)

    @property
    def latest(self) -> Sighting | None:
        """The website of those that got this far where the snippet was seen last."""
        furthest = [one for one in self.websites if _stage(one) is self.stage is not Stage.WAITING]
        return max(furthest, key=lambda one: one.snippet_at, default=None)

    @property
    def is_lost(self) -> bool:
        """Whether a page of :attr:`latest` has asked with a wrong key since, so that this may hold no more."""
        return any(fault is Fault.WRONG_KEY and one is self.latest for fault, one in self.faults)

    @property
    def faults(self) -> list[tuple[Fault, Sighting]]:
        """What is wrong with the websites that were seen in the last day."""
        return [(fault, one) for one in self._recent for fault in self._faults(one)]

    @property
    def unagreed(self) -> list[Sighting]:
        """The websites of the last day whose silence may be nothing but what their visitors did not agree to."""
        return [one for one in self._recent if self._is_silent(one) and one.levelled_at]

    @property
    def _recent(self) -> list[Sighting]:
        return [one for one in self.websites if one.seen_at > self.now - DAY_MS]

    def _faults(self, one: Sighting) -> Iterator[Fault]:
        if _asks_wrongly(one):
            yield Fault.WRONG_KEY
        if self._is_silent(one) and not one.levelled_at:
            yield Fault.NO_CALLS
        if one.enabled is False:
            yield Fault.NOT_ENABLED
        if (one.tags or 0) > 1:
            yield Fault.TWICE
        if abs(one.skew or 0) > WRONG_CLOCK_SECONDS:
            yield Fault.CLOCK

    def _is_silent(self, one: Sighting) -> bool:
        """Whether a page fetched the script, had the time to call, and did not."""
        fetched = one.fetched_at or 0
        return fetched - (one.called_at or 0) > TOGETHER_MS and self.now - fetched > CALL_AFTER_MS

    def ago(self, at: int) -> str:
        """How long ago, in words: “3 s ago”."""
        seconds = max(0, self.now - at) // 1000
        return "just now" if seconds < 1 else f"{span(seconds)} ago"


def _stage(one: Sighting) -> Stage:
    if one.called_at:
        return Stage.ON if one.enabled else Stage.CALLING
    return Stage.FETCHED if one.fetched_at else Stage.WAITING


def _asks_wrongly(one: Sighting) -> bool:
    """Whether a page of it asked with a wrong key, and none with the right one since."""
    return (one.wrong_key_at or 0) > one.snippet_at


UNITS = (("day", 86_400), ("h", 3600), ("min", 60), ("s", 1))


def span(seconds: int) -> str:
    """A time that long, in its largest unit, and below ten of it with the next: “1 h 3 min”, “12 min”."""
    at = next((at for at, (_name, size) in enumerate(UNITS) if seconds >= size), len(UNITS) - 1)
    name, size = UNITS[at]
    count, rest = divmod(seconds, size)
    words = f"{count} {name}{'s' if name == 'day' and count > 1 else ''}"
    if 1 <= at <= 2 and count < 10 and (smaller := rest // UNITS[at + 1][1]):
        return f"{words} {smaller} {UNITS[at + 1][0]}"
    return words
