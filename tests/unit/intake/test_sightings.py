"""Where install tags are seen: what is written of it, how often, for how long, and what is not kept."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from anonmsg.db import db, reading
from anonmsg.delivery.bundle import Bundle
from anonmsg.delivery.fetches import MOST_SEARCHED, Fetches
from anonmsg.intake import sightings
from anonmsg.intake.sightings import KEPT_MS, MOST_HOSTS, Memory, Sighted, host_of
from anonmsg.models import Sighting, Site
from tests.unit.intake.world import NOW, World

ODD_SETUPS: list[Any] = [[], [True], [1, 1], [True, -1], [True, 10**9], ["true", "1"], {}, "x", None, 1, [[1, 1]]]
ODD_TIMES: list[Any] = ["", "soon", 7, None, [], "1969-01-01T00:00:00Z"]
NOW_MS = int(NOW.timestamp() * 1000)
SHOP = {"Origin": "https://shop.example"}
ANONMSG = {"library": {"name": "anonmsg", "version": "0.1.0"}}


def seen(world: World) -> dict[str, dict[str, Any]]:
    """What is known of each host of the site, without what is not known."""
    names = [column.name for column in Sighting.__table__.columns if column.name not in ("site_id", "host", "seen_at")]
    with world.app.app_context(), reading():
        rows = {row.host: row for row in Sighting.of_site(world.site)}
        return {
            host: {name: getattr(row, name) for name in names if getattr(row, name) is not None}
            for host, row in rows.items()
        }


def send(world: World, headers: dict[str, str] = SHOP, **envelope: Any) -> TestResponse:
    batch = [world.call("page", context=ANONMSG)]
    return world.post("/v1/b", {"batch": batch, "writeKey": world.site.key, **envelope}, headers=headers)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://shop.example", "shop.example"),
        ("https://Shop.Example/a?b=c#d", "shop.example"),
        ("http://localhost:8000/", "localhost:8000"),
        ("https://shop.example?q", "shop.example"),
        ("null", ""),
        ("", ""),
        ("https://", ""),
        ("https://user:password@shop.example/", ""),
        ("https://[::1]:5000/", ""),
        ("file:///etc/passwd", ""),
        ("https://shop.example\n.evil", ""),
        ("https://" + "x" * 241, ""),
        ("https://<script>", ""),
    ],
)
def test_a_host_is_what_the_browser_says_of_the_page(address: str, host: str) -> None:
    assert host_of(address) == host


@pytest.mark.parametrize(
    ("envelope", "known"),
    [
        ({}, {}),
        ({"setup": [True, 1]}, {"enabled": True, "tags": 1}),
        ({"setup": [False, 2]}, {"enabled": False, "tags": 2}),
        *(({"setup": odd}, {}) for odd in ODD_SETUPS),
        ({"sentAt": (NOW + timedelta(hours=2)).isoformat()}, {"skew": 7200}),
        ({"sentAt": (NOW - timedelta(minutes=7)).isoformat()}, {"skew": -420}),
        ({"sentAt": "9999-12-31T00:00:00Z"}, {"skew": 2**31 - 1}),
        *(({"sentAt": odd}, {}) for odd in ODD_TIMES),
    ],
)
def test_a_batch_says_how_its_page_is_set_up(world: World, envelope: dict[str, Any], known: dict[str, Any]) -> None:
    assert send(world, **envelope).json == {"success": True, "rejected": []}
    assert seen(world) == {"shop.example": {"called_at": NOW_MS, "library": "anonmsg 0.1.0", **known}}
    assert world.balance().totals["received"] == len(world.events()) == 1


def test_a_single_call_is_seen_too_and_other_clients_are_named(world: World) -> None:
    library = {"library": {"name": "analytics.js", "version": "npm:next-1.70.0"}}
    answer = world.post("/v1/p", {**world.call("page", context=library), "writeKey": world.site.key}, headers=SHOP)
    assert answer.status_code == 200
    assert seen(world) == {"shop.example": {"called_at": NOW_MS, "library": "analytics.js npm:next-1.70.0"}}


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}, {"Referer": "https://shop.example/"}])
def test_calls_of_servers_come_from_no_website(world: World, headers: dict[str, str]) -> None:
    assert send(world, headers).status_code == 200
    assert seen(world) == {}


def test_what_is_refused_is_not_seen(world: World) -> None:
    body = {"batch": [{"type": "dance"}], "writeKey": world.site.key}
    answer = world.post("/v1/b", body, headers=SHOP).json
    assert answer
    assert [one["code"] for one in answer["rejected"]] == ["unknown_type"]
    assert world.post("/v1/b", {"batch": [], "writeKey": world.site.key}, headers=SHOP).status_code == 200
    assert seen(world) == {}


def test_nothing_of_the_visitor_or_the_page_is_kept(world: World) -> None:
    secret = {"Origin": "https://shop.example", "Referer": "https://shop.example/orders?token=s3cret"}
    page = {"page": {"url": "https://shop.example/orders?token=s3cret"}}
    body = {"batch": [world.call("page", context=page)], "writeKey": world.site.key}
    world.post("/v1/b", body, headers=secret, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    world.app.test_client().get(f"/v1/sites/{world.site.key}/site.js", headers=secret)
    with world.app.app_context(), reading():
        rows = db.session.execute(select(*Sighting.__table__.columns)).mappings()
        stored = json.dumps([dict(row) for row in rows])
    assert "shop.example" in stored
    assert not [word for word in ("s3cret", "orders", "203.0.113.9", "ann") if word in stored]


def test_other_sites_see_nothing_of_it(world: World, other_site_key: str) -> None:
    send(world)
    with world.app.app_context(), reading():
        other = Site.by_key(other_site_key)
        assert other
        assert Sighting.of_site(other) == []


def fetch(world: World, path: str, **headers: str) -> int:
    return world.app.test_client(use_cookies=False).get(path, headers=headers).status_code


@pytest.mark.parametrize(
    ("path", "header"),
    [
        ("/v1/analytics-js/snippet/{key}/analytics.min.js", "Referer"),
        ("/v1/sites/{key}/site.js", "Referer"),
        ("/v1/sites/{key}/messages.json", "Origin"),
    ],
)
def test_a_page_that_fetches_the_snippet_is_seen(world: World, path: str, header: str) -> None:
    assert fetch(world, path.format(key=world.site.key), **{header: "https://shop.example/"}) == 200
    assert [set(known) for known in seen(world).values()] == [{"fetched_at"}]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/v1/sites/{key}/site.js", {}),
        ("/v1/sites/{key}/site.js", {"Referer": "android-app://shop"}),
        ("/v1/projects/{key}/settings", {"Referer": "https://shop.example/"}),
        ("/v1/sites/nobody/site.js", {"Referer": "https://shop.example/"}),
        ("/v1/sites/{key}x%00/site.js", {"Referer": "https://shop.example/"}),
    ],
)
def test_what_proves_nothing_is_not_seen(world: World, path: str, headers: dict[str, str]) -> None:
    fetch(world, path.format(key=world.site.key), **headers)
    assert seen(world) == {}


def test_a_page_that_fetches_the_part_for_consent_is_told_apart(world: World, other_site_key: str) -> None:
    part = f"/v1/snippet/{Bundle.current().hash}/consent.js"
    assert fetch(world, part, Origin="https://shop.example") == 200
    assert seen(world) == {}, "of a host that no site knows nothing is kept"
    fetch(world, f"/v1/sites/{world.site.key}/site.js", Referer="https://shop.example/")
    fetch(world, part.replace("consent", "explain"), Origin="https://shop.example")
    assert [set(known) for known in seen(world).values()] == [{"fetched_at"}]

    with world.app.app_context():
        pages = Fetches(db.engine, wait=0)
    for host in ["shop.example", *(f"h{at}.example" for at in range(MOST_SEARCHED + 5))]:
        pages.note("", {"HTTP_ORIGIN": f"https://{host}"}, is_known=False)

    assert [set(known) for known in seen(world).values()] == [{"fetched_at", "levelled_at"}]
    with world.app.app_context(), reading():
        other = Site.by_key(other_site_key)
        assert other
        assert Sighting.of_site(other) == []


@pytest.mark.parametrize("how", ["script", "call"])
@pytest.mark.parametrize(
    ("copied", "added", "is_known_there", "is_told"),
    [
        (slice(-1), "", False, True),
        (slice(1, None), "", False, True),
        (slice(8), "", False, True),
        (slice(7), "", False, False),
        (slice(8), "x" * 12, False, True),
        (slice(0), "SITE_KEY", False, False),
        (slice(0), "SITE_KEY", True, True),
    ],
)
def test_a_key_that_no_site_has_is_told_to_whom_it_concerns(
    world: World,
    other_site_key: str,
    caplog: pytest.LogCaptureFixture,
    copied: slice,
    added: str,
    is_known_there: bool,
    is_told: bool,
    how: str,
) -> None:
    if is_known_there:
        send(world)
    key = world.site.key[copied] + added

    if how == "script":
        assert fetch(world, f"/v1/sites/{key}/site.js", Referer="https://shop.example/a?b") == 404
    else:
        assert send(world, writeKey=key).status_code == 401

    assert [known.get("wrong_key") for known in seen(world).values()] == ([key] if is_told else [])
    assert f"A page of shop.example asks with the site key {key}, which no site has" in caplog.text
    with world.app.app_context(), reading():
        other = Site.by_key(other_site_key)
        assert other
        assert Sighting.of_site(other) == []


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}, {"Referer": "https://shop.example/"}])
def test_a_call_with_a_wrong_key_that_comes_from_no_website_is_told_to_nobody(
    world: World, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    send(world)
    assert send(world, headers, writeKey=world.site.key[:-1]).status_code == 401
    assert [known.get("wrong_key") for known in seen(world).values()] == [None]
    assert "asks with" not in caplog.text


def test_calls_with_invented_keys_and_hosts_fill_nothing(world: World) -> None:
    send(world)
    for at in range(3 * MOST_SEARCHED):
        headers = {"Origin": f"https://h{at}.example"}
        assert send(world, headers, writeKey=f"invented{at}").status_code == 401
        assert send(world, SHOP, writeKey=f"invented{at}" * 6).status_code == 401
    with world.app.app_context(), reading():
        rows = db.session.execute(select(Sighting.host, Sighting.wrong_key)).all()
    assert rows == [("shop.example", None)]
    assert send(world, SHOP, writeKey="x").status_code == 401
    assert seen(world)["shop.example"].get("wrong_key") is None, "so many were looked for in this while"


def write(world: World, *hosts: tuple[str, int]) -> None:
    with world.app.app_context():
        sightings.write(db.engine, [Sighted(world.site.id, host, at) for host, at in hosts])


def test_what_a_later_sighting_does_not_say_stays(world: World) -> None:
    send(world, setup=[True, 1])
    write(world, ("shop.example", NOW_MS + 5))
    assert seen(world)["shop.example"] == {
        "called_at": NOW_MS,
        "library": "anonmsg 0.1.0",
        "enabled": True,
        "tags": 1,
        "fetched_at": NOW_MS + 5,
    }


def test_of_invented_hosts_only_the_last_are_kept(world: World) -> None:
    write(world, *((f"h{at}.example", at) for at in range(MOST_HOSTS + 10)))
    assert list(seen(world)) == [f"h{at}.example" for at in reversed(range(10, MOST_HOSTS + 10))]


def test_a_host_that_is_not_seen_any_more_is_forgotten(world: World) -> None:
    write(world, ("old.example", NOW_MS - KEPT_MS - 1), ("new.example", NOW_MS - KEPT_MS))
    with world.app.app_context():
        sightings.prune(db.engine, NOW_MS)
    assert list(seen(world)) == ["new.example"]


def test_a_host_is_written_once_in_a_while_and_what_is_new_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(sightings, "time", type("Time", (), {"monotonic": staticmethod(lambda: clock[0])}))
    memory, on, off = Memory(), called(enabled=True), called(enabled=False)
    steps: list[tuple[float, list[Sighted], list[Sighted]]] = [
        (0, [on], [on]),
        (9, [on], []),
        (9, [off], [off]),
        (9, [on], [on]),
        (18, [on], []),
        (19, [on], [on]),
        (20, [called(skew=9)], [called(skew=9)]),
        (21, [called(skew=8)], []),
        (22, [called(skew=-301)], [called(skew=-301)]),
        (23, [on, called(host="b"), off], [called(host="b"), off]),
        (23, [Sighted("s", "a", 0)], [Sighted("s", "a", 0)]),
    ]
    for at, given, due in steps:
        clock[0] = 1000.0 + at
        found = memory.due(given)
        assert sorted(found, key=str) == sorted(due, key=str), at
        memory.keep(found)


def called(host: str = "a", **said: Any) -> Sighted:
    return Sighted("s", host, 0, called=True, **said)
