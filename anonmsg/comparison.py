"""Two states of a message side by side in plain words, with what differs between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

import msgspec

from anonmsg import markup, sentences
from anonmsg.message import Block, List, Row, Shape, Text

MOST = 80
"""How many words of a line, or lines, between the first and the last that differ are compared one by one. With more it
takes long where they repeat, so that all in between counts as differing."""

Words = tuple[tuple[str, bool], ...]
"""A line in pieces, each with whether it differs from the other side."""


@dataclass(frozen=True, order=True)
class Item:
    """What is compared: ``sentence`` is for people, ``facts`` are everything stored of it, so that none is missed."""

    sentence: str
    facts: tuple[tuple[str, str], ...]

    @property
    def kind(self) -> tuple[str | None, str | None]:
        """Two of one kind are the same thing, changed, rather than two things. A part that is no block has none."""
        facts = dict(self.facts)
        return facts.get("type"), facts.get("id")

    def beside(self, other: Item) -> str:
        """The sentence, and what differs from ``other`` without being told by it."""
        theirs, same = dict(other.facts), self.sentence == other.sentence
        differing = [(name, value) for name, value in self.facts if theirs.get(name) != value]
        untold = [
            f"{name}: {value}"
            for name, value in differing
            if value not in self.sentence and (same or (name in theirs and self.kind[0] and not name.endswith("type")))
        ]
        return f"{self.sentence} ({'; '.join(untold)})" if untold else self.sentence


@dataclass(frozen=True)
class Pair:
    """One line of both sides; None where a side has nothing like it."""

    left: Words | None
    right: Words | None

    @property
    def how(self) -> Literal["same", "changed", "removed", "added"]:
        if self.left is None or self.right is None:
            return "added" if self.left is None else "removed"
        return "changed" if any(differs for _, differs in self.left + self.right) else "same"


@dataclass(frozen=True)
class Section:
    title: str
    pairs: list[Pair]

    @property
    def differs(self) -> bool:
        return any(pair.how != "same" for pair in self.pairs)


def compare(left: Shape, right: Shape) -> list[Section]:
    """Every part of a message, in the order in which it is made. What neither side has is left out."""
    found = [Section(title, _pairs(items(left), items(right))) for title, items in _SECTIONS.items()]
    rest = [pair for pair in _pairs(sorted(_else(left)), sorted(_else(right))) if pair.how != "same"]
    return [section for section in (*found, Section("Further settings", rest)) if section.pairs]


def _whole(sentence: Callable[[Shape], str], *fields: str) -> Callable[[Shape], list[Item]]:
    """These fields of the message as one item."""

    def items(shape: Shape) -> list[Item]:
        held = msgspec.to_builtins(shape)
        facts = tuple(fact for field in fields if field in held for fact in _facts(held[field], _named(field)))
        said = sentence(shape).strip()
        return [Item(said, facts)] if said or any(value for _, value in facts) else []

    return items


def _content(shape: Shape) -> list[Item]:
    found = []
    for number, step in enumerate(shape.steps, 1):
        if len(shape.steps) > 1:
            found.append(Item(f"Step {number}", (("type", "step"), ("id", step.id))))
        for block in step.blocks:
            found += _blocks(block, shape)
    return found


def _blocks(block: Block, shape: Shape) -> Iterator[Item]:
    if not isinstance(block, Row):
        yield Item(_said(block, shape), tuple(_facts(msgspec.to_builtins(block))))
        return
    yield Item(sentences.block(block, shape), (("type", "row"), ("columns", str(len(block.columns)))))
    for number, column in enumerate(block.columns, 1):
        for inner in column:
            (item,) = _blocks(inner, shape)
            yield Item(f"Column {number}: {item.sentence}", (*item.facts, ("column", str(number))))


def _said(block: Block, shape: Shape) -> str:
    """Words with their bold, italic and links, which a sentence leaves out."""
    match block:
        case Text(paragraphs=lines) | List(items=lines):
            return f"{type(block).__name__} “{markup.write(lines)}”"
    return sentences.block(block, shape)


def _facts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every value with what it is called: ``action url``, ``options``."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _facts(inner, f"{name} {_named(key)}".strip())
    elif isinstance(value, list | tuple) and any(isinstance(inner, dict | list | tuple) for inner in value):
        for number, inner in enumerate(value, 1):
            yield from _facts(inner, f"{name} {number}")
    elif isinstance(value, list | tuple):
        yield name, " · ".join(map(str, value))
    else:
        yield name, _WORDS.get(repr(value), str(value))


def _named(key: str) -> str:
    return key.replace("_", " ")


_WORDS = {"True": "yes", "False": "no", "None": "none"}


def _else(shape: Shape) -> Iterator[Item]:
    """The fields that no other section is about."""
    held = msgspec.to_builtins(shape)
    for field in held.keys() - _OWN:
        facts = tuple(_facts(held[field], _named(field)))
        yield Item("; ".join(f"{name}: {value}" for name, value in facts), (("type", field), *facts))


_WHOLE: dict[str, tuple[Callable[[Shape], str], tuple[str, ...]]] = {
    "Name": (lambda shape: shape.name, ("name",)),
    "What for": (lambda shape: shape.description, ("description",)),
    "Where": (
        lambda shape: f"{sentences.rules(shape.page_rules)} {sentences.conditions(shape)}",
        ("page_rules", "conditions"),
    ),
    "How often": (
        lambda shape: f"{sentences.frequency(shape.frequency)} {sentences.holdout(shape)}",
        ("frequency", "holdout"),
    ),
    "When": (lambda shape: sentences.schedule(shape.schedule), ("schedule",)),
    "Look": (lambda shape: sentences.display(shape.display), ("display",)),
}
"""The sections that are one sentence, each with the fields that it is about."""

_SECTIONS: dict[str, Callable[[Shape], list[Item]]] = {
    **{title: _whole(sentence, *fields) for title, (sentence, fields) in _WHOLE.items()},
    "Content": _content,
}
_OWN = {"id", "steps"}.union(*(fields for _, fields in _WHOLE.values()))
"""The fields that have a section of their own."""


def _pairs(left: Sequence[Item], right: Sequence[Item]) -> list[Pair]:
    found: list[Pair] = []
    for how, ours, theirs in _runs(left, right):
        if how == "equal":
            found += [Pair(_plain(item), _plain(item)) for item in left[ours]]
        else:
            found += _changed(left[ours], right[theirs])
    return found


def _changed(left: Sequence[Item], right: Sequence[Item]) -> Iterator[Pair]:
    """Where all items differ: those of one kind beside each other, what is left over alone."""
    for how, ours, theirs in _runs([item.kind for item in left], [item.kind for item in right]):
        if how == "equal":
            yield from (_beside(*two) for two in zip(left[ours], right[theirs], strict=True))
        else:
            yield from (Pair(_all(item.sentence), None) for item in left[ours])
            yield from (Pair(None, _all(item.sentence)) for item in right[theirs])


def _beside(left: Item, right: Item) -> Pair:
    one, other = left.beside(right), right.beside(left)
    if one == other:
        # Stored differently, said alike: nothing that differs may look the same.
        return Pair(_all(one), _all(other))
    words = re.findall(r"\S+|\s+", one), re.findall(r"\S+|\s+", other)
    sides: tuple[list[tuple[str, bool]], list[tuple[str, bool]]] = [], []
    for how, *places in _runs(*words):
        for side, run, place in zip(sides, words, places, strict=True):
            side.extend([("".join(run[place]), how != "equal")] if run[place] else [])
    return Pair(tuple(sides[0]), tuple(sides[1]))


def _runs(left: Sequence[Any], right: Sequence[Any]) -> Iterator[tuple[str, slice, slice]]:
    """What is equal and what is not, in order: how, and where on each side."""
    most = min(len(left), len(right))
    start = next((at for at in range(most) if left[at] != right[at]), most)
    most -= start
    end = next((at for at in range(most) if left[-1 - at] != right[-1 - at]), most)
    ours, theirs = left[start : len(left) - end], right[start : len(right) - end]
    yield "equal", slice(0, start), slice(0, start)
    if len(ours) + len(theirs) > 2 * MOST:
        yield "replace", slice(start, start + len(ours)), slice(start, start + len(theirs))
    else:
        for how, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
            yield how, slice(start + i1, start + i2), slice(start + j1, start + j2)
    yield "equal", slice(len(left) - end, len(left)), slice(len(right) - end, len(right))


def _plain(item: Item) -> Words:
    return ((item.sentence, False),)


def _all(text: str) -> Words:
    return ((text, True),)
