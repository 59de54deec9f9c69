"""Which message events are suspect: the site key is public, so anybody can send some.

A suspect event is stored and acknowledged as any other, and counts nowhere. It is decided once, when the event is first
received, and stands in its row: a copy changes nothing, and counters rebuilt are the counters kept.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from anonmsg.intake.calls import Call
from anonmsg.intake.counting import Counted
from anonmsg.intake.websites import allows
from anonmsg.models.event import Suspicion
from anonmsg.settings import Caps


@dataclass(slots=True)
class Entry:
    """A call that is to be stored, what it is about if it is a message event, and why that is suspect, if it is."""

    call: Call
    about: Counted | None
    suspect: Suspicion | None = None

    @property
    def counts(self) -> Counted | None:
        return None if self.suspect else self.about


def entry(call: Call, about: Counted | None, websites: str) -> Entry:
    """``websites`` are those of the site, as its row has them."""
    allowed = about is None or call.sender.is_own or allows(websites, call.sender.origin)
    return Entry(call, about, None if allowed else Suspicion.WEBSITE)


MINUTE = 60_000_000_000
"""In nanoseconds."""
MOST = 50_000
"""Senders that are remembered of each kind. Whoever is forgotten begins anew: an invented name could do so anyway."""


class Buckets:
    """How much each sender has left: up to a cap at once, which fills again within a minute. Of each no more is kept
    than the moment at which it is full again."""

    def __init__(self, cap: int, most: int = MOST) -> None:
        self._each = MINUTE // cap if cap else 0
        self._most = most
        self._full_at: OrderedDict[Hashable, int] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def has(self, who: Hashable, now: int) -> bool:
        return self._full_at.get(who, now) - now + self._each <= MINUTE

    def take(self, who: Hashable, now: int) -> None:
        if not self._each:
            return
        self._full_at[who] = max(self._full_at.get(who, now), now) + self._each
        self._full_at.move_to_end(who)
        if len(self._full_at) > self._most:
            self._full_at.popitem(last=False)

    def give_back(self, who: Hashable) -> None:
        if who in self._full_at:
            self._full_at[who] -= self._each


class Allowance:
    """What this process still counts. For one thread at a time, as the queue lets them in."""

    def __init__(self, caps: Caps) -> None:
        self._address, self._visitor, self._site = (Buckets(cap) for cap in (caps.address, caps.visitor, caps.site))
        self._taken: list[tuple[Buckets, Hashable]] = []

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is taken inside is given back if it fails: nothing was stored then, and it will be sent again."""
        self._taken.clear()
        try:
            yield
        except BaseException:
            for buckets, who in self._taken:
                buckets.give_back(who)
            raise

    def take(self, call: Call, visitor: str) -> Suspicion | None:
        """Count a new event of this visitor, or why not. Only what counts takes from others: a flood from one address
        leaves the site's share to everybody else."""
        now = time.monotonic_ns()
        asked = [
            (Suspicion.VISITOR, self._visitor, hash((call.site_id, visitor))),
            (Suspicion.SITE, self._site, call.site_id),
        ]
        if call.sender.address:
            asked.insert(0, (Suspicion.ADDRESS, self._address, hash((call.site_id, call.sender.address))))
        for why, buckets, who in asked:
            if not buckets.has(who, now):
                return why
        for _why, buckets, who in asked:
            buckets.take(who, now)
            self._taken.append((buckets, who))
        return None
