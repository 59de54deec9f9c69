"""What is wrong with a button, and with what it does."""

from __future__ import annotations

from collections.abc import Iterator

from anonmsg.links import url_problem
from anonmsg.message import Branch, Button, Going, GoToStep, OpenUrl, Question, Shape, Track, flat
from anonmsg.problems.links import leading
from anonmsg.problems.problem import Problem
from anonmsg.problems.texts import is_blank


def in_button(block: Button, where: str, shape: Shape) -> Iterator[Problem]:
    if is_blank(block.label):
        yield Problem("error", "label_empty", f"{where}.label", "Type what the button says.")
    match block.action:
        case OpenUrl(url=url):
            if not url:
                yield Problem(
                    "error", "url_missing", f"{where}.action.url", "Type where the button leads, e.g. /signup."
                )
            elif text := url_problem(url):
                yield Problem("error", "url_invalid", f"{where}.action.url", f"The URL {text}.")
            else:
                yield from leading(url, f"{where}.action.url")
        case GoToStep() as action:
            yield from _going(action, block, f"{where}.action", shape)
        case Track(event=event):
            if not event.strip():
                yield Problem("error", "event_missing", f"{where}.action.event", "Type the event's name.")


def _going(action: GoToStep, button: Button, where: str, shape: Shape) -> Iterator[Problem]:
    ids = [step.id for step in shape.steps]
    if action.to is Going.STEP and action.step not in ids:
        yield Problem("error", "step_unknown", f"{where}.step", "Choose the step that the button goes to.")
    edge = {Going.NEXT: shape.steps[-1:], Going.PREVIOUS: shape.steps[:1]}.get(action.to, ())
    if any(button in [inner for block in step.blocks for inner in flat(block)] for step in edge):
        text = f"There is no step {'after' if action.to is Going.NEXT else 'before'} this one."
        yield Problem("incomplete", "step_unknown", f"{where}.to", text)
    for index, branch in enumerate(action.when):
        yield from _branch(branch, f"{where}.when.{index}", shape, ids)


def _branch(branch: Branch, where: str, shape: Shape, ids: list[str]) -> Iterator[Problem]:
    asked = {block.id: block.choices() for block in shape.questions() if isinstance(block, Question)}
    choices = asked.get(branch.question)
    if not choices:
        yield Problem("incomplete", "branch_question", f"{where}.question", "Choose the question that decides.")
    elif not branch.answers or not set(branch.answers) <= set(choices):
        yield Problem("incomplete", "branch_answer", f"{where}.answers", "Choose the answers that lead there.")
    if branch.step not in ids:
        yield Problem("incomplete", "step_unknown", f"{where}.step", "Choose the step for these answers.")
