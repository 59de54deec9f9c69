"""What the words of the contract have in common."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A word of the contract: its value is stored and sent, its ``label`` is what people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """``(value, label)`` pairs in the order of definition, as a select wants them."""
        return [(word.value, word.label) for word in cls]
