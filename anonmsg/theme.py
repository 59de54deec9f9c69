"""What may stand in a theme, and whether it can be read: colours, a font's name, contrast.

What a theme *is* says :mod:`anonmsg.message`. All of it ends in a style sheet on somebody's page, so a colour or a name
is either of the one form that cannot mean anything else there, or refused; the snippet's part ``theme`` looks again,
whether the sheet could fetch anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from anonmsg.message import ButtonLook, Entrance, Font, Palette, Shadow, Theme

COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
SCHEMES = ("light", "dark")

STANDARD = Theme(
    light=Palette(surface="#ffffff", text="#000000", accent="#000000", on_accent="#ffffff", line="#d8d8d8"),
    dark=Palette(surface="#121212", text="#ffffff", accent="#ffffff", on_accent="#121212", line="#393939"),
    font=Font.PAGE,
    text_size=16,
    radius=16,
    spacing=24,
    shadow=Shadow.SOFT,
    buttons=ButtonLook.FILLED,
    entrance=Entrance.RISE,
)
"""What no theme says (static/snippet/parts/styles.js). The colours are the browser's own, here those of Chromium."""

ENOUGH = 4.5
"""The contrast that text needs (WCAG 2.2, 1.4.3, level AA). No text of a message is large enough to need less."""


@dataclass(frozen=True)
class Fault:
    """Why a theme cannot be used. ``where`` is the place in it (``dark.accent``), ``code`` is for machines."""

    where: str
    code: str
    text: str


def faults(theme: Theme) -> Iterator[Fault]:
    """What must not reach a style sheet."""
    for scheme in SCHEMES:
        palette: Palette = getattr(theme, scheme)
        for name in palette.__struct_fields__:
            if (colour := getattr(palette, name)) is not None and (text := colour_problem(colour)):
                yield Fault(f"{scheme}.{name}", "colour_invalid", text)
    if theme.family is not None and (text := family_problem(theme.family)):
        yield Fault("family", "font_invalid", text)
    if theme.font is Font.NAMED and not theme.family:
        yield Fault("family", "font_missing", "Type the name of the font as your website's styles call it.")


def colour_problem(colour: str) -> str | None:
    """Why this is no colour of a theme, or None. Only ``#rrggbb`` is: it can be compared, and means nothing else."""
    return None if COLOUR.fullmatch(colour) else "Type a colour such as #4f46e5, or choose one."


def family_problem(name: str) -> str | None:
    """Why this is no name of a font, or None. Letters of any script, digits, spaces, hyphens: nothing that ends a text
    in CSS, or escapes."""
    if all(unicodedata.category(letter)[0] in "LMN" or letter in " -_" for letter in name) and name.strip() == name:
        return None if name else "Type a name."
    return "A font's name has letters, digits, spaces and hyphens only, and no list of fonts."


@dataclass(frozen=True)
class Contrast:
    """Two colours of a scheme that are too close. ``where`` is the one to change, ``better`` the nearest that does."""

    where: str
    ratio: float
    better: str
    text: str


def weak_contrasts(theme: Theme) -> Iterator[Contrast]:
    """The pairs of colours that cannot be read well, where the theme chose one of them."""
    whole = theme.over(STANDARD)
    for scheme in SCHEMES:
        chosen, seen = getattr(theme, scheme), getattr(whole, scheme)
        for pair in _pairs(whole.buttons):
            one, other = (getattr(seen, name) for name in pair)
            own = [name for name in pair if getattr(chosen, name)]
            if own and (ratio := contrast(one, other)) < ENOUGH:
                yield _weak(scheme, ratio, {name: nearest(*_ends(seen, name, pair)) for name in own}, pair)


def _pairs(buttons: ButtonLook | None) -> Iterator[tuple[str, str]]:
    """What is read on what. Banners have the accent behind all they say."""
    yield "text", "surface"
    yield "on_accent", "accent"
    if buttons and buttons.is_outline:
        yield "accent", "surface"


def _ends(seen: Palette, name: str, pair: tuple[str, str]) -> tuple[str, str]:
    return getattr(seen, name), getattr(seen, pair[1 - pair.index(name)])


def _weak(scheme: str, ratio: float, better: dict[str, tuple[int, str]], pair: tuple[str, str]) -> Contrast:
    """At the colour that needs to change least."""
    name = min(better, key=lambda each: better[each][0])
    front, behind = ("text" if each == "on_accent" else each for each in pair)
    # Not rounded up to what would be enough.
    text = f"{scheme.capitalize()}: {front} on {behind} has contrast {int(ratio * 10) / 10}:1; {ENOUGH}:1 is needed."
    return Contrast(f"{scheme}.{name}", ratio, better[name][1], f"{text} Try {better[name][1]}.")


def contrast(one: str, other: str) -> float:
    """From 1 to 21 (WCAG 2.2, “contrast ratio”)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def nearest(colour: str, against: str) -> tuple[int, str]:
    """The colour with as little black or white in it, in 255ths, as it takes to be read on ``against``.

    One of both always does."""
    mixed = ((part, _mixed(colour, towards, part)) for part in range(256) for towards in (0, 255))
    return next(each for each in mixed if contrast(each[1], against) >= ENOUGH)


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _luminance(colour: str) -> float:
    """WCAG 2.2, “relative luminance”."""
    shares = (channel / 255 for channel in _channels(colour))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: str, towards: int, part: int) -> str:
    return "#" + "".join(f"{round(each + (towards - each) * part / 255):02x}" for each in _channels(colour))
