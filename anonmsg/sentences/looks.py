"""How a message stands on the page."""

from __future__ import annotations

import msgspec

from anonmsg.message import Display, DisplayKind, Shape


def display(display: Display) -> str:
    """``An overlay at the bottom right, 360 pixels wide.``"""
    position = display.position.label.lower()
    match display.kind:
        case DisplayKind.MODAL:
            return f"A modal in the {position} of the page, {display.width} pixels wide."
        case DisplayKind.BANNER:
            return f"A banner along the {position} of the page."
        case DisplayKind.OVERLAY:
            return f"An overlay at the {position} of the page, {display.width} pixels wide."


def theme(shape: Shape) -> str:
    """``Its own: dark colours, radius.``; nothing where it looks as the site says."""
    own = msgspec.to_builtins(shape.theme) if shape.theme else {}
    names = [f"{name} colours" if name in ("light", "dark") else name.replace("_", " ") for name in own]
    return f"Its own: {', '.join(names)}." if names else ""
