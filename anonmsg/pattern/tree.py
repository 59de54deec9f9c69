"""The parts of a regex. Letters stand for both cases, since page rules have no regard to case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


class Node:
    """A part of a regex."""

    parts: Sequence[Node] = ()

    def walk(self) -> Iterator[Node]:
        """Itself and everything inside, from left to right."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def characters(self) -> list[Characters]:
        return [node for node in self.walk() if isinstance(node, Characters)]


@dataclass(frozen=True)
class Characters(Node):
    """One character of a set, given as sorted ranges that do not touch."""

    ranges: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, ends: str, *, negated: bool = False) -> Characters:
        """From the first and last characters of the set's ranges, one after the other."""
        pairs = [(ord(low), ord(high)) for low, high in zip(ends[::2], ends[1::2], strict=True)]
        found = cls(_merged(pairs + [pair for low, high in pairs for pair in _other_case(low, high)]))
        return found._others() if negated else found

    @classmethod
    def union(cls, sets: Sequence[Characters], *, negated: bool) -> Characters:
        found = cls(_merged([pair for one in sets for pair in one.ranges]))
        return found._others() if negated else found

    def _others(self) -> Characters:
        ends = [-1, *(end for pair in self.ranges for end in pair), 0x110000]
        gaps = ((ends[i] + 1, ends[i + 1] - 1) for i in range(0, len(ends), 2))
        return Characters(tuple(gap for gap in gaps if gap[0] <= gap[1]))

    def meets(self, other: Characters) -> bool:
        """Whether a browser may find a character in both."""
        common = any(low <= high2 and low2 <= high for low, high in self.ranges for low2, high2 in other.ranges)
        return common or (self._wide() and other._wide())

    def _wide(self) -> bool:
        r"""Whether it has characters beyond ASCII: those of ``\s`` and of other cases are not in ``ranges``.

        Only ``\s`` and what is like it has ``\v``, character 11.
        """
        return any(high > 127 or low <= 11 <= high for low, high in self.ranges)


@dataclass(frozen=True)
class Assertion(Node):
    r"""``^``, ``$``, ``\b`` or ``\B``."""

    kind: str


@dataclass(frozen=True)
class Series(Node):
    """One part after the other."""

    parts: Sequence[Node]


@dataclass(frozen=True)
class Alternatives(Node):
    parts: Sequence[Node]


@dataclass(frozen=True)
class Repeat(Node):
    """``low`` to ``high`` times; None: without end."""

    body: Node
    low: int
    high: int | None

    @property
    def parts(self) -> Sequence[Node]:  # type: ignore[override]
        return (self.body,)

    @property
    def varies(self) -> bool:
        return self.low != self.high


def _merged(pairs: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(pairs):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def _other_case(low: int, high: int) -> Iterator[tuple[int, int]]:
    """The range's ASCII letters in their other case; of other scripts, only where it is a single letter."""
    for first, last, shift in ((65, 90, 32), (97, 122, -32)):
        if low <= last and high >= first:
            yield max(low, first) + shift, min(high, last) + shift
    if low == high and len(other := chr(low).swapcase()) == 1:
        yield ord(other), ord(other)


ANY = Characters.of("\n\n\r\r\u2028\u2029", negated=True)
"""What ``.`` stands for in JavaScript."""
