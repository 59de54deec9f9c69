"""Which steps nobody can come to."""

from __future__ import annotations

import pytest

from anonmsg.message import Action, Branch, Button, Dismiss, Going, GoToStep, Row, Shape, Step, Submit, Track
from anonmsg.reach import unreached

NEXT, BACK = GoToStep(to=Going.NEXT), GoToStep(to=Going.PREVIOUS)
TO_C = GoToStep(step="c")
WHEN_C = GoToStep(to=Going.NEXT, when=(Branch("q", ("x",), "c"),))


def steps(*actions: tuple[Action, ...]) -> Shape:
    """Of the steps a, b, c …, each has buttons with these actions."""
    made = zip("abcdefghij", actions, strict=False)
    return Shape(steps=tuple(Step(id, tuple(Button(action=action) for action in each)) for id, each in made))


CASES: dict[str, tuple[Shape, list[int]]] = {
    "no step": (Shape(), []),
    "one step": (steps(()), []),
    "one after the other": (steps((NEXT,), (NEXT,), ()), []),
    "nothing leads on": (steps((Dismiss(), Submit(), Track("x")), ()), [1]),
    "one is left out": (steps((TO_C,), (), ()), [1]),
    "and comes back by itself": (steps((TO_C,), (NEXT,), (NEXT,)), [1]),
    "one that comes back": (steps((TO_C,), (NEXT,), (GoToStep(step="b"),)), []),
    "a branch": (steps((WHEN_C,), (), ()), []),
    "a branch instead of the way on": (steps((GoToStep(step="a", when=WHEN_C.when),), (), ()), [1]),
    "only from each other": (steps((), (NEXT,), (GoToStep(step="b"),)), [1, 2]),
    "only back": (steps((BACK,), (BACK,)), [1]),
    "after the last": (steps((NEXT,), (NEXT,)), []),
    "to none there is": (steps((GoToStep(step="z"),), ()), [1]),
    "from a row": (Shape(steps=(Step("a", (Row(((), (Button(action=NEXT),))),)), Step("b"))), []),
}


@pytest.mark.parametrize(("shape", "places"), CASES.values(), ids=CASES)
def test_steps_that_nobody_can_come_to(shape: Shape, places: list[int]) -> None:
    assert unreached(shape) == places
