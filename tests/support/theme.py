"""Themes that Python makes or refuses, and style sheets that JavaScript draws or refuses (tests/js/theme.test.js)."""

from __future__ import annotations

from typing import Any

import msgspec

from anonmsg.manifest.look import Look
from anonmsg.message import ButtonLook, Entrance, Font, Limits, Palette, Shadow, Theme

FAMILIES = [
    "Noto Sans JP",
    "Åkzidenz Grotesk",
    "源ノ角ゴシック",
    "Font-Name_2",
    "Hiragino Maru Gothic ProN",
    "Curly Image Set",
]

GOOD = [
    Theme(),
    Theme(light=Palette("#ffffff", "#111111", "#4f46e5", "#ffffff", "#dddddd"), dark=Palette(accent="#ABCDEF")),
    *(Theme(font=font, family="Inter") for font in Font),
    *(Theme(font=Font.NAMED, family=family) for family in FAMILIES),
    *(Theme(shadow=shadow) for shadow in Shadow),
    *(Theme(buttons=buttons) for buttons in ButtonLook),
    *(Theme(entrance=entrance) for entrance in Entrance),
    *(Theme(text_size=size) for size in Limits.TEXT_SIZE),
    *(Theme(radius=radius) for radius in Limits.RADIUS),
    *(Theme(spacing=spacing) for spacing in Limits.SPACING),
    *(Theme(z_index=level) for level in Limits.Z_INDEX),
]

NO_COLOURS = [
    "",
    "red",
    "red;}*{",
    "#fff",
    "#ffff",
    "#fffffff",
    "#ffffff;}*{",
    "#fffff\\66",
    "\\23 ffffff",
    "url(//evil.example)",
    "expression(alert(1))",
    "var(--x)",
    "#ffffff/**/",
    "#ffffff\n",
    " #ffffff",
    "#ｆｆｆｆｆｆ",
    "rgb(1 2 3)",
    "</style>",
]
NO_FAMILIES = [
    'Inter";}*{',
    "Inter, Arial",
    "Inter;",
    "url(//evil.example/x.woff2)",
    "In\\74 er",
    'In"ter',
    "In'ter",
    "Inter\n}",
    "Inter\u2028",
    "Inter\u200b",
    "expression(alert(1))",
    "<style>",
    "/*",
    "@import",
]
UNREADABLE: list[dict[str, Any]] = [
    *({"font": word} for word in ("comic", "constructor", "__proto__", "Inter", 1)),
    *({"shadow": word} for word in ("0 0 9px red", "constructor", "")),
    {"shadow": {}},
    *({"buttons": word} for word in ("ghost", "toString", "filled_pill;")),
    *({"entrance": word} for word in ("spin", "none}", "hasOwnProperty")),
    *({name: "1px"} for name in ("text_size", "radius", "spacing", "z_index")),
    *({name: 1.5} for name in ("text_size", "radius", "spacing", "z_index")),
    *({name: "1;}*{"} for name in ("text_size", "radius", "spacing", "z_index")),
    *({name: [1]} for name in ("radius", "z_index")),
    {"light": {"surface": 0xFFFFFF}},
    {"dark": {"line": ["#ffffff", "x"]}},
]
"""What is of no type that a theme has: a field of these never gets as far as to be judged."""


def refused() -> list[dict[str, Any]]:
    return [
        *({"theme": {"light": {"surface": each}}, "code": "colour_invalid"} for each in NO_COLOURS),
        *({"theme": {"dark": {"on_accent": each}}, "code": "colour_invalid"} for each in NO_COLOURS[:3]),
        *({"theme": {"font": "named", "family": each}, "code": "font_invalid"} for each in NO_FAMILIES),
        {"theme": {"font": "named"}, "code": "font_missing"},
        *({"theme": each, "code": "unreadable"} for each in UNREADABLE),
    ]


FOREIGN = [
    ".box{background:url(//evil.example/x)}",
    ".box{background:URL(//evil.example/x)}",
    ".box{background:-webkit-image-set('x' 1x)}",
    '.box{background:src("x")}',
    ".box{background:image('x')}",
    ".box{background:cross-fade('x','y')}",
    ".box{background:u\\72l(x)}",
    "@import 'x';",
    "</style>",
]
"""Rules that fetch something, or could."""


def looks() -> dict[str, Any]:
    return {
        "good": [msgspec.to_builtins(Look.of(theme)) for theme in GOOD],
        "refused": [{name: css} for css in FOREIGN for name in ("css", "light", "dark")],
    }
