"""One form per kind of block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Self

import msgspec
from wtforms import (
    BooleanField,
    Field,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)

from anonmsg import markup
from anonmsg.forms.actions import ActionForm
from anonmsg.forms.asking import EmailForm, QuestionForm
from anonmsg.forms.block import BlockForm, type_of
from anonmsg.forms.fields import Between, NumberField, WordField, at_most, options
from anonmsg.forms.lists import NEW, Pairs, blank, entries, numbered
from anonmsg.message import (
    Block,
    Button,
    ButtonStyle,
    Heading,
    Image,
    Limits,
    List,
    Row,
    Spacer,
    Text,
)


class HeadingForm(BlockForm):
    TYPE = "heading"
    TITLE = "Heading"
    text = StringField("Heading", [at_most(Limits.HEADING)])

    @classmethod
    def values_of(cls, block: Heading) -> dict[str, Any]:
        return {"text": block.text}

    def values(self) -> dict[str, Any]:
        return {"type": "heading", "text": self.text.data or ""}


class RichForm(BlockForm):
    """Rich text, typed as the markup of :mod:`anonmsg.markup` or, with scripts, made by an editor as ``html``."""

    RICH: ClassVar[str]
    """The field with the markup."""
    html = HiddenField()

    @classmethod
    def typed(cls, pairs: Pairs, name: str) -> Self:
        form = super().typed(pairs, name)
        if (f"{name}-html", html := form.html.data or "") in pairs:
            form[cls.RICH].data, form.html.data = markup.write(markup.from_html(html)), ""
        return form

    def lines(self) -> list[Any]:
        """The typed text in builtin types."""
        lines: list[Any] = msgspec.to_builtins(markup.read(self[self.RICH].data or ""))
        return lines

    def as_html(self) -> str:
        """The typed text for the editor."""
        return markup.to_html(markup.read(self[self.RICH].data or ""))


class TextForm(RichForm):
    TYPE = "text"
    TITLE = "Text"
    RICH = "paragraphs"
    paragraphs = TextAreaField("Text")

    @classmethod
    def values_of(cls, block: Text) -> dict[str, Any]:
        return {"paragraphs": markup.write(block.paragraphs)}

    def values(self) -> dict[str, Any]:
        return {"type": "text", "paragraphs": self.lines()}


class ListForm(RichForm):
    TYPE = "list"
    TITLE = "List"
    RICH = "items"
    items = TextAreaField("List items, one a line")
    ordered = BooleanField("Numbered")

    @classmethod
    def values_of(cls, block: List) -> dict[str, Any]:
        return {"items": markup.write(block.items), "ordered": block.ordered}

    def values(self) -> dict[str, Any]:
        return {"type": "list", "items": self.lines(), "ordered": self.ordered.data}


class ImageForm(BlockForm):
    """``width`` and ``height`` are the picture's own; a script fills them in once the picture was loaded."""

    TYPE = "image"
    TITLE = "Image"
    src = StringField("Image address", [at_most(Limits.URL)])
    alt = StringField("What the image shows", [at_most(Limits.ALT)])
    width = NumberField("Picture width", [Between(1, Limits.PIXELS)])
    height = NumberField("Picture height", [Between(1, Limits.PIXELS)])

    @classmethod
    def values_of(cls, block: Image) -> dict[str, Any]:
        return {"src": block.src, "alt": block.alt, "width": block.width, "height": block.height}

    def values(self) -> dict[str, Any]:
        size = {"width": self.width.data, "height": self.height.data}
        return {"type": "image", "src": (self.src.data or "").strip(), "alt": (self.alt.data or "").strip(), **size}


class ButtonForm(BlockForm):
    TYPE = "button"
    TITLE = "Button"
    LISTS = ("action-when",)
    ID = "b"
    id = HiddenField()
    label = StringField("Label", [at_most(Limits.LABEL)])
    style = WordField("Style", ButtonStyle)
    action = FormField(ActionForm)

    @classmethod
    def values_of(cls, block: Button) -> dict[str, Any]:
        action = ActionForm.values_of(block.action)
        return {"id": block.id, "label": block.label, "style": block.style, "action": action}

    def values(self) -> dict[str, Any]:
        own = {"id": self.id.data or "", "label": (self.label.data or "").strip(), "style": self.style.data}
        return {"type": "button", **own, "action": self.action.form.values()}


class DividerForm(BlockForm):
    TYPE = "divider"
    TITLE = "Divider"


class SpacerForm(BlockForm):
    TYPE = "spacer"
    TITLE = "Space"
    size = NumberField("Height in pixels", [Between(*Limits.SPACER)], default=16)

    @classmethod
    def values_of(cls, block: Spacer) -> dict[str, Any]:
        return {"size": block.size}

    def values(self) -> dict[str, Any]:
        return {"type": "spacer", "size": self.size.data or Spacer().size}


SIMPLE: dict[str, type[BlockForm]] = {
    form.TYPE: form
    for form in (
        HeadingForm,
        TextForm,
        ListForm,
        ImageForm,
        ButtonForm,
        QuestionForm,
        EmailForm,
        DividerForm,
        SpacerForm,
    )
}
"""The blocks that can stand in a column."""


class RowForm(BlockForm):
    """Columns of blocks. With fewer columns than there were, the last takes up what stood in the others."""

    TYPE = "row"
    TITLE = "Columns"
    count = SelectField("How many", choices=options([("2", "Two columns"), ("3", "Three columns")]), default="2")
    columns: Sequence[Sequence[BlockForm]] = ((), (), ())

    @classmethod
    def of(cls, block: Block, name: str) -> Self:
        form = super().of(block, name)
        columns = block.columns if isinstance(block, Row) else ()
        form.columns = [blocks_of(blocks, f"{name}-columns-{at}") for at, blocks in enumerate(columns)]
        return form._filled()

    @classmethod
    def typed(cls, pairs: Pairs, name: str) -> Self:
        form = super().typed(pairs, name)
        if form.count.data != "3":
            last, gone = f"{name}-columns-1-", f"{name}-columns-2-"
            pairs = [(field.replace(gone, f"{last}{NEW}"), value) for field, value in pairs]
        form.columns = [typed_blocks(pairs, f"{name}-columns-{at}", SIMPLE) for at in range(3)]
        return form._filled()

    @classmethod
    def values_of(cls, block: Row) -> dict[str, Any]:
        return {"count": str(len(block.columns))}

    def values(self) -> dict[str, Any]:
        columns = self.columns if self.count.data == "3" else self.columns[:2]
        return {"type": "row", "columns": [[block.values() for block in column] for column in columns]}

    def flat(self) -> Iterator[BlockForm]:
        for column in self.columns:
            yield from column

    def leaves(self) -> Iterator[Field]:
        yield from super().leaves()
        for block in self.flat():
            yield from block.leaves()

    def validate(self, extra_validators: Any = None) -> bool:
        inside = [block.validate() for block in self.flat()]
        return super().validate(extra_validators) and all(inside)

    def _filled(self) -> Self:
        self.columns = [*self.columns, (), ()][:3]
        return self


FORMS: dict[str, type[BlockForm]] = {**SIMPLE, "row": RowForm}
"""The blocks that can be added to a step."""


def blocks_of(blocks: Sequence[Block], name: str) -> list[BlockForm]:
    """The forms of a list of blocks that is called ``name``."""
    return [FORMS[type_of(block)].of(block, f"{name}-{at}") for at, block in enumerate(blocks)]


def typed_blocks(pairs: Pairs, name: str, forms: dict[str, type[BlockForm]] = FORMS) -> list[BlockForm]:
    """The same as somebody sent them; what is no block here is refused when it is read."""
    inside = entries(numbered(pairs, name), name)
    return [_form(own, f"{name}-{key}", forms).typed(own, f"{name}-{key}") for key, own in inside.items()]


def _form(pairs: Pairs, name: str, forms: dict[str, type[BlockForm]]) -> type[BlockForm]:
    return forms.get(dict(pairs).get(f"{name}-type", ""), BlockForm)


def blank_blocks() -> dict[str, BlockForm]:
    """What a script copies for a new block of each type, once it has replaced the name."""
    return {type: form(data={"type": type}, prefix=f"{blank(type)}-") for type, form in FORMS.items()}
