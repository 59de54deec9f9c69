"""What is wrong with the steps of a message, and with the ways between them."""

from __future__ import annotations

from collections.abc import Iterator

from anonmsg.message import Action, Button, Dismiss, Email, Going, GoToStep, Question, Shape, Step, flat
from anonmsg.problems.blocks import in_block
from anonmsg.problems.problem import Problem
from anonmsg.reach import unreached


def content(shape: Shape) -> Iterator[Problem]:
    ids = [step.id for step in shape.steps]
    for index, step in enumerate(shape.steps):
        yield from _step(step, f"steps.{index}", shape)
        yield from _sends(step, f"steps.{index}.blocks")
    yield from _twice(ids, "steps")
    yield from _twice([block.id for block in [*shape.buttons(), *shape.questions()]], "steps")
    if not any(True for _ in shape.blocks()):
        yield Problem("incomplete", "no_content", "steps", "Add something to show, for example a heading and a button.")
    elif not shape.buttons():
        yield Problem(
            "advice",
            "no_button",
            "steps",
            "There is no button. One that leads to your sign-up page turns visitors into people you know.",
        )
    for at in unreached(shape):
        text = f"Nobody sees step {at + 1}: no button leads to it."
        yield Problem("warning", "step_unreached", f"steps.{at}.blocks", text, about=shape.steps[at].id)


def _twice(ids: list[str], where: str) -> Iterator[Problem]:
    given = [id for id in ids if id]
    for id in sorted({id for id in given if given.count(id) > 1}):
        yield Problem("error", "id_twice", where, f"The id “{id}” is used twice.")


def _step(step: Step, where: str, shape: Shape) -> Iterator[Problem]:
    if not step.blocks:
        yield Problem("incomplete", "step_empty", f"{where}.blocks", "This step is empty.")
    for index, block in enumerate(step.blocks):
        yield from in_block(block, f"{where}.blocks.{index}", shape)


def _sends(step: Step, where: str) -> Iterator[Problem]:
    """A step that asks something needs a button that sends it: one that neither dismisses nor goes back."""
    blocks = [inner for block in step.blocks for inner in flat(block)]
    actions = [block.action for block in blocks if isinstance(block, Button)]
    if any(isinstance(block, Question | Email) for block in blocks) and all(map(_is_way_out, actions)):
        text = "Nothing sends what this step asks. Add a button that goes on, for example “Send the answers and close”."
        yield Problem("incomplete", "not_sent", where, text)


def _is_way_out(action: Action) -> bool:
    return isinstance(action, Dismiss) or (isinstance(action, GoToStep) and action.to is Going.PREVIOUS)
