"""The calls endpoints as websites and servers use them: paths, keys, encodings, answers."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from tests.unit.intake.world import World

TYPES: dict[str, dict[str, Any]] = {
    "identify": {"userId": "u1", "traits": {"email": "ann@mail.example"}},
    "track": {"event": "Order Completed", "properties": {"total": 12.5}},
    "page": {"name": "Pricing"},
    "screen": {"name": "Home"},
    "group": {"groupId": "acme"},
    "alias": {"userId": "u1", "previousId": "ann"},
}


def basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


@pytest.mark.parametrize("type", TYPES)
def test_it_takes_every_type_at_both_its_paths(world: World, type: str) -> None:
    for path in (f"/v1/{type}", f"/v1/{type[0]}"):
        answer = world.post(path, {**world.call(type, **TYPES[type]), "writeKey": world.site.key})

        assert (answer.status_code, answer.json) == (200, {"success": True})
    assert [event.type for event in world.events()] == [type, type]


def test_a_batch_holds_every_type(world: World) -> None:
    calls = [world.call(type, **fields) for type, fields in TYPES.items()]

    for path in ("/v1/batch", "/v1/b"):
        answer = world.post(path, {"batch": calls, "writeKey": world.site.key, "sentAt": "2026-11-24T12:00:05Z"})
        assert (answer.status_code, answer.json) == (200, {"success": True, "rejected": []})

    assert [event.type for event in world.events()] == list(TYPES)
    assert [event.name for event in world.events()] == [None, "Order Completed", "Pricing", "Home", "acme", None]


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain;charset=UTF-8", "", "application/x-www-form-urlencoded"]
)
def test_it_reads_json_whatever_the_content_type(world: World, content_type: str) -> None:
    body = {**world.call("track", event="Bought"), "writeKey": world.site.key}

    assert world.post("/v1/track", body, content_type=content_type).status_code == 200
    assert [json.loads(event.body) for event in world.events()] == [body]


@pytest.mark.parametrize("where", ["basic", "query", "body"])
def test_the_key_may_stand_in_each_place(world: World, where: str) -> None:
    def status(key: str) -> int:
        body = {**world.call("page"), **({"writeKey": key} if where == "body" else {})}
        query = f"?writeKey={key}" if where == "query" else ""
        return world.post(f"/v1/page{query}", body, headers=basic(key) if where == "basic" else {}).status_code

    assert status(world.site.key) == 200
    assert status("0123456789abcdef0123") == 401
    assert len(world.events()) == 1


def test_gzip_is_unpacked(world: World) -> None:
    body = gzip.compress(json.dumps({"batch": [world.call("page")]}).encode())

    answer = world.post("/v1/batch", body, headers={**basic(world.site.key), "Content-Encoding": "gzip"})

    assert answer.status_code == 200
    assert len(world.events()) == 1


def test_one_bad_call_does_not_sink_the_others(world: World) -> None:
    good, huge = world.call("page"), world.call("track", event="Bought", properties={"text": "x" * 32_768})
    bad: list[Any] = [{"type": "page"}, 7, world.call("telepathy"), huge, world.call("track")]

    answer = world.post("/v1/batch", {"batch": [*bad, good], "writeKey": world.site.key})

    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["success"] is True
    reasons = [(rejected["index"], rejected["code"]) for rejected in answer.json["rejected"]]
    assert reasons == [(0, "nobody"), (1, "invalid_call"), (2, "unknown_type"), (3, "too_large"), (4, "invalid_call")]
    assert all(rejected["message"].endswith(".") for rejected in answer.json["rejected"])
    assert [json.loads(event.body) for event in world.events()] == [good]


CHECKS = {
    "too large and no key and no JSON": ("/v1/track", b"x" * 32_769, "", 413, "too_large"),
    "too large though the key is good": ("/v1/track", b"x" * 32_769, "good", 413, "too_large"),
    "a batch too large": ("/v1/batch", b"x" * 512_001, "good", 413, "too_large"),
    "no key and no JSON": ("/v1/track", b"{", "", 401, "unknown_key"),
    "a wrong key and no JSON": ("/v1/track", b"{", "wrong", 401, "unknown_key"),
    "a good key and no JSON": ("/v1/track", b"{", "good", 400, "invalid_json"),
    "a batch without a batch": ("/v1/batch", b"{}", "good", 400, "invalid_batch"),
    "a batch of the wrong type": ("/v1/batch", b'{"batch": {}}', "good", 400, "invalid_batch"),
    "a batch of too many": ("/v1/batch", b'{"batch": [' + b"1," * 1000 + b"1]}", "good", 400, "too_many_calls"),
    "an encoding we do not read": ("/v1/track", b"{}", "good", 415, "unsupported_encoding"),
}


@pytest.mark.parametrize("case", CHECKS)
def test_size_is_checked_before_the_key_before_the_json(world: World, case: str) -> None:
    path, body, key, status, code = CHECKS[case]
    headers = basic(world.site.key if key == "good" else key) if key else {}
    encoding = {"Content-Encoding": "br"} if code == "unsupported_encoding" else {}

    answer = world.post(path, body, headers={**headers, **encoding})

    assert answer.status_code == status
    assert answer.json is not None
    assert (answer.json["code"], set(answer.json)) == (code, {"code", "message"})
    assert world.events() == []


def test_broken_json_with_its_key_inside_is_told_what_is_wrong(world: World) -> None:
    for key, status in ((world.site.key, 400), ("0123456789abcdef0123", 401)):
        answer = world.post("/v1/batch", b'{"writeKey": "%b", "batch": [' % key.encode())

        assert answer.status_code == status


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/v1/batch", "/v1/i", "/v1/m"])
def test_only_post_is_allowed(world: World, method: str, path: str) -> None:
    answer = world.app.test_client().open(path, method=method)

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")
    assert method == "HEAD" or (answer.json is not None and answer.json["code"] == "method_not_allowed")


def test_the_snippets_own_metrics_are_answered_quietly(world: World) -> None:
    assert world.post("/v1/m", b"anything").status_code == 200
    assert world.events() == []


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/b", "/v1/identify", "/v1/t", "/v1/m"])
def test_every_website_may_send_without_cookies(world: World, path: str) -> None:
    preflight = world.app.test_client().options(path, headers={"Origin": "https://shop.example"})
    answer = world.post(path, b"{", headers={"Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site"})

    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Headers"] == "authorization, content-type, x-retry-count"
    assert answer.status_code in (200, 401)
    for each in (preflight, answer):
        assert each.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in each.headers
        assert "Set-Cookie" not in each.headers


def test_a_session_is_neither_needed_nor_touched(world: World) -> None:
    client = world.app.test_client()
    client.set_cookie("session", "forged")

    answer = client.open("/v1/page", method="POST", json={**world.call("page"), "writeKey": world.site.key})

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_a_call_is_kept_as_received_with_no_address_of_its_sender(world: World) -> None:
    call = world.call("track", event="Köpte", properties={"text": "å\u2028\\u0000", "n": 1.5}, more=[None, True])

    world.post("/v1/batch", {"batch": [call], "writeKey": world.site.key}, headers={"User-Agent": "Lynx/9"})

    (event,) = world.events()
    assert json.loads(event.body) == call
    assert (event.name, event.anonymous_id, event.user_id) == ("Köpte", "ann", None)
    columns = {column.key: str(getattr(event, column.key)) for column in event.__table__.columns}
    assert not any("127.0.0.1" in value or "Lynx" in value for value in columns.values())


def test_events_are_numbered_in_the_order_of_receipt(world: World) -> None:
    late, early = (
        world.call("page", timestamp="2026-11-24T11:00:00Z"),
        world.call("page", timestamp="2026-11-24T10:00:00Z"),
    )

    world.send(late, early)
    world.send(world.call("page", timestamp="2026-11-24T09:00:00Z"))

    assert [json.loads(event.body)["messageId"] for event in world.events()] == ["c0", "c1", "c2"]


def test_health_says_that_it_can_serve(world: World) -> None:
    assert world.app.test_client().get("/healthz").json == {"status": "ok"}
