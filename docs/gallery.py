"""Takes the pictures of docs/gallery, and writes docs/gallery.md around them: a part of ``make screenshots``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser

from anonmsg.starters import GROUPS, starters
from tests.support.gallery import DARK_AT, PLACE, SIZES, easel, is_kept, sittings
from tests.support.website import Website

DOCUMENT = Path(__file__).parent / "gallery.md"
PLACES = PLACE / "places.json"
"""Where in its picture each message stands: left, top, right and bottom, in pixels."""
COLOURS = 48
HEAD = """# The templates

What a new message can start from, as it looks on a site without a theme of its own. `make screenshots` takes these
pictures and writes this page; `tests/browser/test_gallery.py` compares what is drawn with them. How to use templates
stands in [the guide for marketers](marketers.md#templates).
"""


def page() -> str:
    """The document, as Markdown."""
    return HEAD + "".join(_group(title, names) for title, names in GROUPS.items())


def _group(title: str, names: tuple[str, ...]) -> str:
    return f"\n## {title}\n" + "".join(_template(name) for name in names)


def _template(name: str) -> str:
    shape = starters()[name]
    return f"\n### {shape.name}\n\n{shape.description}\n\n{' '.join(_pictures(name, shape.name))}\n"


def _pictures(name: str, called: str) -> Iterator[str]:
    """As HTML, so that all have one height."""
    for width in SIZES:
        yield _picture(f"{name}-{width}", f"{called}, {width} pixels wide")
    yield _picture(f"{name}-{DARK_AT}-dark", f"{called}, {DARK_AT} pixels wide, dark")


def _picture(file: str, words: str) -> str:
    return f'<img src="gallery/{file}.png" height="220" alt="{words}">'


def take(browser: Browser) -> None:
    """All pictures, in place of those that are there."""
    PLACE.mkdir(exist_ok=True)
    for old in PLACE.glob("*.png"):
        old.unlink()
    website, places = Website().start(), dict[str, Any]()
    context = browser.new_context()
    for sitting in sittings(easel(context.new_page(), website)):
        if is_kept(sitting):
            places[sitting.file] = sitting.place()
            few = sitting.picture().quantize(COLOURS, dither=Image.Dither.NONE)
            few.save(PLACE / sitting.file, optimize=True)
    context.close()
    website.stop()
    PLACES.write_text(json.dumps(places, indent=2).replace("\n    ", " ").replace("\n  ]", " ]") + "\n")
    DOCUMENT.write_text(page())
    print(f"docs/gallery: {len(places)} pictures")
