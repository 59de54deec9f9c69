"""The third step: what the message says, in one or more steps of blocks, and how it is displayed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Self

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, FormField, HiddenField

from anonmsg.forms.base import StepForm, leaves
from anonmsg.forms.blocks import FORMS, BlockForm, ButtonForm, KeptForm
from anonmsg.forms.fields import Between, NumberField, WordField, WordsField, options
from anonmsg.forms.lists import Pairs, blank, entries, numbered
from anonmsg.message import POSITIONS, Block, Display, DisplayKind, Limits, Position, Shape, Step, new_id


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
        form.blocks = [_block_of(block, f"{name}-blocks-{at}") for at, block in enumerate(step.blocks)]
        return form

    @classmethod
    def typed(cls, pairs: Pairs, name: str) -> Self:
        """A step that was just added gets its id at once, so that a button can lead to it."""
        pairs = numbered(pairs, f"{name}-blocks")
        formdata = MultiDict(pairs)
        form = cls(formdata, prefix=f"{name}-")
        form.id.data = form.id.data or new_id("s")
        form.blocks = [_typed(formdata, f"{name}-blocks-{key}") for key in entries(pairs, f"{name}-blocks")]
        return form

    def values(self) -> dict[str, Any]:
        return {"id": self.id.data, "blocks": [block.values() for block in self.blocks]}

    def leaves(self) -> Iterator[Field]:
        yield self["id"]
        for block in self.blocks:
            yield from leaves(block)


def _block_of(block: Block, name: str) -> BlockForm:
    type = str(block.__struct_config__.tag)
    form = FORMS.get(type, KeptForm)
    return form(data={"type": type, **form.values_of(block)}, prefix=f"{name}-")


def _typed(formdata: MultiDict[str, str], name: str) -> BlockForm:
    return FORMS.get(formdata.get(f"{name}-type", ""), KeptForm)(formdata, prefix=f"{name}-")


class ContentForm(StepForm):
    FIELDS = ("steps", "display")

    display = FormField(DisplayForm, "Display")
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
        """What a script copies for a new block of each type, once it has replaced the name."""
        return {type: form(data={"type": type}, prefix=f"{blank(type)}-") for type, form in FORMS.items()}

    @property
    def blank_part(self) -> PartForm:
        return PartForm(prefix=f"{blank('part')}-")

    @classmethod
    def values_of(cls, shape: Shape) -> dict[str, Any]:
        display = shape.display
        return {"display": {"kind": display.kind, "position": display.position, "width": display.width}}

    def values(self, before: Shape) -> dict[str, Any]:
        return {"steps": [part.values() for part in self.parts], "display": self.display.form.values()}

    def validate(self, extra_validators: Any = None) -> bool:
        blocks = [block.validate() for part in self.parts for block in part.blocks]
        return super().validate(extra_validators) and all(blocks)

    def all_fields(self) -> Iterator[Field]:
        for part in self.parts:
            yield from part.leaves()
        yield from super().all_fields()

    def _have(self, parts: Iterator[PartForm]) -> None:
        """Take these steps, and offer them to the buttons that go to one."""
        self.parts = list(parts)
        choices = options((part["id"].data, f"Step {at}") for at, part in enumerate(self.parts, start=1))
        for block in (block for part in self.parts for block in part.blocks):
            if isinstance(block, ButtonForm):
                block.action.form.step.choices = choices
