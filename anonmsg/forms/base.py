"""What every step's form can do: be filled from a message, and be read back into one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

import msgspec
from werkzeug.datastructures import MultiDict
from wtforms import Field, FieldList, Form, FormField, HiddenField

from anonmsg.forms.lists import Pairs
from anonmsg.message import Shape
from anonmsg.problems import errors


class StepForm(Form):
    """The form of one wizard step.

    A field is named after its place in the shape, with dashes for dots: what is wrong with ``page_rules.0.value`` is
    shown at the field ``page_rules-0-value``, and the review links to it.
    """

    FIELDS: ClassVar[Sequence[str]] = ()
    """The shape's fields that this step writes. It leaves all others alone."""

    lock = HiddenField()
    """The message's ``lock`` when the page was made; another one now means that somebody saved in between."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.general_errors: list[str] = []
        """What is wrong with the whole rather than with one field."""
        self.notes: list[str] = []
        """What was understood, where it may surprise."""

    @classmethod
    def of(cls, shape: Shape) -> Self:
        """The form that shows this message."""
        return cls(data=cls.values_of(shape))

    @classmethod
    def typed(cls, pairs: Pairs) -> Self:
        """The form as somebody sent it."""
        return cls(MultiDict(pairs))

    @classmethod
    def values_of(cls, shape: Shape) -> dict[str, Any]:
        """What the fields hold for this message."""
        raise NotImplementedError

    def values(self, before: Shape) -> dict[str, Any]:
        """This step's part of the shape in builtin types, once the fields are valid."""
        raise NotImplementedError

    def draft(self, before: Shape) -> Shape | None:
        """``before`` with what was typed; None, and errors at their fields, when it cannot be understood."""
        if not self.validate():
            return None
        try:
            return msgspec.convert({**msgspec.to_builtins(before), **self.values(before)}, Shape)
        except msgspec.ValidationError as error:
            text, _, where = str(error).partition(" - at `$.")
            self.show(re.sub(r"\[(\d+)\]", r".\1", where.rstrip("`")), _explained(text))
            return None

    def read(self, before: Shape, now: datetime) -> Shape | None:
        """Like :meth:`draft`, and None also when something stops a save."""
        return self.judged(self.draft(before), now)

    def judged(self, shape: Shape | None, now: datetime, tolerated: Collection[str] = ()) -> Shape | None:
        """The shape unless something in this step's part of it stops a save, other than the codes ``tolerated``."""
        if shape is None:
            return None
        found = [problem for problem in errors(shape, now) if problem.code not in tolerated]
        mine = [problem for problem in found if problem.where.split(".")[0] in self.FIELDS]
        for problem in mine:
            self.show(problem.where, problem.text)
        return None if mine else shape

    def show(self, where: str, text: str) -> None:
        """Put an error next to the field that caused it, or the first of a list; above all when there is none."""
        name = where.replace(".", "-")
        field = next((field for field in self.all_fields() if field.name in (name, f"{name}-0")), None)
        if field is None:
            self.general_errors.append(text)
        else:
            field.errors = [*field.errors, text]

    def all_fields(self) -> Iterator[Field]:
        """Every field that holds a value, those inside lists too."""
        yield from leaves(self)

    @property
    def mistakes(self) -> list[tuple[str, str]]:
        """Every error as ``(id of its field, text)``, in the order of the page."""
        general = [("", text) for text in self.general_errors]
        return general + [(field.id, str(error)) for field in self.all_fields() for error in field.errors]


def leaves(fields: Form | Field) -> Iterator[Field]:
    for field in fields:  # type: ignore[union-attr]
        if isinstance(field, FormField | FieldList):
            yield from leaves(field)
        else:
            yield field


def _explained(text: str) -> str:
    limit = re.fullmatch(r"Expected `array` of length <= (\d+)", text)
    return f"There are too many of these: at most {limit[1]}." if limit else "A message cannot hold this."
