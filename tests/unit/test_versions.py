"""A message's versions: who launched them and when, two of them side by side, one of them as the draft again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from anonmsg.db import db, utc_now
from anonmsg.message import Heading, Shape, State, Step
from anonmsg.models import Message, Site, User
from tests.conftest import CLUB
from tests.support.client import Client
from tests.support.stage import changed

pytestmark = pytest.mark.engines("sqlite", "postgres")

Change = Callable[[Callable[[Message], object]], None]

SECOND = changed(CLUB, name="Second club")
UNLAUNCHED = changed(CLUB, name="Third club", steps=(Step(id="s1", blocks=(Heading(text="Never launched"),)),))


@pytest.fixture
def change(app: Flask, site: Site, message: Message) -> Change:
    """Somebody does something to the message."""

    def change(verb: Callable[[Message], object]) -> None:
        with app.app_context():
            verb(db.session.merge(site).message(message.id))
            db.session.commit()

    return change


@pytest.fixture
def url(site: Site, message: Message, change: Change, alice: User) -> str:
    """The address of a message with two versions, the second of which is the draft as well."""
    now = utc_now()
    change(lambda message: message.launch(now - timedelta(days=1), db.session.merge(alice)))
    change(lambda message: message.save(SECOND, now))
    change(lambda message: message.launch(now))
    return f"/sites/{site.key}/messages/{message.id}"


def stored(app: Flask, message: Message) -> tuple[Shape, Shape | None, str, int, int]:
    """The draft, what visitors get, the state, how many versions there are, and the site's revision."""
    with app.app_context():
        found = db.session.get_one(Message, message.id)
        live = found.live.shape if found.live else None
        return found.shape, live, found.state, len(found.versions), found.site.revision


def edit(message: Message) -> None:
    message.save(UNLAUNCHED, utc_now())


def test_the_history_says_who_launched_each_and_when(url: str, client: Client) -> None:
    yesterday = (utc_now() - timedelta(days=1)).date()
    for page in (client.get(url).text, client.get(f"{url}/versions").text):
        first, second = page.index("<strong>Version 1"), page.index("<strong>Version 2")
        assert second < first, "the newest stands first"
        assert "what visitors get" in page[second:first]
        assert "by a command, or somebody whose account is gone" in page[second:first]
        assert "by alice@shop.example" in page[first:]
        assert f"{yesterday.day} {yesterday:%B %Y} at" in page[first:]


@pytest.mark.parametrize(
    ("query", "left", "right", "differs"),
    [
        ("left=1&right=2", "Version 1", "Version 2, what visitors get", ["club"]),
        ("left=2&right=draft", "Version 2, what visitors get", "The draft", ["Third"]),
        ("", "Version 2, what visitors get", "The draft", ["Third"]),
        ("left=draft&right=1", "The draft", "Version 1", ["Third"]),
        ("left=1&right=1", "Version 1", "Version 1", []),
        ("left=99&right=-1", "Version 2, what visitors get", "The draft", []),
        ("left=%00&right[]=x&left=<script>", "Version 2, what visitors get", "The draft", []),
    ],
)
def test_two_stand_side_by_side(
    url: str, client: Client, change: Change, query: str, left: str, right: str, differs: list[str]
) -> None:
    change(edit)
    page = client.get(f"{url}/versions?{query}").text
    assert f"{left} and {right} side by side" in page
    for words in differs:
        assert words in page
    assert ("Nothing differs." in page) is (left == right)
    assert ("<mark>" in page) is (left != right)
    assert "<script>" not in page


def test_without_edits_the_last_two_versions_are_compared(url: str, client: Client) -> None:
    page = client.get(f"{url}/versions").text
    assert "Version 1 and Version 2, what visitors get side by side" in page
    assert "One part differs." in page
    assert "The draft</option>" not in page


def test_a_message_that_was_never_launched_has_no_history(site: Site, message: Message, client: Client) -> None:
    own = f"/sites/{site.key}/messages/{message.id}"
    page = client.get(f"{own}/versions").text
    assert "Not launched yet." in page
    assert "Nothing differs." in page
    assert "side by side</a>" not in client.get(own).text
    assert client.post(f"{own}/restore/1").status_code == 409


def test_restoring_makes_a_version_the_draft_and_touches_nothing_else(
    app: Flask, message: Message, url: str, client: Client
) -> None:
    _, *before = stored(app, message)
    answer = client.post(f"{url}/restore/1")
    assert (answer.status_code, answer.location) == (303, f"{url}/edit")
    draft, *after = stored(app, message)
    assert draft == CLUB
    assert after == before
    assert before[0] == SECOND
    assert "Version 1 is the draft again" in client.get(url).text


def test_one_after_the_other_is_restored_without_a_question(
    app: Flask, message: Message, url: str, client: Client
) -> None:
    for number, shape in [(1, CLUB), (2, SECOND), (1, CLUB)]:
        assert client.post(f"{url}/restore/{number}").status_code == 303
        assert stored(app, message)[0] == shape


def test_it_asks_before_changes_that_were_never_launched_are_lost(
    app: Flask, message: Message, url: str, client: Client, change: Change
) -> None:
    change(edit)
    before = stored(app, message)
    asked = client.post(f"{url}/restore/1")
    assert asked.status_code == 409
    assert "changes that were never launched" in asked.text
    assert "Third" in asked.text
    assert "Changed elsewhere" not in asked.text
    assert stored(app, message) == before
    answer = client.post(f"{url}/restore/1", {"lock": lock_of(asked.text)})
    assert answer.status_code == 303
    assert stored(app, message)[0] == CLUB


def lock_of(page: str) -> str:
    return page.partition('name="lock" value="')[2].partition('"')[0]


def test_what_a_colleague_saved_after_the_question_is_not_lost(
    app: Flask, message: Message, url: str, client: Client, change: Change
) -> None:
    change(edit)
    lock = lock_of(client.post(f"{url}/restore/1").text)
    change(lambda message: message.save(changed(UNLAUNCHED, name="A colleague's"), utc_now()))
    before = stored(app, message)
    for old in (lock, "", "nonsense", "-1"):
        again = client.post(f"{url}/restore/1", {"lock": old})
        assert again.status_code == 409
        assert "Changed elsewhere" in again.text
        assert "A colleague&#39;s" in again.text
        assert stored(app, message) == before
    assert client.post(f"{url}/restore/1", {"lock": lock_of(again.text)}).status_code == 303


def test_a_colleague_who_edits_meanwhile_is_told(app: Flask, message: Message, url: str, client: Client) -> None:
    """The autosave of an editor that was opened before the restore replaces nothing."""
    with app.app_context():
        lock = db.session.get_one(Message, message.id).lock
    assert client.post(f"{url}/restore/1").status_code == 303
    draft = stored(app, message)[0]
    typed = {"lock": str(lock), "display-kind": "modal", "display-position": "center", "display-width": "300"}
    typed |= {"steps-0-id": "s1", "steps-0-blocks-0-type": "heading", "steps-0-blocks-0-text": "Typed meanwhile"}
    answer = client.post(f"{url}/keep", typed)
    assert answer.status_code == 409, answer.text
    assert "Changed elsewhere" in json.loads(answer.text)["notice"]
    assert stored(app, message)[0] == draft


@pytest.mark.parametrize("number", [0, 3, 10**18])
def test_a_version_that_is_not_there_is_not_restored(
    app: Flask, message: Message, url: str, client: Client, number: int
) -> None:
    before = stored(app, message)
    answer = client.post(f"{url}/restore/{number}")
    assert answer.status_code == 409
    assert f"has no version {number}" in answer.text
    assert stored(app, message) == before


def test_an_archived_message_is_looked_at_but_not_restored(
    app: Flask, message: Message, url: str, client: Client, change: Change
) -> None:
    change(lambda message: message.archive(utc_now()))
    assert stored(app, message)[2] == State.ARCHIVED
    assert "Restore" not in client.get(f"{url}/versions").text
    assert client.post(f"{url}/restore/1").status_code == 409
