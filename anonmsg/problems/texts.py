"""Texts in which there is nothing to see, or what no text can hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import msgspec

from anonmsg.message import Shape
from anonmsg.problems.problem import Problem


def is_blank(text: str) -> bool:
    """Whether there is nothing to see, though perhaps something that is invisible."""
    return all(unicodedata.category(letter) in ("Cc", "Cf", "Zs", "Zl", "Zp") for letter in text)


def odd_text(shape: Shape) -> Iterator[Problem]:
    """NUL and lone surrogates: PostgreSQL and SQLite refuse one each, so neither gets in."""
    for where, text in _texts(msgspec.to_builtins(shape), ""):
        if any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in text):
            yield Problem("error", "text_invalid", where, "There is a character here that no text can hold.")


def _texts(value: object, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    for key, inner in pairs:
        yield from _texts(inner, f"{where}.{key}" if where else str(key))
