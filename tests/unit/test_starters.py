"""The templates that come with the product: good messages, each of them, and what is made of one."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from anonmsg.db import utc_now
from anonmsg.message import (
    Branch,
    Button,
    Email,
    Frequency,
    Going,
    GoToStep,
    Heading,
    Image,
    Limits,
    OpenUrl,
    Question,
    Row,
    Shape,
    Step,
    Track,
)
from anonmsg.models.message import ID
from anonmsg.problems import problems
from anonmsg.settings import ROOT
from anonmsg.starters import FIRST, GROUPS, started, starters
from tests.support.stage import changed

PLACE = ROOT / "anonmsg" / "starters"
UNAVOIDABLE = {"no_page_rule"}
"""On which pages it shows is for the marketer to say; the description says where it fits."""

each_starter = pytest.mark.parametrize("name", starters())


def test_there_are_enough_of_them_and_each_is_offered_once() -> None:
    offered = [name for group in GROUPS.values() for name in group]
    assert sorted(offered) == sorted(path.stem for path in PLACE.glob("*.json"))
    assert len(offered) == len(set(offered)) >= 16
    assert len(FIRST) == 3
    assert set(FIRST) <= set(offered)


def test_no_two_are_called_alike() -> None:
    names = [shape.name.casefold() for shape in starters().values()]
    assert len(set(names)) == len(names)


@each_starter
def test_nothing_is_wrong_with_it(name: str) -> None:
    found = problems(starters()[name].with_ids(), utc_now())
    assert {problem.code for problem in found} == UNAVOIDABLE, found


@each_starter
def test_it_is_complete_and_spares_visitors(name: str) -> None:
    shape = starters()[name]
    assert shape.id is msgspec.UNSET
    assert re.search(r"\. (Fits|Show|Leave|Check)\b", shape.description), "it says where it fits"
    assert shape.frequency.limit
    assert (shape.page_rules, shape.schedule, shape.theme) == ((), Shape().schedule, msgspec.UNSET)
    for block in shape.blocks():
        assert not isinstance(block, Image), "nobody else's pictures"
        if isinstance(block, Email):
            assert block.consent
        if isinstance(block, Button) and isinstance(block.action, OpenUrl):
            assert block.action.url.startswith("/"), "a place of the website's own"


@each_starter
def test_it_speaks_softly(name: str) -> None:
    """No shouting, no filler, one space at a time."""
    raw = (PLACE / f"{name}.json").read_text()
    words = [
        text for text in re.findall(r'"(?:text|label|consent|description)": "([^"]+)"', raw) if "WELCOME10" not in text
    ]
    assert words
    for text in words:
        assert not re.search(r"!|lorem|  |\b[A-Z]{4,}\b", text, re.IGNORECASE if "lorem" in text.lower() else 0), text


@each_starter
def test_every_step_can_be_come_to(name: str) -> None:
    shape = starters()[name]
    reached, ids = {shape.steps[0].id}, [step.id for step in shape.steps]
    for at, step in enumerate(shape.steps):
        actions = [block.action for block in step.blocks if isinstance(block, Button)]
        for going in (action for action in actions if isinstance(action, GoToStep)):
            reached |= {ids[at + 1]} if going.to is Going.NEXT else {going.step} - {""}
            reached |= {branch.step for branch in going.when}
    assert reached == set(ids)


ASKING = Shape(
    name="Asking",
    steps=(
        Step(
            id="s1",
            blocks=(
                Row(columns=((Question(id="q1", label="?", options=("A", "B")),), (Heading(text="s2"),))),
                Button(id="b1", label="s1", action=GoToStep(step="s2", when=(Branch("q1", ("A",), "s3"),))),
                Button(label="Track", action=Track(event="q1", properties={"id": "q1", "step": "s1"})),
            ),
        ),
        Step(id="s2", blocks=(Button(id="b2", label="On", action=GoToStep(step="s3")),)),
        Step(id="s3", blocks=(Email(id="e1", label="E-mail"),)),
    ),
)


def test_new_ids_are_all_new_and_what_refers_to_them_follows() -> None:
    once, twice = ASKING.with_new_ids(), ASKING.with_new_ids()
    ids = [ids_of(each) for each in (ASKING.with_ids(), once, twice)]
    assert len(set().union(*ids)) == sum(map(len, ids)) == 3 * 8
    (row, ask, track), (on,), _ = (step.blocks for step in once.steps)
    assert isinstance(row, Row)
    question = row.columns[0][0]
    assert isinstance(question, Question)
    first, second, third = (step.id for step in once.steps)
    assert action(ask) == GoToStep(step=second, when=(Branch(question.id, ("A",), third),))
    assert action(on) == GoToStep(step=third)
    assert action(track) == Track(event="q1", properties={"id": "q1", "step": "s1"}), "the website's own words stay"
    assert row.columns[1] == (Heading(text="s2"),)
    assert first not in (second, third)


def action(block: Any) -> Any:
    assert isinstance(block, Button)
    return block.action


def ids_of(shape: Shape) -> set[str]:
    return {step.id for step in shape.steps} | {block.id for block in [*shape.buttons(), *shape.questions()]}


@each_starter
def test_what_starts_from_it_can_be_launched_and_shares_no_id_with_it(name: str) -> None:
    template = starters()[name]
    made = started(Shape(), template)
    assert {problem.code for problem in problems(made, utc_now())} == UNAVOIDABLE
    assert not ids_of(made) & ids_of(template.with_ids())
    assert all(ID.fullmatch(id) and len(id) <= Limits.ID for id in ids_of(made))
    same = {"name", "description", "frequency", "display", "conditions"}
    assert {field: getattr(made, field) for field in same} == {field: getattr(template, field) for field in same}


def test_what_somebody_has_chosen_already_stays() -> None:
    mine = changed(Shape(), name="Mine", frequency=Frequency(limit=7), steps=(Step(id="s1"),))
    made = started(mine, starters()["newsletter"])
    assert (made.name, made.frequency) == ("Mine", Frequency(limit=7))
    assert made.display == starters()["newsletter"].display
    assert len(made.steps) == 2
