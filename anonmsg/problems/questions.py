"""What is wrong with what a message asks."""

from __future__ import annotations

from collections.abc import Iterator

from anonmsg.message import CHOICES, Email, Question
from anonmsg.problems.problem import Problem
from anonmsg.problems.texts import is_blank


def in_question(block: Question | Email, where: str) -> Iterator[Problem]:
    if is_blank(block.label):
        yield Problem("error", "label_empty", f"{where}.label", "Type what is asked.")
    if isinstance(block, Email):
        if is_blank(block.consent):
            text = "Say what you will write about, and have it ticked: in many countries the law asks for consent."
            yield Problem("advice", "no_consent", f"{where}.consent", text)
    elif block.kind in CHOICES:
        yield from _options(block.options, f"{where}.options")


def _options(options: tuple[str, ...], where: str) -> Iterator[Problem]:
    if sum(not is_blank(option) for option in options) < 2:
        yield Problem("incomplete", "options_missing", where, "Give at least two answers to choose from.")
    elif any(is_blank(option) for option in options):
        yield Problem("incomplete", "option_empty", where, "Type every answer, or remove it.")
    if len(set(options)) < len(options):
        yield Problem("incomplete", "option_twice", where, "Two answers are the same: nobody could tell them apart.")
