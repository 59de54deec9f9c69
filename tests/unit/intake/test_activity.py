"""The activity log and the timelines, on both engines: what is in them, in which order, what filters let through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from anonmsg import activity
from anonmsg.activity import Filter
from anonmsg.db import db, reading
from anonmsg.models import Event, Site
from tests.unit.intake.world import World


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of three, and a reach of five."""
    monkeypatch.setattr(activity, "PAGE", 3)
    monkeypatch.setattr(activity, "REACH", 5)


@pytest.fixture
def log(world: World) -> Iterator[World]:
    """Asked within the app's context."""
    with world.app.app_context(), reading():
        yield world
        db.session.remove()


def page_call(world: World, url: str, **fields: Any) -> dict[str, Any]:
    return world.call("page", context={"page": {"url": url}}, **fields)


def names(events: Any) -> list[str | None]:
    return [event.name for event in events]


def numbered(world: World, count: int, **fields: Any) -> None:
    world.send(*(world.call("page", name=f"p{number}", **fields) for number in range(count)))


def test_pages_hold_each_call_once_the_newest_first(log: World, small: None) -> None:
    numbered(log, 8)

    found, before = [], None
    while page := activity.page(log.site, Filter(), before):
        found.append(names(page.events))
        before = page.older
        if before is None:
            break

    assert found == [["p7", "p6", "p5"], ["p4", "p3", "p2"], ["p1", "p0"]]


def test_a_page_stays_as_it_is_when_more_comes(log: World, small: None) -> None:
    numbered(log, 4)
    first = activity.page(log.site, Filter())
    log.send(log.call("page", name="new"))
    db.session.rollback()

    assert names(activity.page(log.site, Filter(), first.older).events) == ["p0"]


def test_what_is_newer(log: World, small: None) -> None:
    numbered(log, 2)
    after = Event.newest_key()
    assert activity.newer(log.site, Filter(), after) == activity.Page([], None)
    log.send(log.call("track", event="Bought"), log.call("page", name="new"))
    db.session.rollback()

    assert names(activity.newer(log.site, Filter(), after).events) == ["new", "Bought"]
    assert names(activity.newer(log.site, Filter(type="track"), after).events) == ["Bought"]
    numbered(log, 3)
    db.session.rollback()
    found = activity.newer(log.site, Filter(), after)
    assert names(found.events) == ["p2", "p1", "p0"]
    assert found.older, "there is more than a page"


def test_another_sites_calls_are_never_there(log: World, other_site_key: str) -> None:
    log.post("/v1/page", {**log.call("page", name="theirs"), "writeKey": other_site_key})
    log.send(log.call("page", name="ours"))

    for filter in (Filter(), Filter(who="ann"), Filter(type="page"), Filter(event="theirs"), Filter(page="")):
        assert "theirs" not in names(activity.page(log.site, filter).events)
    with log.app.app_context():
        other = Site.by_key(other_site_key)
        assert other
        assert names(activity.page(other, Filter()).events) == ["theirs"]
        assert names(activity.timeline(other, activity.of(other, "ann"))) == ["theirs"]


FILTERS: dict[str, tuple[dict[str, str], list[str]]] = {
    "everything": ({}, ["group", "view", "bought", "tour", "home"]),
    "type": ({"type": "page"}, ["tour", "home"]),
    "unknown type": ({"type": "nonsense"}, []),
    "event": ({"event": "Bought"}, ["bought"]),
    "part of an event": ({"event": "Boug"}, []),
    "message": ({"message": "MESSAGE"}, ["view"]),
    "page": ({"page": "TOUR?x"}, ["tour"]),
    "page without a match": ({"page": "/nowhere"}, []),
    "visitor": ({"who": "ben"}, ["bought"]),
    "user id of nobody known": ({"who": "u9"}, ["group"]),
    "nobody": ({"who": "nobody"}, []),
    "two at once": ({"type": "page", "page": "home"}, ["home"]),
    "two that exclude each other": ({"type": "page", "event": "Bought"}, []),
    "since long ago": ({"since": "2026-11-01T00:00"}, ["group", "view", "bought", "tour", "home"]),
    "since the moment": ({"since": "2026-11-28T09:30"}, ["group", "view", "bought", "tour", "home"]),
    "since later": ({"since": "2026-11-28T09:31"}, []),
    "until the moment": ({"until": "2026-11-28T09:30"}, []),
    "until later": ({"until": "2026-11-28T09:31"}, ["group", "view", "bought", "tour", "home"]),
    "what is no time": ({"since": "yesterday"}, ["group", "view", "bought", "tour", "home"]),
}


@pytest.mark.parametrize("case", FILTERS)
def test_filters(log: World, case: str) -> None:
    words, expected = FILTERS[case]
    log.send(
        page_call(log, "https://shop.example/home", messageId="home"),
        page_call(log, "https://shop.example/tour?x=1", messageId="tour"),
        log.call("track", event="Bought", anonymousId="ben", messageId="bought"),
        {**log.happened("Viewed"), "messageId": "view"},
        log.call("group", groupId="g", userId="u9", messageId="group"),
    )

    filter = Filter(**{name: log.message.id if value == "MESSAGE" else value for name, value in words.items()})

    assert [event.call["messageId"] for event in activity.page(log.site, filter).events] == expected


def test_what_no_index_serves_is_looked_for_within_reach_and_goes_on_from_there(log: World, small: None) -> None:
    log.send(log.call("identify", userId="u1"))
    numbered(log, 7)

    first = activity.page(log.site, Filter(type="identify"))
    assert first.events == []
    assert first.reached_its_end

    second = activity.page(log.site, Filter(type="identify"), first.older)
    assert [event.type for event in second.events] == ["identify"]
    assert (second.older, second.reached_its_end) == (None, False)


def test_a_person_is_found_with_the_anonymous_past_and_the_second_device(log: World) -> None:
    mail = {"email": "ann@mail.example"}
    log.send(
        log.call("page", name="before"),
        log.call("identify", userId="u1", traits=mail),
        log.call("page", name="phone", anonymousId="phone"),
        log.call("identify", userId="u1", anonymousId="phone"),
        log.call("track", event="By server", userId="u1", anonymousId=None),
        log.call("page", name="somebody else on the same computer", userId="u2"),
    )

    expected = ["By server", None, "phone", None, "before"]
    for who in ("u1", "Ann@mail.example"):
        assert names(activity.page(log.site, Filter(who=who)).events) == expected
    assert names(activity.page(log.site, Filter(who="u2")).events) == ["somebody else on the same computer"]


def test_a_timeline_is_in_the_order_in_which_it_happened(log: World, small: None) -> None:
    for hour in (12, 9, 15, 10):
        log.send(log.call("page", name=f"at {hour}", timestamp=f"2026-11-24T{hour:02}:00:00Z"))

    found = activity.timeline(log.site, activity.of(log.site, "ann"))
    assert names(found) == ["at 15", "at 12", "at 10", "at 9"]
    last = found[2]
    assert names(activity.timeline(log.site, activity.of(log.site, "ann"), (last.at, last.seq))) == ["at 9"]


def test_lines_say_whose_and_what(log: World) -> None:
    log.send(log.happened("Clicked", button_id="b1"), log.call("identify", userId="u1", traits={"name": "Ann Lee"}))
    again = log.call("identify", userId="u1", timestamp="2026-11-24T13:00:00Z")
    log.send(again, log.call("page", anonymousId="stranger"))

    stranger, later, first, click = activity.lines(log.site, activity.page(log.site, Filter()).events)

    assert stranger.person is None
    assert first.person
    assert first.person.label == "Ann Lee"
    assert [first.is_identifying, later.is_identifying, click.is_identifying] == [True, False, False]
    assert click.person == first.person
    assert click.message
    assert (click.message.name, click.button) == ("Club", "Sign up")


@pytest.mark.parametrize(
    ("call", "address", "place"),
    [
        ({"context": {"page": {"url": "https://a.example/b?c#d", "path": "/b"}}}, "https://a.example/b?c#d", "/b?c#d"),
        ({"context": {"page": {"path": "/b"}}}, "/b", "/b"),
        ({"properties": {"url": "https://a.example"}}, "https://a.example", "/"),
        ({"context": {"page": "odd"}, "properties": {"path": 5}}, "", ""),
        ({"context": None}, "", ""),
    ],
)
def test_where_it_happened(log: World, call: dict[str, Any], address: str, place: str) -> None:
    log.send(log.call("page", **call))

    (event,) = activity.page(log.site, Filter()).events

    assert (event.address, event.place) == (address, place)
