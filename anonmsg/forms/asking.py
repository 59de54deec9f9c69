"""The forms of blocks that ask visitors something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import msgspec
from wtforms import BooleanField, FieldList, HiddenField, StringField

from anonmsg.forms.block import BlockForm
from anonmsg.forms.fields import WordField, at_most
from anonmsg.message import CHOICES, POINTS, Email, Limits, Marks, Question, QuestionKind


class QuestionForm(BlockForm):
    """Only what the chosen ``kind`` uses counts."""

    TYPE = "question"
    TITLE = "Question"
    LISTS = ("options",)
    ID = "q"
    OFFERED: ClassVar[dict[str, list[int]]] = {
        **{kind.value: list(points) for kind, points in POINTS.items()},
        **{kind.value: [] for kind in CHOICES},
    }
    """By kind the points to choose from, none where the options are. Without what visitors type into. For scripts."""

    id = HiddenField()
    label = StringField("Question", [at_most(Limits.HEADING)])
    kind = WordField("Answered with", QuestionKind)
    options = FieldList(StringField("Answer", [at_most(Limits.OPTION)]), min_entries=2)
    marks = WordField("Shown as", Marks)
    low = StringField("Words at the low end", [at_most(Limits.LABEL)])
    high = StringField("Words at the high end", [at_most(Limits.LABEL)])
    required = BooleanField("Must be answered")

    @classmethod
    def values_of(cls, block: Question) -> dict[str, Any]:
        return msgspec.structs.asdict(block)

    def values(self) -> dict[str, Any]:
        """A blank answer is one that was not typed yet."""
        asked = self.asked()
        return {"type": "question", **{name: asked[name] for name in Question.__struct_fields__ if name in asked}}

    def asked(self) -> dict[str, Any]:
        kind = self.kind.data
        asked = {"id": self.id.data or "", "kind": kind, "label": (self.label.data or "").strip()}
        asked["required"] = self.required.data
        if kind in CHOICES:
            asked["options"] = tuple(text for entry in self.options if (text := (entry.data or "").strip()))
        if kind in POINTS:
            asked |= {"low": (self.low.data or "").strip(), "high": (self.high.data or "").strip()}
        if kind is QuestionKind.RATING:
            asked["marks"] = self.marks.data
        return asked

    def choices(self) -> Sequence[str | int]:
        """What can be answered, as it stands."""
        return Question(**self.asked()).choices()


class EmailForm(BlockForm):
    TYPE = "email"
    TITLE = "E-mail field"
    ID = "e"
    id = HiddenField()
    label = StringField("Prompt", [at_most(Limits.HEADING)])
    consent = StringField("Consent line", [at_most(Limits.TEXT)])
    identifies = BooleanField("An answer says who the visitor is", default=True)
    required = BooleanField("Must be answered", default=True)

    @classmethod
    def values_of(cls, block: Email) -> dict[str, Any]:
        return msgspec.structs.asdict(block)

    def values(self) -> dict[str, Any]:
        said = {"label": (self.label.data or "").strip(), "consent": (self.consent.data or "").strip()}
        ticked = {"identifies": self.identifies.data, "required": self.required.data}
        return {"type": "email", "id": self.id.data or "", **said, **ticked}
