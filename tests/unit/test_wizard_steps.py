"""The wizard's steps in order, and the mark of each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from anonmsg import wizard
from anonmsg.message import Heading, PageRule, Schedule, Shape, Step
from anonmsg.problems import problems
from tests.conftest import CLUB

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TARGETED = Shape(name="Club", page_rules=(PageRule(value="/pricing"),))
PAST = Schedule(ends_at=NOW - timedelta(days=1))
LETTERS = {wizard.Mark.DONE: "D", wizard.Mark.ATTENTION: "!", wizard.Mark.TODO: "."}

MARKS = [
    ("a new message", Shape(), "details", "....."),
    ("on its second step", Shape(name="Club"), "targeting", "D...."),
    ("back on the first", TARGETED, "details", "DD..."),
    ("content was left out", TARGETED, "schedule", "DD!.."),
    ("looked at all", CLUB, "review", "DDDD."),
    ("something later is wrong", Shape(name="Club", schedule=PAST), "details", "DD!!."),
    ("an empty step", Shape(name="Club", steps=(Step("s1", (Heading("Hi"),)), Step("s2"))), "details", "DD!.."),
]


@pytest.mark.parametrize(("shape", "current", "marks"), [row[1:] for row in MARKS], ids=[row[0] for row in MARKS])
def test_marks(shape: Shape, current: str, marks: str) -> None:
    step = wizard.step(current)
    assert step
    assert "".join(LETTERS[mark] for _, mark in wizard.marks(shape, NOW, step, launched=False)) == marks


def test_nothing_is_to_do_once_it_was_launched() -> None:
    for launched in (False, True):
        marks = [mark for _, mark in wizard.marks(CLUB, NOW, wizard.FIRST, launched=launched)]
        assert (wizard.Mark.TODO in marks) is not launched


def test_the_steps_are_a_list_to_walk_along() -> None:
    names = [step.name for step in wizard.STEPS]
    assert names == ["details", "targeting", "content", "schedule", "review"]
    walked, step = [wizard.FIRST], wizard.following(wizard.FIRST)
    while step:
        assert wizard.previous(step) is walked[-1]
        walked.append(step)
        step = wizard.following(step)
    assert tuple(walked) == wizard.STEPS
    assert wizard.previous(wizard.FIRST) is None
    assert wizard.step("confetti") is None


def test_every_field_of_a_message_but_its_id_and_priority_belongs_to_one_step() -> None:
    owned = [field for step in wizard.STEPS for field in step.form.FIELDS]
    assert sorted(owned) == sorted(set(Shape.__struct_fields__) - {"id", "priority"})


def test_every_problem_is_put_right_on_a_step() -> None:
    wrong = Shape(schedule=PAST, steps=(Step("s1"), Step("s1")), page_rules=(PageRule(),))
    found = problems(wrong, NOW)
    assert {wizard.owner(problem).name for problem in found} == {"details", "targeting", "content", "schedule"}
