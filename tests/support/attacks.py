"""Strings on which a regex may search for long, made from the regex itself.

What makes a search long is a stretch that the regex can take in many ways, followed by something that does not fit.
So each repetition is given its own words many times, behind what the regex wants first and before what it cannot take.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from anonmsg.pattern.tree import Alternatives, Characters, Node, Repeat, Series
from tests.support.letters import borders, has, only

LETTERS = 24
"""Characters that are tried one by one, first those that the regex names."""

WORDS = 8
"""Texts that are tried for one part of the regex."""


@dataclass(frozen=True)
class Attack:
    """``before``, then each of ``pumped`` again and again, then ``after``."""

    before: str
    pumped: tuple[str, ...]
    after: str = "\n"

    def text(self, length: int) -> str:
        """The string; ``length`` is that of the pumped stretch."""
        share = length // len(self.pumped)
        return self.before + "".join(word * max(1, share // len(word)) for word in self.pumped) + self.after


def attacks(tree: Node) -> list[Attack]:
    """Each once; the more specific come first."""
    letters = _letters(tree)
    found = [attack for before, loop in _loops(tree, "", letters) for attack in _on_loop(before, loop, letters)]
    words = _words(tree)
    found += [Attack("", tuple(words[:count])) for count in range(1, len(words) + 1)]
    found += [Attack("", (word,)) for word in [*words, *_samples(tree, letters), *letters] if word]
    return list(dict.fromkeys(found))


def _on_loop(before: str, loop: Repeat, letters: list[str]) -> Iterator[Attack]:
    for word in filter(None, _samples(loop.body, letters)):
        for after in _misfits(loop, letters):
            yield Attack(before, (word,), after)


def _misfits(loop: Repeat, letters: list[str]) -> list[str]:
    """Nothing, the end of a line, and a character that the repetition cannot take; always in this order."""
    inside = loop.characters()
    foreign = next((letter for letter in letters if not any(has(one, letter) for one in inside)), "!")
    return list(dict.fromkeys(["", "\n", foreign]))


def _letters(tree: Node) -> list[str]:
    """One character of each sort that the regex tells apart, those of the smallest sets first."""
    sets = sorted(tree.characters(), key=lambda one: sum(high - low for low, high in one.ranges))
    found = [border.lower() for one in sets for border in borders(one)]
    return list(dict.fromkeys(found))[:LETTERS]


def _samples(node: Node, letters: list[str]) -> list[str]:
    """Some of the texts that fit; never none, so that what follows still gets its own."""
    match node:
        case Characters():
            found = _unlike([letter for letter in letters if has(node, letter)] or [*borders(node)][:1])
        case Series():
            parts = [_samples(part, letters) for part in node.parts]
            found = ["".join(texts) for texts in [*islice(product(*parts), WORDS // 2), *_varied(parts)]]
        case Alternatives():
            found = [text for part in node.parts for text in _samples(part, letters)[:3]]
        case Repeat():
            turns = _samples(node.body, letters)
            found = [text * max(node.low, 1) for text in turns[: WORDS - 2]]
            found += [""] * (node.low == 0) + ["".join(turns)] * (node.varies and len(turns) > 1)
        case _:
            found = []
    return list(dict.fromkeys(found))[:WORDS] or [""]


def _unlike(letters: list[str]) -> list[str]:
    r"""Three of them, of words and from between words where there are both: ``\b`` tells them apart."""
    first = letters[:2]
    between = [letter for letter in letters if _in_word(letter) != _in_word(letters[0])]
    return list(dict.fromkeys([*first, *between[:1], *letters[2:3]]))[:3]


def _in_word(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter == "_")


def _varied(parts: list[list[str]]) -> Iterator[list[str]]:
    """The first text of every part, and then one part after the other in its other ways."""
    first = [texts[0] for texts in parts]
    for at, texts in enumerate(parts):
        yield from ([*first[:at], text, *first[at + 1 :]] for text in texts[:0:-1])


def _loops(node: Node, before: str, letters: list[str]) -> Iterator[tuple[str, Repeat]]:
    """Every repetition of varying length, with a text that leads to it."""
    if isinstance(node, Repeat) and node.varies:
        yield before, node
    for part in node.parts:
        yield from _loops(part, before, letters)
        if isinstance(node, Series):
            before += _samples(part, letters)[0]


def _words(tree: Node) -> list[str]:
    """The plain words in the regex, from left to right."""
    words = [_word(node) for node in tree.walk() if isinstance(node, Series)]
    return list(dict.fromkeys(word for found in words for word in found.split("\0") if word))[:WORDS]


def _word(series: Series) -> str:
    """Its plain characters, with NUL where something else stands."""
    return "".join((isinstance(part, Characters) and only(part)) or "\0" for part in series.parts)
