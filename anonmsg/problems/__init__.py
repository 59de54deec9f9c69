"""What is wrong with a message: errors, which stop a save or a launch, warnings, which wait for somebody who has looked
at them, and advice, which never stops anything.

A well-formed :class:`~anonmsg.message.Shape` can still be incomplete, unsafe or pointless. Every rule about that
stands here once; forms, the import command, the review and the launch ask :func:`problems`.

problem: what one is · targeting, schedule: who sees the message, where and when · steps, blocks, buttons, questions,
links: what it says, asks and does · looks: how it stands there · texts: what is the matter with any text.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import get_args

from anonmsg.message import Shape, Theme
from anonmsg.problems import looks, schedule, steps, targeting, texts
from anonmsg.problems.problem import Level, Problem
from anonmsg.problems.targeting import condition_problem, rule_problem

__all__ = ["Level", "Problem", "condition_problem", "errors", "problems", "rule_problem"]


def problems(shape: Shape, now: datetime, site: Theme | None = None) -> list[Problem]:
    """Everything to put right before a launch at ``now`` (aware UTC) on a site of this theme, what stops first."""
    found = [
        *_details(shape),
        *targeting.rules(shape),
        *targeting.conditions(shape),
        *targeting.frequency(shape),
        *steps.content(shape),
        *looks.display(shape),
        *looks.theme(shape, site or Theme()),
        *schedule.times(shape, now),
        *texts.odd_text(shape),
    ]
    return sorted(dict.fromkeys(found), key=lambda problem: get_args(Level).index(problem.level))


def errors(shape: Shape, now: datetime) -> list[Problem]:
    """Only what stops a save."""
    return [problem for problem in problems(shape, now) if problem.level == "error"]


def _details(shape: Shape) -> Iterator[Problem]:
    if texts.is_blank(shape.name):
        yield Problem("error", "name_missing", "name", "Give the message a name, so that colleagues find it.")
