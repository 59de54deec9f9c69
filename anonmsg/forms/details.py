"""The first step: what the message is called, for colleagues, and what it starts from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField, StringField, TextAreaField, ValidationError

from anonmsg.forms.base import StepForm
from anonmsg.forms.fields import at_most
from anonmsg.message import Limits, Shape
from anonmsg.starters import started


def _with_plain_line_ends(text: str | None) -> str | None:
    """Browsers count a line end as one character, but send two."""
    return text and text.replace("\r\n", "\n")


class DetailsForm(StepForm):
    FIELDS = ("name", "description")

    name = StringField("Name", [at_most(Limits.NAME)])
    description = TextAreaField("Description", [at_most(Limits.DESCRIPTION)], filters=[_with_plain_line_ends])
    template = HiddenField("Template")
    """The name of one of ``offers``, or nothing: blank."""

    offers: Mapping[str, Shape] = {}
    """The templates by their names in the form."""

    @classmethod
    def values_of(cls, shape: Shape) -> dict[str, Any]:
        return {"name": shape.name, "description": shape.description}

    def values(self, before: Shape) -> dict[str, Any]:
        """What was left empty is as the chosen template has it."""
        template = self._chosen or Shape()
        return {
            "name": (self.name.data or "").strip() or template.name,
            "description": (self.description.data or "").strip() or template.description,
        }

    def draft(self, before: Shape) -> Shape | None:
        """A message that says nothing yet gets the rest from the chosen template."""
        if self._chosen is None or any(before.blocks()):
            return super().draft(before)
        self.notes.append(f"It starts from “{self._chosen.name}”: say where it shows, then check its links and words.")
        return super().draft(started(before, self._chosen))

    def offer(self, templates: Mapping[str, Shape]) -> None:
        self.offers = templates

    def validate_template(self, field: HiddenField) -> None:
        if field.data and field.data not in self.offers:
            raise ValidationError("This template is not there any more. Choose another one.")

    @property
    def _chosen(self) -> Shape | None:
        return self.offers.get(self.template.data or "")
