"""The wizard as a marketer meets it: with the keyboard alone, without scripts, with all that follows what is typed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from anonmsg.message import (
    Button,
    Dismiss,
    Display,
    DisplayKind,
    Divider,
    Frequency,
    GoToStep,
    Heading,
    Image,
    List,
    OpenUrl,
    PageRule,
    Position,
    Question,
    Run,
    Shape,
    Spacer,
    Step,
    Text,
)
from tests.conftest import CLUB
from tests.support.desk import Desk, is_focused
from tests.support.stage import Stage
from tests.support.website import Website

EVERYTHING = Shape(
    name="Everything there is",
    description="For every field of every step",
    page_rules=(PageRule(value="/pricing"), PageRule(value="/about")),
    frequency=Frequency(limit=2, gap_seconds=3600),
    display=Display(DisplayKind.OVERLAY, Position.BOTTOM_RIGHT, 360),
    steps=(
        Step(
            "s1",
            (
                Heading("Join the club"),
                Text(((Run("10 % off", bold=True), Run(" your first order")),)),
                List(items=((Run("Free shipping"),), (Run("Early access"),))),
                Image(src="data:none", alt="A mug"),
                Divider(),
                Spacer(),
                Button(id="b1", label="More", action=GoToStep("s2")),
                Question(id="q1", label="What brought you here?", options=("Search", "A friend")),
            ),
        ),
        Step("s2", (Heading("Only today"), Button(id="b2", label="Close", action=Dismiss()))),
    ),
)
EMPTY = Shape(name="Empty")


@pytest.fixture
def desk(stage: Stage, page: Page) -> Desk:
    return Desk(stage, page).sign_in()


@pytest.fixture
def plain(stage: Stage, browser: Browser) -> Iterator[Desk]:
    """The same in a browser that runs no scripts."""
    context = browser.new_context(java_script_enabled=False)
    yield Desk(stage, context.new_page()).sign_in()
    context.close()


def test_it_is_completed_with_the_keyboard_alone(desk: Desk) -> None:
    page, press, type_ = desk.page, desk.page.keyboard.press, desk.page.keyboard.type
    page.goto(desk.url)
    desk.tab_to(page.get_by_role("link", name="Create Anonymous Message"))
    press("Enter")
    expect(page.get_by_label("Name")).to_be_focused()
    type_("Keys only")
    press("Enter")
    desk.wait_for_step("targeting")

    desk.tab_to(page.get_by_role("button", name="Add a rule"))
    press("Enter")
    expect(page.get_by_label("Show or hide")).to_be_focused()
    desk.tab_to(page.get_by_label("Match"))
    type_("starts")
    desk.tab_to(page.get_by_label("Value"))
    type_("/pricing")
    desk.tab_to(page.get_by_label("Show always"))
    press("ArrowDown")
    desk.tab_to(page.get_by_label("Times"))
    press("Control+A")
    type_("3")
    press("Enter")
    desk.wait_for_step("content")

    desk.tab_to(page.get_by_role("button", name="Add heading"))
    press("Space")
    type_("Second")
    desk.wait_for_rich_text()
    desk.tab_to(page.get_by_role("button", name="Add text"))
    press("Space")
    type_("First and last")
    desk.tab_to(page.get_by_role("button", name="Add button"))
    press("Space")
    type_("Sign up")
    desk.tab_to(page.get_by_label("URL"))
    type_("/signup")
    page.locator("body").press("Home")
    desk.tab_to(page.get_by_role("button", name="Move block 2 up"))
    press("Enter")
    desk.tab_to(page.get_by_label("Modal"))
    press("ArrowRight")
    desk.tab_to(page.get_by_label("Position"))
    type_("Bottom left")
    desk.tab_to(page.get_by_role("button", name="Next"))
    press("Enter")
    desk.wait_for_step("schedule")
    desk.tab_to(page.get_by_label("Start now"))
    press("Enter")
    desk.wait_for_step("review")
    desk.tab_to(page.get_by_role("button", name="Launch Anonymous Message"))
    press("Enter")
    expect(page.get_by_text("Live. See it on your site")).to_be_visible()

    shape = desk.stored(page.url.rsplit("/", 1)[1])
    assert shape.page_rules == (PageRule(match="starts_with", value="/pricing"),)  # type: ignore[arg-type]
    assert shape.frequency == Frequency(limit=3)
    assert shape.display.position is Position.BOTTOM_LEFT
    text, heading, button = shape.steps[0].blocks
    assert text == Text(((Run("First and last"),),))
    assert heading == Heading("Second")
    assert isinstance(button, Button)
    assert (button.label, button.action) == ("Sign up", OpenUrl("/signup"))


def test_it_works_without_scripts(plain: Desk) -> None:
    page = plain.page
    page.goto(f"{plain.url}/new")
    page.get_by_label("Name").fill("No scripts")
    plain.next()
    page.get_by_role("button", name="Add a rule").click()
    page.get_by_label("Value").fill("/pricing")
    page.get_by_role("button", name="Add a rule").click()
    expect(page.get_by_label("Value").first).to_have_value("/pricing")
    page.get_by_role("button", name="Remove rule 2").click()
    expect(page.get_by_label("Value")).to_have_count(1)
    plain.next()
    page.get_by_role("button", name="Add heading").click()
    page.get_by_label("Heading").fill("Join")
    page.get_by_role("button", name="Add button").click()
    page.get_by_label("Label").fill("Sign up")
    page.get_by_label("URL").fill("/signup")
    page.get_by_role("button", name="Move block 2 up").click()
    page.get_by_label("Banner").check()
    page.get_by_label("Position").select_option("top")
    plain.next()
    page.get_by_label("Start now").check()
    plain.next()
    page.get_by_role("button", name="Launch Anonymous Message").click()
    shape = plain.stored(page.url.rsplit("/", 1)[1])
    assert [type(block) for block in shape.steps[0].blocks] == [Button, Heading]
    assert shape.page_rules == (PageRule(value="/pricing"),)
    assert (shape.display.kind, shape.display.position) == (DisplayKind.BANNER, Position.TOP)


STEPS = ["details", "targeting", "content", "schedule", "review"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_step(desk: Desk, scheme: Any) -> None:
    page = desk.page
    page.emulate_media(color_scheme=scheme)
    for step, shape in product(STEPS, (EVERYTHING, EMPTY)):
        desk.open(shape, step)
        expect(page.get_by_role("heading", level=1)).to_have_text(shape.name)
        for width in (1280, 768, 390) if shape is EVERYTHING else (1280,):
            page.set_viewport_size({"width": width, "height": 800})
            assert desk.findings() == [], (step, width)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_page_full_of_errors(desk: Desk, scheme: Any, complaints: list[str]) -> None:
    desk.page.emulate_media(color_scheme=scheme)
    desk.open(EMPTY, "content")
    for words in ("Add heading", "Add image", "Add button"):
        desk.page.get_by_role("button", name=words).click()
    desk.next()
    expect(desk.page.get_by_role("alert")).to_contain_text("Type the heading")
    assert desk.findings() == []
    expected(complaints, 422)


def expected(complaints: list[str], status: int) -> None:
    """The browser complains of the answer that the test is about, and of nothing else."""
    assert [complaint for complaint in complaints if f"status of {status}" not in complaint] == []
    complaints.clear()


def test_no_page_is_wider_than_a_phone(desk: Desk) -> None:
    desk.page.set_viewport_size({"width": 360, "height": 740})
    for step in STEPS:
        desk.open(EVERYTHING, step)
        assert desk.page.evaluate("document.documentElement.scrollWidth") == 360, step


def test_rules_come_and_go_and_nothing_typed_is_lost(desk: Desk) -> None:
    page = desk.page
    id = desk.open(EMPTY, "targeting")
    for value in ("/one", "/two", "/three"):
        page.get_by_role("button", name="Add a rule").click()
        assert is_focused(page.get_by_label("Show or hide").last)
        page.get_by_label("Value").last.fill(value)
    page.get_by_role("button", name="Remove rule 2").click()
    assert is_focused(page.get_by_role("button", name="Remove rule 2"))
    expect(page.get_by_role("group", name="Rule 2").get_by_label("Value")).to_have_value("/three")
    desk.next()
    desk.wait_for_step("content")
    assert [rule.value for rule in desk.stored(id).page_rules] == ["/one", "/three"]


def test_sentences_follow_what_is_typed(desk: Desk) -> None:
    page = desk.page
    desk.open(EMPTY, "targeting")
    expect(page.get_by_text("Appears on every page of your site.")).to_be_visible()
    expect(page.get_by_text("a rule shows it only where it helps")).to_be_visible()
    page.get_by_role("button", name="Add a rule").click()
    page.get_by_label("Value").fill("/pricing")
    expect(page.get_by_text("Shows where the page path contains “/pricing”.")).to_be_visible()
    expect(page.get_by_text("a rule shows it only where it helps")).to_be_hidden()
    page.get_by_label("Times").fill("2")
    expect(page.get_by_label("Limit")).to_be_checked()
    page.get_by_label("Wait at least").fill("1")
    expect(page.get_by_text("Anna sees it at most twice, a day apart, unless she closes it")).to_be_visible()


def test_the_preview_is_drawn_by_the_snippet_and_follows_every_change(desk: Desk) -> None:
    page, preview = desk.page, desk.preview
    desk.open(EMPTY, "content")
    expect(page.get_by_text("Add a block, and it shows here.")).to_be_visible()
    page.get_by_role("button", name="Add heading").click()
    page.get_by_label("Heading").fill("Join <b>us</b>")
    expect(preview.locator("anonmsg-message").get_by_role("heading", name="Join <b>us</b>")).to_be_visible()
    page.get_by_label("Banner").check()
    expect(preview.locator("anonmsg-message .banner")).to_be_visible()
    page.get_by_role("button", name="Phone").click()
    assert preview.locator("html").evaluate("html => html.clientWidth") == 390
    page.get_by_role("button", name="Dark").click()
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")


def test_the_preview_shows_each_step(desk: Desk) -> None:
    desk.open(EVERYTHING, "review")
    expect(desk.preview.get_by_role("heading", name="Join the club")).to_be_visible()
    desk.page.get_by_role("group", name="Steps shown").get_by_role("button", name="2").click()
    expect(desk.preview.get_by_role("heading", name="Only today")).to_be_visible()
    expect(desk.preview.get_by_role("heading", name="Join the club")).to_have_count(0)


def test_blocks_are_moved_and_removed(desk: Desk) -> None:
    page = desk.page
    id = desk.open(CLUB, "content")
    page.get_by_role("button", name="Move block 1 down").press("Enter")
    assert is_focused(page.get_by_role("button", name="Move block 2 down"))
    page.get_by_role("button", name="Add heading").click()
    page.get_by_label("Heading").last.fill("Third")
    page.get_by_role("button", name="Remove block 2").click()
    desk.next()
    desk.wait_for_step("schedule")
    button, heading = desk.stored(id).steps[0].blocks
    assert isinstance(button, Button)
    assert button.id == "b1"
    assert heading == Heading("Third")


def test_a_button_can_lead_to_a_step_that_was_just_added(desk: Desk) -> None:
    page = desk.page
    id = desk.open(CLUB, "content")
    page.get_by_role("button", name="Add a step").click()
    second = page.get_by_role("region", name="Step 2")
    second.get_by_role("button", name="Add heading").click()
    second.get_by_label("Heading").fill("Welcome")
    page.get_by_role("button", name="Step 1: Join the club").click()
    page.get_by_label("Action").first.select_option("go_to_step")
    page.get_by_label("Goes to").first.select_option(label="Step 2: Welcome")
    desk.next()
    desk.wait_for_step("schedule")
    first, second_step = desk.stored(id).steps
    (button,) = desk.stored(id).buttons()
    assert button.action == GoToStep(second_step.id)
    assert first.id == "s1"


def test_positions_follow_the_kind(desk: Desk) -> None:
    page = desk.page
    id = desk.open(CLUB, "content")
    position = page.get_by_label("Position")
    expect(position.locator("option")).to_have_text(["Center"])
    page.get_by_label("Overlay").check()
    expect(position).to_have_value("bottom-right")
    page.locator("[data-place=top-left]").click()
    expect(position).to_have_value("top-left")
    page.get_by_label("Banner").check()
    expect(position.locator("option")).to_have_text(["Top", "Bottom"])
    page.get_by_label("Overlay").check()
    position.select_option("bottom-center")
    desk.next()
    desk.wait_for_step("schedule")
    assert desk.stored(id).display.position is Position.BOTTOM_CENTER


@pytest.mark.browser_context_args(timezone_id="Europe/Vienna")
def test_the_zone_is_the_browsers_own_at_first(desk: Desk) -> None:
    page = desk.page
    id = desk.open(CLUB, "schedule")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Vienna")
    page.get_by_label("Start at").check()
    page.get_by_label("Start date and time").fill("2027-07-01T09:00")
    expect(page.get_by_text("1 July 2027 at 09:00, Europe/Vienna (07:00 UTC)")).to_be_visible()
    page.get_by_label("Time zone").select_option("UTC")
    desk.next()
    desk.wait_for_step("review")
    assert desk.stored(id).schedule.zone == "UTC"
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("Time zone")).to_have_value("UTC")
    expect(page.get_by_label("Start date and time")).to_have_value("2027-07-01T09:00")


def test_save_by_key_stays_where_it_is(desk: Desk) -> None:
    page = desk.page
    id = desk.open(CLUB, "details")
    page.get_by_label("Description").fill("Saved by key")
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("Control+S")
    expect(page.get_by_text("Not saved yet")).to_have_count(0)
    assert is_focused(page.get_by_label("Description"))
    assert desk.stored(id).description == "Saved by key"


def test_the_first_save_by_key_stays_in_its_field_too(desk: Desk) -> None:
    page = desk.page
    page.goto(f"{desk.url}/new")
    page.get_by_label("Name").fill("Begun by key")
    # The script that hears the keys comes after the page.
    page.wait_for_load_state("networkidle")
    with page.expect_navigation(url="**/edit/details"):
        page.keyboard.press("Control+S")
    assert is_focused(page.get_by_label("Name"))


def test_going_back_to_where_a_message_was_begun_goes_on_with_it(desk: Desk) -> None:
    page = desk.page
    page.goto(f"{desk.url}/new")
    page.get_by_label("Name").fill("Begun")
    desk.next()
    desk.wait_for_step("targeting")
    page.go_back()
    desk.wait_for_step("details")
    expect(page.get_by_label("Name")).to_have_value("Begun")


def test_a_step_in_the_header_is_gone_to_only_after_what_was_typed_is_saved(desk: Desk, complaints: list[str]) -> None:
    page = desk.page
    id = desk.open(CLUB, "details")
    page.get_by_label("Name").fill("")
    page.get_by_role("link", name="Schedule").click()
    expect(page.get_by_role("alert")).to_contain_text("Give the message a name")
    expect(page.get_by_label("Name")).to_be_focused()
    page.get_by_label("Name").fill("Better")
    page.get_by_role("link", name="Schedule").click()
    desk.wait_for_step("schedule")
    assert desk.stored(id).name == "Better"
    expected(complaints, 422)


def test_the_review_leads_to_what_must_be_put_right(desk: Desk) -> None:
    page = desk.page
    desk.open(EMPTY, "review")
    launch = page.get_by_role("button", name="Launch Anonymous Message")
    expect(launch).to_be_disabled()
    expect(launch).to_have_accessible_description("Add something to show, for example a heading and a button.")
    page.get_by_role("link", name="Shows on every matching page").click()
    expect(page.get_by_label("Times")).to_be_focused()
    page.get_by_role("link", name="Review").click()
    page.get_by_role("link", name="Add something to show").click()
    desk.wait_for_step("content#steps")
    expect(page.get_by_role("button", name="Add heading")).to_be_focused()
    page.get_by_role("button", name="Add heading").click()
    page.get_by_label("Heading").fill("Join")
    page.get_by_role("link", name="Review").click()
    desk.wait_for_step("review")
    expect(launch).to_be_enabled()


def test_whoever_saves_second_is_told(desk: Desk, complaints: list[str]) -> None:
    page = desk.page
    id = desk.open(CLUB, "details")
    page.get_by_label("Name").fill("Mine")
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Name").fill("Theirs")
    other.get_by_role("button", name="Next").click()
    other.wait_for_url("**/targeting")
    desk.next()
    expect(page.get_by_role("alert")).to_contain_text("Somebody saved this message while you were at it")
    expect(page.get_by_label("Name")).to_have_value("Mine")
    assert desk.stored(id).name == "Theirs"
    desk.next()
    desk.wait_for_step("targeting")
    assert desk.stored(id).name == "Mine"
    expected(complaints, 409)


def test_an_images_own_size_goes_along(desk: Desk, website: Website) -> None:
    page = desk.page
    id = desk.open(EMPTY, "content")
    picture = f"{website.url}/picture.svg"
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30"/>'
    page.route(picture, lambda route: route.fulfill(content_type="image/svg+xml", body=svg))
    page.get_by_role("button", name="Add image").click()
    page.get_by_label("Image address").fill(picture)
    page.get_by_label("What the image shows").fill("A mug")
    expect(page.locator("[name$=-width][type=hidden]")).to_have_value("60")
    desk.next()
    desk.wait_for_step("schedule")
    assert desk.stored(id).steps[0].blocks == (Image(picture, "A mug", 60, 30),)


def test_an_address_without_a_picture_is_said(desk: Desk, website: Website) -> None:
    page, picture = desk.page, f"{website.url}/picture.svg"
    desk.open(EMPTY, "content")
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30"/>'
    page.route(picture, lambda route: route.fulfill(content_type="image/svg+xml", body=svg))
    page.get_by_role("button", name="Add image").click()
    address, missing = page.get_by_label("Image address"), page.get_by_text("No picture could be loaded")
    address.fill(f"{website.url}/none.svg")
    address.blur()
    expect(missing).to_be_visible()
    address.fill(picture)
    address.blur()
    expect(missing).to_have_count(0)


def test_a_block_that_is_selected_on_one_side_is_selected_on_the_other(desk: Desk) -> None:
    page, preview = desk.page, desk.preview
    desk.open(EVERYTHING, "content")
    heading = preview.get_by_role("heading", name="Join the club")
    expect(heading).to_have_css("outline-style", "none")
    page.get_by_label("Heading").first.focus()
    expect(heading).to_have_css("outline-style", "solid")
    preview.get_by_text("Free shipping", exact=True).click()
    expect(page.get_by_label("List items")).to_be_focused()
    expect(heading).to_have_css("outline-style", "none")
    page.get_by_role("button", name="Step 2: Only today").click()
    page.get_by_label("Heading").last.focus()
    expect(preview.get_by_role("heading", name="Only today")).to_have_css("outline-style", "solid")


def test_the_line_of_time_follows(desk: Desk, complaints: list[str]) -> None:
    page = desk.page
    desk.open(CLUB, "schedule")
    line = page.get_by_role("list", name="In order").get_by_role("listitem")
    expect(line).to_contain_text(["Now", "Starts When launched", "Ends Never"])
    page.get_by_label("Start at").check()
    page.get_by_label("Start date and time").fill("2020-07-01T09:00")
    expect(line).to_contain_text(["Starts 1 July 2020, 09:00", "Now", "Ends Never"])
    page.goto(desk.url)
    page.go_back()
    expect(page.get_by_label("Start date and time")).to_have_value("2020-07-01T09:00")
    expect(line).to_contain_text(["Starts 1 July 2020, 09:00", "Now", "Ends Never"])

    page.get_by_label("Time zone").select_option("Europe/Vienna")
    page.get_by_label("Start date and time").fill("2027-03-28T02:30")
    expect(line).to_have_count(0)
    expect(page.get_by_text("28 March at 03:00")).to_be_visible()
    desk.next()
    expect(page.get_by_text("Nothing was saved yet.")).to_be_visible()
    expect(line).to_have_count(0)
    page.get_by_label("Start date and time").fill("2027-03-28T03:30")
    expect(line).to_contain_text(["Now", "Starts 28 March 2027, 03:30", "Ends Never"])
    page.get_by_label("Ends at").check()
    page.get_by_label("End date and time").fill("2027-03-27T03:30")
    desk.next()
    expect(page.get_by_role("alert").get_by_text("The end must come after the start")).to_be_visible()
    expect(line).to_contain_text(["Now", "Ends 27 March 2027, 03:30", "Starts 28 March 2027, 03:30"])

    end, mark = page.get_by_label("End date and time"), page.locator(".field-error")
    end.fill("1999-03-29T03:30")
    expect(mark).to_contain_text("Choose a year")
    expect(end).to_have_attribute("aria-invalid", "true")
    end.fill("2027-03-29T03:30")
    expect(mark).to_have_count(0)
    expect(end).not_to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_have_count(0)
    expected(complaints, 422)
