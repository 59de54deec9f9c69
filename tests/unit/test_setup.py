"""Am I set up? What follows from where the tag was seen, and what the install page says of it."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from anonmsg import create_app
from anonmsg.db import db, utc_now
from anonmsg.intake import sightings
from anonmsg.intake.sightings import Sighted
from anonmsg.models import Sighting, Site, User
from anonmsg.models.counter import DAY_MS
from anonmsg.settings import Settings
from anonmsg.setup import CALL_AFTER_MS, Setup, span
from tests.support.client import Client

NOW = 1_800_000_000_000


TIMES = "fetched_at", "called_at", "wrong_key_at", "levelled_at"


def seen(host: str = "shop.example", ago: int = 1000, **known: Any) -> Sighting:
    """A website seen a second ago, or so many milliseconds; times among what is known are as long ago as they say."""
    times = {name: NOW - known[name] for name in TIMES if name in known}
    return Sighting(host=host, seen_at=NOW - ago, **(known | times))


FETCHED: dict[str, Any] = {"fetched_at": 1000}
CALLED: dict[str, Any] = {"fetched_at": 1000, "called_at": 900}
ON: dict[str, Any] = {**CALLED, "enabled": True, "tags": 1, "skew": 0}


@pytest.mark.parametrize(
    ("websites", "stage", "latest"),
    [
        ([], "waiting", None),
        ([seen(wrong_key="x", wrong_key_at=1000)], "waiting", None),
        ([seen(**FETCHED)], "fetched", "shop.example"),
        ([seen(called_at=1000)], "calling", "shop.example"),
        ([seen(**CALLED)], "calling", "shop.example"),
        ([seen(**CALLED, enabled=False)], "calling", "shop.example"),
        ([seen(**ON)], "on", "shop.example"),
        ([seen(enabled=True, **FETCHED)], "fetched", "shop.example"),
        ([seen("a", **FETCHED), seen("b", **ON), seen("c", **ON)], "on", "b"),
        ([seen("a", **CALLED), seen("b", **FETCHED)], "calling", "a"),
        (
            [
                seen("a", 5, **{**ON, "fetched_at": 5000, "called_at": 4000}, wrong_key="x", wrong_key_at=5),
                seen("b", **ON),
            ],
            "on",
            "b",
        ),
    ],
)
def test_the_stage_is_that_of_the_website_that_is_furthest(
    websites: list[Sighting], stage: str, latest: str | None
) -> None:
    setup = Setup(websites, NOW)
    assert setup.stage == stage
    assert (setup.latest and setup.latest.host) == latest


@pytest.mark.parametrize(
    ("website", "faults"),
    [
        (seen(**ON), []),
        (seen(**FETCHED), []),
        (seen(fetched_at=15_000), []),
        (seen(fetched_at=15_001), ["no_calls"]),
        (seen(fetched_at=20_000, called_at=80_000), []),
        (seen(fetched_at=20_000, called_at=80_001), ["no_calls"]),
        (seen(fetched_at=2 * DAY_MS, called_at=1000), []),
        (seen(fetched_at=15_001, levelled_at=15_000), []),
        (seen(fetched_at=15_001, levelled_at=15_000, wrong_key="x", wrong_key_at=1000), ["wrong_key"]),
        (seen(called_at=1000), []),
        (seen(**CALLED, enabled=False), ["not_enabled"]),
        (seen(**CALLED, enabled=None), []),
        (seen(**{**ON, "tags": 0}), []),
        (seen(**{**ON, "tags": 2}), ["twice"]),
        (seen(**{**ON, "skew": 300}), []),
        (seen(**{**ON, "skew": 301}), ["clock"]),
        (seen(**{**ON, "skew": -301}), ["clock"]),
        (seen(wrong_key="x", wrong_key_at=1000), ["wrong_key"]),
        (seen(wrong_key="x", wrong_key_at=2000, **FETCHED), []),
        (seen(wrong_key="x", wrong_key_at=2000, called_at=1000), []),
        (seen(wrong_key="x", wrong_key_at=500, **ON), ["wrong_key"]),
        (seen(**{**CALLED, "enabled": False, "tags": 3, "skew": 9999}), ["not_enabled", "twice", "clock"]),
        (seen(ago=DAY_MS, **{**ON, "tags": 2}), []),
    ],
)
def test_what_is_wrong_is_named(website: Sighting, faults: list[str]) -> None:
    assert [fault for fault, _website in Setup([website], NOW).faults] == faults


@pytest.mark.parametrize(
    ("website", "unagreed", "faults"),
    [
        (seen(fetched_at=15_001, levelled_at=20_000), ["shop.example"], []),
        (seen(fetched_at=15_001, levelled_at=9 * DAY_MS), ["shop.example"], []),
        (seen(fetched_at=15_001), [], ["no_calls"]),
        (seen(fetched_at=15_000, levelled_at=15_000), [], []),
        (seen(levelled_at=20_000, **CALLED), [], []),
        (seen(ago=DAY_MS, fetched_at=DAY_MS, levelled_at=DAY_MS), [], []),
    ],
)
def test_where_visitors_are_asked_silence_is_not_called_wrong(
    website: Sighting, unagreed: list[str], faults: list[str]
) -> None:
    setup = Setup([website], NOW)
    assert [one.host for one in setup.unagreed] == unagreed
    assert [fault for fault, _website in setup.faults] == faults


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (90, "1 min 30 s"),
        (600, "10 min"),
        (659, "10 min"),
        (3600, "1 h"),
        (3780, "1 h 3 min"),
        (40_000, "11 h"),
        (86_400, "1 day"),
        (200_000, "2 days"),
    ],
)
def test_a_span_of_time_is_said_in_words(seconds: int, words: str) -> None:
    assert span(seconds) == words


def write(app: Flask, site: Site, *given: dict[str, Any]) -> None:
    now = int(utc_now().timestamp() * 1000)
    with app.app_context():
        for known in given:
            sightings.write(db.engine, [Sighted(site.id, at=now, **known)])


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_the_page_says_what_is_known_and_asks_again(app: Flask, site: Site, client: Client) -> None:
    page = client.get(f"/sites/{site.key}/install").text
    assert "Waiting for the first page" in words(page)
    (again,) = re.findall(r'hx-get="([^"]+/state)"', page)

    write(app, site, {"host": "shop.example"}, {"host": "shop.example", "called": True, "enabled": True, "tags": 1})

    state = client.get(again).text
    assert not state.lstrip().startswith("<!doctype")
    assert "Anonymous messages are on" in words(state)
    assert "on shop.example" in words(state)
    assert "data-fault" not in state


def test_the_page_says_that_visitors_may_not_have_agreed_and_not_that_calls_are_blocked(
    app: Flask, site: Site, client: Client
) -> None:
    long_ago = int(utc_now().timestamp() * 1000) - CALL_AFTER_MS - 1000
    with app.app_context():
        sightings.write(db.engine, [Sighted(site.id, "shop.example", long_ago)])
    blocked = client.get(f"/sites/{site.key}/install/state").text
    assert 'data-fault="no_calls"' in blocked
    assert "data-unagreed" not in blocked
    write(app, site, {"host": "shop.example", "levelled": True})
    state = client.get(f"/sites/{site.key}/install/state").text
    assert "data-fault" not in state
    assert 'data-unagreed="shop.example"' in state
    assert "who has not agreed to activity sends nothing" in words(state)
    assert "wrong" not in words(client.get(f"/sites/{site.key}/messages").text)


@pytest.mark.parametrize(("skew", "said"), [(3600, "is 1 h ahead"), (-3600, "is 1 h behind"), (299, "")])
def test_the_page_names_a_clock_that_is_an_hour_off(
    app: Flask, site: Site, client: Client, skew: int, said: str
) -> None:
    write(app, site, {"host": "shop.example", "called": True, "enabled": True, "tags": 1, "skew": skew})
    state = client.get(f"/sites/{site.key}/install/state").text
    assert ('data-fault="clock"' in state) == bool(said)
    assert said in words(state)


def test_a_request_with_a_wrong_key_is_not_the_snippet_being_seen(app: Flask, site: Site, client: Client) -> None:
    now = int(utc_now().timestamp() * 1000)
    with app.app_context():
        fetched = Sighted(site.id, "shop.example", now - 420_000)
        sightings.write(db.engine, [fetched, replace(fetched, called=True, enabled=True, tags=1)])
    right = words(client.get(f"/sites/{site.key}/install/state").text)
    assert right.startswith("Anonymous messages are on The snippet is seen : yes on shop.example 7 min ago")

    write(app, site, {"host": "shop.example", "wrong_key": "x" * 20})

    state = client.get(f"/sites/{site.key}/install/state").text
    wrong = words(state)
    assert wrong.startswith("A page asks with a wrong key The snippet is seen : yes on shop.example 7 min ago")
    assert "Anonymous messages are on : not yet" in wrong
    assert "is-on" not in state
    assert 'data-fault="wrong_key"' in state
    line = client.get(f"/sites/{site.key}/messages").text
    assert "A page asks with a wrong key Seen on shop.example 7 min ago" in words(line)
    assert "status-is-live" not in line

    write(app, site, {"host": "shop.example", "called": True})
    again = client.get(f"/sites/{site.key}/install/state").text
    assert words(again).startswith("Anonymous messages are on")
    assert "data-fault" not in again


def test_the_demo_shop_proves_nothing(app: Flask, site: Site, client: Client) -> None:
    write(app, site, {"host": "localhost", "called": True, "enabled": True})
    assert "Waiting" in words(client.get(f"/sites/{site.key}/install/state", headers={"Host": "localhost"}).text)


def test_what_strangers_invent_cannot_become_markup(app: Flask, site: Site, client: Client) -> None:
    evil = "<script>alert(1)</script>"
    write(app, site, {"host": "a", "called": True, "library": evil}, {"host": "b", "wrong_key": evil[:40]})
    page = client.get(f"/sites/{site.key}/install").text
    assert html.escape(evil) in page
    assert "<script>alert" not in page


def test_a_list_without_messages_says_how_the_tag_is_doing(app: Flask, site: Site, client: Client) -> None:
    list_of_messages = f"/sites/{site.key}/messages"
    assert "Waiting for the first page" in words(client.get(list_of_messages).text)
    write(app, site, {"host": "shop.example", "called": True, "enabled": False})
    assert "Calls arrive Seen on shop.example just now One thing is wrong" in words(client.get(list_of_messages).text)


@pytest.mark.usefixtures("message")
def test_a_list_with_messages_does_not(site: Site, client: Client) -> None:
    page = words(client.get(f"/sites/{site.key}/messages").text)
    assert "Club" in page
    assert "Waiting" not in page


@pytest.mark.parametrize(
    ("platform", "first"),
    [
        ("html", "<script>"),
        ("tag-manager", "<script>"),
        ("react", "'use client'"),
        ("vue", "const CODE"),
        ("wordpress", "<script>"),
        ("shopify", "<script>"),
        ("../install", "<script>"),
        ("", "<script>"),
    ],
)
def test_each_platform_has_code_to_copy(site: Site, client: Client, platform: str, first: str) -> None:
    page = client.get(f"/sites/{site.key}/install", query_string={"platform": platform}).text
    code = copied(page, "install-tag")
    assert code.startswith(first)
    assert code.count("Snippet included twice.") == 1
    assert f'siteId: "{site.key}"' in code


def copied(page: str, id: str) -> str:
    found = re.search(rf'<pre[^>]*id="{id}"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def test_the_pinned_tag_holds_the_hash_of_what_is_served(site: Site, client: Client, stranger: Client) -> None:
    code = copied(client.get(f"/sites/{site.key}/install").text, "pinned-tag")
    found = re.search(r'<script async crossorigin integrity="sha384-([^"]+)" src="http://localhost(/[^"]+)">', code)
    assert found
    served = stranger.get(found[2])
    assert served.status_code == 200
    assert base64.b64encode(hashlib.sha384(served.data).digest()).decode() == found[1]
    assert "createElement" not in code, "the loader would load the other script too"
    assert f'siteId: "{site.key}"' in code


@pytest.mark.parametrize(
    ("public_url", "said"),
    [
        ("http://127.0.0.1:5000", "only pages of your own machine"),
        ("http://localhost:5000", "only pages of your own machine"),
        ("http://messages.example", "without https"),
        ("https://messages.example", ""),
    ],
)
def test_a_server_that_websites_cannot_use_says_so(
    settings: Settings, site: Site, alice: User, public_url: str, said: str
) -> None:
    app = create_app(replace(settings, public_url=public_url))
    app.test_client_class = Client
    client = app.test_client()
    assert isinstance(client, Client)
    page = words(client.sign_in(alice).get(f"/sites/{site.key}/install").text)
    warnings = [warning for warning in ("only pages of your own machine", "without https") if warning in page]
    assert warnings == ([said] if said else [])
