"""The third step: what the message says, in one or more steps of blocks, and how it is displayed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, FormField, HiddenField

from anonmsg.forms.actions import BranchForm
from anonmsg.forms.asking import QuestionForm
from anonmsg.forms.base import StepForm
from anonmsg.forms.block import BlockForm
from anonmsg.forms.blocks import ButtonForm, blank_blocks, blocks_of, typed_blocks
from anonmsg.forms.fields import Between, NumberField, WordField, WordsField
from anonmsg.forms.lists import Pairs, blank, entries, numbered
from anonmsg.forms.theme import OwnThemeForm
from anonmsg.message import POSITIONS, Display, DisplayKind, Limits, Position, Shape, Step, Theme, new_id

NAMING = {"heading": "text", "question": "label", "email": "label"}
"""The fields of blocks after which people know a step again."""

UNFINISHED = frozenset(
    {
        "heading_empty",
        "text_empty",
        "label_empty",
        "image_missing",
        "url_missing",
        "event_missing",
        "step_unknown",
        "font_missing",
    }
)
"""The problems that are only something still to be typed."""


class DisplayForm(Form):
    PLACES: ClassVar[dict[str, tuple[str, ...]]] = {kind.value: places for kind, places in POSITIONS.items()}
    """Which positions each display offers, for scripts."""

    kind = WordsField("Display", DisplayKind)
    position = WordField("Position", Position)
    width = NumberField("Width in pixels", [Between(*Limits.WIDTH)], default=Display().width)

    def values(self) -> dict[str, Any]:
        """A modal has one place only, so its position need not be chosen."""
        modal = self.kind.data is DisplayKind.MODAL
        position = Position.CENTER if modal else self.position.data
        return {"kind": self.kind.data, "position": position, "width": self.width.data or Display().width}


class PartForm(Form):
    """One of the message's own steps, with a form for each of its blocks."""

    id = HiddenField()
    blocks: Sequence[BlockForm] = ()

    @classmethod
    def of(cls, step: Step, name: str) -> Self:
        form = cls(data={"id": step.id}, prefix=f"{name}-")
        form.blocks = blocks_of(step.blocks, f"{name}-blocks")
        return form

    @classmethod
    def typed(cls, pairs: Pairs, name: str) -> Self:
        """A step that was just added gets its id at once, so that a button can lead to it."""
        form = cls(MultiDict(pairs), prefix=f"{name}-")
        form.id.data = form.id.data or new_id("s")
        form.blocks = typed_blocks(pairs, f"{name}-blocks")
        return form

    def values(self) -> dict[str, Any]:
        return {"id": self.id.data, "blocks": [block.values() for block in self.blocks]}

    def flat(self) -> Iterator[BlockForm]:
        """Its blocks, those inside rows in place of the rows."""
        for block in self.blocks:
            yield from block.flat()

    def title(self, number: int) -> str:
        """``Step 2: What brought you here?`` after the first thing that it says or asks."""
        said = (block[NAMING[block.TYPE]].data for block in self.flat() if block.TYPE in NAMING)
        first = next((text.strip() for text in said if text and text.strip()), "")
        return f"Step {number}: {first}" if first else f"Step {number}"

    def leaves(self) -> Iterator[Field]:
        yield self["id"]
        for block in self.blocks:
            yield from block.leaves()


class ContentForm(StepForm):
    FIELDS = ("steps", "display", "theme")

    display = FormField(DisplayForm, "Display")
    theme = FormField(OwnThemeForm, "Theme of this message")
    parts: Sequence[PartForm] = ()

    @classmethod
    def of(cls, shape: Shape) -> Self:
        form = super().of(shape)
        steps = shape.steps or (Step(new_id("s")),)
        form._have(PartForm.of(step, f"steps-{at}") for at, step in enumerate(steps))
        return form

    @classmethod
    def typed(cls, pairs: Pairs) -> Self:
        parts = entries(numbered(pairs, "steps"), "steps")
        form = super().typed(pairs)
        form._have(PartForm.typed(own, f"steps-{key}") for key, own in parts.items())
        return form

    @property
    def blank_blocks(self) -> dict[str, BlockForm]:
        return blank_blocks()

    @property
    def blank_option(self) -> Field:
        """One more answer to a question."""
        return QuestionForm(prefix=f"{blank('option')}-").options[0]

    @property
    def blank_branch(self) -> BranchForm:
        return BranchForm(prefix=f"{blank('branch')}-")

    @property
    def blank_part(self) -> PartForm:
        return PartForm(prefix=f"{blank('part')}-")

    @classmethod
    def values_of(cls, shape: Shape) -> dict[str, Any]:
        display = shape.display
        return {
            "display": {"kind": display.kind, "position": display.position, "width": display.width},
            "theme": OwnThemeForm.values_of(shape.theme or Theme()),
        }

    def values(self, before: Shape) -> dict[str, Any]:
        return {
            "steps": [part.values() for part in self.parts],
            "display": self.display.form.values(),
            "theme": self.theme.form.values(),
        }

    def kept(self, before: Shape, now: datetime) -> Shape | None:
        """Like :meth:`read`, but what is still to be typed stops nothing: it is a draft that somebody is writing."""
        return self.judged(self.draft(before), now, UNFINISHED)

    def validate(self, extra_validators: Any = None) -> bool:
        blocks = [block.validate() for part in self.parts for block in part.blocks]
        return super().validate(extra_validators) and all(blocks)

    def all_fields(self) -> Iterator[Field]:
        for part in self.parts:
            yield from part.leaves()
        yield from super().all_fields()

    def _have(self, parts: Iterator[PartForm]) -> None:
        """Take these steps, and offer them and their questions to the buttons that lead to a step; of a forged form no
        more than a message can have, since each button gets them all."""
        self.parts = list(parts)
        offered = self.parts[: Limits.STEPS]
        steps = [(part["id"].data or "", part.title(at)) for at, part in enumerate(offered, start=1)]
        blocks = [block for part in self.parts for block in part.flat()]
        asked = {block.id.data or "": block for block in blocks if isinstance(block, QuestionForm)}
        choices = {id: block.choices() for id, block in asked.items()}
        questions = [(id, asked[id].label.data or "") for id in asked if choices[id]][: Limits.STEPS * Limits.BLOCKS]
        for block in blocks:
            if isinstance(block, ButtonForm):
                block.action.form.offer(steps, questions, choices)
