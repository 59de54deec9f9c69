"""Which steps of a message a visitor can come to."""

from __future__ import annotations

from collections.abc import Iterator

from anonmsg.message import Button, Going, GoToStep, Shape, Step, flat


def unreached(shape: Shape) -> list[int]:
    """The places of the steps that no button leads to, whatever is answered, on any way from the first."""
    places = {step.id: at for at, step in enumerate(shape.steps)}
    came, waiting = set[int](), [0]
    while waiting:
        if (at := waiting.pop()) not in came and at < len(shape.steps):
            came.add(at)
            waiting += _onward(shape.steps[at], at, places)
    return [at for at in range(len(shape.steps)) if at not in came]


def _onward(step: Step, at: int, places: dict[str, int]) -> Iterator[int]:
    """Where its buttons lead. Back is where the visitor came from, which is nowhere new."""
    for action in (inner.action for block in step.blocks for inner in flat(block) if isinstance(inner, Button)):
        if isinstance(action, GoToStep) and action.to is not Going.PREVIOUS:
            yield from (places[branch.step] for branch in action.when if branch.step in places)
            if action.to is Going.NEXT:
                yield at + 1
            elif action.step in places:
                yield places[action.step]
