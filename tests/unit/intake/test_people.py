"""Who is who: identify and alias, e-mails, traits, and that two ids never become one person."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from anonmsg.intake.people import TRAITS, latest
from tests.unit.intake.world import World

Plan = list[tuple[str, dict[str, Any]]]


def person(user_id: str | None, email: str | None, traits: dict[str, Any], *anonymous_ids: str) -> dict[str, Any]:
    return {"user_id": user_id, "email": email, "traits": traits, "anonymous_ids": list(anonymous_ids)}


MAIL = {"email": "ann@mail.example"}
CASES: dict[str, tuple[Plan, list[dict[str, Any]]]] = {
    "somebody anonymous is no person": ([("page", {}), ("track", {"event": "Bought"})], []),
    "traits alone identify nobody": ([("identify", {"traits": {"plan": "pro"}})], []),
    "track with a user id makes no person": ([("track", {"event": "Bought", "userId": "u1"})], []),
    "a user id": ([("identify", {"userId": "u1"})], [person("u1", None, {}, "ann")]),
    "an e-mail alone": ([("identify", {"traits": MAIL})], [person(None, "ann@mail.example", MAIL, "ann")]),
    "what is no e-mail": ([("identify", {"traits": {"email": "@"}})], []),
    "an e-mail of the wrong type": ([("identify", {"traits": {"email": 5}})], []),
    "traits are updated one by one": (
        [
            ("identify", {"userId": "u1", "traits": {"plan": "free", "age": 30}}),
            ("identify", {"userId": "u1", "traits": {"plan": "pro", "name": None}}),
        ],
        [person("u1", None, {"age": 30, "name": None, "plan": "pro"}, "ann")],
    ),
    "an older call changes only what was not said since": (
        [
            ("identify", {"userId": "u1", "traits": {"plan": "pro"}}),
            ("identify", {"userId": "u1", "traits": {"plan": "free", "age": 30}, "timestamp": "2026-11-01T00:00:00Z"}),
        ],
        [person("u1", None, {"age": 30, "plan": "pro"}, "ann")],
    ),
    "a second device": (
        [("identify", {"userId": "u1"}), ("identify", {"userId": "u1", "anonymousId": "phone"})],
        [person("u1", None, {}, "ann", "phone")],
    ),
    "from a server, without an anonymous id": (
        [("identify", {"userId": "u1", "anonymousId": None, "traits": MAIL})],
        [person("u1", "ann@mail.example", MAIL)],
    ),
    "known by e-mail first, by id later": (
        [
            ("identify", {"traits": {"email": "Ann@Mail.example", "plan": "free"}, "anonymousId": "phone"}),
            ("identify", {"userId": "u1", "traits": {**MAIL, "age": 30}}),
        ],
        [person("u1", "ann@mail.example", {"plan": "free", **MAIL, "age": 30}, "phone", "ann")],
    ),
    "known by id first, by e-mail later": (
        [
            ("identify", {"userId": "u1", "traits": MAIL}),
            ("identify", {"traits": {**MAIL, "age": 31}, "anonymousId": "phone"}),
        ],
        [person("u1", "ann@mail.example", {"age": 31, **MAIL}, "ann", "phone")],
    ),
    "a shared computer: two ids stay two people": (
        [("identify", {"userId": "u1"}), ("identify", {"userId": "u2"})],
        [person("u1", None, {}, "ann"), person("u2", None, {})],
    ),
    "a shared e-mail: two ids stay two people": (
        [
            ("identify", {"userId": "u1", "traits": MAIL}),
            ("identify", {"userId": "u2", "traits": MAIL, "anonymousId": "ben"}),
            ("identify", {"traits": MAIL, "anonymousId": "cem"}),
        ],
        [person("u1", "ann@mail.example", MAIL, "ann", "cem"), person("u2", "ann@mail.example", MAIL, "ben")],
    ),
    "alias brings an anonymous id": (
        [("identify", {"userId": "u1"}), ("alias", {"userId": "u1", "previousId": "before", "anonymousId": "x"})],
        [person("u1", None, {}, "ann", "before")],
    ),
    "alias never joins two who are known": (
        [
            ("identify", {"userId": "u1"}),
            ("identify", {"userId": "u2", "anonymousId": "ben"}),
            ("alias", {"userId": "u2", "previousId": "u1"}),
        ],
        [person("u1", None, {}, "ann"), person("u2", None, {}, "ben", "u1")],
    ),
}


def numbered(world: World, plan: Plan) -> list[dict[str, Any]]:
    """Calls a second apart, in the order of the plan, unless one names its own time."""
    return [
        world.call(type, **{"timestamp": f"2026-11-24T12:00:{second:02}Z", **fields})
        for second, (type, fields) in enumerate(plan)
    ]


@pytest.mark.parametrize("arrival", ["in order", "backwards", "one by one"])
@pytest.mark.parametrize("case", CASES)
def test_who_is_who(world: World, case: str, arrival: str) -> None:
    plan, people = CASES[case]
    calls = numbered(world, plan)

    for batch in {"in order": [calls], "backwards": [calls[::-1]], "one by one": [[call] for call in calls]}[arrival]:
        world.send(*batch)

    found = sorted(world.people(), key=lambda person: person["user_id"] or "")
    assert found == people
    assert len(world.events()) == len(calls), "events stay as they are"


def test_calls_without_a_time_count_in_the_order_of_receipt(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anonmsg.intake._now", itertools.count(1_000_000_000, 1_000).__next__)
    plans = [world.call("identify", userId="u1", traits={"plan": plan}, timestamp=None) for plan in "abcdefgh"]

    world.send(*plans[:4])
    assert world.people()[0]["traits"] == {"plan": "d"}
    world.send(*plans[4:])

    assert world.people()[0]["traits"] == {"plan": "h"}


def test_people_of_two_sites_are_strangers(world: World, other_site_key: str) -> None:
    call = world.call("identify", userId="u1", traits={"plan": "pro"})

    assert world.post("/v1/identify", {**call, "writeKey": other_site_key}).status_code == 200

    assert len(world.events()) == 1
    assert world.people() == []


def test_a_person_keeps_a_bounded_number_of_traits_those_said_last() -> None:
    old = {f"old{n}": [n, "01"] for n in range(TRAITS)}
    new = {f"new{n}": [n, "02"] for n in range(TRAITS // 2)}

    kept = latest(old, new)

    assert len(kept) == TRAITS
    assert set(new) < set(kept)
    assert set(latest({"a": ["x" * 70_000, "01"]}, {"b": [1, "02"]})) == {"b"}
