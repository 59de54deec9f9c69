"""Images by upload: into a block by its button, pasted or dropped, and from there to a website with a strict policy."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from anonmsg.message import Display, DisplayKind, Image, Position, Shape, Step
from tests.conftest import CLUB
from tests.support.canary import TRUSTED_TYPES, Canary
from tests.support.desk import Desk
from tests.support.pictures import png
from tests.support.stage import Stage, changed, expect_shown
from tests.support.website import parsed_tag

NONCE = "bm9uY2U"
EMPTY = Shape(name="Pictures", display=Display(DisplayKind.OVERLAY, Position.BOTTOM_RIGHT, 360))

HAND_OVER = """(target, [kind, name, content]) => {
    const data = new DataTransfer();
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    data.items.add(new File([bytes], name, { type: 'image/png' }));
    const options = { bubbles: true, cancelable: true, composed: true };
    const event = kind === 'paste'
        ? new ClipboardEvent('paste', { ...options, clipboardData: data })
        : new DragEvent(kind, { ...options, dataTransfer: data });
    return target.dispatchEvent(event);
}"""
"""As a browser does when somebody pastes or drops a file; whether the browser would do with it as it likes."""


@pytest.fixture
def desk(stage: Stage, page: Page) -> Desk:
    return Desk(stage, page).sign_in()


def hand_over(target: Locator, kind: str, content: bytes, name: str = "mug.png") -> bool:
    return bool(target.evaluate(HAND_OVER, [kind, name, base64.b64encode(content).decode()]))


def block(desk: Desk, number: int) -> Locator:
    return desk.page.locator("[data-parts] .block-image").nth(number)


def add(desk: Desk) -> Locator:
    """A new block for an image, at the end."""
    count = desk.page.locator("[data-parts] .block-image").count()
    desk.page.get_by_role("button", name="Add image").click()
    return block(desk, count)


def choose(target: Locator, page: Page, file: FilePayload | Path) -> None:
    with page.expect_file_chooser() as chooser:
        target.get_by_role("button", name="Upload an image").click()
    chooser.value.set_files(file)


def a_file(content: bytes, name: str = "mug.png") -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": content}


def images(desk: Desk, id: str) -> list[Image]:
    return [each for each in desk.stored(id).blocks() if isinstance(each, Image)]


def test_it_is_chosen_pasted_or_dropped(desk: Desk, complaints: list[str], tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    large.write_bytes(bytes(11 * 1024**2))
    page, id = desk.page, desk.open(EMPTY, "content")
    first = add(desk)
    expect(first.get_by_label("Image address")).to_be_focused()
    first.get_by_label("What the image shows").fill("A mug")
    choose(first, page, a_file(png(1000, 500)))
    expect(first.get_by_text("Uploaded: 1000 × 500 pixels.")).to_be_visible()
    expect(first.get_by_label("What the image shows")).to_have_value("A mug")
    expect(desk.preview.get_by_role("img", name="A mug")).to_have_js_property("complete", value=True)

    second = add(desk)
    assert not hand_over(second.get_by_label("Image address"), "paste", png(700, 350))
    expect(second.get_by_text("Uploaded: 700 × 350 pixels.")).to_be_visible()

    third = add(desk)
    assert not hand_over(third, "dragover", b"")
    expect(third).to_have_class("block block-image is-over")
    assert not hand_over(third, "drop", png(300, 150))
    expect(third).to_have_class("block block-image")
    expect(third.get_by_text("Uploaded: 300 × 150 pixels.")).to_be_visible()
    assert not hand_over(page.locator("h1"), "drop", png(10, 10)), "the page stays"

    src = third.get_by_label("Image address").input_value()
    page.get_by_role("button", name="Undo").click()
    expect(third.get_by_label("Image address")).to_have_value("")
    page.get_by_role("button", name="Redo").click()
    expect(third.get_by_label("Image address")).to_have_value(src)

    # What cannot be used is said at the block, which keeps what it has.
    choose(third, page, a_file(b"Hello", "letter.png"))
    expect(third.get_by_role("alert")).to_contain_text("Choose a PNG, JPEG, WebP or GIF.")
    assert [line for line in complaints if "415" in line] == complaints
    complaints.clear()
    choose(third, page, large)
    expect(third.get_by_role("alert")).to_contain_text("“large.png” has 11 MB, 10 MB are the most.")
    assert desk.findings() == []

    expect(page.locator("[data-saved]")).to_contain_text("Saved at")
    kept = images(desk, id)
    server = f"{desk.stage.server.url}/v1/images/{desk.stage.site_key}/"
    assert [each.src.startswith(server) for each in kept] == [True] * 3
    assert [(each.alt, each.width, each.height) for each in kept] == [
        ("A mug", 1000, 500),
        ("", 700, 350),
        ("", 300, 150),
    ]


def test_it_comes_to_where_the_block_is_by_then_and_nothing_goes_on_without_it(
    desk: Desk, complaints: list[str]
) -> None:
    page, id = desk.page, desk.open(changed(EMPTY, steps=CLUB.steps), "content")
    held: list[Route] = []
    page.route("**/images", lambda route: held.append(route))  # noqa: PLW0108, Playwright sets an attribute of it
    moved = add(desk)
    with page.expect_request("**/images"):
        choose(moved, page, a_file(png(400, 200)))
    expect(moved.get_by_role("status")).to_contain_text("mug.png")
    moved.get_by_role("button", name="Move block 3 up").click()
    page.get_by_role("button", name="Duplicate block 2").click()
    desk.next()
    desk.settle()
    assert page.url.endswith("/content"), "it waits"
    page.get_by_role("button", name="Preview on your site").click()
    expect(page.get_by_role("link", name="Open the preview")).to_be_visible()
    held[0].continue_()
    desk.wait_for_step("schedule")
    stored = desk.stored(id).steps[0].blocks
    assert [isinstance(each, Image) for each in stored] == [False, True, True, False]
    assert {(each.width, each.height) for each in images(desk, id)} == {(400, 200)}

    page.go_back()
    page.unroute("**/images")
    page.route("**/images", lambda route: route.abort())
    choose(block(desk, 0), page, a_file(png(400, 200)))
    expect(block(desk, 0).get_by_role("alert")).to_contain_text("The server cannot be reached.")
    assert images(desk, id)[0].width == 400
    complaints.clear()


LAYOUT = """() => {
    window.shifts = [];
    new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map(({ value }) => value)))
        .observe({ type: 'layout-shift', buffered: true });
}"""


def test_a_website_that_allows_our_images_shows_them_as_wide_as_needed(desk: Desk, page: Page) -> None:
    stage = desk.stage
    desk.open(EMPTY, "content")
    choose(add(desk), page, a_file(png(1600, 800)))
    src = block(desk, 0).get_by_label("Image address")
    expect(src).to_have_value(re.compile(rf"/{stage.site_key}/[0-9a-f]{{32}}-1440\.webp"))
    expect(page.locator("[data-saved]")).to_contain_text("Saved at")
    picture = Image(src.input_value(), "A mug", 1440, 720)
    stage.launch(changed(CLUB, display=EMPTY.display, steps=(Step("s1", (picture, *CLUB.steps[0].blocks)),)))
    directives = (
        "default-src 'none'", f"script-src {stage.server.url} 'nonce-{NONCE}'", f"connect-src {stage.server.url}",
        f"img-src {stage.server.url}", TRUSTED_TYPES,
    )  # fmt: skip
    stage.website.headers["Content-Security-Policy"] = "; ".join(directives)
    stage.website.tag = parsed_tag(stage.server.url, stage.site_key, NONCE)
    canary = Canary(page, {stage.website.url, stage.server.url})
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if "/v1/images/" in request.url else None)
    page.add_init_script(f"({LAYOUT})()")
    page.goto(stage.website.url)
    expect_shown(page)
    drawn = page.get_by_role("img", name="A mug")
    expect(drawn).to_have_js_property("complete", value=True)
    assert drawn.evaluate("({naturalWidth, loading, decoding}) => [naturalWidth > 0, loading, decoding]") == [
        True,
        "lazy",
        "async",
    ]
    box = drawn.bounding_box()
    assert box
    assert abs(box["width"] / box["height"] - 2) < 0.02
    assert [url.rpartition("-")[2] for url in fetched] == ["320.webp"], "and no other, for 310 pixels"
    assert page.evaluate("shifts") == []
    canary.assert_quiet()
