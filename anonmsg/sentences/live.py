"""When visitors see a message: by its schedule, and while it is being edited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from anonmsg import wallclock
from anonmsg.message import Schedule, Status, anywhere


def schedule(schedule: Schedule) -> str:
    """When it starts and ends, in its own zone and in UTC; by visitors' own clocks, also what that is on earth."""
    starts = f"Starts on {moment(schedule.starts_at, schedule.zone)}" if schedule.starts_at else "Starts when launched"
    ends = f"ends on {moment(schedule.ends_at, schedule.zone)}" if schedule.ends_at else "never ends"
    return f"{starts} and {ends}{_by_own_clocks(schedule)}."


def _by_own_clocks(schedule: Schedule) -> str:
    """What it means that every visitor's own clock decides; empty where it does not."""
    if not schedule.is_local or not (schedule.opens or schedule.closes):
        return ""
    first = [f"the first visitors get it on {moment(at, 'UTC')}" for at in (schedule.opens,) if at]
    last = [f"the last lose it on {moment(at, 'UTC')}" for at in (schedule.closes,) if at]
    span = " and ".join(first + last)
    return f", by each visitor’s own clock. {span[0].upper()}{span[1:]}: it is live as long as anybody may get it"


def moment(at: datetime, zone: str) -> str:
    """``1 December 2026 at 09:00, Europe/Vienna (08:00 UTC)``; the UTC date too where it differs. A time by visitors'
    own clocks has no zone."""
    if not at.tzinfo:
        return f"{_day(at)} at {_clock(at)}"
    local, utc = wallclock.in_zone(at, zone), at.astimezone(UTC)
    if local.utcoffset() == utc.utcoffset():
        return f"{_day(local)} at {_clock(local)} {zone}"
    in_utc = _clock(utc) if local.date() == utc.date() else f"{_day(utc)}, {_clock(utc)}"
    return f"{_day(local)} at {_clock(local)}, {zone} ({in_utc} UTC)"


def meanwhile(status: Status, number: int) -> str:
    """What visitors see while version ``number`` of a launched message is being edited."""
    match status:
        case Status.LIVE:
            return f"Visitors keep seeing version {number} until you launch again."
        case Status.SCHEDULED:
            return f"Version {number} stays scheduled until you launch again."
        case Status.PAUSED:
            return "It is paused: nobody sees it. Launching turns it on again, as it is here."
        case _:
            return "It has ended: nobody sees it. Launching starts it again, as it is here."


def timeline(schedule: Schedule, now: datetime) -> list[tuple[str, str]]:
    """Now, start and end in their order, each as ``(what, when)`` by the schedule's own clock, or else in UTC."""
    said = [(what, _local(at, schedule)) for at, what in sorted([(now, "Now"), *_turns(schedule)])]
    if not schedule.starts_at:
        said.insert(said.index(("Now", _local(now, schedule))) + 1, ("Starts", "When launched"))
    return said if schedule.ends_at else [*said, ("Ends", "Never")]


def _turns(schedule: Schedule) -> Iterator[tuple[datetime, str]]:
    """When it starts and ends; by visitors' own clocks, where that comes first and where it comes last."""
    for at, what in ((schedule.starts_at, "Starts"), (schedule.ends_at, "Ends")):
        if at and schedule.is_local:
            yield from zip(anywhere(at), (f"{what} somewhere", f"{what} everywhere"), strict=True)
        elif at:
            yield at, what


def _local(at: datetime, schedule: Schedule) -> str:
    zone, behind = ("UTC", " UTC") if schedule.is_local else (schedule.zone, "")
    local = wallclock.in_zone(at, zone).replace(second=0)
    return f"{_day(local)}, {_clock(local)}{behind}"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def _clock(at: datetime) -> str:
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
