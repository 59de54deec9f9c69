"""The wizard's pages: each step, every bad input, who may, and who else was at it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm.exc import StaleDataError

from anonmsg.db import db, utc_now, writing
from anonmsg.forms import ContentForm
from anonmsg.message import Button, Heading, Limits, OpenUrl, PageRule, Shape, State, Step
from anonmsg.models import Message, Site, User
from anonmsg.views.wizard import MOST_FIELDS
from anonmsg.wizard import STEPS
from tests.conftest import CLUB
from tests.support.client import Client
from tests.support.stage import changed

Change = Callable[[Callable[[Message], Any]], None]


@pytest.fixture
def base(site: Site) -> str:
    return f"/sites/{site.key}/messages"


@pytest.fixture
def url(base: str, message: Message) -> str:
    return f"{base}/{message.id}/edit"


@pytest.fixture
def draft(app: Flask, message: Message) -> Callable[[], Shape]:
    """The message's draft as it is stored now."""

    def read() -> Shape:
        with app.app_context():
            return db.session.get_one(Message, message.id).shape

    return read


@pytest.fixture
def change(app: Flask, message: Message) -> Change:
    """Do something to the stored message, as somebody else might."""

    def change(verb: Callable[[Message], Any]) -> None:
        with app.app_context():
            verb(db.session.get_one(Message, message.id))
            db.session.commit()

    return change


def lock(client: Client, url: str) -> str:
    found = re.search(r'name="lock"[^>]*value="(\d+)"', client.get(url).text)
    assert found
    return found[1]


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Message).count()


CONTENT = {
    "steps-0-id": "s1",
    "steps-0-blocks-0-type": "heading",
    "steps-0-blocks-0-text": "Join the club",
    "display-kind": "modal",
    "display-position": "center",
    "display-width": "480",
}
BUTTON = {
    "steps-0-blocks-1-type": "button",
    "steps-0-blocks-1-label": "Sign up",
    "steps-0-blocks-1-style": "primary",
    "steps-0-blocks-1-action-type": "open_url",
    "steps-0-blocks-1-action-url": "/signup",
    "steps-0-blocks-1-action-target": "same",
}
ALWAYS = {"frequency-mode": "always", "frequency-gap": "0", "frequency-unit": "day"}
RULE = {f"page_rules-0-{name}": value for name, value in [("effect", "include"), ("part", "path"), ("match", "is")]}
NEVER = {"schedule-start": "now", "schedule-end": "never", "schedule-zone": "UTC"}
START = {**NEVER, "schedule-start": "at"}
END = {**NEVER, "schedule-end": "at"}
GOOD: dict[str, dict[str, str]] = {
    "details": {"name": "Club", "description": "Sign-up nudge"},
    "targeting": {**ALWAYS, **RULE, "page_rules-0-value": "/pricing"},
    "content": {**CONTENT, **BUTTON},
    "schedule": NEVER,
    "review": {},
}


def test_the_whole_way(app: Flask, client: Client, base: str) -> None:
    page = client.get(f"{base}/new")
    assert page.status_code == 200
    assert count(app) == 0
    answer = client.post(f"{base}/new", data={**GOOD["details"], "go": "targeting"})
    for step in STEPS[1:]:
        assert (answer.status_code, answer.location.rsplit("/", 1)[1]) == (303, step.name)
        there = answer.location
        assert client.get(there).status_code == 200
        index = STEPS.index(step) + 1
        go = STEPS[index].name if index < len(STEPS) else "launch"
        answer = client.post(there, data={**GOOD[step.name], "lock": lock(client, there), "go": go})
    page = client.get(answer.location)
    assert "Live. See it on your site" in page.text
    with app.app_context():
        message = db.session.query(Message).one()
        assert (message.state, message.number) == (State.LAUNCHED, 1)
        assert message.shape.page_rules == (PageRule(match="is", value="/pricing"),)  # type: ignore[arg-type]


@pytest.mark.parametrize("step", [step.name for step in STEPS])
def test_every_step_can_be_come_back_to(client: Client, url: str, step: str) -> None:
    page = client.get(f"{url}/{step}")
    assert page.status_code == 200
    assert page.text.count('aria-current="step"') == 1


def test_without_a_step_it_goes_on_where_something_is_missing(client: Client, url: str, change: Change) -> None:
    assert client.get(url).location.endswith("/edit/details")
    change(lambda message: message.save(Shape(name="Club"), utc_now()))
    assert client.get(url).location.endswith("/edit/content")


GOES = [
    ("targeting", "targeting"),
    ("details", "details"),
    ("stay", "details"),
    ("", "details"),
    ("//evil.example", "details"),
]


@pytest.mark.parametrize(("go", "there"), GOES)
def test_where_a_button_goes(client: Client, url: str, go: str, there: str) -> None:
    answer = client.post(f"{url}/details", data={**GOOD["details"], "lock": lock(client, f"{url}/details"), "go": go})
    assert answer.status_code == 303
    assert answer.location == f"{url}/{there}"


BAD: list[tuple[str, dict[str, str], str]] = [
    ("details", {"name": "  "}, "Give the message a name"),
    ("details", {"name": "x" * (Limits.NAME + 1)}, "at most 120 characters"),
    ("details", {"name": "x", "description": "x" * (Limits.DESCRIPTION + 1)}, "at most 1,000 characters"),
    ("targeting", {**ALWAYS, **RULE, "page_rules-0-value": " "}, "or remove the rule"),
    ("targeting", {**ALWAYS, **RULE, "page_rules-0-value": "x" * 501}, "at most 500 characters"),
    (
        "targeting",
        {**ALWAYS, **RULE, "page_rules-0-match": "sounds_like", "page_rules-0-value": "/a"},
        "Choose one of the",
    ),
    ("targeting", {**ALWAYS, **RULE, "page_rules-0-effect": "maybe", "page_rules-0-value": "/a"}, "Choose one of the"),
    ("targeting", {**ALWAYS, **RULE, "page_rules-0-part": "moon", "page_rules-0-value": "/a"}, "Choose one of the"),
    ("targeting", {**ALWAYS, **RULE, "page_rules-0-match": "regex", "page_rules-0-value": "(a+)+$"}, "egex"),
    ("targeting", {**ALWAYS, **RULE, "page_rules-0-match": "regex", "page_rules-0-value": "("}, "egex"),
    ("targeting", {**ALWAYS, **{f"page_rules-{n}-value": "/a" for n in range(51)}}, "at most 50 page rules"),
    ("targeting", {**ALWAYS, "frequency-mode": "limit", "frequency-limit": "0"}, "from 1 to 10,000"),
    ("targeting", {**ALWAYS, "frequency-mode": "limit", "frequency-limit": ""}, "how many times"),
    ("targeting", {**ALWAYS, "frequency-mode": "limit", "frequency-limit": "two"}, "whole number"),
    ("targeting", {**ALWAYS, "frequency-mode": "often"}, "Choose one of the list"),
    ("targeting", {**ALWAYS, "frequency-gap": "-1"}, "Type a number from 0"),
    ("targeting", {**ALWAYS, "frequency-gap": "367"}, "at most 366 days"),
    ("targeting", {**ALWAYS, "frequency-gap": "99999999999"}, "at most 366 days"),
    ("targeting", {**ALWAYS, "frequency-unit": "fortnight"}, "Choose one of the list"),
    ("content", {**CONTENT, "steps-0-blocks-0-text": ""}, "Type the heading"),
    ("content", {**CONTENT, "steps-0-blocks-0-text": "x" * 201}, "at most 200 characters"),
    ("content", {**CONTENT, "steps-0-blocks-2-type": "marquee"}, "cannot hold this"),
    ("content", {**CONTENT, **BUTTON, "steps-0-blocks-1-label": ""}, "what the button says"),
    ("content", {**CONTENT, **BUTTON, "steps-0-blocks-1-style": "huge"}, "Choose one of the"),
    ("content", {**CONTENT, **BUTTON, "steps-0-blocks-1-id": "<script>"}, "cannot hold this"),
    ("content", {**CONTENT, **BUTTON, "steps-0-blocks-1-action-url": "javascript:alert(1)"}, "The URL must"),
    ("content", {**CONTENT, **BUTTON, "steps-0-blocks-1-action-url": "//evil.example"}, "The URL must"),
    ("content", {**CONTENT, **BUTTON, "steps-0-blocks-1-action-url": ""}, "where the button leads"),
    ("content", {**CONTENT, **BUTTON, "steps-0-blocks-1-action-type": "explode"}, "Choose one of the"),
    (
        "content",
        {**CONTENT, **BUTTON, "steps-0-blocks-1-action-type": "go_to_step", "steps-0-blocks-1-action-step": "s9"},
        "Choose the step",
    ),
    (
        "content",
        {**CONTENT, **BUTTON, "steps-0-blocks-1-action-type": "go_to_step", "steps-0-blocks-1-action-step": "+up"},
        "cannot hold this",
    ),
    ("content", {**CONTENT, "steps-0-blocks-2-type": "question", "steps-0-blocks-2-label": " "}, "Type what is asked"),
    (
        "content",
        {**CONTENT, "steps-0-blocks-2-type": "question", "steps-0-blocks-2-options-1": "x" * 201},
        "at most 200 characters",
    ),
    (
        "content",
        {
            **CONTENT,
            "steps-0-blocks-2-type": "question",
            "steps-0-blocks-2-label": "a",
            **{f"steps-0-blocks-2-options-{n}": f"{n}" for n in range(21)},
        },
        "at most 20",
    ),
    ("content", {**CONTENT, "steps-0-blocks-2-type": "email", "steps-0-blocks-2-label": ""}, "Type what is asked"),
    (
        "content",
        {**CONTENT, "steps-0-blocks-2-type": "row", "steps-0-blocks-2-columns-0-0-type": "heading"},
        "Type the heading",
    ),
    (
        "content",
        {**CONTENT, "steps-0-blocks-2-type": "row", "steps-0-blocks-2-columns-0-0-type": "row"},
        "cannot hold this",
    ),
    (
        "content",
        {**CONTENT, "steps-0-blocks-2-type": "text", "steps-0-blocks-2-html": "<a href='//evil.example'>a</a>"},
        "The link “//evil.example”",
    ),
    ("content", {**CONTENT, **BUTTON, "steps-0-blocks-1-action-type": "track"}, "the event"),
    ("content", {**CONTENT, "steps-0-blocks-2-type": "text", "steps-0-blocks-2-paragraphs": " \n"}, "Type the text"),
    (
        "content",
        {**CONTENT, "steps-0-blocks-2-type": "text", "steps-0-blocks-2-paragraphs": "[a](javascript:b)"},
        "The link “javascript:b”",
    ),
    (
        "content",
        {**CONTENT, "steps-0-blocks-2-type": "text", "steps-0-blocks-2-paragraphs": "a\n" * 51},
        "at most 50",
    ),
    (
        "content",
        {**CONTENT, "steps-0-blocks-2-type": "image", "steps-0-blocks-2-src": "data:image/png,"},
        "image&#39;s address",
    ),
    ("content", {**CONTENT, "steps-0-blocks-2-type": "spacer", "steps-0-blocks-2-size": "999"}, "from 4 to 160"),
    ("content", {**CONTENT, "steps-0-blocks-2-type": "question", "steps-0-blocks-2-kept": "{"}, "Type what is asked"),
    (
        "content",
        {**CONTENT, "steps-0-blocks-2-type": "x", "steps-0-blocks-2-kept": '{"type": "x"}'},
        "cannot hold this",
    ),
    (
        "content",
        {**CONTENT, "steps-0-blocks-2-type": "question", "steps-0-blocks-2-kept": "[" * 9_000},
        "what is asked",
    ),
    ("content", {**CONTENT, **{f"steps-{n}-id": f"s{n}" for n in range(11)}}, "at most 10"),
    ("content", {**CONTENT, "display-kind": "popunder"}, "Choose one of the"),
    ("content", {**CONTENT, "display-kind": "overlay", "display-position": "center"}, "cannot stand at"),
    ("content", {**CONTENT, "display-kind": "banner", "display-position": "moon"}, "Choose one of the"),
    ("content", {**CONTENT, "display-width": "100"}, "from 240 to 720"),
    ("content", {**CONTENT, "display-width": "wide"}, "whole number"),
    ("schedule", START, "Choose a date and a time"),
    ("schedule", {**START, "schedule-starts_at": "soon"}, "Choose a date and a time"),
    ("schedule", {**START, "schedule-starts_at": "0001-01-01T00:00"}, "from 2000 to 9998"),
    (
        "schedule",
        {**START, "schedule-starts_at": "2027-03-28T02:30", "schedule-zone": "Europe/Vienna"},
        "28 March at 03:00",
    ),
    ("schedule", {**NEVER, "schedule-zone": "Moon/Base"}, "a time zone of the list"),
    ("schedule", {**NEVER, "schedule-zone": "../../etc/passwd"}, "a time zone of the list"),
    ("schedule", {**NEVER, "schedule-start": "yesterday"}, "Choose one of the list"),
    (
        "schedule",
        {
            **START,
            **END,
            "schedule-start": "at",
            "schedule-starts_at": "2027-01-02T00:00",
            "schedule-ends_at": "2027-01-01T00:00",
        },
        "The end must come after the start",
    ),
]


def test_of_a_schedule_that_could_not_be_saved_no_other_is_told(client: Client, url: str) -> None:
    there = f"{url}/schedule"
    before = client.get(there).text
    assert ("When launched" in before, "Starts when launched" in before) == (True, True)
    wrong = {**START, "schedule-starts_at": "2027-03-28T02:30", "schedule-zone": "Europe/Vienna"}
    page = client.post(there, data={**wrong, "lock": lock(client, there)}).text
    assert "When launched" not in page
    assert "Starts when launched" not in page
    assert re.search(r'data-words="schedule">[^<]*28 March at 03:00', page)


@pytest.mark.parametrize(("step", "sent", "said"), BAD)
def test_what_is_wrong_is_said_nothing_is_saved_and_nothing_typed_is_lost(
    client: Client, url: str, draft: Callable[[], Shape], step: str, sent: dict[str, str], said: str
) -> None:
    there = f"{url}/{step}"
    good = client.post(there, data={**GOOD[step], "lock": lock(client, there)})
    assert good.status_code == 303, "the same without the fault would be saved"
    before = draft()
    answer = client.post(there, data={**sent, "lock": lock(client, there), "go": "review"})
    assert answer.status_code == 422
    assert said in answer.text
    assert draft() == before
    for name, value in sent.items():
        if re.search(r"(text|label|url|value|name|limit|width|_at)$", name):
            assert f'value="{value}"' in answer.text, name


def test_all_that_is_wrong_with_targeting_is_said_at_once(client: Client, url: str) -> None:
    sent = {**ALWAYS, **RULE, "page_rules-0-value": "", "frequency-gap": "-1", "lock": "1"}
    page = client.post(f"{url}/targeting", data=sent).text
    assert page.count("or remove the rule") == 2, "above and beside the field"
    assert page.count("Type a number from 0") == 2
    assert "at most 366 days" not in page


def test_a_line_end_counts_as_one_character_as_browsers_count_it(
    client: Client, url: str, draft: Callable[[], Shape]
) -> None:
    typed = "x\n" * (Limits.DESCRIPTION // 2 - 1) + "xx"
    sent = {"name": "Club", "description": typed.replace("\n", "\r\n"), "lock": lock(client, f"{url}/details")}
    assert client.post(f"{url}/details", data=sent).status_code == 303
    assert draft().description == typed


def test_bad_details_make_no_message(app: Flask, client: Client, base: str) -> None:
    assert client.post(f"{base}/new", data={"name": ""}).status_code == 422
    assert count(app) == 0


def test_enter_goes_on(client: Client, url: str) -> None:
    """Enter presses a form's first button, so that must be the one that goes on."""
    for step, following in pairwise(STEPS):
        page = client.get(f"{url}/{step.name}").text
        form = page[page.index("data-wizard") :]
        first = re.search(r'<(?:button|input)[^>]*type="submit"[^>]*>', form)
        assert first
        assert f'name="go" value="{following.name}"' in first[0]


def test_list_buttons_change_the_page_but_save_nothing(client: Client, url: str, draft: Callable[[], Shape]) -> None:
    before = draft()
    sent = {**ALWAYS, **RULE, "page_rules-0-value": "/half-typed", "frequency-limit": "x"}
    page = client.post(f"{url}/targeting", data={**sent, "order": "add page_rules"})
    assert page.status_code == 200
    assert 'name="page_rules-1-value"' in page.text
    assert 'value="/half-typed"' in page.text
    assert "field-error" not in page.text
    page = client.post(f"{url}/targeting", data={**sent, "order": "remove page_rules-0"})
    assert 'name="page_rules-0-value"' not in page.text
    content = {**CONTENT, **BUTTON}
    page = client.post(f"{url}/content", data={**content, "order": "up steps-0-blocks-1"})
    assert page.text.index('value="Sign up"') < page.text.index('value="Join the club"')
    page = client.post(f"{url}/content", data={**content, "order": "add steps"})
    assert 'name="steps-1-id"' in page.text
    assert draft() == before


def test_a_button_keeps_its_id_when_it_is_relabelled_and_moved(
    client: Client, url: str, draft: Callable[[], Shape]
) -> None:
    sent = {**CONTENT, **BUTTON, "steps-0-blocks-1-id": "b1", "steps-0-blocks-1-label": "Join"}
    pairs = [(f"steps-0-blocks-1{name[16:]}", value) for name, value in sent.items() if "blocks-1" in name]
    pairs += [(name, value) for name, value in sent.items() if "blocks-1" not in name]
    there = f"{url}/content"
    client.post(there, data={**dict(pairs), "lock": lock(client, there)})
    (button,) = draft().buttons()
    assert (button.id, button.label) == ("b1", "Join")
    assert isinstance(draft().steps[0].blocks[0], Button)


def test_the_preview_follows_what_is_typed_and_writes_nothing(
    client: Client, base: str, message: Message, draft: Callable[[], Shape]
) -> None:
    before = draft()
    there = f"{base}/{message.id}/preview"
    answer = client.post(f"{there}/content", data={**CONTENT, "steps-0-blocks-0-text": ""})
    assert answer.status_code == 200
    assert answer.json
    assert answer.json["steps"] == [{"id": "s1", "blocks": [{"type": "heading", "text": ""}]}]
    answer = client.post(f"{there}/targeting", data={**ALWAYS, **RULE, "page_rules-0-value": "/a"})
    assert answer.json
    answer = client.post(f"{there}/targeting", data={**GOOD["targeting"], "page_rules-0-value": "/new"})
    assert answer.json
    assert answer.json["words"]["rules"] == "Shows where the page path is “/new”."
    answer = client.post(f"{there}/content", data={**CONTENT, "display-width": "1"})
    text = "Type a number from 240 to 720."
    assert answer.json == {"problems": [text], "mistakes": [["display-width", text]]}
    answer = client.post(f"{there}/targeting", data={**GOOD["targeting"], "page_rules-1-value": ""})
    assert answer.json
    assert answer.json["words"]["rules"] == "Shows where the page path is “/pricing”."
    assert draft() == before


@pytest.mark.parametrize(("end", "named"), [("2027-03-27T03:30", ["schedule-ends_at"]), ("2027-03-29T03:30", [])])
def test_the_preview_names_what_would_keep_next_from_saving(
    client: Client, base: str, message: Message, end: str, named: list[str]
) -> None:
    typed = {"schedule-start": "at", "schedule-starts_at": "2027-03-28T03:30", "schedule-zone": "UTC"}
    typed |= {"schedule-end": "at", "schedule-ends_at": end}
    answer = client.post(f"{base}/{message.id}/preview/schedule", data=typed)
    assert answer.json
    assert [id for id, _ in answer.json["mistakes"]] == named
    assert len(answer.json["timeline"]) == 3, "what can be understood is drawn all the same"


def test_the_preview_waits_for_no_writer(app: Flask, client: Client, base: str, message: Message) -> None:
    """Somebody who types must not stand in the way of what visitors send, nor wait for it."""
    with app.app_context(), db.engine.connect() as writer:
        writer.exec_driver_sql("UPDATE site SET name = name")
        answer = client.post(f"{base}/{message.id}/preview/content", data=CONTENT)
        writer.rollback()
    assert answer.status_code == 200


ONLY_READ = {
    "a list's button": ({**ALWAYS, "order": "add page_rules"}, 200),
    "a mistake": ({**ALWAYS, "frequency-gap": "-1"}, 422),
}


@pytest.mark.parametrize(("sent", "status"), ONLY_READ.values(), ids=ONLY_READ)
def test_what_saves_nothing_waits_for_no_writer(
    app: Flask, client: Client, url: str, sent: dict[str, str], status: int
) -> None:
    with app.app_context(), db.engine.connect() as writer:
        writer.exec_driver_sql("UPDATE site SET name = name")
        answer = client.post(f"{url}/targeting", data={**sent, "lock": lock(client, f"{url}/targeting")})
        writer.rollback()
    assert answer.status_code == status


def test_a_form_with_more_fields_than_any_message_has_is_refused(client: Client, url: str) -> None:
    sent = {f"steps-{n}-id": "s" for n in range(MOST_FIELDS)}
    assert client.post(f"{url}/content", data={**sent, "lock": "1"}).status_code == 413


def test_a_time_that_comes_twice_is_said(client: Client, url: str) -> None:
    sent = {**END, "schedule-ends_at": "2027-10-31T02:30", "schedule-zone": "Europe/Vienna", "go": "review"}
    answer = client.post(f"{url}/schedule", data={**sent, "lock": lock(client, f"{url}/schedule")})
    page = client.get(answer.location)
    assert "twice: the earlier is meant" in page.text
    assert "31 October 2027 at 02:30, Europe/Vienna (00:30 UTC)" in page.text


def test_a_launch_waits_for_what_must_be_put_right(
    client: Client, url: str, change: Change, draft: Callable[[], Shape]
) -> None:
    change(lambda message: message.save(Shape(name="Club"), utc_now()))
    page = client.get(f"{url}/review")
    assert re.search(r'<button[^>]*value="launch"[^>]*disabled[^>]*aria-describedby="reason"', page.text)
    assert f"{url}/content#steps" in page.text
    answer = client.post(f"{url}/review", data={"go": "launch", "lock": lock(client, f"{url}/review")})
    assert answer.status_code == 422
    assert draft() == Shape(name="Club", steps=draft().steps)


def test_two_presses_launch_once(app: Flask, client: Client, url: str, message: Message) -> None:
    sent = {"go": "launch", "lock": lock(client, f"{url}/review")}
    assert [client.post(f"{url}/review", data=sent).status_code for _ in range(2)] == [303, 303]
    with app.app_context():
        assert db.session.get_one(Message, message.id).number == 1


def test_while_a_launched_message_is_edited_visitors_keep_what_they_have(
    app: Flask, client: Client, url: str, message: Message, change: Change
) -> None:
    change(lambda message: message.launch(utc_now()))
    assert "Visitors keep seeing version 1" in client.get(f"{url}/details").text
    sent = {"name": "Club 2", "lock": lock(client, f"{url}/details")}
    assert client.post(f"{url}/details", data=sent).status_code == 303
    with app.app_context():
        stored = db.session.get_one(Message, message.id)
        assert stored.live
        assert (stored.name, stored.live.shape.name, stored.number) == ("Club 2", "Club", 1)


def test_of_two_who_save_the_second_is_told_and_loses_nothing(
    client: Client, url: str, change: Change, draft: Callable[[], Shape]
) -> None:
    there = f"{url}/details"
    mine = {"name": "Mine", "description": "typed for an hour", "lock": lock(client, there)}
    change(lambda message: message.save(Shape(name="Theirs"), utc_now()))
    answer = client.post(there, data=mine)
    assert answer.status_code == 409
    assert "Somebody saved this message while you were at it" in answer.text
    assert 'value="Mine"' in answer.text
    assert "typed for an hour" in answer.text
    assert "<p>Theirs</p>" in answer.text
    assert draft().name == "Theirs"
    again = re.search(r'name="lock"[^>]*value="(\d+)"', answer.text)
    assert again
    assert client.post(there, data={**mine, "lock": again[1]}).status_code == 303
    assert draft().name == "Mine"


VERBS: dict[str, Callable[[Message], Any]] = {
    "pause": Message.pause,
    "stop": lambda message: message.stop(utc_now()),
    "launch": lambda message: message.launch(utc_now()),
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_what_a_colleague_does_with_the_message_is_no_conflict(
    client: Client, url: str, change: Change, draft: Callable[[], Shape], verb: Callable[[Message], Any]
) -> None:
    change(lambda message: message.launch(utc_now()))
    change(lambda message: message.save(changed(CLUB, description="Second"), utc_now()))
    mine = {"name": "Mine", "description": "", "lock": lock(client, f"{url}/details")}
    change(verb)
    assert client.post(f"{url}/details", data=mine).status_code == 303
    assert draft().name == "Mine"


def test_a_new_message_that_is_sent_twice_is_made_once(app: Flask, client: Client, base: str) -> None:
    found = re.search(r'name="lock"[^>]*value="([^"]+)"', client.get(f"{base}/new").text)
    assert found
    sent = {**GOOD["details"], "lock": found[1], "go": "targeting"}
    before = count(app)
    answers = [client.post(f"{base}/new", data=sent) for _ in range(2)]
    corrected = client.post(f"{base}/new", data={**sent, "name": "Corrected"})
    there = f"{base}/{found[1]}/edit"
    assert [answer.headers["Location"] for answer in [*answers, corrected]] == [f"{there}/targeting"] * 3
    assert count(app) == before + 1
    with app.app_context():
        assert db.session.get_one(Message, found[1]).name == "Corrected"
    assert client.get(f"{base}/new?begun={found[1]}").headers["Location"] == f"{there}/details"
    assert client.get(f"{base}/new?begun=nobody").status_code == 200


def test_a_new_message_takes_no_other_sites_id(app: Flask, client: Client, base: str, charlie: User) -> None:
    with app.app_context():
        other = Site.create("Charlie's", db.session.merge(charlie)).draft(CLUB, utc_now())
        db.session.commit()
        id = other.id
    assert client.post(f"{base}/new", data={**GOOD["details"], "lock": id}).status_code == 404
    assert client.get(f"{base}/new?begun={id}").status_code == 200
    with app.app_context():
        assert db.session.get_one(Message, id).shape.name == CLUB.name


MEANWHILE = {
    "after a mistake": {"name": "", "description": "typed for an hour"},
    "after a list's button": {"name": "Mine", "description": "typed for an hour", "order": "add page_rules"},
}


@pytest.mark.parametrize("first", MEANWHILE.values(), ids=MEANWHILE)
def test_a_page_shown_again_does_not_forget_what_it_was_made_from(
    client: Client, url: str, change: Change, draft: Callable[[], Shape], first: dict[str, str]
) -> None:
    """Or who corrects a mistake overwrites what a colleague saved in between, and neither hears of it."""
    there = f"{url}/details"
    sent = {**first, "lock": lock(client, there)}
    change(lambda message: message.save(Shape(name="Theirs"), utc_now()))
    shown = client.post(there, data=sent)
    again = re.search(r'name="lock"[^>]*value="(\d+)"', shown.text)
    assert again
    mine = {"name": "Mine", "description": "typed for an hour", "lock": again[1]}
    assert client.post(there, data=mine).status_code == 409
    assert draft().name == "Theirs"


def test_of_two_who_save_at_the_same_instant_the_second_is_told(
    client: Client, url: str, monkeypatch: pytest.MonkeyPatch, draft: Callable[[], Shape]
) -> None:
    """The database notices what the form's lock cannot: both read it before either wrote."""
    mine = {"name": "Mine", "lock": lock(client, f"{url}/details")}

    def lose(*_: object) -> None:
        raise StaleDataError

    monkeypatch.setattr(Message, "save", lose)
    answer = client.post(f"{url}/details", data=mine)
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text
    assert draft().name == "Club"


def test_a_launch_of_what_somebody_changed_meanwhile_is_shown_again(client: Client, url: str, change: Change) -> None:
    old = lock(client, f"{url}/review")
    change(lambda message: message.save(CLUB.__class__(name="Other", steps=CLUB.steps), utc_now()))
    answer = client.post(f"{url}/review", data={"go": "launch", "lock": old})
    assert answer.status_code == 409
    assert "Other" in answer.text


def test_sending_the_same_twice_is_no_conflict(client: Client, url: str) -> None:
    there = f"{url}/details"
    sent = {"name": "Club 3", "description": "", "lock": lock(client, there)}
    assert [client.post(there, data=sent).status_code for _ in range(2)] == [303, 303]


def test_an_archived_message_is_not_edited(
    client: Client, url: str, change: Change, draft: Callable[[], Shape]
) -> None:
    sent = {"name": "Back from the dead", "lock": lock(client, f"{url}/details")}
    change(lambda message: message.archive(utc_now()))
    assert client.get(f"{url}/details").status_code == 409
    assert client.post(f"{url}/details", data=sent).status_code == 409
    assert draft().name == "Club"


def pages(base: str, id: str) -> Iterator[tuple[str, str]]:
    yield "GET", f"{base}/new"
    yield "POST", f"{base}/new"
    yield "GET", f"{base}/{id}/edit"
    for step in STEPS:
        yield "GET", f"{base}/{id}/edit/{step.name}"
        yield "POST", f"{base}/{id}/edit/{step.name}"
        yield "POST", f"{base}/{id}/preview/{step.name}"


def test_an_outsider_finds_nothing(
    client: Client, base: str, message: Message, charlie: User, draft: Callable[[], Shape]
) -> None:
    before = draft()
    client.sign_in(charlie)
    for method, path in pages(base, message.id):
        assert client.open(path, method=method, data={"csrf_token": client.token(), "name": "Mine"}).status_code == 404
    assert draft() == before


def test_another_sites_message_is_not_there(app: Flask, client: Client, alice: User, message: Message) -> None:
    with app.app_context():
        other = Site(name="Other", owner_id=alice.id)
        db.session.add(other)
        db.session.commit()
        base = f"/sites/{other.key}/messages"
    assert client.get(f"{base}/new").status_code == 200
    for method, path in list(pages(base, message.id))[2:]:
        assert client.open(path, method=method, data={"csrf_token": client.token()}).status_code == 404


def test_who_is_not_signed_in_is_asked_to(stranger: Client, base: str, message: Message) -> None:
    for method, path in pages(base, message.id):
        answer = stranger.open(path, method=method, data={"csrf_token": stranger.token()})
        assert answer.status_code == 303
        assert "/sign-in" in answer.location


def test_there_are_no_other_steps(client: Client, url: str, base: str, message: Message) -> None:
    assert client.get(f"{url}/confetti").status_code == 404
    assert client.post(f"{url}/confetti").status_code == 404
    assert client.post(f"{base}/{message.id}/preview/confetti").status_code == 404


def test_control_characters_do_not_get_in(client: Client, url: str, draft: Callable[[], Shape]) -> None:
    sent = {"name": "a\0b\x1bc", "description": "d\r\ne", "lock": lock(client, f"{url}/details")}
    assert client.post(f"{url}/details", data=sent).status_code == 303
    assert (draft().name, draft().description) == ("abc", "d\ne")


def test_a_forged_form_is_refused(client: Client, url: str, draft: Callable[[], Shape]) -> None:
    sent = {"name": "Forged", "lock": lock(client, f"{url}/details")}
    assert client.post(f"{url}/details", data=sent, forged=True).status_code == 400
    assert draft().name == "Club"


def test_fields_of_other_steps_are_ignored(client: Client, url: str, draft: Callable[[], Shape]) -> None:
    there, before = f"{url}/details", draft()
    sent = {"name": "Club", "description": "x", "frequency-mode": "always", "id": "other", "priority": "9", **CONTENT}
    assert client.post(there, data={**sent, "lock": lock(client, there)}).status_code == 303
    after = draft()
    assert after.description == "x"
    assert (after.frequency, after.steps, after.priority) == (before.frequency, before.steps, before.priority)


def test_what_was_typed_is_shown_as_text(client: Client, url: str, change: Change) -> None:
    evil = '"><script>alert(1)</script>'
    block = Button(id="b1", label=evil[:40], action=OpenUrl("/#" + evil))
    shape = Shape(
        name=evil, description=evil, page_rules=(PageRule(value=evil),), steps=(Step("s1", (Heading(evil), block)),)
    )
    change(lambda message: message.save(shape, utc_now()))
    for step in STEPS:
        page = client.get(f"{url}/{step.name}").text
        assert evil not in page
        assert "&lt;script&gt;" in page or "\\u003cscript" in page


def keep(client: Client, base: str, message: Message, **sent: str) -> Any:
    return client.post(f"{base}/{message.id}/keep", data={**CONTENT, **sent})


UNFINISHED = [
    {"steps-0-blocks-0-text": ""},
    {**BUTTON, "steps-0-blocks-1-label": "", "steps-0-blocks-1-action-url": ""},
    {"steps-0-blocks-2-type": "question"},
    {"steps-0-blocks-2-type": "image"},
]


@pytest.mark.parametrize("sent", UNFINISHED)
def test_a_draft_that_is_being_written_is_kept_but_not_launched(
    client: Client, base: str, url: str, message: Message, draft: Callable[[], Shape], sent: dict[str, str]
) -> None:
    answer = keep(client, base, message, **sent, lock=lock(client, f"{url}/content"))
    assert answer.status_code == 200
    assert answer.json["lock"] == lock(client, f"{url}/content")
    assert len(draft().steps[0].blocks) == 1 + (len(sent) > 1 or "steps-0-blocks-0-text" not in sent)
    assert client.post(f"{url}/review", data={"go": "launch", "lock": answer.json["lock"]}).status_code == 422


def test_what_no_draft_can_hold_is_said_with_its_field(
    client: Client, base: str, message: Message, draft: Callable[[], Shape]
) -> None:
    answer = keep(client, base, message, **{**BUTTON, "steps-0-blocks-1-action-url": "javascript:alert(1)"})
    assert answer.status_code == 422
    ((field, text),) = answer.json["mistakes"]
    assert field == "steps-0-blocks-1-action-url"
    assert "must start with" in text
    assert draft() == CLUB


def test_keeping_overrules_nobody_and_repeats_harmlessly(
    client: Client, base: str, url: str, message: Message, change: Change, draft: Callable[[], Shape]
) -> None:
    old = lock(client, f"{url}/content")
    theirs = Step("s1", (Heading("<b>Theirs"),))
    change(lambda stored: stored.save(Shape(name="Club", steps=(theirs,)), utc_now()))
    answer = keep(client, base, message, lock=old)
    assert answer.status_code == 409
    assert "Heading “&lt;b&gt;Theirs”" in answer.json["notice"]
    assert draft().steps == (theirs,)
    for _ in range(2):
        assert keep(client, base, message, lock=answer.json["lock"]).status_code == 200
    assert draft().steps[0].blocks == (Heading("Join the club"),)


THEIRS = Shape(name="Theirs", steps=(Step("s1", (Heading("Theirs"),)),))


@pytest.mark.parametrize(
    ("verb", "code", "kept"),
    [
        (lambda message: message.archive(utc_now()), 409, CLUB),
        (lambda message: message.save(THEIRS, utc_now()), 409, THEIRS),
        (lambda message: message.launch(utc_now()), 200, None),
    ],
    ids=["archived", "saved", "launched"],
)
def test_what_happens_while_a_form_is_read_is_not_missed(
    client: Client, base: str, url: str, message: Message, monkeypatch: pytest.MonkeyPatch, change: Change,
    draft: Callable[[], Shape], verb: Callable[[Message], Any], code: int, kept: Shape | None,
) -> None:  # fmt: skip
    read = ContentForm.kept

    def meanwhile(self: ContentForm, before: Shape, now: datetime) -> Shape | None:
        with writing():
            change(verb)
        return read(self, before, now)

    old = lock(client, f"{url}/content")
    monkeypatch.setattr(ContentForm, "kept", meanwhile)
    assert keep(client, base, message, **BUTTON, lock=old).status_code == code
    if kept:
        assert draft() == kept
    else:
        assert [type(block) for block in draft().steps[0].blocks] == [Heading, Button]
