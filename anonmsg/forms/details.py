"""The first step: what the message is called, for colleagues."""

from __future__ import annotations

from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from anonmsg.forms.base import StepForm
from anonmsg.message import Limits, Shape


def at_most(limit: int) -> Length:
    return Length(max=limit, message=f"Shorten this to at most {limit:,} characters.")


class DetailsForm(StepForm):
    FIELDS = ("name", "description")

    name = StringField("Name", [at_most(Limits.NAME)])
    description = TextAreaField("Description", [at_most(Limits.DESCRIPTION)])

    @classmethod
    def values_of(cls, shape: Shape) -> dict[str, Any]:
        return {"name": shape.name, "description": shape.description}

    def values(self, before: Shape) -> dict[str, Any]:
        return {
            "name": (self.name.data or "").strip(),
            "description": (self.description.data or "").replace("\r\n", "\n").strip(),
        }
