"""Draws messages with the snippet's own parts in a page of a website, where no server is needed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Locator, Page

from anonmsg.manifest.look import Look
from anonmsg.message import (
    POSITIONS,
    Button,
    ButtonStyle,
    Dismiss,
    Display,
    Divider,
    Heading,
    Image,
    List,
    OpenUrl,
    Row,
    Run,
    Shape,
    Spacer,
    Step,
    Text,
)
from anonmsg.settings import ROOT
from tests.support.website import Website

WHOLE = ROOT / "static" / "snippet" / "whole.js"

PLACES = [
    Display(kind=kind, position=position, width=360) for kind, positions in POSITIONS.items() for position in positions
]
"""The modal, the six overlays and the two banners."""


def named(display: Display) -> str:
    return f"{display.kind} {display.position}"


SHOWCASE = Shape(
    name="Showcase",
    steps=(
        Step(
            id="s1",
            blocks=(
                Heading(text="Join the club"),
                Text(
                    paragraphs=(
                        (Run(text="10 % off", bold=True), Run(text=" your first order. ")),
                        (Run(text="See the "), Run(text="terms", link="/terms"), Run(text=" in short.", italic=True)),
                    )
                ),
                List(items=((Run(text="Free shipping"),), (Run(text="Early access"),))),
                List(ordered=True, items=((Run(text="Sign up"),), (Run(text="Shop"),))),
                Image(src="/mug.svg", alt="A blue mug", width=200, height=100),
                Divider(),
                Spacer(size=8),
                Row(columns=((Text(paragraphs=((Run(text="Left"),),)),), (Text(paragraphs=((Run(text="Right"),),)),))),
                Button(id="b1", label="Sign up", action=OpenUrl(url="/signup")),
                Button(id="b2", label="Tell me more", style=ButtonStyle.SECONDARY, action=OpenUrl(url="/more")),
                Button(id="b3", label="Not now", style=ButtonStyle.LINK, action=Dismiss()),
            ),
        ),
    ),
)
"""Every block there is an editor for, and every style of button."""

UNREFLECTED = "['role', 'ariaLabel', 'ariaHidden'].forEach((name) => delete Element.prototype[name])"
"""As in Firefox before 119, which knows what helps listeners as attributes only."""

MUG = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 2 1'><rect width='2' height='1' fill='#357'/></svg>"


@cache
def whole() -> str:
    """All parts as they are written, in one file: a page that asks for each of them takes its time."""
    node, esbuild = Path(sys.executable).with_name("node"), ROOT / "node_modules" / ".bin" / "esbuild"
    command = [str(path) for path in (node, esbuild, WHOLE)] + ["--bundle", "--format=esm", "--log-level=error"]
    return subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8").stdout


@dataclass
class Easel:
    """``draw`` puts one message on the page; it is closed again with ``close``, as the snippet does itself."""

    page: Page
    website: Website

    def open(self, path: str = "/") -> Easel:
        self.website.pages |= {"/snippet/whole.js": whole(), "/mug.svg": MUG}
        self.page.goto(self.website.url + path)
        return self

    def draw(self, shape: Shape, **options: Any) -> Locator:
        theme = {"theme": msgspec.to_builtins(Look.of(shape.theme))} if shape.theme else {}
        return self.draw_raw(msgspec.to_builtins(shape) | theme, **options)

    def draw_raw(self, message: dict[str, Any], **options: Any) -> Locator:
        """Draw what no check has seen. ``window.drawn`` and ``window.closed`` tell what became of it."""
        self.page.evaluate(
            """async ([message, options]) => {
                const { draw } = await import('/snippet/whole.js');
                window.shut = [];
                window.drawn = draw(message, { window, ...options, onClose: (how) => shut.push(how) });
            }""",
            [message, options],
        )
        return self.box

    def close(self) -> None:
        self.page.evaluate("drawn.close('removed')")

    @property
    def box(self) -> Locator:
        return self.page.locator("anonmsg-message .box")
