"""The first step: what the message is called, for colleagues."""

from __future__ import annotations

from typing import Any

from wtforms import StringField, TextAreaField

from anonmsg.forms.base import StepForm
from anonmsg.forms.fields import at_most
from anonmsg.message import Limits, Shape


def _with_plain_line_ends(text: str | None) -> str | None:
    """Browsers count a line end as one character, but send two."""
    return text and text.replace("\r\n", "\n")


class DetailsForm(StepForm):
    FIELDS = ("name", "description")

    name = StringField("Name", [at_most(Limits.NAME)])
    description = TextAreaField("Description", [at_most(Limits.DESCRIPTION)], filters=[_with_plain_line_ends])

    @classmethod
    def values_of(cls, shape: Shape) -> dict[str, Any]:
        return {"name": shape.name, "description": shape.description}

    def values(self, before: Shape) -> dict[str, Any]:
        return {
            "name": (self.name.data or "").strip(),
            "description": (self.description.data or "").strip(),
        }
