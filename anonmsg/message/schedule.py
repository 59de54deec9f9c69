"""When a message is live."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from msgspec import Meta

from anonmsg.message.limits import Limits
from anonmsg.message.value import Value

VISITORS_ZONE = "visitor"
"""The zone of a schedule that every visitor's own clock decides."""


CLOCKS = (timedelta(hours=14), timedelta(hours=-12))
"""How far ahead of UTC clocks are where a day comes first on earth, and where it comes last."""


Time = Annotated[datetime, Meta(description="RFC 3339; without an offset where the zone is “visitor”, and only there")]


class Schedule(Value, frozen=True):
    """Half-open interval ``starts_at ≤ now < ends_at``; ``zone`` is the one it was typed in.

    The times are aware, but in the zone ``visitor`` naive: what each visitor's own clock shows, so that it starts and
    ends in some places before others.
    """

    starts_at: Time | None = None
    ends_at: Time | None = None
    zone: Annotated[str, Meta(max_length=64)] = "UTC"

    def __post_init__(self) -> None:
        for name, at in (("starts_at", self.starts_at), ("ends_at", self.ends_at)):
            if at and self.is_local and at.tzinfo:
                raise ValueError(f"“{name}” is by each visitor's own clock, so it must have no zone: leave out the Z")
            if at and self.is_local and not Limits.YEARS[0] <= at.year <= Limits.YEARS[1]:
                raise ValueError("Choose a year from {} to {}".format(*Limits.YEARS))
            if at and not self.is_local and not at.tzinfo:
                raise ValueError(f"“{name}” needs its zone, such as the Z in 2027-01-31T23:00:00Z")

    @property
    def is_local(self) -> bool:
        return self.zone == VISITORS_ZONE

    @property
    def opens(self) -> datetime | None:
        """When it starts anywhere on earth; aware."""
        return self.starts_at and anywhere(self.starts_at)[0]

    @property
    def closes(self) -> datetime | None:
        """When it has ended everywhere on earth; aware."""
        return self.ends_at and anywhere(self.ends_at)[1]


def anywhere(at: datetime) -> tuple[datetime, datetime]:
    """When that time comes first and when it comes last on earth: one moment, unless it is by visitors' own clocks."""
    first, last = (at if at.tzinfo else (at - ahead).replace(tzinfo=UTC) for ahead in CLOCKS)
    return first, last
