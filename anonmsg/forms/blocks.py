"""One form per kind of block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Self

import msgspec
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)

from anonmsg import markup
from anonmsg.forms.actions import ActionForm
from anonmsg.forms.base import leaves
from anonmsg.forms.fields import Between, NumberField, WordField, at_most, options
from anonmsg.forms.lists import NEW, Pairs, blank, entries, numbered
from anonmsg.message import (
    Block,
    Button,
    ButtonStyle,
    Email,
    Heading,
    Image,
    Limits,
    List,
    Marks,
    Question,
    QuestionKind,
    Row,
    Spacer,
    Text,
    new_id,
)


class BlockForm(Form):
    """The fields of one block; their names are those of the block's fields in the shape."""

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

    @property
    def known_type(self) -> str:
        """The word for its kind of block; empty for what a forged form made up."""
        return next((type for type, form in FORMS.items() if form is self.__class__), "")

    def flat(self) -> Iterator[BlockForm]:
        """The block itself, or the blocks inside it where it is a row."""
        yield self

    def leaves(self) -> Iterator[Field]:
        yield from leaves(self)


class HeadingForm(BlockForm):
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
    TITLE = "Text"
    RICH = "paragraphs"
    paragraphs = TextAreaField("Text")

    @classmethod
    def values_of(cls, block: Text) -> dict[str, Any]:
        return {"paragraphs": markup.write(block.paragraphs)}

    def values(self) -> dict[str, Any]:
        return {"type": "text", "paragraphs": self.lines()}


class ListForm(RichForm):
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


class QuestionForm(BlockForm):
    """Only what the chosen ``kind`` uses counts."""

    TITLE = "Question"
    LISTS = ("options",)
    ID = "q"
    id = HiddenField()
    label = StringField("Question", [at_most(Limits.HEADING)])
    kind = WordField("Answered with", QuestionKind)
    options = FieldList(StringField("Answer", [at_most(Limits.OPTION)]), min_entries=2)
    marks = WordField("Shown as", Marks)
    low = StringField("Words at the low end", [at_most(Limits.LABEL)])
    high = StringField("Words at the high end", [at_most(Limits.LABEL)])
    required = BooleanField("Must be answered")

    @classmethod
    def values_of(cls, block: Question) -> dict[str, Any]:
        return msgspec.structs.asdict(block)

    def values(self) -> dict[str, Any]:
        """A blank answer is one that was not typed yet."""
        asked = self.asked()
        return {"type": "question", **{name: asked[name] for name in Question.__struct_fields__ if name in asked}}

    def asked(self) -> dict[str, Any]:
        kind = self.kind.data
        asked = {"id": self.id.data or "", "kind": kind, "label": (self.label.data or "").strip()}
        asked["required"] = self.required.data
        if kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE):
            asked["options"] = tuple(text for entry in self.options if (text := (entry.data or "").strip()))
        if kind in (QuestionKind.RATING, QuestionKind.NPS):
            asked |= {"low": (self.low.data or "").strip(), "high": (self.high.data or "").strip()}
        if kind is QuestionKind.RATING:
            asked["marks"] = self.marks.data
        return asked

    def choices(self) -> Sequence[str | int]:
        """What can be answered, as it stands."""
        return Question(**self.asked()).choices()


class EmailForm(BlockForm):
    TITLE = "E-mail field"
    ID = "e"
    id = HiddenField()
    label = StringField("Prompt", [at_most(Limits.HEADING)])
    consent = StringField("Consent line", [at_most(Limits.TEXT)])
    identifies = BooleanField("An answer says who the visitor is", default=True)
    required = BooleanField("Must be answered", default=True)

    @classmethod
    def values_of(cls, block: Email) -> dict[str, Any]:
        return msgspec.structs.asdict(block)

    def values(self) -> dict[str, Any]:
        said = {"label": (self.label.data or "").strip(), "consent": (self.consent.data or "").strip()}
        ticked = {"identifies": self.identifies.data, "required": self.required.data}
        return {"type": "email", "id": self.id.data or "", **said, **ticked}


class DividerForm(BlockForm):
    TITLE = "Divider"


class SpacerForm(BlockForm):
    TITLE = "Space"
    size = NumberField("Height in pixels", [Between(*Limits.SPACER)], default=16)

    @classmethod
    def values_of(cls, block: Spacer) -> dict[str, Any]:
        return {"size": block.size}

    def values(self) -> dict[str, Any]:
        return {"type": "spacer", "size": self.size.data or Spacer().size}


SIMPLE: dict[str, type[BlockForm]] = {
    "heading": HeadingForm,
    "text": TextForm,
    "list": ListForm,
    "image": ImageForm,
    "button": ButtonForm,
    "question": QuestionForm,
    "email": EmailForm,
    "divider": DividerForm,
    "spacer": SpacerForm,
}
"""The blocks that can stand in a column."""


class RowForm(BlockForm):
    """Columns of blocks. With fewer columns than there were, the last takes up what stood in the others."""

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


def type_of(block: Block) -> str:
    """The word for the kind of block, in the shape and in forms."""
    return str(block.__struct_config__.tag)


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
