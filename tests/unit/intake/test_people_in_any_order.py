"""The rules of docs/people.md as properties: the same calls in any order, in any batches, however often, end alike."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from anonmsg.db import db, reading
from anonmsg.models import Person, PersonWord, Visitor
from tests.unit.intake.world import LAUNCHED, World

USERS = ["u1", "u2"]
VISITORS = ["ann", "phone", "shared", "u1"]
"""One looks like a user id, as those that alias names may."""
EMAILS = ["a@x.example", "A@X.example", "a@x.example", "b@x.example", "none", None]

identify = st.fixed_dictionaries(
    {
        "type": st.just("identify"),
        "anonymousId": st.sampled_from([*VISITORS, None]),
        "userId": st.sampled_from([*USERS, None]),
        "traits": st.fixed_dictionaries(
            {"email": st.sampled_from(EMAILS)}, optional={"name": st.sampled_from(["Ann Lee", "Ben", None, 5])}
        ),
    }
)
alias = st.fixed_dictionaries(
    {"type": st.just("alias"), "userId": st.sampled_from(USERS), "previousId": st.sampled_from([*VISITORS, *USERS])}
)
view = st.fixed_dictionaries(
    {
        "type": st.just("view"),
        "who": st.one_of(
            st.fixed_dictionaries({"anonymousId": st.sampled_from(VISITORS)}),
            st.fixed_dictionaries({"anonymousId": st.none(), "userId": st.sampled_from(VISITORS)}),
        ),
    }
)
calls = st.lists(
    st.tuples(st.one_of(identify, alias, view), st.integers(0, 18)),
    min_size=2,
    max_size=9,
)


def made(world: World, plan: list[tuple[dict[str, Any], int]]) -> list[dict[str, Any]]:
    """The calls, each so many half days after the launch; a call of nobody is left out, since it would be refused."""
    found = []
    for number, (fields, half_days) in enumerate(plan):
        time = LAUNCHED + half_days * timedelta(hours=12)
        common = {"messageId": f"m{number}", "timestamp": time.isoformat()}
        if fields["type"] == "view":
            found.append({**world.happened("Viewed"), **fields["who"], **common})
        elif fields.get("anonymousId") or fields.get("userId"):
            found.append({**fields, **common})
    return found


def state(world: World) -> dict[str, Any]:
    """All that is known of people, without the ids that are made anew each time."""
    with world.app.app_context(), reading():
        rows = {row.id: (row.user_id or row.email) for row in db.session.scalars(select(Person))}
        owners = {row.id: rows.get(row.same_as_id or "") for row in db.session.scalars(select(Person))}
        return {
            "people": sorted(
                (str(row.user_id), str(row.email), row.created_at, str(owners[row.id]), row.traits)
                for row in db.session.scalars(select(Person))
            ),
            "visitors": sorted(
                (row.anonymous_id, rows[row.person_id], row.claim, row.identified_at)
                for row in db.session.scalars(select(Visitor))
            ),
            "words": sorted((row.word, rows[row.person_id]) for row in db.session.scalars(select(PersonWord))),
            "gained": world.totals().people_gained,
        }


def check_invariants(world: World) -> None:
    with world.app.app_context(), reading():
        people = list(db.session.scalars(select(Person)))
        for person in people:
            assert person.user_id is None or person.same_as_id is None, "a user id is nobody else's"
        ids = [person.user_id for person in people if person.user_id]
        assert len(ids) == len(set(ids))
    shown = world.people()
    everybody = [id for person in shown for id in person["anonymous_ids"]]
    assert len(everybody) == len(set(everybody)), "an anonymous id is one person's"
    assert world.differences() == []


@settings(
    max_examples=120,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=calls, data=st.data())
def test_the_same_calls_in_any_order_end_alike(world: World, plan: list[tuple[dict[str, Any], int]], data: Any) -> None:
    sent = made(world, plan)
    shuffled = data.draw(st.permutations(sent))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(sent)))) | {0, len(sent)})

    world.forget()
    if sent:
        world.send(*sent)
    expected = state(world)
    check_invariants(world)
    world.forget()
    for part in (*(shuffled[start:end] for start, end in pairwise(cuts)), shuffled):
        if part:
            world.send(*part)
            assert world.differences() == []

    assert state(world) == expected
    check_invariants(world)


def test_the_plans_are_not_all_empty(world: World, app: Flask) -> None:
    plan = [({"type": "identify", "userId": "u1", "anonymousId": "ann", "traits": {}}, 3)]
    plan.append(({"type": "view", "who": {"anonymousId": "ann"}}, 1))
    world.send(*made(world, plan))

    found = state(world)

    assert found["gained"] == 1
    assert [person[0] for person in found["people"]] == ["u1"]
    assert found["words"] == [("u1", "u1")]
