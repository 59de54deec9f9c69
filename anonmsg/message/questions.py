"""What a message asks."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from anonmsg.message.limits import Limits
from anonmsg.message.value import Id, Label, Value
from anonmsg.message.word import Word


class QuestionKind(Word):
    SINGLE = "single", "One of several"
    MULTIPLE = "multiple", "Any of several"
    RATING = "rating", "Rating"
    NPS = "nps", "0 to 10"
    TEXT = "text", "Short text"


CHOICES = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
"""Questions that need options to choose from."""


class Marks(Word):
    """How the points of a rating look, from 1 to the last of :data:`POINTS`."""

    STARS = "stars", "Stars"
    NUMBERS = "numbers", "Numbers"


POINTS: dict[QuestionKind, range] = {QuestionKind.RATING: range(1, 6), QuestionKind.NPS: range(11)}
"""The answers to questions that are answered with a number."""


class Question(Value, frozen=True, tag_field="type", tag="question"):
    """``low`` and ``high`` say what the ends of a scale mean; ``marks`` is how a rating looks."""

    id: Id = ""
    kind: QuestionKind = QuestionKind.SINGLE
    label: Annotated[str, Meta(max_length=Limits.HEADING)] = ""
    options: Annotated[tuple[Annotated[str, Meta(max_length=Limits.OPTION)], ...], Meta(max_length=Limits.OPTIONS)] = ()
    required: bool = False
    marks: Marks = Marks.STARS
    low: Label = ""
    high: Label = ""

    def choices(self) -> tuple[str | int, ...]:
        """What can be answered, in order: its options or its points; nothing where the visitor types."""
        if self.kind in POINTS:
            return tuple(POINTS[self.kind])
        return self.options if self.kind in CHOICES else ()


class Email(Value, frozen=True, tag_field="type", tag="email"):
    """``identifies``: a valid answer makes the visitor identified. ``consent`` is a line to tick with an address."""

    id: Id = ""
    label: Annotated[str, Meta(max_length=Limits.HEADING)] = ""
    consent: Annotated[str, Meta(max_length=Limits.TEXT)] = ""
    identifies: bool = True
    required: bool = True
