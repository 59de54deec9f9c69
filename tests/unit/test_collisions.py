"""Messages that may stand in each other's way: what the page that judges it is given."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from anonmsg import collisions
from anonmsg.collisions import rivals
from anonmsg.db import db, utc_now
from anonmsg.message import (
    AboutToLeave,
    AfterClick,
    Display,
    DisplayKind,
    Frequency,
    PageRule,
    Position,
    Schedule,
    Shape,
)
from anonmsg.models import Message, Site
from tests.conftest import CLUB
from tests.support.client import Client
from tests.support.stage import changed

CORNER = changed(CLUB, display=Display(DisplayKind.OVERLAY, Position.TOP_LEFT), page_rules=(PageRule(value="/a"),))
LATER = Schedule(starts_at=utc_now() + timedelta(days=1))


def launch(site: Site, shape: Shape, name: str) -> Message:
    message = site.draft(changed(shape, name=name), utc_now())
    message.launch(utc_now())
    return message


def test_what_is_or_will_be_live_is_compared_in_its_order(app: Flask, site: Site) -> None:
    with app.app_context():
        here = db.session.merge(site)
        corner, later = launch(here, CORNER, "corner"), launch(here, changed(CLUB, schedule=LATER), "later")
        launch(here, CLUB, "paused").pause()
        launch(here, CLUB, "stopped").stop(utc_now())
        draft = here.draft(changed(CLUB, name="draft"), utc_now())
        db.session.flush()
        found = rivals(here, utc_now())
        assert [each["name"] for each in found] == ["corner", "later"]
        assert found[0] == {
            "id": corner.id,
            "name": "corner",
            "position": "top-left",
            "where": "top left",
            "page_rules": ({"effect": "include", "part": "path", "match": "contains", "value": "/a"},),
            "starts_at": None,
            "ends_at": None,
            "always": False,
        }
        assert found[1]["starts_at"] == later.shape.schedule.starts_at.isoformat()  # type: ignore[union-attr]
        assert [each["name"] for each in rivals(here, utc_now(), draft)] == ["corner", "later", "draft"]
        here.move(draft, corner)
        db.session.expire_all()
        assert [each["name"] for each in rivals(here, utc_now(), draft)] == ["draft", "corner", "later"]


def test_the_draft_is_compared_as_it_would_be_launched(app: Flask, site: Site) -> None:
    with app.app_context():
        here = db.session.merge(site)
        message = launch(here, CLUB, "old")
        message.save(changed(CORNER, name="new", priority=-1), utc_now())
        db.session.flush()
        assert [each["position"] for each in rivals(here, utc_now())] == ["center"]
        assert [(each["name"], each["position"]) for each in rivals(here, utc_now(), message)] == [("new", "top-left")]


def test_all_but_the_draft_have_the_key_of_a_warning(app: Flask, site: Site) -> None:
    with app.app_context():
        here = db.session.merge(site)
        launch(here, CLUB, "one")
        draft = here.draft(changed(CLUB, name="draft"), utc_now())
        db.session.flush()
        assert ["key" in each for each in rivals(here, utc_now(), draft)] == [True, False]
        assert ["key" in each for each in rivals(here, utc_now())] == [False]


ALWAYS = [
    (CLUB, False),
    (changed(CLUB, frequency=Frequency()), True),
    (changed(CLUB, frequency=Frequency(after_click=AfterClick.KEEP)), True),
    (changed(CLUB, frequency=Frequency(gap_seconds=1)), False),
    (changed(CLUB, frequency=Frequency(), conditions=(AboutToLeave(),)), False),
    (changed(CLUB, frequency=Frequency(), holdout=10), False),
]


@pytest.mark.parametrize(("shape", "always"), ALWAYS)
def test_which_messages_are_there_until_they_are_closed(app: Flask, site: Site, shape: Shape, always: bool) -> None:
    with app.app_context():
        here = db.session.merge(site)
        launch(here, shape, "x")
        db.session.flush()
        assert [each["always"] for each in rivals(here, utc_now())] == [always]


def test_it_is_bounded(app: Flask, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collisions, "MOST", 2)
    with app.app_context():
        here = db.session.merge(site)
        for name in "abc":
            launch(here, CLUB, name)
        db.session.flush()
        assert [each["name"] for each in rivals(here, utc_now())] == ["a", "b"]


def test_the_list_and_the_review_carry_it_where_there_are_two(app: Flask, client: Client, site: Site) -> None:
    url = f"/sites/{site.key}/messages"
    with app.app_context():
        id = launch(db.session.merge(site), CLUB, "one").id
        db.session.commit()
    for page in (url, f"{url}/{id}/edit/review"):
        assert "data-rivals" not in client.get(page).text
    with app.app_context():
        launch(db.session.merge(site), CLUB, "<b>two</b>")
        db.session.commit()
    for page in (url, f"{url}/{id}/edit/review"):
        text = client.get(page).text
        assert "data-rivals" in text
        assert "<b>two" not in text
    assert f'data-mine="{id}"' in text
