"""What visitors get to see: in its place, for every eye, ear and hand, and without disturbing what they are doing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from PIL import Image as PillowImage
from PIL import ImageChops
from playwright.sync_api import Locator, Page, expect

from anonmsg.message import Display, DisplayKind, Heading, List, Position, Row, Run, Step, Text
from anonmsg.settings import ROOT
from tests.support.drawing import PLACES, SHOWCASE, UNREFLECTED, Easel, named
from tests.support.hosts import CURTAIN, PROTOTYPE_JS
from tests.support.stage import changed
from tests.support.website import Website

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
MODAL, *FLOATING = PLACES
ONE_OF_EACH = [MODAL, FLOATING[0], FLOATING[-1]]
"""A modal, an overlay and a banner."""
PHONE, DESKTOP = (390, 844), (1280, 800)
SMALLEST_TARGET = 44
"""CSS pixels."""


@pytest.fixture
def easel(page: Page, website: Website) -> Easel:
    website.body = "<main><h1>Shop</h1><p>Some words of the page.</p><input aria-label=Search value=mugs></main>"
    return Easel(page, website)


def shown_at(easel: Easel, display: Display) -> Locator:
    """Drawn, and standing still."""
    box = easel.draw(changed(SHOWCASE, display=display))
    expect(box).to_be_visible()
    box.evaluate("box => Promise.all(box.getAnimations().map(moving => moving.finished))")
    return box


def each_place(easel: Easel) -> Iterator[tuple[Display, Locator]]:
    for display in PLACES:
        yield display, shown_at(easel, display)
        easel.close()


# For every eye


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_on_any_of_the_nine_places(easel: Easel, scheme: Any, size: tuple[int, int]) -> None:
    easel.page.set_viewport_size({"width": size[0], "height": size[1]})
    easel.website.body += f"<style>html {{ color-scheme: {scheme} }}</style>"
    easel.open().page.evaluate(AXE)
    assert scheme_of(shown_at(easel, MODAL)) == scheme
    easel.close()
    for display, _ in each_place(easel):
        assert findings(easel.page) == [], named(display)


def scheme_of(box: Locator) -> str:
    surface: str = box.evaluate("box => getComputedStyle(box).backgroundColor")
    return "light" if surface == "rgb(255, 255, 255)" else "dark"


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PAGES = {
    "": ("light", "light"),
    "html { color-scheme: light dark }": ("light", "dark"),
    "html { color-scheme: dark }": ("dark", "dark"),
    "html { color-scheme: light dark } body { background: white }": ("light", "light"),
    "body { background: #1a1a2e }": ("dark", "dark"),
    "html { background: #111 }": ("dark", "dark"),
    "html { background: #111 } body { background: #fafafa }": ("light", "light"),
    "body { background: black }": ("dark", "dark"),
    "body { background: oklch(0.2 0.02 250) }": ("dark", "dark"),
    "body { background: oklch(0.98 0.01 90) }": ("light", "light"),
    "body { background: color(srgb 0.1 0.1 0.1) }": ("dark", "dark"),
    "@media (prefers-color-scheme: dark) { body { background: #222 } }": ("light", "dark"),
}
"""Styles of a page, and what a message on it has to be for visitors who prefer light, and for those who prefer dark."""


def test_it_is_as_light_or_dark_as_the_page(easel: Easel) -> None:
    plain = easel.website.body
    for preferred in SCHEMES:
        easel.page.emulate_media(color_scheme=preferred)
        for style, expected in PAGES.items():
            easel.website.body = f"{plain}<style>{style}</style>"
            assert scheme_of(shown_at(easel.open(), MODAL)) == expected[SCHEMES.index(preferred)], style


CORNER = 16
"""px"""
SHADE = 8
"""Of 255: what smoothing makes of the same edge."""
HOSTILE = f"""<style>
* {{ all: unset !important; font-size: 90px !important; transform: rotate(3deg) !important }}
</style><script>{PROTOTYPE_JS}</script>{CURTAIN}"""


@pytest.mark.parametrize("display", ONE_OF_EACH, ids=named)
def test_a_hostile_page_gives_it_the_same_picture(easel: Easel, display: Display) -> None:
    clean = picture(shown_at(easel.open(), display))
    easel.website.body += HOSTILE
    assert easel.open().page.locator("h1").evaluate("title => getComputedStyle(title).fontSize") == "90px"
    hostile = picture(shown_at(easel, display))
    assert hostile.size == clean.size
    assert ImageChops.difference(hostile, clean).point(lambda shade: max(0, shade - SHADE)).getbbox() is None


def picture(box: Locator) -> PillowImage.Image:
    """But for the round corners, behind which the page is seen."""
    drawn = PillowImage.open(io.BytesIO(box.screenshot())).convert("RGB")
    for x in (0, drawn.width - CORNER):
        for y in (0, drawn.height - CORNER):
            drawn.paste(0, (x, y, x + CORNER, y + CORNER))
    return drawn


def test_axe_would_find_a_button_without_a_name_and_a_heading_that_cannot_be_read(easel: Easel) -> None:
    easel.open().page.evaluate(AXE)
    box = shown_at(easel, MODAL)
    box.locator(".close").evaluate("close => { close.ariaLabel = null; close.textContent = '' }")
    box.get_by_role("heading").evaluate("heading => (heading.style.color = '#aaa')")
    assert findings(easel.page) == ["button-name", "color-contrast"]


def findings(page: Page) -> list[str]:
    """axe sees no colours of what stands beside the body, as messages do: it is asked once the message is inside."""
    page.evaluate("document.body.append(drawn.host)")
    found: list[str] = page.evaluate("axe.run().then(({ violations }) => violations.map(({ id }) => id).sort())")
    return found


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_stands_in_its_place_inside_the_window(easel: Easel, size: tuple[int, int]) -> None:
    easel.page.set_viewport_size({"width": size[0], "height": size[1]})
    for display, box in each_place(easel.open()):
        edges = edges_of(box, size)
        assert min(edges.values()) >= 0, named(display)
        for edge, opposite in [("top", "bottom"), ("bottom", "top"), ("left", "right"), ("right", "left")]:
            if edge in display.position.split("-"):
                assert edges[edge] <= min(16, edges[opposite]), named(display)
        if (display.kind is DisplayKind.MODAL and size == DESKTOP) or "-center" in display.position:
            assert abs(edges["left"] - edges["right"]) <= 1, named(display)


def edges_of(box: Locator, size: tuple[int, int]) -> dict[str, float]:
    """Distances to the four edges of the window."""
    at = box.bounding_box()
    assert at
    return {
        "left": at["x"],
        "top": at["y"],
        "right": size[0] - at["x"] - at["width"],
        "bottom": size[1] - at["y"] - at["height"],
    }


@pytest.mark.parametrize("width", [240, 360, 720])
def test_on_a_desktop_it_is_as_wide_as_was_chosen(easel: Easel, width: int) -> None:
    display = Display(kind=DisplayKind.OVERLAY, position=Position.BOTTOM_RIGHT, width=width)
    at = shown_at(easel.open(), display).bounding_box()
    assert at
    assert round(at["width"]) == width


@pytest.mark.parametrize("percent", [200, 400])
def test_zoomed_in_everything_can_be_reached_and_nothing_is_cut(easel: Easel, percent: int) -> None:
    """A browser that zooms makes its window smaller, in CSS pixels."""
    size = (1280 * 100 // percent, 1024 * 100 // percent)
    easel.page.set_viewport_size({"width": size[0], "height": size[1]})
    for display, box in each_place(easel.open()):
        assert min(edges_of(box, size).values()) >= 0, named(display)
        assert box.evaluate("box => box.scrollWidth <= box.clientWidth"), named(display)
        for button in box.get_by_role("button").all():
            button.click(trial=True)


def test_its_buttons_are_large_enough_for_a_finger(easel: Easel) -> None:
    easel.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    for display, box in each_place(easel.open()):
        for button in box.get_by_role("button").all():
            at = button.bounding_box()
            assert at
            assert min(at["width"], at["height"]) >= SMALLEST_TARGET, (named(display), button.text_content())


def test_columns_of_a_banner_are_as_wide_as_their_words(easel: Easel) -> None:
    row = Row(columns=((Text(((Run("Yesterday"),),)),), (Text(((Run("Tomorrow"),),)),)))
    showing = changed(SHOWCASE, display=FLOATING[-1], steps=(Step(id="s1", blocks=(row,)),))
    for width in (PHONE[0], DESKTOP[0]):
        easel.page.set_viewport_size({"width": width, "height": 800})
        box = easel.open().draw(showing)
        heights = box.locator("p").evaluate_all("all => all.map(each => each.clientHeight)")
        assert heights == [24, 24], f"a word is broken at {width} px"
        easel.close()


def test_on_a_page_from_right_to_left_it_runs_from_right_to_left(easel: Easel) -> None:
    easel.website.pages["/ar"] = (
        "<!doctype html><html lang=ar dir=rtl><meta charset=utf-8><title>متجر</title><body>متجر"
    )
    for display, box in each_place(easel.open("/ar")):
        assert box.evaluate("box => getComputedStyle(box).direction") == "rtl", named(display)
        close, at = box.get_by_role("button", name="Close").bounding_box(), box.bounding_box()
        assert close
        assert at
        assert close["x"] - at["x"] < at["width"] / 2, f"{named(display)}: the close button is at the line's end"


BEGINS = """box => [...box.querySelectorAll('h2, p, li')].map((block) => {
    const text = document.createRange();
    text.selectNodeContents(block);
    const [at, inside] = [text.getBoundingClientRect(), block.getBoundingClientRect()];
    return at.left - inside.left < inside.right - at.right ? 'left' : 'right';
})"""


def test_each_text_begins_where_its_own_language_does(easel: Easel) -> None:
    easel.website.pages["/ar"] = "<!doctype html><html lang=ar dir=rtl><meta charset=utf-8><title>متجر</title>"
    texts = {"انضم": "right", "Join": "left", "10 % خصم": "right", "10 % off": "left"}
    runs = [(Run(text=text),) for text in texts]
    blocks = [block for run in runs for block in (Heading(text=run[0].text), Text((run,)), List(items=(run,)))]
    for path in ("/", "/ar"):
        box = easel.open(path).draw(changed(SHOWCASE, steps=(Step(id="s1", blocks=tuple(blocks)),)))
        assert box.evaluate(BEGINS) == [side for side in texts.values() for _ in range(3)], path


def test_it_moves_a_little_and_only_by_transform(easel: Easel) -> None:
    slow = easel.open().page.context.new_cdp_session(easel.page)
    slow.send("Animation.enable")
    slow.send("Animation.setPlaybackRate", {"playbackRate": 0.01})  # so that it is still moving when it is looked at
    for display in PLACES:
        box = easel.draw(changed(SHOWCASE, display=display))
        [[frames, timing]] = box.evaluate(
            "box => box.getAnimations().map(({ effect }) => [effect.getKeyframes(), effect.getTiming()])"
        )
        assert timing["duration"] <= 150, named(display)
        changes = {key for frame in frames for key in frame} - {"offset", "computedOffset", "easing", "composite"}
        assert changes == {"transform"}, named(display)
        down = display.position.startswith("top")
        assert frames[0]["transform"] == f"translateY({'-' if down else ''}8px)", named(display)
        easel.close()


def test_whoever_wants_no_motion_gets_none(easel: Easel) -> None:
    easel.page.emulate_media(reduced_motion="reduce")
    easel.open()
    for display in PLACES:
        box = easel.draw(changed(SHOWCASE, display=display))
        assert box.evaluate("box => box.getAnimations({ subtree: true }).length") == 0, named(display)
        easel.close()


def test_in_forced_colours_its_edge_and_its_buttons_can_be_seen(easel: Easel) -> None:
    easel.page.emulate_media(forced_colors="active")
    widths = "node => { const { borderTopWidth, borderBottomWidth } = getComputedStyle(node); "
    widths += "return Math.max(parseFloat(borderTopWidth), parseFloat(borderBottomWidth)) }"
    for display, box in each_place(easel.open()):
        for edge in (box, box.get_by_role("button", name="Sign up")):
            assert edge.evaluate(widths) >= 1, named(display)


def test_nothing_of_the_page_shifts(easel: Easel) -> None:
    easel.open().page.evaluate(
        """() => {
            window.shifts = [];
            const observer = new PerformanceObserver((list) => shifts.push(...list.getEntries()));
            observer.observe({ type: 'layout-shift', buffered: true });
        }"""
    )
    painted = "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
    for display, _ in each_place(easel):
        easel.page.evaluate(painted)
        assert easel.page.evaluate("shifts.length") == 0, named(display)
    easel.page.evaluate(painted)
    assert easel.page.evaluate("shifts.length") == 0
    easel.page.evaluate("document.querySelector('h1').style.marginTop = '300px'")
    easel.page.wait_for_function("shifts.length > 0")  # so a shift would have been noticed


# For every ear


def test_what_does_not_take_the_focus_is_announced_politely(easel: Easel) -> None:
    easel.page.add_init_script(UNREFLECTED)
    assert not easel.open().page.evaluate("'role' in document.body")
    for display in FLOATING:
        box = shown_at(easel, display)
        expect(easel.page.get_by_role("status"), named(display)).to_contain_text("Join the club")
        easel.close()
        expect(easel.page.get_by_role("status"), named(display)).to_have_count(0)
        expect(box).to_have_count(0)


def test_a_modal_is_a_dialog_named_by_its_heading(easel: Easel) -> None:
    easel.page.add_init_script(UNREFLECTED)
    box = shown_at(easel.open(), MODAL)
    assert not easel.page.evaluate("'ariaLabel' in document.body")
    expect(easel.page.get_by_role("dialog", name="Join the club")).to_be_visible()
    expect(box.get_by_role("button", name="Close", exact=True)).to_be_visible()
    assert easel.page.locator("anonmsg-message dialog:modal").count() == 1


# For every hand


def test_overlays_and_banners_leave_caret_keys_and_focus_alone(easel: Easel) -> None:
    for display in FLOATING:
        leaves_alone(easel, display)


def leaves_alone(easel: Easel, display: Display) -> None:
    page = easel.open().page
    page.evaluate("addEventListener('keydown', ({ key }) => (window.pressed ??= []).push(key))")
    search = page.get_by_label("Search")
    search.focus()
    search.evaluate("input => input.setSelectionRange(2, 2)")
    box = shown_at(easel, display)
    expect(page.get_by_role("status")).to_contain_text("Join the club")

    page.keyboard.type("ou")
    expect(search).to_have_value("muougs")
    expect(search).to_be_focused()
    page.keyboard.press("Escape")
    assert page.evaluate("pressed") == ["o", "u", "Escape"]
    assert page.evaluate("shut") == []
    expect(box).to_be_visible()
    page.keyboard.press("Tab")
    expect(search).not_to_be_focused()
    expect(box.get_by_role("link", name="terms")).to_be_focused()  # within reach, after what the page has itself
    easel.close()
    page.keyboard.type("x")
    expect(search).to_have_value("muougs")


def test_closing_an_overlay_leaves_the_focus_where_it_is(easel: Easel) -> None:
    page = easel.open().page
    shown_at(easel, FLOATING[0])
    page.get_by_label("Search").focus()
    easel.close()
    expect(page.get_by_label("Search")).to_be_focused()


def test_a_modal_keeps_the_focus_and_gives_it_back(easel: Easel) -> None:
    page = easel.open().page
    search = page.get_by_label("Search")
    search.focus()
    search.evaluate("input => input.setSelectionRange(2, 2)")
    box = shown_at(easel, MODAL)
    expect(search).not_to_be_focused()
    page.keyboard.type("lost \n")
    expect(search).to_have_value("mugs")
    expect(box).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.localName") in ("anonmsg-message", "body"), (
            "body: the browser's own bar"
        )
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    assert page.evaluate("shut") == ["dismissed"]
    expect(search).to_be_focused()
    assert search.evaluate("input => input.selectionStart") == 2


@pytest.mark.parametrize("way", ["Close", "Not now", "the backdrop"])
def test_a_modal_closes_by_button_and_backdrop_once(easel: Easel, way: str) -> None:
    box = shown_at(easel.open(), MODAL)
    if way == "the backdrop":
        easel.page.mouse.click(5, 5)
    else:
        box.get_by_role("button", name=way).click()
    expect(box).to_have_count(0)
    assert easel.page.evaluate("shut") == ["dismissed"]


def test_a_drag_that_ends_on_the_backdrop_does_not_close_a_modal(easel: Easel) -> None:
    box = shown_at(easel.open(), MODAL)
    box.get_by_role("heading").hover()
    easel.page.mouse.down()
    easel.page.mouse.move(5, 5)
    easel.page.mouse.up()
    expect(box).to_be_visible()


def test_every_button_works_from_the_keyboard_and_shows_its_focus(easel: Easel) -> None:
    for display in PLACES:
        works_from_the_keyboard(easel, display)


def works_from_the_keyboard(easel: Easel, display: Display) -> None:
    page = easel.open().page
    box = shown_at(easel, display)
    for name in ("Sign up", "Tell me more", "Not now", "Close"):
        button = box.get_by_role("button", name=name)
        for _ in range(12):
            if button.evaluate("node => node.matches(':focus')"):
                break
            page.keyboard.press("Tab")
        expect(button).to_be_focused()
        assert button.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(box).to_have_count(0)
    assert page.evaluate("shut") == ["dismissed"]


def test_a_message_longer_than_the_window_scrolls_in_itself(easel: Easel) -> None:
    long = (Step(id="s1", blocks=(*SHOWCASE.steps[0].blocks, *[Heading(text="More")] * 30)),)
    for display in PLACES:
        box = easel.open().draw(changed(SHOWCASE, display=display, steps=long))
        size = easel.page.viewport_size
        assert size
        box.evaluate("box => Promise.all(box.getAnimations().map(moving => moving.finished))")
        assert min(edges_of(box, (size["width"], size["height"])).values()) >= 0, named(display)
        overflows, scrolled = box.evaluate("box => [box.scrollHeight > box.clientHeight, box.scrollTop]")
        assert overflows or display.kind is DisplayKind.BANNER, named(display)
        assert scrolled == 0, f"{named(display)}: it begins at its top"
        box.get_by_role("heading", name="More").last.scroll_into_view_if_needed()
        box.get_by_role("button", name="Close").click()
        expect(box).to_have_count(0)
