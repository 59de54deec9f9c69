"""People gained: visitors who were identified within seven days after a view, whatever comes first."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

import pytest

from anonmsg.intake import gains
from anonmsg.intake.driver import Cursor
from tests.unit.intake.world import World


def at(when: str) -> str:
    """``24 12:00`` of November."""
    day, time = when.split()
    return f"2026-11-{day}T{time}:00Z"


def view(world: World, when: str, who: str = "ann") -> dict[str, Any]:
    return {**world.happened("Viewed", who), "timestamp": at(when)}


def view_of_user(world: World, when: str, user_id: str = "ann") -> dict[str, Any]:
    """A view of somebody without an anonymous id, as a server might report it."""
    return {**view(world, when), "anonymousId": None, "userId": user_id}


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
    "a user id spelled like the visitor": ([(view_of_user, "24 12:00"), (identify, "24 12:01")], 0),
    "that one and the visitor": ([(view_of_user, "24 12:00"), (view, "24 12:00"), (identify, "24 12:01")], 1),
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


@pytest.mark.parametrize("minutes", [0, 1])
def test_a_late_view_at_the_end_of_the_window(world: World, minutes: int) -> None:
    world.send(identify(world, f"27 12:0{minutes}"))
    world.send(view(world, "20 12:00"))
    world.send(view(world, "20 12:00"))

    assert world.totals().people_gained == 1 - minutes
    assert world.differences() == []


def settling(world: World, monkeypatch: pytest.MonkeyPatch, *calls: dict[str, Any]) -> list[tuple[str, int]]:
    """The statements that settle what these calls gained, each with how many rows it gave."""
    statements: list[tuple[str, int]] = []
    rows, settle = Cursor.rows, gains.settle

    def noted(cursor: Cursor, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        found = rows(cursor, sql, *values)
        statements.append((sql, len(found)))
        return found

    def settled(*args: Any) -> None:
        with monkeypatch.context() as within:
            within.setattr(Cursor, "rows", noted)
            settle(*args)

    with monkeypatch.context() as within:
        within.setattr(gains, "settle", settled)
        world.send(*calls)
    return statements


def busy(world: World, who: str, views: int) -> Iterable[dict[str, Any]]:
    return [identify(world, "24 12:00", who, who), *(view(world, "23 12:00", who) for _ in range(views))]


def test_a_late_view_asks_no_more_of_a_visitor_with_many_events(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The site key is public: anybody can identify a visitor of thousands of views, and then send older ones."""
    world.send(*busy(world, "ann", 1))
    world.send(*busy(world, "ben", 300))

    few = settling(world, monkeypatch, view(world, "22 12:00", "ann"))
    many = settling(world, monkeypatch, view(world, "22 12:00", "ben"))

    assert few == many != []
    assert not {gains.VIEWED, gains.TRUE} & {sql for sql, _ in many}
    assert world.totals().people_gained == 2
    assert world.differences() == []


def test_who_is_identified_anew_is_read_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the test above would prove nothing."""
    world.send(*busy(world, "ann", 1))

    asked = settling(world, monkeypatch, identify(world, "23 11:00"))

    assert {gains.VIEWED, gains.TRUE} <= {sql for sql, _ in asked}
    assert world.totals().people_gained == 0
    assert world.differences() == []


@pytest.mark.engines("sqlite")
def test_a_late_view_is_no_more_work_for_the_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does the statement read them all to give one row: SQLite counts the steps of its machine."""
    world.send(*busy(world, "ann", 1))
    world.send(*busy(world, "ben", 300))
    steps = {"ann": 0, "ben": 0}
    settle = gains.settle

    def counted(who: str) -> None:
        def step() -> None:
            steps[who] += 1

        def settled(cursor: Cursor, *args: Any) -> None:
            connection = cursor._cursor.connection
            connection.set_progress_handler(step, 1)
            settle(cursor, *args)
            connection.set_progress_handler(None, 0)

        monkeypatch.setattr(gains, "settle", settled)
        world.send(view(world, "22 12:00", who))

    for who in steps:
        counted(who)

    assert steps["ann"] == steps["ben"] > 0
