"""What every block's form can do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Self

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, HiddenField

from anonmsg.forms.base import leaves
from anonmsg.forms.lists import Pairs, numbered
from anonmsg.message import Block, new_id


class BlockForm(Form):
    """The fields of one block; their names are those of the block's fields in the shape."""

    TYPE: ClassVar[str] = ""
    """The word for its kind of block; empty for what a forged form made up."""
    TITLE: ClassVar[str] = "Block"
    LISTS: ClassVar[Sequence[str]] = ()
    """Those of its fields that are lists."""
    ID: ClassVar[str] = ""
    """What its id begins with, where it has one."""
    type = HiddenField()

    @classmethod
    def of(cls, block: Block, name: str) -> Self:
        """The form that shows this block."""
        return cls(data={"type": type_of(block), **cls.values_of(block)}, prefix=f"{name}-")

    @classmethod
    def typed(cls, pairs: Pairs, name: str) -> Self:
        """As somebody sent it. A block that was just added gets its id at once, so that a branch can name it."""
        for each in cls.LISTS:
            pairs = numbered(pairs, f"{name}-{each}")
        form = cls(MultiDict(pairs), prefix=f"{name}-")
        if cls.ID:
            form["id"].data = form["id"].data or new_id(cls.ID)
        return form

    @classmethod
    def values_of(cls, block: Any) -> dict[str, Any]:
        """What the fields hold for this block."""
        return {}

    def values(self) -> dict[str, Any]:
        """The block in builtin types."""
        return {"type": self.type.data}

    def flat(self) -> Iterator[BlockForm]:
        """The block itself, or the blocks inside it where it is a row."""
        yield self

    def leaves(self) -> Iterator[Field]:
        yield from leaves(self)


def type_of(block: Block) -> str:
    """The word for the kind of block, in the shape and in forms."""
    return str(block.__struct_config__.tag)
