"""The style sheet that a theme is on a visitor's page, behind that of the snippet (static/snippet/parts/styles.js).

It is written here and not there, so that visitors load only the rules of what was chosen. It is made of words, whole
numbers, colours and a name that :mod:`anonmsg.theme` has looked at; the snippet's part ``theme`` refuses what could
fetch anything.
"""

from __future__ import annotations

from msgspec import Struct

from anonmsg.message import ButtonLook, Entrance, Font, Palette, Shadow, Theme

STACKS = {
    Font.PAGE: "",
    Font.SYSTEM: "system-ui",
    Font.HUMANIST: "Seravek,Ubuntu,Calibri",
    Font.ROUNDED: "ui-rounded,Quicksand,Comfortaa",
    Font.SERIF: "Charter,Cambria,Georgia,serif",
    Font.MONO: "ui-monospace,Menlo,Consolas,monospace",
}
SHADOWS = {Shadow.NONE: "none", Shadow.SOFT: "0 8px 24px #0004", Shadow.STRONG: "0 16px 48px #0006"}

OUTLINE = ".primary{background:0;color:var(--accent);border:2px solid}.banner .primary{background:0;color:inherit}"
PILL = "button{border-radius:99px}"
BUTTONS = {
    ButtonLook.FILLED: "",
    ButtonLook.FILLED_PILL: PILL,
    ButtonLook.OUTLINE: OUTLINE,
    ButtonLook.OUTLINE_PILL: OUTLINE + PILL,
}

ENTRANCES = {
    Entrance.RISE: "",
    Entrance.SLIDE: ".box{animation-name:slide}.right{--from:8px}"
    "@keyframes slide{0%{transform:translateX(var(--from,-8px))}}",
    Entrance.GROW: ".box:not(.banner){animation-name:grow}@keyframes grow{0%{transform:scale(.98)}}",
    Entrance.NONE: ".box{animation:none}",
}
"""Within 8 pixels: a banner is too wide to grow."""


class Look(Struct, frozen=True, omit_defaults=True):
    """Rules: ``css`` in any case, ``light`` or ``dark`` where the page is so and forces no colours. ``z_index`` is in
    ``css`` too; with it a message lies among the layers of the page."""

    css: str = ""
    light: str = ""
    dark: str = ""
    z_index: int | None = None

    @classmethod
    def of(cls, theme: Theme) -> Look:
        rules = (_font, _text_size, _radius, _spacing, _shadow, _buttons, _entrance, _z_index)
        css = "".join(rule(theme) for rule in rules)
        return cls(css, _colours(theme.light), _colours(theme.dark), theme.z_index)


def _font(theme: Theme) -> str:
    named = f'"{theme.family}",system-ui' if theme.family else ""
    stack = STACKS.get(theme.font, named) if theme.font else ""
    # Where the page's own stands at the element.
    return f".box{{font-family:{stack},sans-serif!important}}" if stack else ""


def _text_size(theme: Theme) -> str:
    if theme.text_size is None:
        return ""
    return (
        f".box{{font-size:{theme.text_size}px}}h2{{font-size:1.25em}}.banner .step>*{{font-size:inherit}}"
        ".consent,.ends,.error{font-size:.875em;line-height:1.4}"
    )


def _radius(theme: Theme) -> str:
    if theme.radius is None:
        return ""
    return (
        f".box{{--radius:{theme.radius}px}}"
        "button,textarea,[type=email],.tick,.scale span,img{border-radius:calc(var(--radius)*.625)}"
    )


def _spacing(theme: Theme) -> str:
    """What stands beside the cross leaves it its room."""
    if theme.spacing is None:
        return ""
    return (
        f".box{{--space:{theme.spacing}px}}.step,.row{{gap:calc(var(--space)/2)}}"
        "h2,.step>:first-child :is(legend,.ask span){padding-inline-end:calc(52px - var(--space))}"
    )


def _shadow(theme: Theme) -> str:
    return f".box{{box-shadow:{SHADOWS[theme.shadow]}}}" if theme.shadow else ""


def _buttons(theme: Theme) -> str:
    return BUTTONS[theme.buttons] if theme.buttons else ""


def _entrance(theme: Theme) -> str:
    rules = ENTRANCES[theme.entrance] if theme.entrance else ""
    return f"@media (prefers-reduced-motion:no-preference){{{rules}}}" if rules else ""


def _z_index(theme: Theme) -> str:
    return "" if theme.z_index is None else f".box{{z-index:{theme.z_index}}}"


def _colours(palette: Palette) -> str:
    """A banner's surface is the accent."""
    return _tokens(".box", palette, "accent", "on_accent", "line") + _tokens(
        ".box:not(.banner)", palette, "surface", "text"
    )


def _tokens(selector: str, palette: Palette, *names: str) -> str:
    chosen = {name: colour for name in names if (colour := getattr(palette, name))}
    tokens = "".join(f"--{name.replace('_', '-')}:{colour};" for name, colour in chosen.items())
    return f"{selector}{{{tokens}}}" if tokens else ""
