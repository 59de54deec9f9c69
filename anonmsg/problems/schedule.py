"""What is wrong with when a message starts and ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from anonmsg import wallclock
from anonmsg.message import Limits, Shape, anywhere
from anonmsg.problems.problem import Problem

_EARLIEST = datetime(Limits.YEARS[0], 1, 1, tzinfo=UTC) - timedelta(days=1)
_LATEST = datetime(Limits.YEARS[1] + 1, 1, 1, tzinfo=UTC) + timedelta(days=1)
"""Clocks are up to 14 hours ahead of UTC or 12 behind."""


def times(shape: Shape, now: datetime) -> Iterator[Problem]:
    starts_at, ends_at = shape.schedule.starts_at, shape.schedule.ends_at
    if not shape.schedule.is_local and not wallclock.is_zone(shape.schedule.zone):
        yield Problem("error", "zone_unknown", "schedule.zone", f"There is no time zone “{shape.schedule.zone}”.")
    for name, at in (("starts_at", starts_at), ("ends_at", ends_at)):
        if at and not _EARLIEST <= anywhere(at)[0] < _LATEST:
            text = "Choose a year from {} to {}.".format(*Limits.YEARS)
            yield Problem("error", "year_invalid", f"schedule.{name}", text)
    if starts_at and ends_at and ends_at <= starts_at:
        yield Problem("error", "ends_before_start", "schedule.ends_at", "The end must come after the start.")
    elif shape.schedule.closes and shape.schedule.closes <= now:
        yield Problem("incomplete", "ends_in_past", "schedule.ends_at", "The end is in the past: nobody would see it.")
