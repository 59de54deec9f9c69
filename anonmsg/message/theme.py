"""How messages look. Whether a theme can be used is said by :mod:`anonmsg.theme`."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from anonmsg.message.limits import Limits
from anonmsg.message.value import Value
from anonmsg.message.word import Word


class Font(Word):
    """What the text is set in. Named: the theme says the family, which the website itself loads."""

    PAGE = "page", "The page's own"
    SYSTEM = "system", "System"
    HUMANIST = "humanist", "Humanist"
    ROUNDED = "rounded", "Rounded"
    SERIF = "serif", "Serif"
    MONO = "mono", "Monospaced"
    NAMED = "named", "A font of your website"


class Shadow(Word):
    NONE = "none", "None"
    SOFT = "soft", "Soft"
    STRONG = "strong", "Strong"


class ButtonLook(Word):
    """How primary buttons look; those in pill shape, all but the cross."""

    FILLED = "filled", "Filled"
    FILLED_PILL = "filled_pill", "Filled pill"
    OUTLINE = "outline", "Outline"
    OUTLINE_PILL = "outline_pill", "Outline pill"

    @property
    def is_outline(self) -> bool:
        """Whether the label is in the accent colour, on the surface."""
        return self in (ButtonLook.OUTLINE, ButtonLook.OUTLINE_PILL)


class Entrance(Word):
    """How a message comes. At most 8 pixels and 150 ms; where a visitor wants less motion, not at all."""

    RISE = "rise", "Rise"
    SLIDE = "slide", "Slide from the side"
    GROW = "grow", "Grow"
    NONE = "none", "None"


Colour = Annotated[str, Meta(max_length=Limits.COLOUR)]


class Palette(Value, frozen=True, omit_defaults=True):
    """The colours of one scheme as ``#rrggbb``. ``accent`` fills what is to be pressed, and banners."""

    surface: Colour | None = None
    text: Colour | None = None
    accent: Colour | None = None
    on_accent: Colour | None = None
    line: Colour | None = None

    def over(self, base: Palette) -> Palette:
        """These, and ``base`` where they say nothing."""
        return msgspec.structs.replace(base, **msgspec.to_builtins(self))


BROWSERS = Palette()
"""The colours that browsers have for themselves."""


class Theme(Value, frozen=True, omit_defaults=True):
    """How messages look: a site's, or what one message has of its own. What is None is as without a theme."""

    light: Palette = BROWSERS
    dark: Palette = BROWSERS
    font: Font | None = None
    family: Annotated[str, Meta(max_length=Limits.FAMILY)] | None = None
    """Of the font, where that is named."""
    text_size: Annotated[int, Meta(ge=Limits.TEXT_SIZE[0], le=Limits.TEXT_SIZE[1])] | None = None
    radius: Annotated[int, Meta(ge=Limits.RADIUS[0], le=Limits.RADIUS[1])] | None = None
    spacing: Annotated[int, Meta(ge=Limits.SPACING[0], le=Limits.SPACING[1])] | None = None
    shadow: Shadow | None = None
    buttons: ButtonLook | None = None
    entrance: Entrance | None = None
    z_index: Annotated[int, Meta(ge=Limits.Z_INDEX[0], le=Limits.Z_INDEX[1])] | None = None
    """Of overlays and banners, which without it stand above everything, as modals always do."""

    def __post_init__(self) -> None:
        # Defaults are left out where they are that very object.
        for scheme in ("light", "dark"):
            if getattr(self, scheme) == BROWSERS:
                msgspec.structs.force_setattr(self, scheme, BROWSERS)

    def __bool__(self) -> bool:
        """Whether it says anything."""
        return self != Theme()

    def over(self, base: Theme) -> Theme:
        """This one, and ``base`` where it says nothing."""
        own = {name: value for name in self.__struct_fields__ if (value := getattr(self, name)) is not None}
        palettes = {"light": self.light.over(base.light), "dark": self.dark.over(base.dark)}
        return msgspec.structs.replace(base, **own | palettes)
