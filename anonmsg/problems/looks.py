"""What is wrong with how a message looks."""

from __future__ import annotations

from collections.abc import Iterator

from anonmsg.message import POSITIONS, Shape, Theme
from anonmsg.problems.problem import Problem
from anonmsg.theme import faults, weak_contrasts


def display(shape: Shape) -> Iterator[Problem]:
    if shape.display.position not in POSITIONS[shape.display.kind]:
        kind, position = shape.display.kind.label, shape.display.position.label
        yield Problem("error", "position_invalid", "display.position", f"{kind} cannot stand at {position}.")


def theme(shape: Shape, site: Theme) -> Iterator[Problem]:
    found = list(faults(shape.theme or Theme()))
    for fault in found:
        yield Problem("error", fault.code, f"theme.{fault.where}", fault.text)
    for weak in () if found else weak_contrasts(shape.look(site)):
        yield Problem("warning", "contrast_low", f"theme.{weak.where}", weak.text, about=str(weak.ratio))
