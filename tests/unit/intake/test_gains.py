"""People gained: visitors who were identified within seven days after a view, whatever comes first."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.unit.intake.world import World


def at(when: str) -> str:
    """``24 12:00`` of November."""
    day, time = when.split()
    return f"2026-11-{day}T{time}:00Z"


def view(world: World, when: str, who: str = "ann") -> dict[str, Any]:
    return {**world.happened("Viewed", who), "timestamp": at(when)}


def identify(world: World, when: str, who: str = "ann", user_id: str = "u1") -> dict[str, Any]:
    return world.call("identify", anonymousId=who, userId=user_id, timestamp=at(when))


PLANS: dict[str, tuple[list[tuple[Any, ...]], int]] = {
    "a view alone": ([(view, "24 12:00")], 0),
    "an identify alone": ([(identify, "24 12:00")], 0),
    "a view, then an identify": ([(view, "24 12:00"), (identify, "24 12:01")], 1),
    "an identify, then a view": ([(identify, "24 12:00"), (view, "24 12:01")], 0),
    "seven days later": ([(view, "20 12:00"), (identify, "27 12:00")], 1),
    "a minute later than that": ([(view, "20 12:00"), (identify, "27 12:01")], 0),
    "several views": ([(view, "21 12:00"), (view, "22 12:00"), (identify, "22 12:01")], 1),
    "identified twice": ([(view, "21 12:00"), (identify, "21 12:01"), (identify, "22 12:00")], 1),
    "the earlier identify counts": ([(identify, "21 12:00"), (view, "22 12:00"), (identify, "23 12:00")], 0),
    "somebody else's view": ([(view, "24 12:00", "ben"), (identify, "24 12:01")], 0),
    "two devices are two visitors": (
        [(view, "24 12:00"), (view, "24 12:00", "ben"), (identify, "24 12:01"), (identify, "24 12:01", "ben")],
        2,
    ),
}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("plan", PLANS)
def test_who_was_gained_in_any_order(world: World, plan: str, seed: int) -> None:
    steps, gained = PLANS[plan]
    calls = [step(world, *words) for step, *words in steps]
    random.Random(seed).shuffle(calls)

    for call in calls:
        world.send(call)
        assert world.differences() == []
    world.send(*calls)

    assert world.totals().people_gained == gained
    assert world.differences() == []


def test_all_in_one_batch(world: World) -> None:
    world.send(identify(world, "24 12:01"), view(world, "24 12:00"))

    assert world.totals().people_gained == 1
    assert world.numbers().days[0].totals.people_gained == 0
    assert world.differences() == []
