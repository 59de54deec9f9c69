"""Pictures of the templates that come with the product: those in docs/gallery, and those they are compared with."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Locator, Page

from anonmsg.settings import ROOT
from anonmsg.starters import starters
from tests.support.drawing import Easel
from tests.support.website import Website

PLACE = ROOT / "docs" / "gallery"
SIZES = {390: 720, 768: 640, 1280: 720}
"""Widths of windows, in pixels, and how high they are."""
Place = tuple[int, int, int, int]
"""Left, top, right and bottom of a message, in pixels of its window."""
SCHEMES = ("light", "dark")
DARK_AT = 390
"""The width at which there is a dark picture too."""

FONTS = ROOT / "node_modules" / "@fontsource" / "inter" / "files"
WEIGHTS = (400, 600, 700)
QUIET = """
html { color-scheme: light; background: light-dark(#fff, #16161a); }
body { margin: 0; padding: 4% 8%; font: 16px/1.5 Inter; overflow: hidden; }
i { display: block; height: 14px; margin: 0 0 14px; border-radius: 4px; background: light-dark(#eef0f3, #26262c); }
i.bar { width: 40%; height: 28px; margin-bottom: 28px; }
i.picture { height: 180px; margin: 28px 0; border-radius: 8px; }
"""


def font(weight: int) -> str:
    """Inside the page: a font that each machine has for itself would break lines elsewhere."""
    data = b64encode((FONTS / f"inter-latin-{weight}-normal.woff2").read_bytes()).decode()
    return f"@font-face {{ font-family: Inter; font-weight: {weight}; src: url(data:font/woff2;base64,{data}) }}"


def quiet_page() -> str:
    lines = ("bar", "", "", "picture", "", "", "", "picture", "", "")
    styles = QUIET + "".join(font(weight) for weight in WEIGHTS)
    return f"<style>{styles}</style>" + "".join(f"<i class='{name}'></i>" for name in lines)


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
        """All of the window."""
        taken = self.box.page.screenshot(animations="disabled", caret="hide")
        return Image.open(io.BytesIO(taken)).convert("RGB")

    def place(self) -> Place:
        at = self.box.bounding_box()
        assert at
        return round(at["x"]), round(at["y"]), round(at["x"] + at["width"]), round(at["y"] + at["height"])


def easel(page: Page, website: Website) -> Easel:
    website.body = quiet_page()
    page.emulate_media(reduced_motion="reduce")
    drawing = Easel(page, website).open()
    page.evaluate(
        "weights => Promise.all(weights.map((weight) => document.fonts.load(`${weight} 16px Inter`)))", WEIGHTS
    )
    return drawing


def sittings(easel: Easel) -> Iterator[Sitting]:
    """Every template at every width, light and dark, one after another on the same page."""
    for width, height in SIZES.items():
        easel.page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            easel.page.evaluate("scheme => (document.documentElement.style.colorScheme = scheme)", scheme)
            for name, shape in starters().items():
                box = easel.draw(shape.with_ids(), scheme=scheme)
                # It is shown in the next frame.
                box.evaluate("() => new Promise(requestAnimationFrame)")
                yield Sitting(name, width, scheme, box)
                easel.close()


def is_kept(sitting: Sitting) -> bool:
    """Whether there is a picture of it in the gallery."""
    return sitting.scheme == "light" or sitting.width == DARK_AT


def difference(one: Image.Image, other: Image.Image) -> float:
    """Of two pictures, however large they are: how much 64 × 64 greys differ on the average, out of 255."""
    small = (each.convert("L").resize((64, 64), Image.Resampling.BOX) for each in (one, other))
    mean: float = ImageStat.Stat(ImageChops.difference(*small)).mean[0]
    return mean
