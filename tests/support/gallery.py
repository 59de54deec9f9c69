"""Pictures of the templates that come with the product: those in docs/gallery, and those they are compared with."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image
from playwright.sync_api import Locator, Page

from anonmsg.message import Shape
from anonmsg.settings import ROOT
from anonmsg.starters import starters
from tests.support.drawing import Easel
from tests.support.website import Website

PLACE = ROOT / "docs" / "gallery"
SIZES = {390: 720, 768: 640, 1280: 720}
"""Widths of windows, in pixels, and how high they are."""
DARK_AT = 390
"""The width at which there is a dark picture too."""
COLOURS = 48

SCHEMES = ("light", "dark")
QUIET = """
<style>
html { color-scheme: light; background: light-dark(#fff, #16161a); }
body { margin: 0; padding: 4% 8%; font: 16px/1.5 system-ui, sans-serif; overflow: hidden; }
i { display: block; height: 14px; margin: 0 0 14px; border-radius: 4px; background: light-dark(#eef0f3, #26262c); }
i.bar { width: 40%; height: 28px; margin-bottom: 28px; }
i.picture { height: 180px; margin: 28px 0; border-radius: 8px; }
</style>
""" + "".join(f"<i class='{name}'></i>" for name in ("bar", "", "", "picture", "", "", "", "picture", "", ""))


@dataclass(frozen=True)
class Sitting:
    """One template drawn in one window."""

    name: str
    width: int
    scheme: str
    box: Locator

    @property
    def file(self) -> str:
        return f"{self.name}-{self.width}{'-dark' if self.scheme == 'dark' else ''}.png"

    def picture(self) -> Image.Image:
        """All of the window, in few colours."""
        taken = Image.open(io.BytesIO(self.box.page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
        return taken.quantize(COLOURS, dither=Image.Dither.NONE)

    def size(self) -> list[int]:
        """Width and height of the message, in pixels."""
        at = self.box.bounding_box()
        assert at
        return [round(at["width"]), round(at["height"])]


def easel(page: Page, website: Website) -> Easel:
    website.body = QUIET
    return Easel(page, website).open()


def sittings(easel: Easel) -> Iterator[Sitting]:
    """Every template at every width, light and dark, one after another on the same page."""
    easel.page.emulate_media(reduced_motion="reduce")
    for width, height in SIZES.items():
        easel.page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            easel.page.evaluate("scheme => (document.documentElement.style.colorScheme = scheme)", scheme)
            for name, shape in starters().items():
                yield Sitting(name, width, scheme, drawn(easel, shape, scheme))
                easel.close()


def drawn(easel: Easel, shape: Shape, scheme: str) -> Locator:
    box = easel.draw(shape.with_ids(), scheme=scheme)
    box.wait_for()
    return box
