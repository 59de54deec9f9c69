"""Further conditions: in the form, as sentences, and what can be wrong with them."""

from __future__ import annotations

import json

import pytest

from anonmsg import sentences
from anonmsg.db import utc_now
from anonmsg.forms import TargetingForm
from anonmsg.manifest import Launched, build, needs
from anonmsg.message import (
    CONDITIONS,
    AboutToLeave,
    AnyCondition,
    Comparison,
    ConditionType,
    Device,
    DeviceIs,
    ElementClicked,
    ElementPresent,
    EventTracked,
    LanguageIs,
    Limits,
    PagesSeen,
    ReferrerIs,
    ScrolledTo,
    SecondsPassed,
    Shape,
    Utm,
    UtmIs,
    Visitor,
    VisitorIs,
)
from anonmsg.problems import errors, problems
from anonmsg.settings import ROOT
from tests.conftest import CLUB
from tests.support.stage import changed

ALWAYS = [("frequency-mode", "always"), ("frequency-gap", "0"), ("frequency-unit", "day")]

GOOD: list[tuple[AnyCondition, dict[str, str | list[str]], str]] = [
    (DeviceIs((Device.PHONE, Device.TABLET)), {"devices": ["phone", "tablet"]}, "on a phone or a tablet"),
    (LanguageIs(("de", "en-GB")), {"languages": " de,, en-GB "}, "to visitors whose language is de or en-GB"),
    (
        ReferrerIs(Comparison.CONTAINS, "google."),
        {"match": "contains", "value": " google. "},
        "to visitors led here by a website whose address contains “google.”",
    ),
    (ReferrerIs(Comparison.IS), {"match": "is", "value": ""}, "to visitors whom no other website led here"),
    (
        UtmIs(Utm.CAMPAIGN, Comparison.STARTS_WITH, "spring"),
        {"parameter": "campaign", "match": "starts_with", "value": "spring"},
        "to visitors whose utm_campaign starts with “spring”",
    ),
    (VisitorIs(Visitor.RETURNING), {"visitor": "returning"}, "to returning visitors"),
    (PagesSeen(3), {"pages": "3"}, "from the 3rd page of a visit on"),
    (PagesSeen(12), {"pages": "12"}, "from the 12th page of a visit on"),
    (SecondsPassed(90), {"seconds": "90"}, "after 90 seconds on the page"),
    (ScrolledTo(50), {"percent": "50"}, "once 50 % of the page are scrolled"),
    (AboutToLeave(), {}, "when they are about to leave the page"),
    (ElementPresent(".cart > a"), {"selector": ".cart > a"}, "where “.cart > a” is on the page"),
    (ElementClicked("#x"), {"selector": "#x"}, "once “#x” was clicked"),
    (EventTracked("Added"), {"event": "Added"}, "once “Added” was tracked"),
]

EMPTY: tuple[AnyCondition, ...] = (
    DeviceIs(),
    LanguageIs(),
    ReferrerIs(Comparison.CONTAINS),
    UtmIs(),
    ElementPresent(),
    ElementClicked(),
    EventTracked(),
)

BAD: list[tuple[str, dict[str, str | list[str]], str, str]] = [
    ("device", {}, "devices", "at least one device"),
    ("device", {"devices": ["fridge"]}, "devices", "Choose one of the list."),
    ("language", {"languages": " , "}, "languages", "at least one language"),
    ("language", {"languages": "German"}, "languages", "“German” names no language"),
    ("language", {"languages": "x" * 501}, "languages", "at most 500"),
    ("referrer", {"match": "contains", "value": " "}, "value", "part of the website"),
    ("utm", {"match": "is", "value": ""}, "value", "what the parameter should say"),
    ("utm", {"parameter": "id", "match": "is", "value": "x"}, "parameter", "Choose one of the list."),
    ("utm", {"match": "regex", "value": "x"}, "match", "Choose one of the list."),
    ("visitor", {"visitor": "odd"}, "visitor", "Choose one of the list."),
    ("pages", {"pages": ""}, "pages", "from 1 to 1,000"),
    ("pages", {"pages": "0"}, "pages", "from 1 to 1,000"),
    ("seconds", {"seconds": "3601"}, "seconds", "from 1 to 3,600"),
    ("seconds", {"seconds": "soon"}, "seconds", "Type a whole number."),
    ("scroll", {"percent": "101"}, "percent", "from 1 to 100"),
    ("element", {"selector": " "}, "selector", "Type a CSS selector"),
    ("clicked", {"selector": "x" * 201}, "selector", "at most 200"),
    ("tracked", {"event": " "}, "event", "name, as the website tracks it"),
]


def sent(*conditions: tuple[str, dict[str, str | list[str]]]) -> list[tuple[str, str]]:
    pairs = list(ALWAYS)
    for at, (type, fields) in enumerate(conditions):
        pairs.append((f"conditions-{at}-type", type))
        for name, value in fields.items():
            pairs += [(f"conditions-{at}-{name}", each) for each in (value if isinstance(value, list) else [value])]
    return pairs


def type_of(condition: AnyCondition) -> str:
    return str(condition.__struct_config__.tag)


def test_every_type_has_a_row() -> None:
    assert {type_of(condition) for condition, _, _ in GOOD} == set(ConditionType)
    assert {type for type, *_ in BAD} == set(ConditionType) - {"exit"}


@pytest.mark.parametrize(("condition", "fields", "said"), GOOD, ids=lambda value: str(value)[:40])
def test_a_condition_is_typed_shown_again_and_said(
    condition: AnyCondition, fields: dict[str, str | list[str]], said: str
) -> None:
    # What stays behind from another type is wrong nowhere.
    noise: dict[str, str | list[str]] = {"pages": "0", "seconds": "", "selector": "x" * 300, "languages": "x" * 600}
    form = TargetingForm.typed(sent((type_of(condition), noise | fields)))
    shape = form.read(Shape(name="x"), utc_now())
    assert shape, form.mistakes
    assert shape.conditions == (condition,)
    again = TargetingForm.of(shape)
    assert again.values(shape)["conditions"] == form.values(shape)["conditions"]
    assert sentences.condition(condition) == said
    assert sentences.conditions(shape) == f"Only {said}."
    assert sentences.targeting(shape) == f"Shown on every page, {said}, until the visitor closes it."


def test_a_condition_that_is_still_empty_says_nothing() -> None:
    shape = Shape(name="x", conditions=(*EMPTY, SecondsPassed(9), EventTracked()))
    assert sentences.conditions(shape) == "Only after 9 seconds on the page."
    assert sentences.targeting(shape).startswith("Shown on every page, after 9 seconds on the page, until")
    assert sentences.conditions(Shape(name="x", conditions=EMPTY)) == ""


@pytest.mark.parametrize(("type", "fields", "where", "said"), BAD)
def test_what_is_wrong_is_said_where_it_is(
    type: str, fields: dict[str, str | list[str]], where: str, said: str
) -> None:
    form = TargetingForm.typed(sent(("exit", {}), (type, fields)))
    assert form.read(Shape(name="x"), utc_now()) is None
    [(field, text)] = form.mistakes
    assert field == f"conditions-1-{where}"
    assert said in text


def test_all_mistakes_are_said_at_once() -> None:
    rule = [("page_rules-0-effect", "include"), ("page_rules-0-part", "path"), ("page_rules-0-match", "is")]
    form = TargetingForm.typed([*sent(("device", {}), ("pages", {"pages": ""})), *rule, ("page_rules-0-value", "")])
    assert form.read(Shape(name="x"), utc_now()) is None
    assert [field for field, _ in form.mistakes] == ["page_rules-0-value", "conditions-0-devices", "conditions-1-pages"]


def test_there_are_at_most_twenty() -> None:
    form = TargetingForm.typed(sent(*[("exit", {})] * (Limits.CONDITIONS + 1)))
    assert form.read(Shape(name="x"), utc_now()) is None
    assert "at most 20 conditions" in str(form.conditions.errors)


def test_where_there_are_none_nothing_tells_that_there_could_be() -> None:
    """Stored messages and manifests are byte for byte what they were."""
    assert (
        b"conditions" not in CLUB.encode().encode() + build("k", 1, [Launched("m", 1, utc_now(), CLUB)], utc_now()).body
    )
    assert Shape(conditions=()) == Shape()
    before = Shape(name="x", conditions=(AboutToLeave(),))
    shape = TargetingForm.typed(ALWAYS).read(before, utc_now())
    assert shape == Shape(name="x")


def test_the_manifest_says_what_is_asked_and_which_parts_judge_it() -> None:
    asked = changed(CLUB, conditions=(EventTracked("Added"), DeviceIs((Device.PHONE,))))
    [entry] = json.loads(build("k", 1, [Launched("m", 1, utc_now(), asked)], utc_now()).body)["messages"]
    assert entry["conditions"] == [{"type": "tracked", "event": "Added"}, {"type": "device", "devices": ["phone"]}]
    assert entry["parts"][-4:] == ["conditions", "visit", "tracked", "device"]


def test_every_part_that_a_condition_names_is_one() -> None:
    parts = {file.stem for file in (ROOT / "static" / "snippet" / "parts").glob("*.js")}
    for condition, _, _ in GOOD:
        assert set(needs(changed(CLUB, conditions=(condition,)))) <= parts
    assert all(condition.PARTS for condition in CONDITIONS.values())


@pytest.mark.parametrize(("typed", "kept"), [("0", None), ("", None), ("10", 10), ("90", 90)])
def test_a_control_group(typed: str, kept: int | None) -> None:
    form = TargetingForm.typed([*ALWAYS, ("holdout", typed)])
    shape = form.read(Shape(name="x", holdout=50), utc_now())
    assert shape == Shape(name="x", holdout=kept or 0)
    assert shape
    assert ("holdout" in shape.encode()) == ("holdout" in needs(shape)) == bool(kept)
    assert TargetingForm.of(shape).holdout.data == (kept or 0)
    assert sentences.holdout(shape) == (f"{kept} % of your visitors never see it: the control group." if kept else "")
    [entry] = json.loads(build("k", 1, [Launched("m", 1, utc_now(), shape)], utc_now()).body)["messages"]
    assert entry.get("holdout") == kept


@pytest.mark.parametrize("typed", ["-1", "91", "half"])
def test_a_control_group_that_cannot_be(typed: str) -> None:
    form = TargetingForm.typed([*ALWAYS, ("holdout", typed)])
    assert form.read(Shape(name="x"), utc_now()) is None
    assert [field for field, _ in form.mistakes] == ["holdout"]


NEVER = [
    ((AboutToLeave(), DeviceIs((Device.PHONE, Device.TABLET))), True),
    ((AboutToLeave(), DeviceIs((Device.PHONE, Device.DESKTOP))), False),
    ((AboutToLeave(),), False),
    ((DeviceIs((Device.PHONE,)),), False),
]


@pytest.mark.parametrize(("conditions", "warns"), NEVER)
def test_what_nobody_can_ever_see_is_said(conditions: tuple[AnyCondition, ...], warns: bool) -> None:
    found = problems(changed(CLUB, conditions=conditions), utc_now())
    assert ("never_leaving" in [problem.code for problem in found if problem.level == "warning"]) == warns


def test_an_import_is_told_what_is_wrong() -> None:
    shape = Shape.decode(
        b'{"name": "x", "conditions": [{"type": "pages"}, {"type": "language", "languages": ["Deutsch"]}]}'
    )
    assert [(problem.where, problem.level) for problem in errors(shape, utc_now())] == [
        ("conditions.1.languages", "error")
    ]
