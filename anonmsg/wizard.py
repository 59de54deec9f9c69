"""The wizard: its steps in order, and how far a message has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from anonmsg.forms import ContentForm, DetailsForm, ReviewForm, ScheduleForm, StepForm, TargetingForm
from anonmsg.message import Shape, Word
from anonmsg.problems import Problem, problems


class Mark(Word):
    """How a step stands, beside its name in the header."""

    DONE = "done", "done"
    ATTENTION = "attention", "needs attention"
    TODO = "todo", "to do"


@dataclass(frozen=True)
class WizardStep:
    """One page of the wizard."""

    name: str
    title: str
    form: type[StepForm]

    def owns(self, problem: Problem) -> bool:
        return problem.where.split(".")[0] in self.form.FIELDS

    def touched(self, shape: Shape) -> bool:
        """Whether anything of it differs from a message that was just begun."""
        return any(getattr(shape, field) != getattr(Shape(), field) for field in self.form.FIELDS)


STEPS = (
    WizardStep("details", "Details", DetailsForm),
    WizardStep("targeting", "Targeting", TargetingForm),
    WizardStep("content", "Content", ContentForm),
    WizardStep("schedule", "Schedule", ScheduleForm),
    WizardStep("review", "Review", ReviewForm),
)
FIRST, REVIEW = STEPS[0], STEPS[-1]


def step(name: str) -> WizardStep | None:
    """The step of this name, or None."""
    return next((step for step in STEPS if step.name == name), None)


def previous(step: WizardStep) -> WizardStep | None:
    return STEPS[STEPS.index(step) - 1] if step is not FIRST else None


def following(step: WizardStep) -> WizardStep | None:
    return STEPS[STEPS.index(step) + 1] if step is not REVIEW else None


def owner(problem: Problem) -> WizardStep:
    """The step on which the problem is put right."""
    return next(step for step in STEPS if step.owns(problem))


def marks(shape: Shape, now: datetime, current: WizardStep, *, launched: bool) -> list[tuple[WizardStep, Mark]]:
    """Each step with its mark. To do is what lies behind all that was passed or filled in so far; nothing is, once the
    message was launched."""
    touched = [at + 1 for at, step in enumerate(STEPS) if step.touched(shape)]
    passed = len(STEPS) if launched else max([STEPS.index(current), *touched])
    wrong = [problem for problem in problems(shape, now) if problem.stops]
    return [(step, _mark(step, wrong) if at < passed else Mark.TODO) for at, step in enumerate(STEPS)]


def _mark(step: WizardStep, wrong: Sequence[Problem]) -> Mark:
    return Mark.ATTENTION if any(step.owns(problem) for problem in wrong) else Mark.DONE


def open_step(shape: Shape, now: datetime) -> WizardStep:
    """Where to go on with a draft: at the first step that needs attention, else from the start."""
    wrong = [problem for problem in problems(shape, now) if problem.stops]
    return next((step for step in STEPS if any(step.owns(problem) for problem in wrong)), FIRST)
