"""What is in a manifest, in which order, and what never gets in."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from flask import Flask
from sqlalchemy import update

from anonmsg import manifest
from anonmsg.db import db
from anonmsg.delivery import responses
from anonmsg.delivery.bundle import Bundle
from anonmsg.manifest import EARLY, INSIDE, Launched, build
from anonmsg.message import (
    AfterClick,
    Block,
    Branch,
    Button,
    ButtonLook,
    ButtonStyle,
    Display,
    DisplayKind,
    Divider,
    Effect,
    Email,
    Entrance,
    Font,
    Frequency,
    Going,
    GoToStep,
    Heading,
    Image,
    List,
    Match,
    OpenUrl,
    PageRule,
    Palette,
    Part,
    Position,
    Question,
    QuestionKind,
    Row,
    Run,
    Schedule,
    Shadow,
    Shape,
    Spacer,
    Step,
    Submit,
    Text,
    Theme,
)
from anonmsg.models import Message, Site, User, Version
from tests.conftest import CLUB, add_user
from tests.support.stage import changed

pytestmark = pytest.mark.engines("sqlite", "postgres")

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

FULL = Shape(
    name="Club canary-name",
    description="canary-description",
    priority=-3,
    page_rules=(PageRule(effect=Effect.INCLUDE, part=Part.PATH, match=Match.STARTS_WITH, value="/pricing"),),
    frequency=Frequency(limit=2, gap_seconds=60),
    display=Display(kind=DisplayKind.OVERLAY, position=Position.BOTTOM_RIGHT, width=360),
    schedule=Schedule(ends_at=datetime(2031, 1, 31, 23, tzinfo=UTC), zone="Europe/Vienna"),
    steps=CLUB.steps,
)


def read(body: bytes) -> Any:
    return json.loads(body)


def one(shape: Shape = CLUB, *, id: str = "m1", launched_at: datetime = NOW) -> Launched:
    return Launched(id, 1, launched_at, shape)


def messages_of(app: Flask, site: Site) -> list[Launched]:
    with app.app_context(), db.engine.connect() as connection:
        return manifest.launched(connection, site.id, NOW)


def launch(site: Site, shape: Shape = CLUB, now: datetime = NOW) -> Message:
    message = db.session.merge(site).draft(shape, now)
    db.session.flush()
    message.launch(now)
    db.session.commit()
    return message


def test_every_byte_of_an_entry() -> None:
    made = build("shop", 7, [Launched("m1", 3, NOW, FULL)], NOW)
    assert read(made.body) == {
        "site": "shop",
        "revision": 7,
        "messages": [
            {
                "id": "m1",
                "version": 3,
                "schedule": {"starts_at": None, "ends_at": "2031-01-31T23:00:00Z"},
                "page_rules": [{"effect": "include", "part": "path", "match": "starts_with", "value": "/pricing"}],
                "frequency": {"limit": 2, "gap_seconds": 60, "after_click": "end"},
                "display": {"kind": "overlay", "position": "bottom-right", "width": 360},
                "parts": ["draw", "float", "frequency", "schedule"],
                "steps": [
                    {
                        "id": "s1",
                        "blocks": [
                            {"type": "heading", "text": "Join the club"},
                            {
                                "type": "button",
                                "id": "b1",
                                "label": "Sign up",
                                "style": "primary",
                                "action": {"type": "open_url", "url": "/signup", "target": "same"},
                            },
                        ],
                    }
                ],
            }
        ],
    }
    assert made.contents == {}


PLAIN = Shape(name="Plain", display=Display(), steps=(Step(blocks=(Heading(text="x"), Button(label="x"))),))
ASKED: list[Block] = [*(Question(kind=kind, options=("a", "b")) for kind in QuestionKind), Email()]
NEEDS = [
    (PLAIN, {"draw", "modal"}),
    (changed(PLAIN, display=FULL.display), {"draw", "float"}),
    (changed(PLAIN, display=Display(kind=DisplayKind.BANNER, position=Position.TOP)), {"draw", "float", "banner"}),
    (changed(PLAIN, page_rules=FULL.page_rules), {"draw", "modal"}),
    *(
        (changed(PLAIN, page_rules=(*FULL.page_rules, PageRule(match=match, value="x"))), {"draw", "modal", "patterns"})
        for match in (Match.WILDCARD, Match.REGEX)
    ),
    (changed(PLAIN, page_rules=(PageRule(part=Part.QUERY, value="a=b"),)), {"draw", "modal", "patterns"}),
    (changed(PLAIN, schedule=FULL.schedule), {"draw", "modal", "schedule"}),
    (changed(PLAIN, schedule=Schedule(starts_at=NOW)), {"draw", "modal", "schedule"}),
    (changed(PLAIN, frequency=Frequency(limit=1)), {"draw", "modal", "frequency"}),
    (changed(PLAIN, frequency=Frequency(gap_seconds=60)), {"draw", "modal", "frequency"}),
    (changed(PLAIN, frequency=Frequency(after_click=AfterClick.KEEP)), {"draw", "modal"}),
    *(
        (changed(PLAIN, steps=(Step(blocks=(block,)),)), {"draw", "modal", "words"})
        for block in (
            Button(label="x", style=ButtonStyle.LINK),
            Text(paragraphs=((Run(text="x"), Run(text="x", bold=True)),)),
            Text(paragraphs=((Run(text="x"),), (Run(text="x", link="/x"),))),
        )
    ),
    (
        changed(PLAIN, steps=(Step(blocks=(Row(columns=((), (Button(label="x", style=ButtonStyle.SECONDARY),))),)),)),
        {"draw", "modal", "words", "rich"},
    ),
    *(
        (changed(PLAIN, steps=(*PLAIN.steps, Step(blocks=(block,)))), {"draw", "modal", "rich", "steps"})
        for block in (List(items=((Run(text="x"),),)), Image(src="/x"), Divider(), Spacer(), Row(columns=((), ())))
    ),
    *(
        (changed(PLAIN, steps=(*PLAIN.steps, Step(blocks=(block,)))), {"draw", "modal", "form", "steps"})
        for block in ASKED
    ),
    *(
        (changed(PLAIN, steps=(*PLAIN.steps, Step(blocks=(Button(label="x", action=action),)))), parts)
        for action, parts in (
            (Submit(), {"draw", "modal", "form", "steps"}),
            (GoToStep(to=Going.NEXT), {"draw", "modal", "form", "steps"}),
            (GoToStep(step="s1", when=(Branch("q1", ("a",), "s2"),)), {"draw", "modal", "form", "steps"}),
            (GoToStep(step="s1"), {"draw", "modal", "steps"}),
        )
    ),
    (changed(PLAIN, steps=(Step(blocks=(Row(columns=((), (Email(),))),)),)), {"draw", "modal", "form", "rich"}),
]


@pytest.mark.parametrize(("shape", "parts"), NEEDS)
def test_an_entry_names_the_parts_that_it_takes(shape: Shape, parts: set[str]) -> None:
    made = build("shop", 1, [one(shape)], NOW)
    assert set(read(made.body)["messages"][0]["parts"]) == made.parts == parts


SIGN_UP = Button(id="b1", label="Sign up", action=OpenUrl(url="/signup"))
WORDS = Text(paragraphs=((Run(text="10 % off your first order."),),))
SMALL = Shape(
    name="Small",
    page_rules=FULL.page_rules,
    steps=(Step(id="s1", blocks=(Heading(text="Join the club"), WORDS, SIGN_UP)),),
)
LONG_ID = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"


NEXT = Button(id="b2", label="Next", action=GoToStep(to=Going.NEXT))
BACK = Button(id="b3", label="Back", style=ButtonStyle.SECONDARY, action=GoToStep(to=Going.PREVIOUS))
JOIN = Button(id="b4", label="Join", action=Submit())
WHY = Question(id="q1", label="What brought you here?", options=("A friend", "An ad", "Something else"), required=True)
EMAIL = Email(id="e1", label="Your e-mail", consent="Yes, write to me about offers.")
SURVEY = changed(
    SMALL,
    steps=(
        Step("s1", (Heading(text="One question"), WHY, NEXT)),
        Step(
            "s2", (Heading(text="And your e-mail?"), WORDS, EMAIL, BACK, Button(id="b4", label="Join", action=Submit()))
        ),
    ),
)


WHOLE = Theme(
    light=Palette("#fff8f0", "#102030", "#d6006b", "#ffffff", "#c0ffee"),
    dark=Palette("#001020", "#f0f0f0", "#ff99cc", "#200010", "#445566"),
    font=Font.NAMED,
    family="Inter",
    text_size=18,
    radius=8,
    spacing=16,
    shadow=Shadow.STRONG,
    buttons=ButtonLook.OUTLINE_PILL,
    entrance=Entrance.SLIDE,
    z_index=1_000,
)
"""Of each field the value that takes most."""


@pytest.mark.parametrize(
    ("messages", "most"),
    [
        ([], 6_000),
        ([one(SMALL, id=LONG_ID)], 7_000),
        ([one(SURVEY, id=LONG_ID)], 11_000),
        ([replace(one(SURVEY, id=LONG_ID), site_theme=WHOLE)], 11_000),
    ],
    ids=["none", "one", "a form", "a form in a theme of everything"],
)
def test_the_script_is_small(messages: list[Launched], most: int) -> None:
    made = build("shop", 1, messages, NOW)
    script = responses.script(Bundle.current().script(made.messages, made.parts), responses.FRESH)
    environ = {"HTTP_ACCEPT_ENCODING": "gzip", "REQUEST_METHOD": "GET"}
    size = len(b"".join(script(environ, lambda *_: lambda _: None)))
    assert 1_000 < size <= most


def test_the_build_has_every_part_that_a_message_can_need() -> None:
    assert {part for _, parts in NEEDS for part in parts} <= set(Bundle.current().parts)


def test_a_manifest_takes_the_parts_of_all_its_messages_and_of_no_others() -> None:
    later = changed(PLAIN, display=FULL.display, schedule=Schedule(starts_at=NOW + HOUR))
    made = build("shop", 1, [one(PLAIN), one(changed(PLAIN, page_rules=NEEDS[4][0].page_rules)), one(later)], NOW)
    assert made.parts == {"draw", "modal", "patterns"}


def test_a_site_without_messages_has_an_empty_manifest() -> None:
    made = build("shop", 1, [], NOW)
    assert read(made.body) == {"site": "shop", "revision": 1, "messages": []}
    assert made.until is None


def test_nothing_internal_gets_out(app: Flask, site: Site, alice: User) -> None:
    with app.app_context():
        shown = launch(site, FULL)
        shown.save(msgspec.structs.replace(FULL, steps=(Step(blocks=(Heading(text="canary-unlaunched"),)),)), NOW)
        db.session.merge(site).draft(canary("draft"), NOW)
        launch(site, canary("paused")).pause()
        launch(site, canary("stopped")).stop(NOW)
        launch(site, canary("archived")).archive(NOW)
        launch(site, canary("later", starts_at=NOW + HOUR))
        launch(site, canary("ended", ends_at=NOW + HOUR))
        other = Site(name="canary-site", owner=add_user("canary-bob@shop.example"))
        db.session.add(other)
        db.session.flush()
        launch(other, canary("other"))
        db.session.commit()
        rows = db.session.query(Version).count()
    assert rows == 7, "all but the draft were launched once"
    for now, absent in ((NOW, "later"), (NOW + 2 * HOUR, "ended")):
        made = build(site.key, 1, messages_of(app, site), now)
        body = made.body.decode()
        for word in ("canary-draft", "canary-paused", "canary-stopped", "canary-archived", f"canary-{absent}"):
            assert word not in body
        for word in ("canary-other", "canary-name", "canary-description", "canary-unlaunched", "canary-site"):
            assert word not in body
        for word in (
            alice.email,
            alice.id,
            site.id,
            site.name,
            "Vienna",
            "zone",
            '"draft',
            '"state',
            '"lock',
            '"owner',
        ):
            assert word not in body
        assert "Join the club" in body


def canary(word: str, starts_at: datetime | None = None, ends_at: datetime | None = None) -> Shape:
    steps = (Step(blocks=(Heading(text=f"canary-{word}"),)),)
    return Shape(name=f"canary-{word}", schedule=Schedule(starts_at, ends_at), steps=steps)


WINDOWS = [
    # starts_at, ends_at (hours from now), whether it is sent, when that changes
    (None, None, True, None),
    (0, None, True, None),
    (1, None, False, HOUR - EARLY),
    (1 / 6, None, True, None),
    (1 / 5, None, False, HOUR / 5 - EARLY),
    (None, 1, True, HOUR),
    (None, 0, False, None),
    (None, -1, False, None),
    (-2, -1, False, None),
    (-1, 1, True, HOUR),
    (2, 3, False, 2 * HOUR - EARLY),
]


@pytest.mark.parametrize(("starts", "ends", "sent", "changes"), WINDOWS)
def test_sent_from_ten_minutes_before_it_starts_until_it_ends(
    starts: float | None, ends: float | None, sent: bool, changes: timedelta | None
) -> None:
    schedule = Schedule(
        starts_at=None if starts is None else NOW + starts * HOUR, ends_at=None if ends is None else NOW + ends * HOUR
    )
    made = build("shop", 1, [one(msgspec.structs.replace(CLUB, schedule=schedule))], NOW)
    assert bool(read(made.body)["messages"]) == sent
    assert made.until == (None if changes is None else NOW + changes)


def test_the_next_change_is_the_earliest_of_all() -> None:
    ends = [msgspec.structs.replace(CLUB, schedule=Schedule(ends_at=NOW + hours * HOUR)) for hours in (3, -1, 2, 5)]
    assert build("shop", 1, [one(shape) for shape in ends], NOW).until == NOW + 2 * HOUR


def test_in_the_order_they_are_decided(app: Flask, site: Site) -> None:
    with app.app_context():
        late, early, first, same = (
            launch(site, msgspec.structs.replace(CLUB, priority=priority), NOW + timedelta(seconds=seconds)).id
            for priority, seconds in ((0, 9), (0, 3), (-1, 20), (0, 9))
        )
    listed = [message.id for message in messages_of(app, site)]
    assert listed == [first, early, late, same]


def test_the_first_launch_counts_for_the_order(app: Flask, site: Site) -> None:
    with app.app_context():
        first, second = launch(site, CLUB, NOW), launch(site, CLUB, NOW + HOUR)
        first.save(msgspec.structs.replace(CLUB, name="Again"), NOW + 2 * HOUR)
        first.launch(NOW + 2 * HOUR)
        db.session.commit()
        expected = [first.id, second.id]
    listed = messages_of(app, site)
    assert [message.id for message in listed] == expected
    assert (listed[0].version, listed[0].launched_at) == (2, NOW)


def button_to(url: str) -> dict[str, Any]:
    return {"type": "button", "label": "Go", "action": {"type": "open_url", "url": url}}


BAD_ROWS: dict[str, Any] = {
    "no JSON": "{",
    "another type": "[]",
    "a number": 7,
    "an unknown key": {"html": "<script>"},
    "an unknown block": {"steps": [{"blocks": [{"type": "html", "html": "<script>"}]}]},
    "nested a thousand deep": '{"steps":' + "[" * 1_000 + "]" * 1_000 + "}",
    "javascript: in a button": {"steps": [{"blocks": [button_to("javascript:alert(1)")]}]},
    "a tab in javascript:": {"steps": [{"blocks": [button_to("java\tscript:alert(1)")]}]},
    "data: in a button": {"steps": [{"blocks": [button_to("data:text/html,x")]}]},
    "javascript: in a link": {
        "steps": [{"blocks": [{"type": "text", "paragraphs": [[{"text": "x", "link": "javascript:alert(1)"}]]}]}]
    },
    "javascript: in a row": {
        "steps": [{"blocks": [{"type": "row", "columns": [[button_to("javascript:alert(1)")], []]}]}]
    },
    "data: in an image": {"steps": [{"blocks": [{"type": "image", "src": "data:image/svg+xml,<svg>"}]}]},
    "mailto: in an image": {"steps": [{"blocks": [{"type": "image", "src": "mailto:a@b.example"}]}]},
    "a regex that backtracks": {"page_rules": [{"match": "regex", "value": "(a+)+$"}]},
    "a regex of another language": {"page_rules": [{"match": "regex", "value": "(?i)x"}]},
    "an unknown match": {"page_rules": [{"match": "sounds_like", "value": "x"}]},
    "a modal in a corner": {"display": {"kind": "modal", "position": "top-left"}},
    "a width beyond all limits": {"display": {"width": 99_999}},
    "a surrogate": '{"name":"x","steps":[{"id":"s1","blocks":[{"type":"heading","text":"\\ud800"}]}]}',
    "a start before all calendars": {"schedule": {"starts_at": "0001-01-01T00:00:00Z"}},
    "NUL": {"steps": [{"blocks": [{"type": "heading", "text": "\0"}]}]},
}


@pytest.mark.parametrize("content", BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_row_that_was_written_past_the_app_is_not_sent(
    app: Flask, site: Site, content: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        good, bad = launch(site), launch(site)
        assert [message.id for message in messages_of(app, site)] == [good.id, bad.id]
        raw = content if isinstance(content, str | int) else json.dumps({"name": "x"} | content)
        db.session.execute(update(Version).where(Version.message_id == bad.id).values(content=raw))
        db.session.commit()
        good_id, bad_id = good.id, bad.id
    assert [message.id for message in messages_of(app, site)] == [good_id]
    assert bad_id in caplog.text


ODD_IDS = ["", "../../x", "a b", 'x"y', "</script>", "x" * 37, "a\n", "é"]


@pytest.mark.engines("sqlite")  # PostgreSQL keeps no such row
@pytest.mark.parametrize("id", ODD_IDS)
def test_a_row_with_an_odd_id_is_not_sent(app: Flask, site: Site, id: str) -> None:
    with app.app_context():
        message = launch(site)
        db.session.connection().exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        db.session.execute(update(Version).where(Version.message_id == message.id).values(message_id=id))
        db.session.execute(update(Message).where(Message.id == message.id).values(id=id))
        db.session.commit()
    assert messages_of(app, site) == []


def test_a_zone_that_is_gone_keeps_nothing_from_visitors(app: Flask, site: Site) -> None:
    with app.app_context():
        message = launch(site)
        content = json.loads(message.draft) | {"schedule": {"zone": "Europe/Atlantis"}}
        db.session.execute(update(Version).values(content=json.dumps(content)))
        db.session.commit()
    assert len(messages_of(app, site)) == 1


def noise(seed: int) -> str:
    """Text that does not compress well."""
    return "".join(chr(0x4E00 + (seed * 7919 + place * place * 104729) % 20000) for place in range(300))


def many(count: int) -> list[Launched]:
    return [
        one(
            Shape(
                name="x",
                priority=number,
                steps=(Step(id="s1", blocks=(Text(paragraphs=((Run(text=noise(number)),),)),)),),
            ),
            id=f"m{number}",
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [1, 10, 40, 200])
def test_the_first_by_priority_carry_their_content_and_the_rest_an_address(count: int) -> None:
    messages = many(count)
    made = build("shop", 1, messages, NOW)
    listed = read(made.body)["messages"]
    inside = [message["id"] for message in listed if "steps" in message]
    assert [message["id"] for message in listed] == [message.id for message in messages]
    assert inside == [message.id for message in messages[: len(inside)]]
    assert len(gzip.compress(made.body)) <= INSIDE or not inside
    assert (count <= 10) == (len(inside) == count)
    for entry, message in zip(listed[len(inside) :], messages[len(inside) :], strict=True):
        assert "steps" not in entry
        path = entry["content"].removeprefix("/v1/sites/shop/")
        assert path.startswith(f"content/{message.id}/")
        assert read(made.contents[path]) == {"steps": read(msgspec.json.encode(message.shape.steps))}
    assert len(made.contents) == count - len(inside)


def test_one_more_inside_would_not_fit() -> None:
    messages = many(40)
    inside = sum("steps" in message for message in read(build("shop", 1, messages, NOW).body)["messages"])
    assert 1 < inside < 40
    fits = build("shop", 1, messages[: inside - 1], NOW)
    assert not fits.contents


def test_an_address_changes_with_its_content() -> None:
    messages = many(40)
    before = set(build("shop", 1, messages, NOW).contents)
    assert set(build("shop", 2, messages, NOW).contents) == before
    edited = messages[-1]
    steps = (Step(id="s1", blocks=(Heading(text="Edited"),)),)
    messages[-1] = Launched(edited.id, 2, NOW, msgspec.structs.replace(edited.shape, steps=steps))
    after = set(build("shop", 3, messages, NOW).contents)
    assert len(after - before) == len(before - after) == 1


def test_safe_inside_a_script() -> None:
    text = "</script><!-- \u2028\u2029"
    image = Image(src="https://shop.example/a?b=<c>", alt=text)
    button = Button(id="b1", label=text, action=OpenUrl(url="/x"))
    rules = (PageRule(value=text),)
    made = build("shop", 1, [one(Shape(name="x", page_rules=rules, steps=(Step(blocks=(image, button)),)))], NOW)
    for odd in (b"<", "\u2028".encode(), "\u2029".encode()):
        assert odd not in made.body
    (message,) = read(made.body)["messages"]
    assert message["page_rules"][0]["value"] == text
    assert message["steps"][0]["blocks"][1]["label"] == text


@pytest.mark.parametrize(
    ("part", "match", "value", "sent"),
    [
        (Part.PATH, Match.REGEX, ".*pricing", "pricing"),
        (Part.PATH, Match.REGEX, "^.*pricing", "^.*pricing"),
        (Part.PATH, Match.REGEX, "q=.*pricing", r"(?<!.)(?=(.*?q=))\1.*pricing"),
        (Part.QUERY, Match.REGEX, "q=.*pricing", "q=pricing"),
        (Part.QUERY, Match.REGEX, "q=.*", "q="),
        (Part.QUERY, Match.REGEX, ".*q=pricings?", "()q=pricings?"),
        (Part.QUERY, Match.REGEX, ".+q=pricings?", "().q=pricings?"),
        (Part.QUERY, Match.REGEX, ".*pricing", "pricing"),
        (Part.QUERY, Match.REGEX, "q=.*p=.*pricing", r"q=(?<!.)(?=(.*?p=))\1.*pricing"),
        (Part.QUERY, Match.CONTAINS, "q=.*pricing", "q=.*pricing"),
        (Part.PATH, Match.WILDCARD, ".*pricing", ".*pricing"),
    ],
)
def test_a_regex_is_sent_in_its_quickest_form(part: Part, match: Match, value: str, sent: str) -> None:
    rules = (PageRule(part=part, match=match, value=value),)
    made = build("shop", 1, [one(msgspec.structs.replace(CLUB, page_rules=rules))], NOW)
    assert read(made.body)["messages"][0]["page_rules"][0]["value"] == sent
