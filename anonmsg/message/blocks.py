"""What a message says: blocks, in steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from anonmsg.message.actions import Action, OpenUrl
from anonmsg.message.limits import Limits
from anonmsg.message.questions import Email, Question
from anonmsg.message.value import Id, Label, Url, Value
from anonmsg.message.word import Word


class ButtonStyle(Word):
    PRIMARY = "primary", "Primary"
    SECONDARY = "secondary", "Secondary"
    LINK = "link", "Link"


class Run(Value, frozen=True, omit_defaults=True):
    """A stretch of text in one style; ``link`` is a URL."""

    text: Annotated[str, Meta(max_length=Limits.TEXT)]
    bold: bool = False
    italic: bool = False
    link: Url | None = None


Runs = Annotated[tuple[Run, ...], Meta(max_length=Limits.RUNS)]


class Heading(Value, frozen=True, tag_field="type", tag="heading"):
    text: Annotated[str, Meta(max_length=Limits.HEADING)] = ""


class Text(Value, frozen=True, tag_field="type", tag="text"):
    paragraphs: Annotated[tuple[Runs, ...], Meta(max_length=Limits.PARAGRAPHS)] = ()


class List(Value, frozen=True, tag_field="type", tag="list"):
    ordered: bool = False
    items: Annotated[tuple[Runs, ...], Meta(max_length=Limits.ITEMS)] = ()


class Image(Value, frozen=True, tag_field="type", tag="image"):
    """``width`` and ``height`` are the picture's own pixels, so that its room is kept while it loads."""

    src: Url = ""
    alt: Annotated[str, Meta(max_length=Limits.ALT)] = ""
    width: Annotated[int, Meta(ge=1, le=Limits.PIXELS)] | None = None
    height: Annotated[int, Meta(ge=1, le=Limits.PIXELS)] | None = None


class Button(Value, frozen=True, tag_field="type", tag="button"):
    """Its ``id`` never changes, so that clicks survive a relabel."""

    id: Id = ""
    label: Label = ""
    style: ButtonStyle = ButtonStyle.PRIMARY
    action: Action = OpenUrl()


class Divider(Value, frozen=True, tag_field="type", tag="divider"):
    pass


class Spacer(Value, frozen=True, tag_field="type", tag="spacer"):
    size: Annotated[int, Meta(ge=Limits.SPACER[0], le=Limits.SPACER[1])] = 16


SimpleBlock = Heading | Text | List | Image | Button | Question | Email | Divider | Spacer
Column = Annotated[tuple[SimpleBlock, ...], Meta(max_length=Limits.BLOCKS)]


class Row(Value, frozen=True, tag_field="type", tag="row"):
    """Two or three columns side by side; a row holds no row."""

    columns: Annotated[tuple[Column, ...], Meta(min_length=2, max_length=3)]


Block = Heading | Text | List | Image | Button | Question | Email | Divider | Spacer | Row


class Step(Value, frozen=True):
    id: Id = ""
    blocks: Annotated[tuple[Block, ...], Meta(max_length=Limits.BLOCKS)] = ()


def flat(block: Block) -> Iterator[Block]:
    """The block itself, or the blocks inside it where it is a row."""
    if isinstance(block, Row):
        for column in block.columns:
            yield from column
    else:
        yield block
