r"""How long a browser may search with a regex: an upper bound, read off the regex itself.

Browsers match by trying and going back. What makes that long is a stretch that can be taken in many ways, so each part
says in how many ways, at most, it ends where the next one can begin. A repetition ends in one way when what follows
cannot prolong it (``[a-z]+/``); ``.*`` ends anywhere, and two of them anywhere twice. A repetition of something that
itself ends in several ways has no bound, unless each turn begins with what cannot be inside: ``(-\w+)*``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product, zip_longest
from math import comb, inf

from anonmsg.pattern.tree import Alternatives, Assertion, Characters, Node, Repeat, Series

LONGEST = 2_048
"""Characters of the longest address that the snippet tries a regex on."""

STEPS = 20_000_000
"""The highest bound that is allowed. What is measured on the worst addresses stays far below it."""

TURNS = 30
"""Turns from which on even two ways each are too many."""

WORD = 16
"""Characters of a word that are looked at for how close two of its places can be."""

ALL, NOTHING = Characters(((0, 0x10FFFF),)), Characters(())


@dataclass(frozen=True)
class Amount:
    """``times[n]`` the ways to choose n places in the address from left to right, for each n."""

    times: tuple[float, ...]

    def __add__(self, other: Amount) -> Amount:
        return Amount(tuple(map(sum, zip_longest(self.times, other.times, fillvalue=0))))

    def __mul__(self, other: Amount) -> Amount:
        found = [0.0] * (self.places + other.places + 1)
        for (at, one), (by, two) in product(enumerate(self.times), enumerate(other.times)):
            found[at + by] += one * two if one and two else 0
        return Amount(tuple(found)) if len(found) <= TURNS else ENDLESS

    @property
    def places(self) -> int:
        return len(self.times) - 1

    def shared(self, by: int) -> Amount:
        """When only one place of so many fits."""
        return Amount(tuple(one / by if at else one for at, one in enumerate(self.times)))

    def on(self, length: int) -> float:
        return sum(one * comb(length + at, at) for at, one in enumerate(self.times) if one)


ZERO, ONE, ANYWHERE, ENDLESS = Amount((0,)), Amount((1,)), Amount((0, 1)), Amount((inf,))


@dataclass(frozen=True)
class Cost:
    """``ways`` to end where what follows can begin; ``steps`` to try them all."""

    ways: Amount
    steps: Amount


def takes_too_long(tree: Node) -> bool:
    """Whether a search with this regex may take a browser too long on some address."""
    return bound(tree, LONGEST) > STEPS


def bound(tree: Node, length: int) -> float:
    """The steps of a search in any text of this length, but for a small factor."""
    choices = tree.parts if isinstance(tree, Alternatives) else [tree]
    return sum(_searched(_flat([choice])).on(length) for choice in choices)


def _searched(parts: list[Node]) -> Amount:
    """A repetition at the very end never has to give anything back."""
    while parts and isinstance(last := parts[-1], Repeat) and last.varies and isinstance(last.body, Characters):
        parts = parts[:-1] + [last.body] * last.low
    starts = ONE if parts[:1] == [Assertion("^")] else ANYWHERE
    return ANYWHERE + _series(parts, ALL, starts).steps


def _cost(node: Node, then: Characters) -> Cost:
    match node:
        case Series():
            return _series(_flat(node.parts), then, ONE)
        case Alternatives():
            return _alternatives(node, then)
        case Repeat():
            return _repeat(node, then)
    return Cost(ONE, ONE)


def _flat(parts: Sequence[Node]) -> list[Node]:
    """Without the groups that only hold a series."""
    return [inner for part in parts for inner in (_flat(part.parts) if isinstance(part, Series) else [part])]


def _series(parts: Sequence[Node], then: Characters, ways: Amount) -> Cost:
    """``ways`` are those in which it begins. A word behind ``.*`` cannot stand at every place, only at every few."""
    steps, sparse = ZERO, _Sparse(ways)
    for part, follow in zip(parts, _follows(parts, then), strict=True):
        cost = _cost(part, follow)
        steps += sparse.ways * cost.steps
        sparse = sparse.then(part, cost.ways)
    return Cost(sparse.ways, steps)


@dataclass(frozen=True)
class _Sparse:
    """The ways to come to a place, and the word that had to be just before it."""

    all: Amount
    word: tuple[Characters, ...] | None = ()

    @property
    def ways(self) -> Amount:
        return self.all.shared(_distance(self.word or ()))

    def then(self, part: Node, ways: Amount) -> _Sparse:
        if isinstance(part, Characters):
            return self if self.word is None else replace(self, word=(*self.word, part)[:WORD])
        if isinstance(part, Assertion):
            return self
        return _Sparse(self.ways * ways, () if ways.places else None)


def _distance(word: tuple[Characters, ...]) -> int:
    """How far apart two places of the word are, at least: 3 for ``foo``, 1 for ``aa``."""
    apart = (by for by in range(1, len(word)) if all(map(Characters.meets, word, word[by:])))
    return next(apart, max(1, len(word)))


def _alternatives(node: Alternatives, then: Characters) -> Cost:
    costs = [_cost(part, then) for part in node.parts]
    ways = [cost.ways for cost in costs]
    best = Amount(tuple(map(max, zip_longest(*(one.times for one in ways), fillvalue=0))))
    return Cost(best if _apart(node, then) else sum(ways, ZERO), sum((cost.steps for cost in costs), ONE))


def _repeat(node: Repeat, then: Characters) -> Cost:
    begin = first(node.body, then)
    turn = _cost(node.body, then if node.high == 1 else Characters.union([begin, then], negated=False))
    if turn.ways == ONE:
        ways = ONE if not node.varies or not begin.meets(then) else _turns(node)
        return Cost(ways, turn.steps * Amount((node.high + 1,)) if node.high is not None else _spread(turn.steps))
    if _single(node.body) and not any(one.meets(first(node.body, ALL)) for one in _inside(node.body)):
        return Cost(ANYWHERE, _spread(turn.steps))
    return _tried(node, turn)


def _turns(node: Repeat) -> Amount:
    return ANYWHERE if node.high is None else Amount((node.high - node.low + 1,))


def _spread(steps: Amount) -> Amount:
    """Of all turns together, which share the address."""
    return Amount((0, sum(steps.times[:2]) * 2, *(2 * times for times in steps.times[2:])))


def _tried(node: Repeat, turn: Cost) -> Cost:
    """Turns that each end in several ways."""
    if node.high is None or node.high > TURNS:
        return Cost(ENDLESS, ENDLESS)
    ways, steps, so_far = ONE if node.low == 0 else ZERO, ONE, ONE
    for count in range(1, node.high + 1):
        steps += so_far * turn.steps
        so_far *= turn.ways
        ways += so_far if count >= node.low else ZERO
    return Cost(ways, steps)


def first(node: Node, then: Characters) -> Characters:
    """The characters with which the part can begin, or what follows where the part can be empty.

    ALL where it can be empty in many ways, so that it may take long before the next character refuses it.
    """
    match node:
        case Characters():
            return node
        case Assertion():
            return NOTHING if node.kind == "$" else then
        case Alternatives():
            begin = [first(part, then) for part in node.parts]
            return ALL if _empties(node) > 1 else Characters.union(begin, negated=False)
        case Repeat() if _empty(node.body):
            return ALL
        case Repeat():
            found = first(node.body, then)
            return Characters.union([found, then], negated=False) if node.low == 0 else found
    return first(node.parts[0], _follows(node.parts, then)[0]) if node.parts else then


def _follows(parts: Sequence[Node], then: Characters) -> list[Characters]:
    """What can follow on each of the parts."""
    found = [then]
    for part in reversed(parts[1:]):
        found.append(first(part, found[-1]))
    return found[: len(parts)][::-1]


def _apart(node: Alternatives, then: Characters) -> bool:
    """Whether the next character says which of them it is."""
    begin = [first(part, then) for part in node.parts]
    return _empties(node) <= 1 and not any(one.meets(other) for at, one in enumerate(begin) for other in begin[:at])


def _empties(node: Alternatives) -> int:
    return sum(map(_empty, node.parts))


def _empty(node: Node) -> bool:
    """Whether it can take no character."""
    match node:
        case Alternatives():
            return _empties(node) > 0
        case Repeat():
            return node.low == 0 or _empty(node.body)
    return not isinstance(node, Characters) and all(map(_empty, node.parts))


def _inside(node: Node) -> list[Characters]:
    """All characters but the one that it begins with."""
    if isinstance(node, Alternatives):
        return [one for part in node.parts for one in _inside(part)]
    parts = _flat([node])
    return [one for part in parts[isinstance(parts[0], Characters) :] for one in part.characters()] if parts else []


def _single(node: Node) -> bool:
    """Whether there is no more than one way to each place where it can end."""
    if isinstance(node, Alternatives):
        return _apart(node, ALL) and all(map(_single, node.parts))
    if isinstance(node, Repeat):
        return bool(_width(node.body)) and _single(node.body)
    widths = [_width(part) for part in node.parts]
    return widths.count(None) <= 1 and all(map(_single, node.parts))


def _width(node: Node) -> int | None:
    """The characters that it takes, if they are always as many."""
    if isinstance(node, Characters):
        return 1
    widths = [_width(part) for part in node.parts]
    if None in widths or (isinstance(node, Repeat) and node.varies):
        return None
    known = [width for width in widths if width is not None]
    if isinstance(node, Alternatives):
        return known[0] if len(set(known)) == 1 else None
    return sum(known) * (node.low if isinstance(node, Repeat) else 1)
