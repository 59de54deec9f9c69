"""The templates that come with the product, as visitors see them: as in the gallery, and accessible."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from anonmsg.starters import starters
from docs import gallery
from tests.support.gallery import PLACE, SCHEMES, SIZES, Place, difference, easel, is_kept, sittings
from tests.support.marketer import AXE
from tests.support.website import Website

EDGES = 3
"""Pixels by which an edge of a message may be elsewhere. The page brings its own font, so nothing else moves lines."""
GREYS = 3.0
"""How much a message may look different, see :func:`difference`. Another way to smooth letters makes 0.7, the two that
are most alike differ by 6."""

AXE_RUN = """() => {
    document.body.append(drawn.host);
    return axe.run('anonmsg-message', {resultTypes: ['violations']})
        .then(({violations}) => violations.flatMap(({id, nodes}) => nodes.map(({target}) => `${id}: ${target}`)));
}"""
"""What stands beside the body, as messages do, has no colours for axe: it would say nothing of what cannot be read."""

KEPT: dict[str, Place] = {file: tuple(place) for file, place in json.loads(gallery.PLACES.read_text()).items()}


@dataclass(frozen=True)
class Seen:
    """One template in one window. ``message`` is its picture, of that alone, where one is kept to compare it with."""

    file: str
    width: int
    place: Place
    message: Image.Image | None
    findings: list[str]


@pytest.fixture(scope="module")
def every(browser: Browser) -> Iterator[list[Seen]]:
    """All templates at all widths, light and dark, on one page."""
    website, context = Website().start(), browser.new_context()
    drawing = easel(context.new_page(), website)
    drawing.page.evaluate(AXE)
    yield [
        Seen(
            file=one.file,
            width=one.width,
            place=(place := one.place()),
            message=one.picture().crop(place) if is_kept(one) else None,
            findings=findings(one.box.page),
        )
        for one in sittings(drawing)
    ]
    context.close()
    website.stop()


def findings(page: Page) -> list[str]:
    found: list[str] = page.evaluate(AXE_RUN)
    return found


def kept(file: str) -> Image.Image:
    return Image.open(PLACE / file).convert("RGB").crop(KEPT[file])


def test_they_look_as_the_gallery_shows_them(every: list[Seen]) -> None:
    compared = [one for one in every if one.message]
    assert {one.file for one in compared} == KEPT.keys() == {path.name for path in PLACE.glob("*.png")}
    for one in compared:
        assert one.message
        assert max(abs(here - there) for here, there in zip(one.place, KEPT[one.file], strict=True)) <= EDGES, one
        assert difference(one.message, kept(one.file)) <= GREYS, one


def test_the_comparison_tells_any_two_apart(every: list[Seen]) -> None:
    pictures = {one.file: one.message for one in every if one.message and one.width == 390}
    for (file, message), (other, second) in combinations(pictures.items(), 2):
        assert difference(message, second) > GREYS, (file, other)


def test_axe_finds_nothing_on_any_of_them_in_either_scheme_at_any_width(every: list[Seen]) -> None:
    assert len(every) == len(starters()) * len(SCHEMES) * len(SIZES)
    assert {one.file + str(one.width): one.findings for one in every if one.findings} == {}


def test_axe_would_find_what_has_no_name_and_what_cannot_be_read(page: Page, website: Website) -> None:
    drawing = easel(page, website)
    page.evaluate(AXE)
    box = drawing.draw(starters()["nps"].with_ids())
    box.evaluate("() => new Promise(requestAnimationFrame)")
    box.locator(".close").evaluate("close => { close.ariaLabel = null; close.textContent = '' }")
    box.locator("legend").evaluate("legend => (legend.style.color = '#444')")
    assert findings(page) == ["button-name: anonmsg-message,.close", "color-contrast: anonmsg-message,legend"]


def test_every_step_is_inside_the_window_and_accessible(page: Page, website: Website) -> None:
    """On the smallest window, where there is the least room."""
    width, height = next(iter(SIZES.items()))
    page.set_viewport_size({"width": width, "height": height})
    drawing = easel(page, website)
    page.evaluate(AXE)
    for name, shape in starters().items():
        for step in shape.steps[1:]:
            box = drawing.draw(shape.with_ids(), scheme="dark")
            page.evaluate("id => { drawn.go(id); return new Promise(requestAnimationFrame) }", step.id)
            at = box.bounding_box()
            assert at
            assert at["x"] >= 0 <= at["y"], (name, step.id)
            assert at["x"] + at["width"] <= width, (name, step.id)
            assert at["y"] + at["height"] <= height, (name, step.id)
            assert box.evaluate("box => box.scrollWidth <= box.clientWidth"), (name, step.id)
            assert findings(page) == [], (name, step.id)
            drawing.close()


def test_on_a_phone_a_modal_is_a_sheet_and_an_overlay_takes_the_width_with_a_margin(every: list[Seen]) -> None:
    width, height = next(iter(SIZES.items()))
    margins = {"modal": (0, 0), "overlay": (16, 16), "banner": (0, None)}
    phones = {
        one.file.removesuffix(f"-{width}.png"): one.place
        for one in every
        if one.width == width and "dark" not in one.file
    }
    assert phones.keys() == starters().keys()
    for name, (left, _, right, bottom) in phones.items():
        side, below = margins[starters()[name].display.kind]
        assert (left, width - right) == (side, side), name
        assert below is None or height - bottom == below, name


def test_the_document_shows_all_of_them_as_they_are() -> None:
    assert gallery.DOCUMENT.read_text() == gallery.page()
    assert sum(path.stat().st_size for path in PLACE.iterdir()) < 3_000_000
