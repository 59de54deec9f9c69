r"""Reads a regex into a tree, as far as RE2 and JavaScript (flag ``i``) read it alike.

Allowed are letters, ``.``, classes, ``^ $ \b``, groups, ``|`` and repetitions. Differences stay only about characters
that addresses hardly hold: in JavaScript ``\s`` knows Unicode's spaces, ``.`` stops at all four line ends and counts an
emoji twice, and ``K`` (Kelvin) and ``ſ`` are no letters of ASCII in another case.
"""

from __future__ import annotations

import re

from anonmsg.pattern.tree import ANY, Alternatives, Assertion, Characters, Node, Repeat, Series

_CLASSES = {"d": "09", "w": "09AZ__az", "s": "\t\r  "}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_REPETITION = re.compile(r"([*+?]|\{\d{1,4}(?:,\d{0,4})?\})\??")
_BOUNDS = {"*": (0, None), "+": (1, None), "?": (0, 1)}


class Refused(Exception):
    """Says why, as a sentence."""


def read(regex: str) -> Node:
    """The tree. Raises :class:`Refused` at the first thing that is not read alike."""
    return _Reader(regex).whole()


class _Reader:
    """Reads from left to right, one method for each kind of thing."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._names: set[str] = set()

    def whole(self) -> Node:
        tree = self._alternatives()
        if self._at < len(self._text):
            raise Refused("There is a ) without its (. Write \\) for a plain one.")
        return tree

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, text: str) -> bool:
        taken = self._text.startswith(text, self._at)
        self._at += len(text) if taken else 0
        return taken

    def _alternatives(self) -> Node:
        found = [self._sequence()]
        while self._take("|"):
            found.append(self._sequence())
        return Alternatives(found) if len(found) > 1 else found[0]

    def _sequence(self) -> Node:
        found: list[Node] = []
        while self._next() not in ("", "|", ")"):
            found.append(self._repeated())
        return Series(found)

    def _repeated(self) -> Node:
        start = self._at
        node = self._atom()
        repetition = _REPETITION.match(self._text, self._at)
        if repetition is None:
            return node
        self._at = repetition.end()
        if isinstance(node, Assertion) or _REPETITION.match(self._text, self._at):
            raise Refused(f"“{self._text[start : self._at + 1]}” repeats what cannot be repeated.")
        low, high = _bounds(repetition[1])
        return Repeat(node, low, high)

    def _atom(self) -> Node:
        if self._take("("):
            return self._group()
        if self._take("["):
            return self._class()
        if self._take("\\"):
            return self._escape()
        character = self._next()
        self._at += 1
        if character in "^$":
            return Assertion(character)
        if character == ".":
            return ANY
        if character in "*+?{}]":
            raise Refused(f"“{character}” has nothing to belong to. Write \\{character} for a plain one.")
        return Characters.of(character * 2)

    def _group(self) -> Node:
        if self._take("?") and not (self._take(":") or self._name()):
            raise Refused(f"“(?{self._next()}” is not read alike everywhere. Use plain groups: ( ) or (?: ).")
        tree = self._alternatives()
        if not self._take(")"):
            raise Refused("There is a ( without its ). Write \\( for a plain one.")
        return tree

    def _name(self) -> bool:
        """Takes the name of a group, if there is one; a second group of this name is an error in browsers."""
        name = re.compile(r"<[A-Za-z]\w*>", re.ASCII).match(self._text, self._at)
        if name is None or name[0] in self._names:
            return False
        self._names.add(name[0])
        self._at = name.end()
        return True

    def _escape(self) -> Node:
        if (letter := self._next()) and letter in "bB":
            self._at += 1
            return Assertion("\\" + letter)
        return self._shorthand() or Characters.of(self._escaped() * 2)

    def _shorthand(self) -> Characters | None:
        r"""``\d``, ``\w``, ``\s`` or their opposites."""
        letter = self._next()
        if not letter or letter.lower() not in _CLASSES:
            return None
        self._at += 1
        return Characters.of(_CLASSES[letter.lower()], negated=letter.isupper())

    def _escaped(self) -> str:
        """The one character behind a backslash."""
        letter = self._next()
        self._at += 1
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter == "x" and (digits := re.compile("[0-9A-Fa-f]{2}").match(self._text, self._at)):
            self._at = digits.end()
            return chr(int(digits[0], 16))
        if not letter or letter.isalnum() or not letter.isascii() or letter.isspace():
            raise Refused(f"“\\{letter}” is not read alike everywhere." if letter else "The last \\ escapes nothing.")
        return letter

    def _class(self) -> Node:
        negated = self._take("^")
        found: list[Characters] = []
        if self._next() == "]":
            raise Refused("“[]” is not read alike everywhere. Write \\] for a plain ].")
        while not self._take("]"):
            found.append(self._class_item())
        return Characters.union(found, negated=negated)

    def _class_item(self) -> Characters:
        first = last = self._class_member()
        if self._next() == "-" and self._text[self._at + 1 : self._at + 2] not in ("]", ""):
            self._at += 1
            last = self._class_member()
        if isinstance(first, str) and isinstance(last, str) and first <= last:
            return Characters.of(first + last)
        if isinstance(first, Characters) and first is last:
            return first
        raise Refused("A range in [ ] must go from one character to a later one, such as a-z.")

    def _class_member(self) -> Characters | str:
        if not self._next():
            raise Refused("There is a [ without its ]. Write \\[ for a plain one.")
        if self._text.startswith(("[:", "[.", "[="), self._at):
            raise Refused("“[:” classes are not read alike everywhere. Write a range such as a-z.")
        if self._take("\\"):
            return self._shorthand() or self._escaped()
        self._at += 1
        return self._text[self._at - 1]


def _bounds(repetition: str) -> tuple[int, int | None]:
    if repetition in _BOUNDS:
        return _BOUNDS[repetition]
    low, comma, high = repetition[1:-1].partition(",")
    if high and int(high) < int(low):
        raise Refused(f"“{repetition}” counts down. Write the smaller number first.")
    return int(low), int(high) if high else None if comma else int(low)
