"""JSON that is no message: where in it, and why, in words for people who know no Python."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from anonmsg.message import Shape


class Unreadable(Exception):
    """``place`` is where it stands, e.g. ``$.display.width``; ``text`` says why, as a sentence."""

    def __init__(self, place: str, text: str) -> None:
        super().__init__(f"{place}: {text}")
        self.place, self.text = place, text


def read(raw: bytes | str, type: Any = Shape) -> Any:
    """What msgspec makes of JSON. Raises :class:`Unreadable`, whatever is wrong with it."""
    try:
        return msgspec.json.decode(raw, type=type)
    except msgspec.ValidationError as error:
        text, _, place = str(error).partition(" - at ")
        raise Unreadable(place.strip("`") or "$", _plainly(text)) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Unreadable("$", f"This is not JSON: {error}.") from error


TYPES = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "null",
    "array": "a list [ ]",
    "object": "an object { }",
    "datetime": "a time",
}
"""msgspec's words for what stands in JSON, and ours."""

_EXPECTED = re.compile(r"Expected `([a-z |]+)`(?:, got `([a-z]+)`)?")
_SIZE = re.compile(r"Expected `([a-z]+)`( of length)? (<=|>=) (-?\d+)")
_VALUE = re.compile(r"Invalid (?:enum )?value '(.*)'", re.DOTALL)
_FIELD = re.compile(r"Object (contains unknown|missing required) field `(.*)`", re.DOTALL)
_OTHERS = {
    "Invalid RFC3339 encoded datetime": "This is no time such as 2027-01-31T23:00:00Z.",
    "Expected `str` matching regex": "An id has letters, digits, “-” and “_” only.",
}


def _plainly(text: str) -> str:
    """What msgspec says, without the words of programmers."""
    for theirs, ours in _OTHERS.items():
        if text.startswith(theirs):
            return ours
    if size := _SIZE.match(text):
        unit = {"array": " entries", "str": " characters"}.get(size[1], "") if size[2] else ""
        return f"This must be {_type(size[1])}, {'at most' if size[3] == '<=' else 'at least'} {size[4]}{unit}."
    if expected := _EXPECTED.match(text):
        return f"This must be {_type(expected[1])}{f', not {_type(expected[2])}' if expected[2] else ''}."
    if value := _VALUE.match(text):
        return f"“{value[1]}” is none of the words that can stand here."
    if field := _FIELD.match(text):
        return f"There is no field “{field[2]}” here." if "unknown" in field[1] else f"“{field[2]}” is missing here."
    return f"{text}."


def _type(names: str) -> str:
    return " or ".join(TYPES.get(name, name) for name in names.split(" | "))
