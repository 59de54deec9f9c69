"""A backtracking matcher like those of browsers, which counts its steps instead of saying what matches."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial

from anonmsg.pattern.tree import Alternatives, Assertion, Characters, Node, Repeat
from tests.support.letters import has

AT_ONCE = 200_000
"""Steps after which counting ends."""

Marks = tuple[int, ...]
"""Where in the text the current turn of each repetition began."""

State = tuple[int, int, Marks]
"""Where the matcher is in the program and in the text."""

Step = Callable[[str, int, Marks], list[State]]
"""What comes next: the states to try, the last one first; none when the text does not fit."""


class Program:
    """A regex as steps. Counted repetitions are written out, as many as they count."""

    def __init__(self, tree: Node) -> None:
        self._steps: list[Step] = []
        self._loops = 0
        self._add(tree)
        self._end = len(self._steps)

    def steps(self, text: str) -> int:
        """The steps of a search in ``text``, but at most AT_ONCE."""
        taken = 0
        for start in range(len(text) + 1):
            taken, found = self._try(text, start, taken)
            if found or taken >= AT_ONCE:
                break
        return taken

    def _try(self, text: str, start: int, taken: int) -> tuple[int, bool]:
        """The steps taken so far and whether it matched at ``start``."""
        todo: list[State] = [(0, start, (-1,) * self._loops)]
        while todo and taken < AT_ONCE:
            at, position, marks = todo.pop()
            if at == self._end:
                return taken, True
            todo += self._steps[at](text, position, marks)
            taken += 1
        return taken + 1, False

    def _add(self, node: Node) -> None:
        match node:
            case Characters():
                self._steps.append(_character(node, len(self._steps) + 1))
            case Assertion():
                self._steps.append(_assertion(node, len(self._steps) + 1))
            case Alternatives():
                self._add_alternatives(node.parts)
            case Repeat():
                self._add_repeat(node)
            case _:
                for part in node.parts:
                    self._add(part)

    def _add_alternatives(self, parts: Sequence[Node]) -> None:
        *others, last = parts
        ends = []
        for part in others:
            fork = self._reserve()
            self._add(part)
            ends.append(self._reserve())
            self._steps[fork] = _fork(fork + 1, len(self._steps))
        self._add(last)
        for end in ends:
            self._steps[end] = _go(len(self._steps))

    def _add_repeat(self, node: Repeat) -> None:
        for _ in range(node.low):
            self._add(node.body)
        if node.high is None:
            fork = self._add_turn(node.body)
            self._steps.append(_go(fork))
            self._steps[fork] = _fork(fork + 1, len(self._steps))
            return
        forks = [self._add_turn(node.body) for _ in range(node.high - node.low)]
        for fork in forks:
            self._steps[fork] = _fork(fork + 1, len(self._steps))

    def _add_turn(self, body: Node) -> int:
        """One more turn of a repetition, which must match something. Returns where to put the fork around it."""
        fork, loop = self._reserve(), self._loops
        self._loops += 1
        self._steps.append(_begin(loop, len(self._steps) + 1))
        self._add(body)
        self._steps.append(_moved(loop, len(self._steps) + 1))
        return fork

    def _reserve(self) -> int:
        self._steps.append(_go(0))
        return len(self._steps) - 1


def _character(node: Characters, after: int) -> Step:
    fits = lru_cache(256)(partial(has, node))
    return lambda text, at, marks: [(after, at + 1, marks)] if at < len(text) and fits(text[at]) else []


def _assertion(node: Assertion, after: int) -> Step:
    holds = re.compile({"$": r"\Z"}.get(node.kind, node.kind), re.ASCII)
    return lambda text, at, marks: [(after, at, marks)] if holds.match(text, at) else []


def _go(to: int) -> Step:
    return lambda _text, at, marks: [(to, at, marks)]


def _fork(first: int, second: int) -> Step:
    return lambda _text, at, marks: [(second, at, marks), (first, at, marks)]


def _begin(loop: int, after: int) -> Step:
    return lambda _text, at, marks: [(after, at, (*marks[:loop], at, *marks[loop + 1 :]))]


def _moved(loop: int, after: int) -> Step:
    return lambda _text, at, marks: [(after, at, marks)] if at > marks[loop] else []
