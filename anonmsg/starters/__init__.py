"""The templates that come with the product: messages in the shape of :mod:`anonmsg.message`, a file each."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from anonmsg.message import Shape

GROUPS = {
    "Meet people": ("sign-up", "newsletter", "first-order", "content-upgrade", "demo-request", "back-in-stock"),
    "Tell them something": ("free-shipping", "announcement", "event", "seasonal-sale", "app-download", "welcome"),
    "Ask them something": ("what-brought-you", "nps", "feedback", "exit-thanks"),
}
"""The names of the files in the order in which they are offered, by what they are for."""

FIRST = ("newsletter", "event", "what-brought-you")
"""What a site without any message is shown of them."""


@cache
def starters() -> dict[str, Shape]:
    """All of them by the names of their files, in order."""
    here = Path(__file__).parent
    names = [name for group in GROUPS.values() for name in group]
    return {name: Shape.decode((here / f"{name}.json").read_bytes()) for name in names}


def started(shape: Shape, template: Shape) -> Shape:
    """The message with everything that nobody has touched yet from a template, and that one's content under new ids."""
    fresh, blank = template.with_new_ids(), Shape()
    own = {name: getattr(shape, name) for name in shape.__struct_fields__ if name != "steps"}
    touched = {name: value for name, value in own.items() if value != getattr(blank, name)}
    return msgspec.structs.replace(fresh, **touched)
