"""How long something lasts."""

from __future__ import annotations

UNITS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
"""What waiting times are said in, in seconds, the largest first."""


def duration(seconds: int) -> str:
    """``a day``, ``90 minutes``: in the largest unit that leaves no rest."""
    unit, length = next((unit, length) for unit, length in UNITS.items() if seconds % length == 0)
    count = seconds // length
    return f"{count:,} {unit}s" if count != 1 else f"{'an' if unit == 'hour' else 'a'} {unit}"
