"""However often, in whatever order and in whatever pieces the same calls arrive: what is kept is the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.intake.world import NOON, World

TIMES = ["2026-11-24T23:59:59.999Z", "2026-11-25T00:00:00Z", "2026-11-25T01:00:00+02:00"]
CALLS = st.fixed_dictionaries(
    {
        "what": st.sampled_from(["Viewed", "Viewed", "Clicked", "Dismissed", "identify", "alias", "page"]),
        "who": st.sampled_from(["ann", "ben", "cem"]),
        "user": st.sampled_from(["u1", "u2", None]),
        "email": st.sampled_from(["a@mail.example", "A@mail.example", "b@mail.example", None]),
        "time": st.sampled_from(TIMES),
        "is_timed": st.booleans(),
        "button": st.sampled_from(["b1", "gone"]),
    }
)


def written(world: World, number: int, plan: dict[str, Any]) -> dict[str, Any]:
    """The call that a plan stands for. Who says something about a person without a time says it when it is received, so
    those that any order must not matter to have one."""
    common = {"messageId": f"m{number}", "timestamp": plan["time"]}
    if plan["what"] == "identify":
        traits = {"n": number, **({"email": plan["email"]} if plan["email"] else {})}
        return world.call("identify", **common, anonymousId=plan["who"], userId=plan["user"], traits=traits)
    if plan["what"] == "alias":
        return world.call("alias", **common, userId=plan["user"] or "u1", previousId=plan["who"])
    if plan["what"] == "page":
        return world.call("page", **common, anonymousId=plan["who"])
    time = plan["time"] if plan["is_timed"] else "no time"
    return {**world.happened(plan["what"], plan["who"], button_id=plan["button"]), **common, "timestamp": time}


def kept(world: World) -> tuple[object, ...]:
    """All that is kept, without what says when and in which order it came."""
    events = sorted((event.key, event.at, event.kind, event.button_id, event.body) for event in world.events())
    people = sorted(world.people(), key=lambda person: (person["user_id"] or "", person["email"] or ""))
    for person in people:
        person["anonymous_ids"].sort()
    return events, world.numbers(), people


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_any_copies_any_pieces_end_the_same(world: World, data: st.DataObject) -> None:
    plans = data.draw(st.lists(CALLS, min_size=1, max_size=12), label="calls")
    calls = [written(world, number, plan) for number, plan in enumerate(plans)]
    copies = data.draw(st.lists(st.sampled_from(calls), max_size=12), label="copies")
    shuffled = data.draw(st.permutations(calls + copies), label="order")
    size = data.draw(st.integers(1, len(shuffled)), label="calls in a batch")

    world.forget()
    world.send(*calls)
    once = kept(world)
    assert len(world.events()) == len(calls)
    assert world.differences() == []

    world.forget()
    for start in range(0, len(shuffled), size):
        world.send(*shuffled[start : start + size])

    assert kept(world) == once
    assert world.differences() == []


def test_five_copies_shuffled_and_three_days_late_make_the_same_numbers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime.fromisoformat(NOON)
    calls = [
        call | {"timestamp": (noon - number * timedelta(hours=5)).isoformat()}
        for number in range(12)
        for call in (
            world.happened("Viewed", f"v{number % 5}"),
            world.happened("Clicked", f"v{number % 5}", button_id="b1"),
            world.call("identify", anonymousId=f"v{number % 4}", userId=f"u{number % 3}", traits={"n": number}),
        )
    ]

    def received(after: timedelta) -> None:
        moment = int((noon + after).timestamp() * 1_000_000)
        monkeypatch.setattr("anonmsg.intake._now", lambda: moment)

    received(timedelta(minutes=1))
    world.send(*calls)
    in_time = kept(world)
    assert world.totals().views == 12
    assert len(world.numbers().days) > 2

    world.forget()
    received(timedelta(days=3))
    late = calls * 5
    Random(7).shuffle(late)
    for start in range(0, len(late), 17):
        world.send(*late[start : start + 17])

    assert kept(world) == in_time
    assert world.differences() == []
    balance = world.balance()
    assert (balance.totals["received"], balance.totals["duplicate"]) == (5 * len(calls), 4 * len(calls))
    assert (balance.difference, balance.missing) == (0, 0)


SAME: dict[str, tuple[dict[str, Any], int]] = {
    "the same call": ({}, 1),
    "sent again later, as sentAt tells": ({"sentAt": "2026-11-24T15:00:00Z"}, 1),
    "another messageId": ({"messageId": "another"}, 2),
    "another time": ({"timestamp": "2026-11-24T12:00:00.001Z"}, 2),
    "the same time in another zone": ({"timestamp": "2026-11-24T14:00:00+02:00"}, 1),
    "no messageId": ({"messageId": None}, 2),
}


@pytest.mark.parametrize("case", SAME)
def test_what_makes_two_calls_the_same(world: World, case: str) -> None:
    changes, stored = SAME[case]
    call = world.happened("Viewed")

    world.send(call)
    world.send({**call, **changes})

    assert len(world.events()) == stored
    assert world.totals().views == stored


def test_a_call_without_a_time_has_the_time_zero_in_its_key_and_happened_when_received(world: World) -> None:
    for timestamp in (None, "yesterday", 1_700_000_000, "1969-01-01T00:00:00Z", ["2026-11-24T12:00:00Z"]):
        world.send(world.call("page", timestamp=timestamp))

    events = world.events()
    assert len(events) == 5
    for event in events:
        assert event.key[:8] == bytes(8)
        assert event.at == event.received_at


def test_keys_sort_by_the_calls_own_time(world: World) -> None:
    times = ["2001-01-01T00:00:00Z", "2026-11-24T12:00:00.001Z", "2026-11-24T12:00:00.002Z"]

    world.send(*(world.call("page", timestamp=time) for time in reversed(times)))

    by_key = sorted(world.events(), key=lambda event: event.key)
    assert [event.at for event in by_key] == [978307200000, 1795521600001, 1795521600002]


def test_two_sites_may_use_the_same_message_id(world: World, other_site_key: str) -> None:
    call = world.call("page")

    for key in (world.site.key, other_site_key):
        assert world.post("/v1/page", {**call, "writeKey": key}).status_code == 200

    assert len(world.events()) == 2
