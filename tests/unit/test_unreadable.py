"""A row that holds no message: it is shown as what it is, and everything else works."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import update

from anonmsg.db import db, utc_now
from anonmsg.message import State
from anonmsg.models import Message, Site
from anonmsg.models.message import Version
from anonmsg.unreadable import Unreadable, read
from tests.conftest import CLUB
from tests.support.client import Client
from tests.support.stage import changed

REASONS = {
    "": ("$", "This is not JSON: Input data was truncated."),
    '{"name": "Club"': ("$", "This is not JSON: Input data was truncated."),
    "null": ("$", "This must be an object { }, not null."),
    "[]": ("$", "This must be an object { }, not a list [ ]."),
    '{"name": 7}': ("$.name", "This must be a text, not a whole number."),
    '{"html": 1}': ("$", "There is no field “html” here."),
    '{"frequency": {"limit": "two"}}': ("$.frequency.limit", "This must be a whole number or null, not a text."),
    '{"frequency": {"limit": 0}}': ("$.frequency.limit", "This must be a whole number, at least 1."),
    '{"display": {"kind": "popup"}}': ("$.display.kind", "“popup” is none of the words that can stand here."),
    '{"steps": [{"blocks": [{}]}]}': ("$.steps[0].blocks[0]", "“type” is missing here."),
    '{"steps": [{"id": "a b"}]}': ("$.steps[0].id", "An id has letters, digits, “-” and “_” only."),
    '{"schedule": {"starts_at": "soon"}}': ("$.schedule.starts_at", "This is no time such as 2027-01-31T23:00:00Z."),
    '{"schedule": {"starts_at": "2027-01-01T00:00:00"}}': (
        "$.schedule",
        "“starts_at” needs its zone, such as the Z in 2027-01-31T23:00:00Z.",
    ),
    json.dumps({"name": "x" * 121}): ("$.name", "This must be a text, at most 120 characters."),
    json.dumps({"steps": [{}] * 11}): ("$.steps", "This must be a list [ ], at most 10 entries."),
}
NEWER = '{"name": "Club", "sound": "bell"}'
"""Of a program to come."""


@pytest.mark.parametrize(("raw", "reason"), REASONS.items())
def test_the_reason_has_a_place_and_plain_words(raw: str, reason: tuple[str, str]) -> None:
    with pytest.raises(Unreadable) as caught:
        read(raw)
    assert (caught.value.place, caught.value.text) == reason


class Case(NamedTuple):
    """What is overwritten: the newest version, the draft, or both; and whether visitors still get the message."""

    name: str
    version: bool
    draft: bool

    def __str__(self) -> str:
        return self.name


CASES = [Case("all of it", True, True), Case("what visitors get", True, False), Case("the draft", False, True)]


@pytest.fixture(params=CASES, ids=str)
def broken(request: pytest.FixtureRequest, app: Flask, site: Site, message: Message) -> Case:
    """The message, launched twice, of which some cannot be read any more; a second message is beside it."""
    case: Case = request.param
    with app.app_context():
        found = db.session.merge(site).message(message.id)
        found.launch(utc_now())
        found.save(changed(CLUB, description="Second"), utc_now())
        found.launch(utc_now())
        other = found.site.draft(changed(CLUB, name="Beside it"), utc_now())
        other.launch(utc_now())
        db.session.commit()
        if case.version:
            db.session.execute(
                update(Version).where(Version.message_id == found.id, Version.number == 2).values(content=NEWER)
            )
        if case.draft:
            db.session.execute(update(Message).where(Message.id == found.id).values(draft=NEWER))
        db.session.commit()
    return case


def test_the_list_and_its_page_say_so(client: Client, site: Site, message: Message, broken: Case) -> None:
    listed = client.get(f"/sites/{site.key}/messages")
    assert listed.status_code == 200
    assert listed.text.count("Unreadable") == 1
    assert "Beside it" in listed.text
    page = client.get(f"/sites/{site.key}/messages/{message.id}")
    assert page.status_code == 200
    for words in ("Club", "There is no field “sound” here.", "Restore version 1", "Archive"):
        assert words in page.text
    assert ("Nobody sees it" in page.text) is broken.version
    assert ("Open the draft" in page.text) is not broken.draft
    assert ("Restore version 2" in page.text) is not broken.version
    assert client.get(f"/sites/{site.key}/messages/{message.id}/numbers").status_code == 200


def test_the_wizard_leads_to_its_page(client: Client, site: Site, message: Message, broken: Case) -> None:
    url = f"/sites/{site.key}/messages/{message.id}"
    answer = client.get(f"{url}/edit/content")
    if broken.draft:
        assert (answer.status_code, answer.headers["Location"]) == (303, url)
    else:
        assert answer.status_code == 200
    for path in ("edit/details", "preview/details", "duplicate"):
        posted = client.post(f"{url}/{path}", data={"name": "Club", "lock": "0"})
        assert posted.status_code == 409 if broken.draft else posted.status_code < 500


def test_visitors_get_what_can_be_read(client: Client, site: Site, message: Message, broken: Case) -> None:
    listed = client.get(f"/v1/sites/{site.key}/messages.json").json
    assert listed
    assert (message.id in [one["id"] for one in listed["messages"]]) is not broken.version
    assert len(listed["messages"]) == (1 if broken.version else 2)


def run(app: Flask, *words: str) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=words)


def test_commands_work_and_name_it(app: Flask, site: Site, message: Message, broken: Case) -> None:
    numbers = run(app, "metrics", "show", "--site", site.key, "--json")
    assert numbers.exit_code == 0
    assert len(json.loads(numbers.stdout)) == 2
    exported = run(app, "messages", "export", "--site", site.key)
    assert exported.exit_code == int(broken.draft)
    assert len(json.loads(exported.stdout)) == (1 if broken.draft else 2)
    assert (f"{message.id}: $: There is no field “sound” here." in exported.stderr) is broken.draft
    if broken.draft:
        launched = run(app, "messages", "launch", message.id)
        assert (launched.exit_code, "“sound”" in launched.stderr) == (1, True)
    for verb in ("pause", "resume", "stop", "archive"):
        assert run(app, "messages", verb, message.id).exit_code == 0


def _restore(client: Client, url: str) -> None:
    """It asks first where the draft can be read and is nowhere else any more."""
    answer = client.post(f"{url}/restore/1")
    if answer.status_code == 409:
        lock = answer.text.partition('name="lock" value="')[2].partition('"')[0]
        answer = client.post(f"{url}/restore/1", {"lock": lock})
    assert answer.status_code == 303
    launched = run(client.application, "messages", "launch", url.rsplit("/", 1)[-1])
    assert launched.exit_code == 0, launched.output
    assert "cannot be read" not in client.get(url).text


def _archive(client: Client, url: str) -> None:
    assert client.post(f"{url}/archive").status_code == 303
    assert "cannot be read" in client.get(url).text
    assert client.post(f"{url}/restore/1").status_code == 409


MENDED: dict[str, Callable[[Client, str], None]] = {"restored": _restore, "archived": _archive}


@pytest.mark.parametrize("how", MENDED)
def test_it_is_mended(app: Flask, client: Client, site: Site, message: Message, broken: Case, how: str) -> None:
    url = f"/sites/{site.key}/messages/{message.id}"
    assert client.post(f"{url}/restore/9").status_code == 409
    MENDED[how](client, url)
    with app.app_context():
        found = db.session.get_one(Message, message.id)
        assert found.state == (State.LAUNCHED if how == "restored" else State.ARCHIVED)
        assert (found.unreadable is None) is (how == "restored")
