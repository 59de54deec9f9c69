"""One form per kind of block. A block without an editor of its own is carried along unchanged."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
from wtforms import BooleanField, Form, FormField, HiddenField, SelectField, StringField, TextAreaField

from anonmsg import markup, sentences
from anonmsg.forms.fields import Between, NumberField, WordField, at_most
from anonmsg.message import (
    Action,
    ActionType,
    Block,
    Button,
    ButtonStyle,
    GoToStep,
    Heading,
    Image,
    Limits,
    List,
    OpenUrl,
    Shape,
    Spacer,
    Target,
    Text,
    Track,
)


class BlockForm(Form):
    """The fields of one block; their names are those of the block's fields in the shape."""

    TITLE: ClassVar[str]
    type = HiddenField()

    @classmethod
    def values_of(cls, block: Any) -> dict[str, Any]:
        """What the fields hold for this block."""
        return {}

    def values(self) -> dict[str, Any]:
        """The block in builtin types."""
        return {"type": self.type.data}


class HeadingForm(BlockForm):
    TITLE = "Heading"
    text = StringField("Heading", [at_most(Limits.HEADING)])

    @classmethod
    def values_of(cls, block: Heading) -> dict[str, Any]:
        return {"text": block.text}

    def values(self) -> dict[str, Any]:
        return {"type": "heading", "text": self.text.data or ""}


class TextForm(BlockForm):
    TITLE = "Text"
    paragraphs = TextAreaField("Text")

    @classmethod
    def values_of(cls, block: Text) -> dict[str, Any]:
        return {"paragraphs": markup.write(block.paragraphs)}

    def values(self) -> dict[str, Any]:
        return {"type": "text", "paragraphs": msgspec.to_builtins(markup.read(self.paragraphs.data or ""))}


class ListForm(BlockForm):
    TITLE = "List"
    items = TextAreaField("List items, one a line")
    ordered = BooleanField("Numbered")

    @classmethod
    def values_of(cls, block: List) -> dict[str, Any]:
        return {"items": markup.write(block.items), "ordered": block.ordered}

    def values(self) -> dict[str, Any]:
        items = msgspec.to_builtins(markup.read(self.items.data or ""))
        return {"type": "list", "items": items, "ordered": self.ordered.data}


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


class ActionForm(Form):
    """What a click does. Only the fields of the chosen ``type`` count."""

    type = WordField("Action", ActionType)
    url = StringField("URL", [at_most(Limits.URL)])
    target = WordField("Opens", Target)
    step = SelectField("Goes to", choices=[], validate_choice=False)
    event = StringField("Event", [at_most(Limits.EVENT)])
    properties = HiddenField(default="{}")

    @classmethod
    def values_of(cls, action: Action) -> dict[str, Any]:
        values: dict[str, Any] = {"type": ActionType(str(action.__struct_config__.tag))}
        match action:
            case OpenUrl():
                values |= {"url": action.url, "target": action.target}
            case GoToStep():
                values["step"] = action.step
            case Track():
                values |= {"event": action.event, "properties": msgspec.json.encode(action.properties).decode()}
        return values

    def values(self) -> dict[str, Any]:
        match self.type.data:
            case ActionType.OPEN_URL:
                own: dict[str, Any] = {"url": (self.url.data or "").strip(), "target": self.target.data}
            case ActionType.GO_TO_STEP:
                own = {"step": self.step.data or ""}
            case ActionType.TRACK:
                own = {"event": (self.event.data or "").strip(), "properties": _decoded(self.properties.data)}
            case _:
                own = {}
        return {"type": str(self.type.data), **own}


class ButtonForm(BlockForm):
    TITLE = "Button"
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
    TITLE = "Divider"


class SpacerForm(BlockForm):
    TITLE = "Space"
    size = NumberField("Height in pixels", [Between(*Limits.SPACER)], default=16)

    @classmethod
    def values_of(cls, block: Spacer) -> dict[str, Any]:
        return {"size": block.size}

    def values(self) -> dict[str, Any]:
        return {"type": "spacer", "size": self.size.data or Spacer().size}


class KeptForm(BlockForm):
    """A block that is written elsewhere, such as an import's question; ``kept`` is its JSON."""

    TITLE = "Imported block"
    kept = HiddenField()

    @classmethod
    def values_of(cls, block: Block) -> dict[str, Any]:
        return {"kept": msgspec.json.encode(block).decode()}

    def values(self) -> dict[str, Any]:
        block = _decoded(self.kept.data)
        return block if isinstance(block, dict) else super().values()

    def summary(self) -> str:
        """What the block is, in words."""
        try:
            return f"{sentences.block(msgspec.convert(self.values(), Block), Shape())}."
        except msgspec.ValidationError:
            return "Not a block."


FORMS: dict[str, type[BlockForm]] = {
    "heading": HeadingForm,
    "text": TextForm,
    "list": ListForm,
    "image": ImageForm,
    "button": ButtonForm,
    "divider": DividerForm,
    "spacer": SpacerForm,
}
"""The blocks that can be added, in the order of the palette."""


def _decoded(json: str | None) -> Any:
    """The value of a hidden field that holds JSON; None for what is none, or nested beyond all reason."""
    try:
        return msgspec.json.decode(json or "null")
    except (msgspec.DecodeError, RecursionError):
        return None
