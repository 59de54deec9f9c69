"""How and where a message stands on the page."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from anonmsg.message.limits import Limits
from anonmsg.message.value import Value
from anonmsg.message.word import Word


class DisplayKind(Word):
    MODAL = "modal", "Modal"
    OVERLAY = "overlay", "Overlay"
    BANNER = "banner", "Banner"


class Position(Word):
    CENTER = "center", "Center"
    TOP_LEFT = "top-left", "Top left"
    TOP_CENTER = "top-center", "Top center"
    TOP_RIGHT = "top-right", "Top right"
    BOTTOM_LEFT = "bottom-left", "Bottom left"
    BOTTOM_CENTER = "bottom-center", "Bottom center"
    BOTTOM_RIGHT = "bottom-right", "Bottom right"
    TOP = "top", "Top"
    BOTTOM = "bottom", "Bottom"


POSITIONS: dict[DisplayKind, tuple[Position, ...]] = {
    DisplayKind.MODAL: (Position.CENTER,),
    DisplayKind.OVERLAY: (
        Position.BOTTOM_RIGHT,
        Position.BOTTOM_LEFT,
        Position.BOTTOM_CENTER,
        Position.TOP_RIGHT,
        Position.TOP_LEFT,
        Position.TOP_CENTER,
    ),
    DisplayKind.BANNER: (Position.TOP, Position.BOTTOM),
}
"""Where each display can stand; the first is the default."""


class Display(Value, frozen=True):
    """How and where it stands on the page; ``width`` in CSS pixels."""

    kind: DisplayKind = DisplayKind.MODAL
    position: Position = Position.CENTER
    width: Annotated[int, Meta(ge=Limits.WIDTH[0], le=Limits.WIDTH[1])] = 480
