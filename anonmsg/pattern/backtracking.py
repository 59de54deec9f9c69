"""How long a browser would search with a regex: the steps of a backtracking matcher, counted on the worst addresses.

Browsers match by trying and going back. For some regexes that takes time that grows with a high power of the
address's length, or exponentially. Static rules find only some of those, and a stopwatch depends on the machine, so a
matcher like theirs runs on short strings made from the regex itself; its steps are counted and extrapolated.
"""

from __future__ import annotations

from anonmsg.pattern.attacks import Attack, attacks
from anonmsg.pattern.program import AT_ONCE, Program
from anonmsg.pattern.tree import Alternatives, Node, Repeat

FEW, SHORT, LONG = 20, 64, 128
"""Characters of the strings that are tried; how the steps grow from the second to the third gives the power.

The first is for ``(a?){25}a{25}`` and the like, which are quick again on strings that are long enough."""

LONGEST = 2_048
"""Characters of the longest address that the snippet tries a regex on."""

STEPS = 30_000_000
"""Allowed on an address of that length: some 5 ms in a browser. ``a.*b`` takes 2 of them, ``(a+)+$`` never ends."""

SIZE = 5_000
"""Parts that a regex may have, its counted repetitions written out."""

WORST = 6
"""Strings, of all that are tried short, that are tried long."""


def takes_too_long(tree: Node) -> bool:
    """Whether a search with this regex takes a browser too long on some address."""
    if _size(tree) > SIZE:
        return True
    if _one_loop(tree):
        return False
    program = Program(tree)
    tried = []
    for attack in attacks(tree):
        steps = max(program.steps(attack.text(length)) for length in (FEW, SHORT))
        if steps >= AT_ONCE:
            return True
        tried.append((steps, attack))
    tried.sort(key=lambda pair: pair[0], reverse=True)
    return any(_steps_on_longest(program, *pair) > STEPS for pair in tried[:WORST])


def _steps_on_longest(program: Program, short: int, attack: Attack) -> float:
    long = float(program.steps(attack.text(LONG)))
    if long >= AT_ONCE:
        return float("inf")
    growth = max(1.0, long / short)
    length = LONG
    while length < LONGEST:
        long, length = long * growth, length * 2
    return long


def _size(node: Node) -> int:
    inside = sum(_size(part) for part in node.parts)
    return 2 + inside * max(1, node.low, node.high or 0) if isinstance(node, Repeat) else 1 + inside


def _one_loop(tree: Node) -> bool:
    """A single repetition without choices inside costs at most the square of the length: nothing to try."""
    loops = [node for node in tree.walk() if isinstance(node, Repeat)]
    choices = any(isinstance(inner, Repeat | Alternatives) for loop in loops for inner in loop.body.walk())
    return not choices and sum(loop.varies for loop in loops) <= 1
