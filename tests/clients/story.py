"""What every client is told to say, and how what is stored is compared with it and with what went over the wire."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.support.stage import Stage

Fields = dict[str, Any]

CALLS: list[tuple[str, Fields]] = [
    ("identify", {"traits": {"email": "ann@mail.example", "name": "Ann 😀", "plan": {"seats": 3, "trial": False}}}),
    ("track", {"event": "Order Completed", "properties": {"total": 12.5, "items": [{"sku": "a-1"}], "note": None}}),
    ("page", {"category": "Docs", "name": "Pricing", "properties": {"section": "Teams"}}),
    ("screen", {"category": "App", "name": "Home", "properties": {"dark": True}}),
    ("group", {"groupId": "acme", "traits": {"name": "Acme", "employees": 12}}),
    ("alias", {"userId": "u1", "previousId": "old"}),
]
"""All types, as the person u1 in the browser or app of ann says them."""
TYPES = [type for type, _ in CALLS]

OURS = {"received_at"}
"""What the export adds to a call."""
ENVELOPE = {"sentAt", "writeKey"}
"""What says how a call was sent, in a batch beside the calls, in a single call among its fields."""


def of_server() -> list[tuple[str, Fields]]:
    """The calls as a server makes them, which says with each who it is about; an alias names its two."""
    who = {"userId": "u1", "anonymousId": "ann"}
    return [(type, fields if type == "alias" else {**who, **fields}) for type, fields in CALLS]


def in_bodies(bodies: Iterable[Fields]) -> dict[str, Fields]:
    """The calls in these bodies of requests by messageId; a copy that was sent again must be the same call."""
    calls: dict[str, Fields] = {}
    for body in bodies:
        for call in body.get("batch", [body]):
            known = calls.setdefault(call["messageId"], call)
            assert _what(known) == _what(call)
    return calls


def assert_stored_as_sent(stage: Stage, sent: dict[str, Fields]) -> None:
    """Each call is stored once, and no field of it is another."""
    stored = [{name: value for name, value in call.items() if name not in OURS} for call in stage.activity()]
    assert sorted(call["messageId"] for call in stored) == sorted(sent)
    for call in stored:
        assert _what(call) == _what(sent[call["messageId"]])


def assert_sent_as_said(sent: Iterable[Fields], said: Iterable[tuple[str, Fields]]) -> None:
    """The client said what it was told to, whatever it added."""
    by_type = {call["type"]: call for call in sent}
    for type, fields in said:
        for name, value in fields.items():
            assert _within(value, by_type[type][name]), f"{type}.{name}: {by_type[type][name]!r} is not {value!r}"


def assert_known(stage: Stage, *anonymous_ids: str) -> None:
    """u1 became one person with the traits that were said, and these visitors are that person."""
    (person,) = stage.people()
    assert person["user_id"] == "u1"
    assert _within(CALLS[0][1]["traits"], person["traits"])
    assert sorted(person["anonymous_ids"]) == sorted(anonymous_ids)


def _what(call: Fields) -> Fields:
    """A call without how it was sent, which differs when it is sent again."""
    return {name: value for name, value in call.items() if name not in {*ENVELOPE, "_metadata"}}


def _within(part: Any, whole: Any) -> bool:
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and _within(value, whole[name]) for name, value in part.items())
    return bool(part == whole)
