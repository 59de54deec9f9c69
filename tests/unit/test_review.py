"""The review as a gate: what is said there leads to its field, and warnings wait until somebody has looked at them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

import pytest
from flask import Flask

from anonmsg.acknowledgement import joined, key_of
from anonmsg.collisions import rivals
from anonmsg.db import db, utc_now
from anonmsg.message import (
    AboutToLeave,
    Block,
    Button,
    Device,
    DeviceIs,
    Dismiss,
    Email,
    Frequency,
    Heading,
    Image,
    Limits,
    OpenUrl,
    PageRule,
    Palette,
    Row,
    Run,
    Schedule,
    Shape,
    Step,
    Text,
    Theme,
)
from anonmsg.models import Message, Site
from tests.conftest import CLUB
from tests.support.client import Client
from tests.support.stage import changed

GO = Button(id="b1", label="Go", action=OpenUrl(url="/signup"))
BARE = Image(src="/mug.png")
REASON = "First look at the warnings above, and tick each."


def of(*blocks: Block, **fields: object) -> Shape:
    return changed(CLUB, steps=(Step("s1", blocks),), **fields)


def to(url: str) -> Button:
    return Button(id="b2", label="Go", action=OpenUrl(url=url))


@dataclass
class Review:
    """Of a message, as somebody sees it who is signed in."""

    client: Client
    app: Flask
    url: str
    id: str

    def save(self, shape: Shape) -> None:
        with self.app.app_context():
            db.session.get_one(Message, self.id).save(shape, utc_now())
            db.session.commit()

    @property
    def text(self) -> str:
        return unescape(self.client.get(f"{self.url}/review").text)

    def send(self, *ticked: str, go: str = "launch") -> int:
        found = re.search(r'name="lock"[^>]*value="(\d+)"', self.text)
        assert found
        data = {"lock": found[1], "go": go, "acknowledged": list(ticked)}
        answer = self.client.post(f"{self.url}/review", data=data)
        self.answer = unescape(answer.text)
        return answer.status_code

    @property
    def ticks(self) -> dict[str, bool]:
        """The keys of what is asked, and whether each is ticked."""
        boxes = re.findall(r'<input[^>]*type="checkbox"[^>]*value="([0-9a-f]{16})"[^>]*>', self.text)
        return {key: bool(re.search(rf'value="{key}"[^>]* checked', self.text)) for key in boxes}

    @property
    def state(self) -> str:
        with self.app.app_context():
            return db.session.get_one(Message, self.id).state

    @property
    def acknowledged(self) -> list[str]:
        with self.app.app_context():
            return db.session.get_one(Message, self.id).acknowledged.split()


@pytest.fixture
def review(app: Flask, client: Client, alice: object, site: Site, message: Message) -> Review:
    return Review(client, app, f"/sites/{site.key}/messages/{message.id}/edit", message.id)


LEADS: dict[str, tuple[Shape, str, str]] = {
    "a dead link": (of(to("http//shop")), "a colon belongs after http", "content#steps-0-blocks-0-action-url"),
    "nobody to mail": (of(to("mailto:")), "type the address", "content#steps-0-blocks-0-action-url"),
    "the top of the page": (of(to("#")), "only to the top", "content#steps-0-blocks-0-action-url"),
    "no scheme": (of(to("www.shop.example")), "write https://", "content#steps-0-blocks-0-action-url"),
    "an example": (of(to("https://example.com")), "is an example", "content#steps-0-blocks-0-action-url"),
    "a link in a text": (
        of(GO, Text(paragraphs=((Run(text="Terms", link="#"),),))),
        "only to the top",
        "content#steps-0-blocks-1-paragraphs",
    ),
    "in a column": (of(Row(((GO,), (BARE,)))), "Describe", "content#steps-0-blocks-0-columns-1-0-alt"),
    "no words for an image": (of(GO, BARE), "Describe the image", "content#steps-0-blocks-1-alt"),
    "an insecure image": (
        of(GO, Image(src="http://a.example/x", alt="x")),
        "comes by http",
        "content#steps-0-blocks-1-src",
    ),
    "contrast": (
        of(GO, theme=Theme(dark=Palette(surface="#101010", text="#202020"))),
        "Dark: text on surface",
        "content#theme-dark-text",
    ),
    "nothing that sends": (
        of(Email(id="e1", label="E-mail", consent="Yes"), Button(label="No", action=Dismiss())),
        "Nothing sends what this step asks",
        "content#steps-0-blocks",
    ),
    "a step that nobody sees": (
        changed(CLUB, steps=(Step("s1", (GO,)), Step("s2", (Heading(text="Thanks"),)))),
        "Nobody sees step 2",
        "content#steps-1-blocks",
    ),
    "no button": (of(Heading(text="Hi")), "There is no button", "content#steps"),
    "an end in the past": (
        of(GO, schedule=Schedule(ends_at=utc_now().replace(year=2001))),
        "The end is in the past",
        "schedule#schedule-ends_at",
    ),
    "nobody about to leave": (
        of(GO, conditions=(AboutToLeave(), DeviceIs((Device.PHONE,)))),
        "Nobody sees it",
        "targeting#conditions",
    ),
    "always": (of(GO, frequency=Frequency()), "Shows on every matching page", "targeting#frequency-limit"),
}


@pytest.mark.parametrize(("shape", "text", "where"), LEADS.values(), ids=LEADS)
def test_what_is_said_leads_to_its_very_field(review: Review, shape: Shape, text: str, where: str) -> None:
    review.save(shape)
    links = re.findall(r'<a[^>]* href="([^"]+)"[^>]*>([^<]+)</a>', review.text)
    [link] = [href for href, said in links if text in said and "edit/" in href]
    assert link == f"{review.url}/{where}"
    page, _, id = link.partition("#")
    assert f'id="{id}"' in review.client.get(page).text


def test_what_stands_in_columns_can_be_read(review: Review) -> None:
    review.save(of(Row(((to("/left"),), (), (Text(paragraphs=((Run(text="On the right"),),)),)))))
    said = " ".join(re.sub("<[^>]*>", " ", review.text).split())
    assert "3 columns Button “Go”: opens /left Nothing yet Text “On the right”" in said


WARNED = of(GO, BARE, to("#"))


def test_a_launch_without_scripts_waits_until_all_is_looked_at(review: Review) -> None:
    review.save(WARNED)
    one, other = review.ticks
    assert REASON in review.text
    assert "Nothing stands in the way" not in re.sub(r"<li[^>]* hidden>.*?</li>", "", review.text)
    assert not re.search(r'value="launch"[^>]* disabled', review.text)
    assert review.send() == 422
    assert "Nothing was launched." in review.answer
    assert [f'href="#check-{key}"' in review.answer for key in (one, other)] == [True, True]
    assert review.send(one) == 422
    assert [f'href="#check-{key}"' in review.answer for key in (one, other)] == [False, True]
    assert review.answer.count('aria-invalid="true"') == 1
    assert review.ticks == {one: True, other: False}
    assert review.state == "draft"
    assert review.send(one, other) == 303
    assert review.state == "launched"


def test_what_was_looked_at_is_remembered_until_it_is_about_something_else(review: Review) -> None:
    review.save(WARNED)
    keys = list(review.ticks)
    assert review.send(*keys, go="stay") == 303
    assert review.state == "draft"
    assert review.ticks == dict.fromkeys(keys, True)
    review.save(changed(WARNED, name="Other"))
    assert review.ticks == dict.fromkeys(keys, True)
    review.save(of(GO, Image(src="/cup.png"), to("#")))
    assert sorted(review.ticks.values()) == [False, True]
    assert review.send(*keys) == 422
    review.save(WARNED)
    assert review.send(keys[0], go="stay") == 303
    assert review.ticks == {keys[0]: True, keys[1]: False}


def test_a_tick_is_no_edit(review: Review) -> None:
    review.save(WARNED)
    with review.app.app_context():
        before = db.session.get_one(Message, review.id)
        lock, edited_at = before.lock, before.edited_at
    review.send(*review.ticks, go="stay")
    assert len(review.acknowledged) == 2
    with review.app.app_context():
        after = db.session.get_one(Message, review.id)
        assert (after.lock, after.edited_at) == (lock, edited_at)


def test_must_fix_is_not_ticked_away(review: Review) -> None:
    shape = of(GO, BARE, to("http//shop"))
    review.save(shape)
    [key] = review.ticks
    assert re.search(r'value="launch"[^>]* disabled', review.text)
    assert review.send(key, key_of("url_dead", "x")) == 422
    assert review.ticks == {key: True}
    assert review.state == "draft"


ASKED_NOTHING = {
    "good": CLUB,
    "always, everywhere and without a button": changed(
        CLUB, page_rules=(), frequency=Frequency(), steps=(Step("s1", (Heading(text="Hi"),)),)
    ),
    "an example": of(to("https://example.com/")),
    "an address field without consent": of(Email(id="e1", label="E-mail"), GO),
}


@pytest.mark.parametrize("shape", ASKED_NOTHING.values(), ids=ASKED_NOTHING)
def test_advice_stops_nothing(review: Review, shape: Shape) -> None:
    review.save(shape)
    assert review.ticks == {}
    assert REASON not in re.sub(r'data-reason="[^"]*"', "", review.text)
    assert review.send() == 303
    assert review.state == "launched"


def test_a_restored_or_copied_message_is_looked_at_anew(review: Review, site: Site) -> None:
    review.save(WARNED)
    review.send(*review.ticks, go="stay")
    with review.app.app_context():
        copy = db.session.get_one(Message, review.id).duplicate(utc_now())
        db.session.flush()
        assert len(copy.hindrances(utc_now())) == 2


@pytest.fixture
def sale(app: Flask, site: Site) -> Callable[[Shape], None]:
    """Launch another message of the site, or change what is live of it."""
    ids: list[str] = []

    def launch(shape: Shape) -> None:
        with app.app_context():
            here = db.session.merge(site)
            message = here.message(ids[0]) if ids else here.draft(shape, utc_now())
            message.save(shape, utc_now())
            message.launch(utc_now())
            db.session.commit()
            ids[:] = [message.id]

    return launch


def test_what_the_page_finds_is_remembered_until_it_is_about_something_else(
    review: Review, site: Site, sale: Callable[[Shape], None]
) -> None:
    def keys() -> set[str]:
        with review.app.app_context():
            found = rivals(db.session.merge(site), utc_now(), db.session.get_one(Message, review.id))
        high = re.search(r'data-too-high="([0-9a-f]{16})"', review.text)
        assert high
        [other] = [each for each in found if each["id"] != review.id]
        return {high[1], other["key"]}

    def remembered() -> set[str]:
        return set(re.findall(r'<input type="hidden" name="acknowledged" value="([^"]+)">', review.text))

    sale(changed(CLUB, name="Sale"))
    before = keys()
    assert len(before) == 2
    review.send(*before, "0" * 16, "junk", go="stay")
    assert remembered() == before
    sale(changed(CLUB, name="Sale", frequency=Frequency(limit=9)))
    assert remembered() == before & keys()
    assert len(before & keys()) == 2
    sale(changed(CLUB, name="Sale", page_rules=(PageRule(value="/b"),)))
    assert remembered() == before & keys()
    assert len(before & keys()) == 1
    review.save(of(GO, Heading(text="Other")))
    assert remembered() == set()


def test_however_many_warnings_there_are_it_can_be_launched(app: Flask, message: Message) -> None:
    pictures = tuple(Image(src="/mug.webp") for _ in range(Limits.BLOCKS))
    with app.app_context():
        many = db.session.get_one(Message, message.id)
        many.save(changed(CLUB, steps=CLUB.steps + tuple(Step(f"p{at}", pictures) for at in range(5))), utc_now())
        asked = many.hindrances(utc_now())
        assert (len(asked), any(each.stops for each in asked)) == (255, False)
        many.acknowledge(each.key for each in asked)
        assert many.hindrances(utc_now()) == []


def test_of_keys_nothing_else_is_kept() -> None:
    key = key_of("no_alt", "steps.0")
    assert joined([key, key, "junk", f"{key} ", "A" * 16]) == key
