"""Preview on the marketer's own website: from the button in the builder to the bar on the page, and nothing counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, Route, expect

from anonmsg.db import db, utc_now
from anonmsg.message import (
    Button,
    Dismiss,
    Display,
    DisplayKind,
    Effect,
    GoToStep,
    Heading,
    PageRule,
    Position,
    Schedule,
    Shape,
    Step,
    Theme,
)
from anonmsg.models import Message
from anonmsg.preview import LIFE, Link
from tests.conftest import CLUB
from tests.support.desk import AXE, Desk
from tests.support.stage import Stage, changed, expect_not_shown, expect_shown, shown, until
from tests.support.website import install_tag

NONCE = "bm9uY2U"
STRICTEST = f"default-src 'none'; script-src {{server}} 'nonce-{NONCE}'; connect-src {{server}}; form-action 'none'"
NEW_YEAR = datetime(2030, 1, 1, tzinfo=UTC)

DRAFT = Shape(
    name="Sale",
    page_rules=(PageRule(effect=Effect.EXCLUDE, value="/legal"),),
    theme=Theme(radius=3),
    schedule=Schedule(starts_at=NEW_YEAR, zone="UTC"),
    steps=(
        Step(id="s1", blocks=(Heading(text="Winter sale"), Button(id="b1", label="Go on", action=GoToStep("s2")))),
        Step(id="s2", blocks=(Heading(text="Take a coat"), Button(id="b2", label="No", action=Dismiss()))),
    ),
)
"""A draft that does not start before 2030."""
LIVE = changed(CLUB, name="Live")


@dataclass
class Tab:
    """A tab of somebody who previews."""

    page: Page

    @property
    def bar(self) -> Locator:
        return self.page.get_by_role("region", name="Message preview")

    def press(self, name: str) -> None:
        self.bar.get_by_role("button", name=name).click()

    def expect_said(self, words: str) -> None:
        expect(self.bar.get_by_role("status")).to_contain_text(words)

    def expect_draft(self, heading: str = "Winter sale") -> None:
        expect_shown(self.page, heading)


@pytest.fixture
def desk(stage: Stage, page: Page) -> Desk:
    """A website with the strictest policy, which nobody may frame, and which shows another message already."""
    stage.launch(LIVE)
    policy = STRICTEST.format(server=stage.server.url)
    stage.website.headers.update({"Content-Security-Policy": policy, "X-Frame-Options": "DENY"})
    stage.website.tag = install_tag(stage.server.url, stage.site_key).replace("<script>", f"<script nonce='{NONCE}'>")
    return Desk(stage, page).sign_in()


def made_in(desk: Desk, path: str) -> str:
    """The link, made on the page of the builder that is open, to this page of the website."""
    page = desk.page
    page.get_by_label("Page of your website").fill(f"{desk.stage.website.url}{path}")
    page.get_by_label("Page of your website").press("Enter")
    link = page.get_by_role("link", name="Open the preview")
    expect(link).to_be_focused()
    return link.get_attribute("href") or ""


def signed(stage: Stage, id: str, ago: timedelta = timedelta()) -> str:
    """A link to the message that was made so long ago."""
    with stage.server.app.app_context():
        message = db.session.get(Message, id)
        assert message
        address = Link.to(message, utc_now() - ago).address(f"{stage.website.url}/", "for tests only")
        db.session.rollback()
    return address


FULL = "() => { Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') } }"
"""What the browser keeps for the builder has no room left."""


def test_a_draft_is_tried_on_the_website_and_nothing_is_counted(
    desk: Desk, context: BrowserContext, browser: Browser
) -> None:
    stage = desk.stage
    sent: list[Request] = []

    def note(request: Request) -> None:
        sent.append(request)

    context.on("request", note)
    id = desk.open(DRAFT, "content")
    desk.page.evaluate(FULL)
    address = made_in(desk, "/pricing?a=1")
    token = address.partition("anonmsg-preview=")[2]
    expect(desk.page.locator("[data-saved]")).not_to_contain_text("Not saved")
    with context.expect_page() as opened:
        desk.page.get_by_role("link", name="Open the preview").press("Enter")
    tab = Tab(opened.value)

    tab.expect_draft()
    expect_not_shown(tab.page)
    assert tab.page.url == f"{stage.website.url}/pricing?a=1", "the token is out of sight"
    tab.expect_said("A new visitor would not see it here: it starts later.")
    tab.bar.get_by_label("Pretend it is").fill("2030-06-01T12:00")
    tab.expect_said("A new visitor sees it here.")
    expect(tab.page.locator("anonmsg-message .box")).to_have_css("border-radius", "3px")

    tab.press("Next step")
    tab.expect_draft("Take a coat")
    tab.page.get_by_role("button", name="No", exact=True).click()
    tab.expect_said("Closed. This visitor does not see it again.")
    tab.press("Restart as a new visitor")
    tab.expect_draft()
    tab.page.get_by_role("button", name="Go on").click()
    expect(tab.bar.get_by_role("button", name="Next step (2 of 2)")).to_be_visible()
    tab.page.keyboard.press("Escape")
    tab.expect_said("Closed.")

    tab.page.goto(f"{stage.website.url}/about")
    tab.expect_draft()
    tab.expect_said("A new visitor sees it here.")
    tab.bar.get_by_text("What decides").click()
    expect(tab.bar.get_by_text("✓ Page rules")).to_be_visible()
    tab.page.evaluate("history.pushState(null, '', '/legal')")
    tab.expect_said("A new visitor would not see it here: a page rule keeps it off this page.")
    expect(tab.bar.get_by_text("✕ Page rules: a page rule keeps it off this page")).to_be_visible()

    leave = tab.bar.get_by_role("button", name="Leave preview")
    leave.focus()
    tab.page.keyboard.press("Space")
    expect(tab.bar).to_have_count(0)
    expect(shown(tab.page, "Winter sale")).to_have_count(0)
    assert tab.page.evaluate("[Object.keys(localStorage), Object.keys(sessionStorage), document.cookie]") == [
        [],
        [],
        "",
    ]
    assert not any("/v1/b" in request.url for request in sent)

    # Whoever has no link sees what is live, and so does this tab from the next page on.
    stranger = Tab(browser.new_context().new_page())
    stranger.page.goto(f"{stage.website.url}/pricing?a=1")
    expect_shown(stranger.page)
    tab.page.goto(f"{stage.website.url}/later")
    expect_shown(tab.page)
    stage.await_pages(2)
    for other in (stranger, tab):
        expect(other.bar).to_have_count(0)
        expect_not_shown(other.page, "Winter sale")
    until(lambda: {call["context"]["page"]["path"] for call in stage.activity()}, {"/pricing", "/later"})
    assert id not in str(stage.activity())
    assert stage.metrics(id)["views"] == 0

    holders = [request for request in sent if token in f"{request.url} {request.all_headers()} {request.post_data}"]
    assert {(request.method, request.url) for request in holders} == {("POST", f"{stage.server.url}/v1/preview")}
    assert not any(token in path for path in stage.website.requested)
    assert token not in stage.server.log()
    stranger.page.context.close()


INTO_THE_BODY = """() => {
    const bar = document.querySelector('anonmsg-preview');
    document.body.append(bar, ...document.querySelectorAll('anonmsg-message'));
    bar.shadowRoot.querySelector('.bar').showPopover();
}"""
"""In the order in which they stand beside it, where axe sees no colours."""


def findings(page: Page) -> list[str]:
    """What axe finds on the page, the bar and the message, into whose shadows it looks."""
    page.evaluate(INTO_THE_BODY)
    found: list[str] = page.evaluate(
        "axe.run().then(({violations}) => violations.flatMap(({id, nodes}) => nodes.map((n) => `${id}: ${n.target}`)))"
    )
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_website_with_a_bar_and_a_draft(desk: Desk, scheme: str) -> None:
    stage, tab = desk.stage, Tab(desk.page)
    stage.website.headers.clear()
    stage.website.body = f"<style>html {{ color-scheme: {scheme} }}</style><main><h1>Shop</h1></main>"
    overlay = Display(DisplayKind.OVERLAY, Position.BOTTOM_RIGHT, 360)
    for draft in (DRAFT, changed(DRAFT, display=overlay)):
        tab.page.goto("about:blank")
        tab.page.goto(signed(stage, desk.draft(draft)))
        tab.expect_draft()
        tab.page.evaluate(AXE)
        tab.bar.get_by_text("What decides").click()
        for width in (390, 768, 1280):
            tab.page.set_viewport_size({"width": width, "height": 800})
            assert findings(tab.page) == [], (draft.display.kind, width)
    for words in ("anonmsg-preview p", "anonmsg-message h2"):
        tab.page.locator(words).evaluate("words => { words.style.color = '#777' }")
        tab.page.locator(words).evaluate("words => { words.style.background = '#888' }")
    assert [each.partition(",")[0] for each in findings(tab.page)] == [
        "color-contrast: anonmsg-preview",
        "color-contrast: anonmsg-message",
    ], "it would have been seen in either"


def test_links_that_are_worth_nothing(desk: Desk, complaints: list[str]) -> None:
    stage, tab = desk.stage, Tab(desk.page)
    id = desk.draft(DRAFT)
    good = signed(stage, id)
    tab.page.goto(good)
    tab.expect_draft()
    stage.change(id, lambda message: message.archive(utc_now()))
    tab.page.reload()
    tab.expect_said("This preview link does not work any more.")
    expect(shown(tab.page, "Winter sale")).to_have_count(0)
    tab.press("Leave preview")
    expect(tab.bar).to_have_count(0)

    tab.page.goto("about:blank")
    tab.page.goto(signed(stage, desk.draft(DRAFT), LIFE))
    tab.expect_said("This preview link does not work any more.")

    # Those that were never made: as if there was none.
    for forged in (f"{good[:-3]}abc", f"{stage.website.url}/#anonmsg-preview="):
        tab.page.goto("about:blank")
        tab.page.goto(forged)
        expect_shown(tab.page)
        expect(tab.bar).to_have_count(0)
        assert tab.page.url == f"{stage.website.url}/"
    assert all("/v1/preview" in text for text in complaints)
    assert len(complaints) == 4, "one answer that is no draft to each"
    complaints.clear()


def test_where_storage_is_blocked_the_preview_is_of_one_page(desk: Desk) -> None:
    stage, tab = desk.stage, Tab(desk.page)
    stage.website.headers["Content-Security-Policy"] += "; sandbox allow-scripts"
    tab.page.goto(signed(stage, desk.draft(DRAFT)))
    tab.expect_draft()
    assert tab.page.url == f"{stage.website.url}/"
    tab.press("Restart as a new visitor")
    tab.expect_draft()
    tab.page.goto(f"{stage.website.url}/about")
    expect_shown(tab.page)
    expect(tab.bar).to_have_count(0)


SHOP = re.compile(r"/demo/\?")
"""The page that lies under the preview."""


def findings_in_frame(page: Page) -> list[str]:
    """What axe finds on the message in the frame of the builder's preview, made one that is not only looked at."""
    frame = page.frames[1]
    frame.evaluate(AXE)
    found: list[str] = frame.evaluate(
        """() => {
            document.body.inert = false;
            document.body.append(document.querySelector('anonmsg-message'));
            return axe.run('anonmsg-message').then(({violations}) => violations.map(({id}) => id));
        }"""
    )
    return found


def test_the_preview_in_the_builder_is_of_any_device_colour_direction_and_page(desk: Desk) -> None:
    page, preview, stage = desk.page, desk.preview, desk.stage
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    desk.open(DRAFT, "content")
    box, html = preview.locator("anonmsg-message .box"), preview.locator("html")
    expect(box).to_be_visible()
    for device, width in {"Phone": 390, "Desktop": 1024, "Tablet": 768}.items():
        page.get_by_role("button", name=device, exact=True).click()
        assert html.evaluate("html => html.clientWidth") == width
        assert page.locator("[data-preview]").evaluate("section => section.scrollWidth <= section.clientWidth")
    for choice in ("Dark", "Right to left", "The demo shop"):
        page.get_by_role("button", name=choice, exact=True).press("Enter")

    def expect_chosen() -> None:
        expect(preview.get_by_text("Tableware made slowly", exact=False)).to_be_visible()
        expect(box).to_have_css("direction", "rtl")
        expect(box).to_have_css("color-scheme", "dark")
        assert html.evaluate("html => html.clientWidth") == 768
        for name in ("Tablet", "Dark", "Right to left", "The demo shop"):
            expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")

    expect_chosen()
    assert preview.locator("script").count() == 0
    assert preview.locator("body").evaluate("body => body.inert"), "nobody signs up in a picture"
    page.reload()
    expect_chosen()
    page.get_by_role("group", name="Steps shown").get_by_role("button", name="2").click()
    expect(preview.get_by_role("heading", name="Take a coat")).to_be_visible()
    assert desk.findings() == []
    page.get_by_role("button", name="A plain page", exact=True).click()
    expect(preview.get_by_text("Tableware made slowly", exact=False)).to_have_count(0)
    held: list[Route] = []
    page.route(SHOP, lambda route: held.append(route))  # noqa: PLW0108, Playwright sets an attribute of it
    with page.expect_request(SHOP):
        page.get_by_role("button", name="The demo shop", exact=True).click()
    page.get_by_role("button", name="A plain page", exact=True).click()
    with page.expect_response(SHOP):
        held[0].continue_()
    desk.settle()
    expect(preview.get_by_text("Tableware made slowly", exact=False)).to_have_count(0)
    assert findings_in_frame(page) == []
    preview.locator("anonmsg-message h2").evaluate("words => { words.style.color = '#444' }")
    assert findings_in_frame(page) == ["color-contrast"], "it would have been seen"
    assert not any("/v1/" in url for url in asked), "the shop in the frame counts nobody"
    assert stage.activity() == []
