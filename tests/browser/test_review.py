"""The review as a gate, in the page: what it measures itself, and that a launch waits until all is looked at."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from anonmsg.message import (
    Button,
    Display,
    DisplayKind,
    Frequency,
    GoToStep,
    Heading,
    Image,
    PageRule,
    Position,
    Run,
    Step,
    Text,
)
from tests.conftest import CLUB
from tests.support.desk import Desk
from tests.support.stage import Stage, changed

LONG = Text(paragraphs=((Run(text="One more reason to join the club. " * 50),),))
ON = Button(id="on", label="Go on", action=GoToStep(step="s2"))
HIGHER = "Step 2 is higher than the screen of a phone (390 × 844): visitors have to scroll."
CORNER = Display(kind=DisplayKind.OVERLAY, position=Position.BOTTOM_RIGHT)
DOUBTFUL = changed(
    CLUB,
    name="Doubtful",
    display=CORNER,
    page_rules=(PageRule(value="/pricing"),),
    steps=(Step("s1", (Image(src="/mug.png"), Heading(text="Hi"), ON)), Step("s2", (LONG,))),
)
COVERED = "Only visitors who have closed “Sale” see “Doubtful”: it is a modal that comes first on all its pages"


def test_a_launch_waits_until_every_warning_is_looked_at(stage: Stage, page: Page) -> None:
    desk = Desk(stage, page).sign_in()
    stage.launch(changed(CLUB, name="Sale", page_rules=(), frequency=Frequency()))
    page.route("**/mug.png", lambda route: route.fulfill(body=b"", content_type="image/png"))
    id = desk.open(DOUBTFUL, "review")
    launch = page.get_by_role("button", name="Launch Anonymous Message")
    checks = page.get_by_label("Checks").get_by_role("listitem")
    warned = checks.filter(has=page.get_by_role("checkbox", name="I have looked at this"))
    for text in ("Describe the image", HIGHER, COVERED):
        expect(warned.filter(has_text=text)).to_have_count(1)
    expect(warned).to_have_count(3)
    expect(launch).to_be_disabled()
    expect(launch).to_have_accessible_description("First look at the warnings above, and tick each.")
    assert desk.findings() == []
    for at in range(3):
        expect(launch).to_be_disabled()
        desk.tab_to(warned.nth(at).get_by_role("checkbox"))
        with page.expect_response(lambda response: response.request.method == "POST"):
            page.keyboard.press("Space")
    expect(launch).to_be_enabled()
    expect(launch).to_have_accessible_description("")
    page.reload()
    expect(warned.get_by_role("checkbox", checked=True)).to_have_count(3)
    expect(launch).to_be_enabled()
    warned.get_by_role("link", name=HIGHER).click()
    expect(page.get_by_role("heading", name="Step 2", exact=True)).to_be_visible()
    page.goto(f"{desk.url}/{id}/edit/review")
    expect(warned.get_by_role("checkbox", checked=True)).to_have_count(3)
    desk.tab_to(launch)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Live. See it on your site")).to_be_visible()


def test_only_a_message_that_does_not_fit_a_phone_waits_for_a_tick(stage: Stage, page: Page) -> None:
    desk = Desk(stage, page).sign_in()
    for kind, position in [("modal", "center"), ("banner", "top")]:
        display = Display(kind=DisplayKind(kind), position=Position(position))
        desk.open(changed(CLUB, display=display, steps=(Step("s1", (LONG,)),)), "review")
        expect(page.get_by_role("checkbox", name="I have looked at this")).to_have_count(1)
        expect(page.get_by_role("link", name="The message is higher than the screen of a phone")).to_be_visible()
    desk.open(CLUB, "review")
    # The page has measured by then.
    expect(page.locator("[data-measured]")).to_have_count(1)
    expect(page.get_by_role("checkbox")).to_have_count(0)
    page.get_by_role("button", name="Launch Anonymous Message").click()
    expect(page.get_by_text("Live. See it on your site")).to_be_visible()
