"""A whole message, and its JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from anonmsg.message.blocks import Block, Button, Step, flat
from anonmsg.message.conditions import AnyCondition
from anonmsg.message.display import Display
from anonmsg.message.frequency import Frequency
from anonmsg.message.ids import new_id, renamed, step_with_ids
from anonmsg.message.limits import Limits
from anonmsg.message.questions import Email, Question
from anonmsg.message.rules import PageRule
from anonmsg.message.schedule import Schedule
from anonmsg.message.theme import Theme
from anonmsg.message.value import Value


class Shape(Value, frozen=True):
    """A whole message as it is imported, exported, drafted and frozen in a version."""

    id: str | UnsetType = UNSET
    name: Annotated[str, Meta(max_length=Limits.NAME)] = ""
    description: Annotated[str, Meta(max_length=Limits.DESCRIPTION)] = ""
    priority: Annotated[int, Meta(ge=-Limits.PRIORITY, le=Limits.PRIORITY)] = 0
    page_rules: Annotated[tuple[PageRule, ...], Meta(max_length=Limits.RULES)] = ()
    frequency: Frequency = Frequency()
    display: Display = Display()
    schedule: Schedule = Schedule()
    steps: Annotated[tuple[Step, ...], Meta(max_length=Limits.STEPS)] = ()
    conditions: Annotated[tuple[AnyCondition, ...], Meta(max_length=Limits.CONDITIONS)] | UnsetType = UNSET
    """Left out where there are none, as with most."""

    holdout: Annotated[int, Meta(ge=0, le=Limits.HOLDOUT)] | UnsetType = UNSET
    """Percent of the visitors, the control group, who never see it. Left out where there are none."""

    theme: Theme | UnsetType = UNSET
    """What it has of its own, over the site's. Left out where that is nothing."""

    def __post_init__(self) -> None:
        for name in ("conditions", "holdout", "theme"):
            if not getattr(self, name):
                msgspec.structs.force_setattr(self, name, UNSET)

    @classmethod
    def decode(cls, raw: bytes | str) -> Shape:
        """Read JSON. Raises :class:`msgspec.ValidationError`, whose text names the place, e.g. ``$.display.width``."""
        return msgspec.json.decode(raw, type=cls)

    def encode(self) -> str:
        return msgspec.json.encode(self).decode()

    def blocks(self) -> Iterator[Block]:
        """Every block of every step, those inside rows included, in reading order."""
        for step in self.steps:
            for block in step.blocks:
                yield from flat(block)

    def look(self, site: Theme) -> Theme:
        """How it looks on a site of this theme."""
        return self.theme.over(site) if self.theme else site

    def buttons(self) -> list[Button]:
        return [block for block in self.blocks() if isinstance(block, Button)]

    def questions(self) -> list[Question | Email]:
        """All that is asked, in reading order."""
        return [block for block in self.blocks() if isinstance(block, Question | Email)]

    def with_ids(self) -> Shape:
        """The same message with an id wherever one was left out; ids that are there stay."""
        return msgspec.structs.replace(self, steps=tuple(step_with_ids(step) for step in self.steps))

    def with_new_ids(self) -> Shape:
        """A message of its own with the same content: no id, and others for steps, buttons and questions."""
        whole = msgspec.structs.replace(self.with_ids(), id=UNSET)
        asked = [*whole.buttons(), *whole.questions()]
        others = {step.id: new_id("s") for step in whole.steps}
        others |= {block.id: new_id(type(block).__name__[0].lower()) for block in asked}
        steps = [renamed(msgspec.to_builtins(step), others) for step in whole.steps]
        return msgspec.structs.replace(whole, steps=msgspec.convert(steps, tuple[Step, ...]))


def json_schema() -> dict[str, Any]:
    """JSON Schema of :class:`Shape`, for editors and for the import command's documentation."""
    return msgspec.json.schema(Shape)
