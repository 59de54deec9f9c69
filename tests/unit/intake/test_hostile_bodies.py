"""Whatever is sent: never a 5xx, the same answer on both engines, and nothing half-stored."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.intake import hostile
from tests.unit.intake.world import World


def test_each_single_call_is_answered_and_stored_or_not(world: World) -> None:
    assert len(hostile.CASES) > 100
    stored = 0
    for name, body, status in hostile.CASES:
        answer = world.post(f"/v1/track?writeKey={world.site.key}", body)

        assert answer.status_code == status, name
        assert answer.json is not None, name
        assert set(answer.json) == ({"success"} if status == 200 else {"code", "message"}), name
        stored += status == 200
        assert len(world.events()) == stored, name
    assert world.differences() == []


def test_each_bad_call_in_a_batch_is_refused_alone(world: World) -> None:
    good = json.dumps(world.call("track", event="Good")).encode()
    for name, body in hostile.NOT_A_CALL.items():
        call = body.replace(b"{", b'{"type":"track",', 1) if body.startswith(b'{"') else body

        answer = world.post(f"/v1/batch?writeKey={world.site.key}", b'{"batch":[' + good + b"," + call + b"]}")

        assert answer.status_code == 200, name
        assert answer.json is not None
        assert [rejected["index"] for rejected in answer.json["rejected"]] == [1], name
    assert len(world.events()) == 1, "the good one, sent again and again"


def test_a_batch_that_is_not_json_is_refused_whole(world: World) -> None:
    for name, body in hostile.NOT_JSON.items():
        answer = world.post(f"/v1/batch?writeKey={world.site.key}", b'{"batch":[' + body + b',{"type":"page"}]}')

        refused = answer.status_code == 400 or (answer.json is not None and bool(answer.json["rejected"]))
        assert refused, name
        assert answer.status_code < 500, name
    assert world.events() == []


@pytest.mark.parametrize("case", hostile.ZIPPED)
def test_gzip_is_bounded_and_checked(world: World, case: str) -> None:
    body, status = hostile.ZIPPED[case]

    answer = world.post(f"/v1/track?writeKey={world.site.key}", body, headers={"Content-Encoding": "gzip"})

    assert answer.status_code == status
    assert len(world.events()) == (status == 200)


KEYS = ["", " ", "x", "x" * 5_000, "\0", "%00", "%ff", "'", "☃", "../..", "1 OR 1=1", "null"]


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_cannot_be_one_is_unknown(world: World, key: str) -> None:
    body = world.call("page")
    assert world.post("/v1/page", {**body, "writeKey": key}).status_code == 401
    assert world.app.test_client().post("/v1/page", query_string={"writeKey": key}, json=body).status_code == 401
    assert world.post("/v1/page", body, auth=(key.replace(":", ""), "")).status_code == 401


@pytest.mark.parametrize("key", [None, 5, ["k"], {"a": 1}, True])
def test_a_key_of_the_wrong_type_is_unknown(world: World, key: object) -> None:
    assert world.post("/v1/page", {**world.call("page"), "writeKey": key}).status_code == 401


@pytest.mark.parametrize("authorization", ["Basic", "Basic !!!", "Basic /w==", "Bearer KEY", "Basic Og==", "\x80"])
def test_a_broken_authorization_is_no_key(world: World, authorization: str) -> None:
    answer = world.post("/v1/page", world.call("page"), headers={"Authorization": authorization})

    assert answer.status_code == 401


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
FIELDS = [
    "type",
    "event",
    "anonymousId",
    "userId",
    "messageId",
    "timestamp",
    "properties",
    "traits",
    "context",
    "groupId",
]
FIELDS += ["previousId", "name", "category", "integrations", "batch", "writeKey"]
CALLS = st.dictionaries(
    st.sampled_from(FIELDS), ANYTHING | st.sampled_from(["track", "identify", "Message Viewed", "alias"])
)
BODIES = st.binary() | (ANYTHING | CALLS | st.fixed_dictionaries({"batch": st.lists(CALLS | ANYTHING)})).map(
    lambda value: json.dumps(value).encode("utf-8", "surrogatepass")
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(["batch", "track", "identify", "page", "screen", "group", "alias"]), body=BODIES)
def test_random_bodies_never_break_it(world: World, path: str, body: bytes) -> None:
    answer = world.post(f"/v1/{path}", body, headers={"Authorization": "Basic " + world.basic})

    assert answer.status_code in (200, 400), answer.data
    assert answer.json is not None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damages=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), st.binary(max_size=3)), min_size=1, max_size=4))
def test_damaged_calls_never_break_it(world: World, damages: list[tuple[float, int, bytes]]) -> None:
    body = bytearray(json.dumps({"batch": [world.happened("Viewed"), world.call("identify", userId="u1")]}).encode())
    for place, length, junk in damages:
        start = int(place * len(body))
        body[start : start + length] = junk

    answer = world.post("/v1/batch", bytes(body), headers={"Authorization": "Basic " + world.basic})

    assert answer.status_code in (200, 400), answer.data
    assert world.differences() == []
