"""Templates: starting from one, and keeping one's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from flask import Flask

from anonmsg.db import db, utc_now
from anonmsg.message import Button, Limits, Schedule, Shape
from anonmsg.models import Message, Site, Template
from anonmsg.models import template as templates_module
from anonmsg.starters import starters
from tests.conftest import CLUB
from tests.support.client import Client
from tests.support.stage import changed

NEWSLETTER = starters()["newsletter"]
BAD_NAMES = ["", "   ", "\x00", "\u200b", "x" * (Limits.NAME + 1)]


@pytest.fixture
def base(site: Site) -> str:
    return f"/sites/{site.key}"


@pytest.fixture
def kept(app: Flask, message: Message) -> str:
    """The id of a template that was kept of the message."""
    with app.app_context():
        template = Template.keep(db.session.get_one(Message, message.id), utc_now())
        db.session.commit()
        return template.id


@pytest.fixture
def stored(app: Flask, site: Site) -> Callable[[], list[tuple[str, Shape]]]:
    """The site's templates as they are stored now."""

    def read() -> list[tuple[str, Shape]]:
        with app.app_context():
            return [(each.name, each.shape) for each in db.session.get_one(Site, site.id).templates]

    return read


def shapes(app: Flask) -> list[Shape]:
    with app.app_context():
        return [message.shape for message in db.session.query(Message)]


def checked(page: str) -> list[str]:
    """The values of the templates that are chosen."""
    inputs = re.findall(r'<input[^>]*name="template"[^>]*>', page)
    assert len(inputs) > len(starters())
    return re.findall(r'value="([^"]*)"', "".join(each for each in inputs if " checked" in each))


# To start from one


STARTS = {
    "nothing typed": ({"template": "newsletter"}, NEWSLETTER.name, NEWSLETTER.description),
    "a name typed": ({"template": "newsletter", "name": " Our letter "}, "Our letter", NEWSLETTER.description),
    "both typed": ({"template": "newsletter", "name": "A", "description": "B"}, "A", "B"),
}


@pytest.mark.parametrize("case", STARTS)
def test_a_new_message_starts_from_the_chosen_one(app: Flask, client: Client, base: str, case: str) -> None:
    data, name, description = STARTS[case]
    answer = client.post(f"{base}/messages/new", data={**data, "go": "targeting"})
    assert (answer.status_code, answer.location.rsplit("/", 1)[1]) == (303, "targeting")
    assert "It starts from “Newsletter”: say where it shows" in client.get(answer.location).text
    [made] = shapes(app)
    assert (made.name, made.description) == (name, description)
    assert made.display == NEWSLETTER.display
    assert [type(block) for block in made.blocks()] == [type(block) for block in NEWSLETTER.blocks()]
    assert "e1" not in [question.id for question in made.questions()]


def test_sent_twice_it_is_one_message(app: Flask, client: Client, base: str) -> None:
    data = {"template": "newsletter", "lock": "a-message"}
    for _ in range(2):
        assert client.post(f"{base}/messages/new", data=data).status_code == 303
    assert len(shapes(app)) == 1


def test_blank_is_blank_and_asks_for_a_name(app: Flask, client: Client, base: str) -> None:
    page = client.post(f"{base}/messages/new", data={"template": ""})
    assert page.status_code == 422
    assert "Give the message a name" in page.text
    made = client.post(f"{base}/messages/new", data={"template": "", "name": "Mine"})
    assert "It starts from" not in client.get(made.location).text
    assert [(shape.name, shape.steps) for shape in shapes(app)] == [("Mine", ())]


def test_one_that_is_gone_is_said_and_nothing_typed_is_lost(app: Flask, client: Client, base: str) -> None:
    page = client.post(f"{base}/messages/new", data={"template": "gone", "name": "Mine"})
    assert page.status_code == 422
    assert "This template is not there any more. Choose another one." in page.text
    assert 'value="Mine"' in page.text
    assert shapes(app) == []


ASKED = {"newsletter": ["newsletter"], "": [""], "no-such-template": [""], "<script>": [""]}


@pytest.mark.parametrize("asked", ASKED)
def test_the_address_may_choose_one(client: Client, base: str, asked: str) -> None:
    page = client.get(f"{base}/messages/new", query_string={"template": asked}).text
    assert checked(page) == ASKED[asked]
    assert (f'value="{NEWSLETTER.name}"' in page) == (asked == "newsletter")
    assert "<script>" not in page.split("Start from a template")[1].split("wizard-foot")[0]


def test_a_draft_without_content_may_still_start_from_one(
    app: Flask, client: Client, base: str, message: Message
) -> None:
    with app.app_context():
        blank = changed(CLUB, steps=(), name="Blank")
        db.session.get_one(Message, message.id).save(blank, utc_now())
        db.session.commit()
    url = f"{base}/messages/{message.id}/edit/details"
    page = client.get(url).text
    assert checked(page) == [""]
    lock = re.findall(r'name="lock"[^>]*value="(\d+)"', page)[0]
    assert client.post(url, data={"name": "Blank", "template": "newsletter", "lock": lock}).status_code == 303
    [made] = shapes(app)
    assert (made.name, made.frequency) == ("Blank", CLUB.frequency)
    assert len(made.steps) == len(NEWSLETTER.steps)


def test_content_that_is_there_stays(app: Flask, client: Client, base: str, message: Message) -> None:
    url = f"{base}/messages/{message.id}/edit/details"
    page = client.get(url).text
    assert "Start from a template" not in page
    lock = re.findall(r'name="lock"[^>]*value="(\d+)"', page)[0]
    assert client.post(url, data={"name": "Club", "template": "newsletter", "lock": lock}).status_code == 303
    assert [shape.steps for shape in shapes(app)] == [CLUB.steps]


def test_a_site_without_messages_sees_three_and_others_see_the_list(client: Client, base: str, app: Flask) -> None:
    page = client.get(f"{base}/messages").text
    assert len(re.findall(r'href="[^"]*/messages/new\?template=', page)) == 3
    client.post(f"{base}/messages/new", data={"template": "event"})
    assert "?template=" not in client.get(f"{base}/messages").text


# To keep one's own


def test_a_message_is_kept_as_a_template_once(
    client: Client, base: str, message: Message, stored: Callable[[], list[tuple[str, Shape]]]
) -> None:
    for _ in range(2):
        answer = client.post(f"{base}/messages/{message.id}/template", data={"back": f"{base}/messages?q=Club"})
        assert (answer.status_code, answer.location) == (303, f"{base}/messages?q=Club")
        assert "“Club” is kept as a template." in client.get(answer.location).text
    assert stored() == [("Club", CLUB)]
    page = client.get(f"{base}/messages/new").text
    assert page.index("Your templates") < page.index(NEWSLETTER.name)


def test_what_belongs_to_the_one_message_alone_is_not_kept(
    app: Flask, message: Message, stored: Callable[[], list[tuple[str, Shape]]]
) -> None:
    with app.app_context():
        original = db.session.get_one(Message, message.id)
        ends_at = utc_now() + timedelta(days=1)
        original.save(changed(CLUB, priority=3, schedule=Schedule(ends_at=ends_at)), utc_now())
        Template.keep(original, utc_now())
        db.session.commit()
    assert stored() == [("Club", CLUB)]


def test_one_may_start_from_ones_own(app: Flask, client: Client, base: str, kept: str, message: Message) -> None:
    assert client.post(f"{base}/messages/new", data={"template": kept, "name": "Again"}).status_code == 303
    [_, made] = shapes(app)
    assert (made.name, made.description, made.frequency) == ("Again", CLUB.description, CLUB.frequency)
    [button] = made.buttons()
    assert button == msgspec.structs.replace(CLUB.buttons()[0], id=button.id)
    assert button.id != CLUB.buttons()[0].id
    assert isinstance(button, Button)


def test_there_may_be_only_so_many(
    app: Flask,
    client: Client,
    base: str,
    message: Message,
    stored: Callable[[], list[tuple[str, Shape]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(templates_module, "MOST_TEMPLATES", 2)
    for name in ("One", "Two", "Three"):
        with app.app_context():
            db.session.get_one(Message, message.id).save(changed(CLUB, name=name), utc_now())
            db.session.commit()
        answer = client.post(f"{base}/messages/{message.id}/template")
        assert answer.status_code == (409 if name == "Three" else 303)
    assert "This site has 2 templates, which is all it may have. Delete one first." in answer.text
    assert sorted(name for name, _ in stored()) == ["One", "Two"]


def test_it_is_renamed(client: Client, base: str, kept: str, stored: Callable[[], list[tuple[str, Shape]]]) -> None:
    answer = client.post(f"{base}/templates/{kept}/rename", data={"name": "  Our <b>club</b> "})
    assert (answer.status_code, answer.location) == (303, f"{base}/templates")
    assert stored() == [("Our <b>club</b>", changed(CLUB, name="Our <b>club</b>"))]
    page = client.get(answer.location).text
    assert "<b>club" not in page
    assert "Our &lt;b&gt;club&lt;/b&gt;" in page


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_cannot_be_is_refused(
    client: Client, base: str, kept: str, stored: Callable[[], list[tuple[str, Shape]]], name: str
) -> None:
    answer = client.post(f"{base}/templates/{kept}/rename", data={"name": name})
    assert answer.status_code == 422
    assert f"A template needs a name, of at most {Limits.NAME} characters." in answer.text
    assert [name for name, _ in stored()] == ["Club"]


def test_it_is_deleted_and_what_was_started_from_it_stays(app: Flask, client: Client, base: str, kept: str) -> None:
    client.post(f"{base}/messages/new", data={"template": kept})
    assert client.post(f"{base}/templates/{kept}/delete").status_code == 303
    page = client.get(f"{base}/templates").text
    assert "The template “Club” is deleted." in page
    assert "Your templates" not in page
    assert len(shapes(app)) == 2
    assert client.post(f"{base}/templates/{kept}/delete").status_code == 404


def test_one_that_cannot_be_read_can_only_be_deleted(app: Flask, client: Client, base: str, kept: str) -> None:
    with app.app_context():
        db.session.get_one(Template, kept).content = '{"name": 3}'
        db.session.commit()
    assert kept not in client.get(f"{base}/messages/new").text
    assert client.post(f"{base}/messages/new", data={"template": kept, "name": "A"}).status_code == 422
    page = client.get(f"{base}/templates").text
    assert "Your template “Club” cannot be read by this version." in page
    assert page.count(f"/templates/{kept}/delete") == 1
    assert f"?template={kept}" not in page


def test_while_one_is_chosen_nothing_is_written(app: Flask, client: Client, base: str, message: Message) -> None:
    with app.app_context():
        db.session.get_one(Message, message.id).save(changed(CLUB, steps=()), utc_now())
        db.session.commit()
    url = f"{base}/messages/{message.id}/preview/details"
    told = client.post(url, data={"name": "Club", "template": "newsletter"}).get_json()
    assert len(told["steps"]) == len(NEWSLETTER.steps)
    assert client.post(url, data={"name": "Club", "template": "gone"}).get_json().keys() == {"problems", "mistakes"}
    assert [shape.steps for shape in shapes(app)] == [()]
