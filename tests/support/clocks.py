"""Schedules by visitors' own clocks: cases that Python makes and JavaScript runs (tests/js/clocks.test.js)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONES = {
    "Pacific/Kiritimati": "2026-12-01T09:00:00",
    "Pacific/Chatham": "2026-12-01T09:00:00",
    "Asia/Kathmandu": "2026-12-01T09:00:00",
    "Europe/Vienna": "2026-12-01T09:00:00",
    "UTC": "2026-12-01T09:00:00",
    "America/New_York": "2026-12-01T09:00:00",
    "Pacific/Niue": "2026-12-01T00:00:00",
    "Etc/GMT+12": "2026-12-01T23:59:59",
}
"""From the first on earth to the last, one and the same time but for the last."""

CHANGES = {
    "Europe/Vienna": ["2027-03-28T02:00:00", "2027-03-28T02:30:00", "2027-03-28T03:00:00", "2026-10-25T02:30:00"],
    "America/New_York": ["2027-03-14T02:30:00", "2026-11-01T01:30:00", "2026-11-01T01:00:00", "2026-11-01T02:00:00"],
    "Australia/Lord_Howe": ["2026-10-04T02:15:00", "2027-04-04T01:45:00"],
    "America/Santiago": ["2026-09-06T00:00:00"],
}
"""Times on the nights on which clocks change: skipped, or shown twice."""

SECOND = timedelta(seconds=1)


def instant(local: str, zone: str) -> datetime:
    """As browsers read it: of two the earlier; one that is skipped is as much later as the clocks are put forward."""
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def clocks() -> dict[str, Any]:
    """Each time as a start and as an end, with what the gate says a second before it and at it."""
    times = list(ZONES.items())
    times += [(zone, local) for zone, locals in CHANGES.items() for local in locals]
    return {"cases": [case for zone, local in times for case in _cases(zone, local)]}


def _cases(zone: str, local: str) -> list[dict[str, Any]]:
    at = instant(local, zone)
    starts, ends = {"starts_at": local, "ends_at": None}, {"starts_at": None, "ends_at": local}
    said = [(at - SECOND, starts, "early"), (at, starts, ""), (at - SECOND, ends, ""), (at, ends, "over")]
    return [
        {"zone": zone, "now": now.isoformat().replace("+00:00", "Z"), "schedule": schedule, "reason": reason}
        for now, schedule, reason in said
    ]
