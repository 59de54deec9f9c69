"""What each verb does to a message in each state, and what many at once do."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from flask import Flask
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm.exc import StaleDataError

from anonmsg.db import db
from anonmsg.message import Heading, Schedule, Shape, State, Status, Step
from anonmsg.models import Message, NotAllowed, NotReady, Site, User, Version
from anonmsg.models.message import ALLOWED, by_id
from tests.conftest import CLUB, add_user

pytestmark = pytest.mark.engines("sqlite", "postgres")

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

EDITED = msgspec.structs.replace(CLUB, name="Club 2", steps=(Step(id="s1", blocks=(Heading(text="Edited"),)),))

VERBS: dict[str, Callable[[Message, datetime], Any]] = {
    "launch": Message.launch,
    "pause": lambda message, _now: message.pause(),
    "resume": lambda message, _now: message.resume(),
    "stop": Message.stop,
    "archive": Message.archive,
    "save": lambda message, now: message.save(EDITED, now),
}

WAYS: dict[State, list[str]] = {
    State.DRAFT: [],
    State.LAUNCHED: ["launch"],
    State.PAUSED: ["launch", "pause"],
    State.STOPPED: ["launch", "stop"],
    State.ARCHIVED: ["archive"],
}
"""How a new message gets into each state."""

TRANSITIONS: dict[State, dict[str, State]] = {
    State.DRAFT: {"launch": State.LAUNCHED, "archive": State.ARCHIVED, "save": State.DRAFT},
    State.LAUNCHED: {
        "launch": State.LAUNCHED,
        "pause": State.PAUSED,
        "stop": State.STOPPED,
        "archive": State.ARCHIVED,
        "save": State.LAUNCHED,
    },
    State.PAUSED: {
        "launch": State.LAUNCHED,
        "resume": State.LAUNCHED,
        "stop": State.STOPPED,
        "archive": State.ARCHIVED,
        "save": State.PAUSED,
    },
    State.STOPPED: {"launch": State.LAUNCHED, "archive": State.ARCHIVED, "save": State.STOPPED},
    State.ARCHIVED: {},
}


def in_state(site: Site, state: State) -> Message:
    message = db.session.merge(site).draft(CLUB, NOW)
    db.session.flush()
    for verb in WAYS[state]:
        VERBS[verb](message, NOW)
    db.session.commit()
    assert message.state == state
    return message


def revision(site: Site) -> int:
    db.session.expire_all()
    return db.session.get_one(Site, site.id).revision


def test_the_table_names_every_verb() -> None:
    assert set(ALLOWED) == set(VERBS)
    assert {verb for allowed in TRANSITIONS.values() for verb in allowed} == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", State)
def test_a_verb_leads_to_its_state_or_is_refused(app: Flask, site: Site, state: State, verb: str) -> None:
    with app.app_context():
        message = in_state(site, state)
        before = revision(site)
        if verb in TRANSITIONS[state]:
            VERBS[verb](message, LATER)
            db.session.commit()
            assert message.state == TRANSITIONS[state][verb]
        else:
            with pytest.raises(NotAllowed, match=rf"^{state.label} messages cannot be \w+ed\.$"):
                VERBS[verb](message, LATER)
            assert message.state == state
            assert revision(site) == before


@pytest.mark.parametrize(
    ("state", "verb", "counts"),
    [
        (State.DRAFT, "launch", True),
        (State.DRAFT, "save", False),
        (State.LAUNCHED, "launch", False),
        (State.LAUNCHED, "save", False),
        (State.LAUNCHED, "pause", True),
        (State.LAUNCHED, "stop", True),
        (State.LAUNCHED, "archive", True),
        (State.PAUSED, "resume", True),
        (State.STOPPED, "launch", True),
    ],
)
def test_what_visitors_notice_counts_the_sites_revision(
    app: Flask, site: Site, state: State, verb: str, counts: bool
) -> None:
    with app.app_context():
        message = in_state(site, state)
        before = revision(site)
        VERBS[verb](db.session.get_one(Message, message.id), LATER)
        db.session.commit()
        assert (revision(site) > before) == counts


def test_a_verb_that_is_rolled_back_is_not_noticed(app: Flask, site: Site) -> None:
    with app.app_context():
        message = in_state(site, State.LAUNCHED)
        before = revision(site)
        message.pause()
        db.session.flush()
        db.session.rollback()
        assert revision(site) == before
        assert message.state == State.LAUNCHED


def test_a_launch_freezes_what_an_edit_then_leaves_alone(app: Flask, site: Site, alice: User) -> None:
    with app.app_context():
        message = in_state(site, State.DRAFT)
        message.launch(NOW, db.session.merge(alice))
        db.session.commit()
        message.save(EDITED, LATER)
        db.session.commit()
        assert (message.name, message.edited, message.edited_at) == ("Club 2", True, LATER)
        assert message.live is not None
        assert message.live.shape == CLUB
        assert (message.live.number, message.live.launched_at, message.live.launched_by_id) == (1, NOW, alice.id)


def test_the_next_launch_makes_a_version_and_keeps_the_first_times(app: Flask, site: Site) -> None:
    with app.app_context():
        message = in_state(site, State.LAUNCHED)
        message.save(EDITED, LATER)
        message.launch(LATER)
        db.session.commit()
        assert [version.number for version in message.versions] == [2, 1]
        assert [version.shape.name for version in message.versions] == ["Club 2", "Club"]
        assert message.live is not None
        assert (message.live.number, message.live.launched_at) == (2, LATER)
        assert (message.launched_at, message.edited) == (NOW, False)


@pytest.mark.parametrize("state", [State.LAUNCHED, State.PAUSED, State.STOPPED])
def test_launching_what_was_not_edited_makes_no_version(app: Flask, site: Site, state: State) -> None:
    with app.app_context():
        message = in_state(site, state)
        message.launch(LATER)
        db.session.commit()
        assert (message.state, message.number, message.stopped_at) == (State.LAUNCHED, 1, None)
        assert db.session.query(Version).count() == 1


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (msgspec.structs.replace(CLUB, steps=()), "no_content"),
        (msgspec.structs.replace(CLUB, schedule=Schedule(ends_at=NOW)), "ends_in_past"),
        (msgspec.structs.replace(CLUB, name=""), "name_missing"),
    ],
)
def test_what_is_not_ready_is_not_launched(app: Flask, site: Site, shape: Shape, code: str) -> None:
    with app.app_context():
        message = db.session.merge(site).draft(shape, NOW)
        db.session.commit()
        before = revision(site)
        with pytest.raises(NotReady) as refused:
            message.launch(NOW)
        assert [problem.code for problem in refused.value.problems] == [code]
        db.session.commit()
        assert (message.state, message.number, revision(site)) == (State.DRAFT, 0, before)


def test_stopping_says_when(app: Flask, site: Site) -> None:
    with app.app_context():
        message = in_state(site, State.LAUNCHED)
        message.archive(LATER)
        db.session.commit()
        assert (message.state, message.stopped_at) == (State.ARCHIVED, LATER)
        assert message.status(LATER) is Status.ARCHIVED


def test_status_follows_what_visitors_get_not_the_draft(app: Flask, site: Site) -> None:
    with app.app_context():
        message = in_state(site, State.LAUNCHED)
        message.save(msgspec.structs.replace(CLUB, schedule=Schedule(starts_at=LATER)), NOW)
        assert message.status(NOW) is Status.LIVE
        message.launch(NOW)
        assert message.status(NOW) is Status.SCHEDULED


def test_a_duplicate_is_a_draft_with_the_same_content(app: Flask, site: Site) -> None:
    with app.app_context():
        message = in_state(site, State.STOPPED)
        copy = message.duplicate(LATER)
        db.session.commit()
        assert copy.id != message.id
        assert (copy.name, copy.state, copy.number, copy.live) == ("Club (copy)", State.DRAFT, 0, None)
        assert copy.shape.steps == message.shape.steps
        long = db.session.merge(site).draft(msgspec.structs.replace(CLUB, name="x" * 120), NOW)
        assert len(long.duplicate(NOW).name) <= 120


def test_a_site_finds_only_its_own_messages(app: Flask, site: Site, message: Message) -> None:
    with app.app_context():
        other = Site.create("Bob's", add_user("bob@shop.example"))
        db.session.commit()
        assert db.session.merge(site).message(message.id).id == message.id
        for stranger, id in ((other, message.id), (db.session.merge(site), "nothing")):
            with pytest.raises(NoResultFound):
                stranger.message(id)


def test_launch_pressed_many_times_at_once_is_one_launch(app: Flask, site: Site, message: Message) -> None:
    with app.app_context():
        before = revision(site)
        db.session.rollback()

    def press(_number: int) -> int:
        with app.app_context():
            pressed = by_id(message.id)
            assert pressed is not None
            pressed.launch(NOW)
            db.session.commit()
            return pressed.number

    with ThreadPoolExecutor(10) as presses:
        assert set(presses.map(press, range(50))) == {1}
    with app.app_context():
        assert db.session.query(Version).count() == 1
        assert revision(site) == before + 1


@pytest.mark.parametrize("verbs", [("pause", "pause"), ("stop", "pause"), ("archive", "stop")])
def test_two_verbs_at_once_are_one_after_the_other(app: Flask, site: Site, verbs: tuple[str, str]) -> None:
    with app.app_context():
        id = in_state(site, State.LAUNCHED).id
        before = revision(site)
        db.session.rollback()

    def do(verb: str) -> bool:
        with app.app_context():
            message = by_id(id)
            assert message is not None
            try:
                VERBS[verb](message, LATER)
            except NotAllowed:
                return False
            db.session.commit()
            return True

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(do, verbs))
    assert any(done)
    with app.app_context():
        assert revision(site) > before
        message = by_id(id)
        assert message is not None
        assert message.state != State.LAUNCHED


def test_of_two_who_save_at_once_the_second_is_told(app: Flask, message: Message) -> None:
    with app.app_context():
        late = db.session.get_one(Message, message.id)
        seen = late.lock
        db.session.commit()
        with app.app_context():
            early = by_id(message.id)
            assert early is not None
            early.save(EDITED, LATER)
            db.session.commit()
        late.save(msgspec.structs.replace(CLUB, name="Lost"), LATER)
        with pytest.raises(StaleDataError):
            db.session.commit()
        db.session.rollback()
        db.session.expire_all()
        kept = db.session.get_one(Message, message.id)
        assert (kept.name, kept.lock) == ("Club 2", seen + 1)
