"""A launched message, as visitors may get it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from anonmsg.manifest.parts import needs
from anonmsg.message import Shape, Theme

EARLY = timedelta(minutes=10)
"""How long before its start a message is sent, so that an open tab can start it by itself."""

STANDARD = Theme()
"""Of a site that says nothing about how its messages look."""


@dataclass(frozen=True)
class Launched:
    """What visitors may get: a launched version of a message."""

    id: str
    version: int
    launched_at: datetime
    shape: Shape
    rank: int = 0
    daily: int | None = None
    """How many views of any messages of the site a visitor has at most in 24 hours."""
    site_theme: Theme = STANDARD

    @property
    def place(self) -> tuple[int, int, datetime, str]:
        """Sorts messages in the order they are decided (DESIGN §3)."""
        return self.rank, self.shape.priority, self.launched_at, self.id

    @property
    def theme(self) -> Theme:
        """How it looks: what it has of its own, over the site's."""
        return self.shape.look(self.site_theme)

    @property
    def parts(self) -> list[str]:
        """What it needs of the snippet. With part ``frequency`` tabs take turns, so that they exceed no limit."""
        more = (*(("frequency", "daily") if self.daily else ()), *(("theme",) if self.theme else ()))
        return list(dict.fromkeys([*needs(self.shape), *more]))

    def boundaries(self) -> Iterator[datetime]:
        """When it enters the manifest and when it leaves."""
        if self.shape.schedule.opens:
            yield self.shape.schedule.opens - EARLY
        if self.shape.schedule.closes:
            yield self.shape.schedule.closes

    def due(self, now: datetime) -> bool:
        opens, closes = self.shape.schedule.opens, self.shape.schedule.closes
        return not (opens and now < opens - EARLY) and not (closes and now >= closes)
