"""Between what a clock on the wall shows in a named zone and UTC, also on the nights when clocks change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


class NoSuchTime(ValueError):
    """A time that the clock skips when it is put forward; ``valid`` is the first one after the gap."""

    def __init__(self, local: datetime, zone: str, valid: datetime) -> None:
        there_is = f"{valid.day} {valid:%B} at {valid:%H:%M}"
        super().__init__(
            f"The clocks in {zone} are put forward then and skip {local:%H:%M}: choose {there_is} or later."
        )
        self.valid = valid


def to_utc(local: datetime, zone: str) -> datetime:
    """The instant of a naive wall-clock time; of two with the same name, the earlier. Raises :class:`NoSuchTime`."""
    instant = _instant(local, zone, fold=0)
    if to_local(instant, zone) != local:
        raise NoSuchTime(local, zone, _after_gap(local, zone))
    return instant


def to_local(instant: datetime, zone: str) -> datetime:
    """What a clock in the zone shows, without a zone."""
    return in_zone(instant, zone).replace(tzinfo=None, fold=0)


def in_zone(instant: datetime, zone: str) -> datetime:
    """The instant with the zone's offset; in UTC where there is no such zone (any more) or no such year there."""
    try:
        return instant.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OverflowError):
        return instant.astimezone(UTC)


def is_ambiguous(local: datetime, zone: str) -> bool:
    """Whether the clock shows this time twice, as it does on the night when it is put back."""
    first, second = _instant(local, zone, fold=0), _instant(local, zone, fold=1)
    return first != second and to_local(first, zone) == local


def _instant(local: datetime, zone: str, fold: int) -> datetime:
    return local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def _after_gap(local: datetime, zone: str) -> datetime:
    """In a gap, fold 1 names an instant before the clocks change, and from there it is not far to its end."""
    at = _instant(local, zone, fold=1).replace(second=0, microsecond=0)
    while to_local(at, zone) < local:
        at += timedelta(minutes=1)
    return to_local(at, zone)


def offset(zone: str, at: datetime) -> str:
    """``UTC+01:00`` at that instant."""
    minutes = int((in_zone(at, zone).utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}" if minutes else "UTC"


AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def _names() -> frozenset[str]:
    """Looked up once: it reads a directory of files."""
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    return name in _names()


@cache
def zones() -> dict[str, list[str]]:
    """The zones that people choose from, by part of the world; UTC first. Names without an area are old synonyms."""
    names = sorted(_names())
    return {"": ["UTC"]} | {area: [name for name in names if name.startswith(f"{area}/")] for area in AREAS}


def with_offsets(names: Iterable[str], at: datetime) -> list[tuple[str, str]]:
    """``(name, label)`` pairs as a select wants them: ``Europe/Vienna (UTC+01:00)``."""
    return [(name, name if name == "UTC" else f"{name.replace('_', ' ')} ({offset(name, at)})") for name in names]
