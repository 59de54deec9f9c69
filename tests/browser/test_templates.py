"""Templates in the builder: looked at, chosen with mouse and keys, and kept."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from anonmsg.db import db, utc_now
from anonmsg.message import Palette, Shape, Theme
from anonmsg.models import Site, Template
from anonmsg.starters import FIRST, starters
from tests.conftest import CLUB
from tests.support.marketer import axe, messages_url, sign_in
from tests.support.stage import Stage

ACCENT = "#0b5c3b"
TEMPLATES = len(starters())


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """A site whose buttons are green."""
    with stage.server.app.app_context():
        site = Site.by_key(stage.site_key)
        assert site
        site.restyle(Theme(light=Palette(accent=ACCENT, on_accent="#ffffff")))
        db.session.commit()
    return stage


def picture(page: Page, name: str) -> FrameLocator:
    return page.locator(".template").filter(has=page.locator(f"#template-{name}")).frame_locator("iframe")


def keep_nothing(stage: Stage) -> None:
    """A template of the site's own that has no content yet."""
    with stage.server.app.app_context():
        site = Site.by_key(stage.site_key)
        assert site
        Template.keep(site.draft(Shape(name="Nothing"), utc_now()), utc_now())
        db.session.commit()


def scroll_through(page: Page) -> None:
    for card in page.locator("[data-picture]").all():
        card.scroll_into_view_if_needed()


def test_pictures_are_drawn_when_they_are_come_to_in_the_sites_theme(page: Page, stage: Stage) -> None:
    keep_nothing(stage)
    sign_in(page, stage).goto(messages_url(stage, "new"))
    page.locator("[data-painted]").first.wait_for()
    expect(page.locator("[data-picture]")).to_have_count(TEMPLATES + 1)
    assert page.locator("[data-picture] iframe").count() < TEMPLATES, "those below wait"
    scroll_through(page)
    expect(page.locator("[data-painted]")).to_have_count(TEMPLATES + 1)
    button = picture(page, "newsletter").get_by_text("Subscribe", exact=True)
    expect(button).to_have_css("background-color", "rgb(11, 92, 59)")
    for name, shape in starters().items():
        for label in [block.label for block in shape.steps[0].blocks if hasattr(block, "label")]:
            expect(picture(page, name).get_by_text(label, exact=True).first).to_be_attached()
    sizes = "pictures => pictures.map((one) => [one.offsetWidth, one.firstChild.getBoundingClientRect().width])"
    for room, drawn in page.locator("[data-picture]").evaluate_all(sizes):
        assert abs(room - drawn) <= 2


def test_a_template_is_chosen_with_keys_and_opens_as_content(page: Page, stage: Stage) -> None:
    sign_in(page, stage).goto(messages_url(stage, "new"))
    name, description = page.get_by_label("Name"), page.get_by_label("Description")
    blank, sign_up = page.get_by_role("radio", name="Blank"), page.get_by_role("radio", name="Sign up")
    expect(blank).to_be_checked()
    blank.focus()
    page.keyboard.press("ArrowDown")
    expect(sign_up).to_be_checked()
    expect(sign_up).to_have_accessible_description(starters()["sign-up"].description)
    expect(name).to_have_value("Sign up")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Next")).to_be_focused()
    name.fill("Ours")
    page.get_by_role("radio", name="Newsletter").focus()
    page.keyboard.press("Space")
    expect(name).to_have_value("Ours")
    expect(description).to_have_value(starters()["newsletter"].description)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("group", name="Page rules")).to_be_visible()
    page.locator("[data-go=content]").click()
    expect(page.get_by_label("Heading").first).to_have_value("One good letter a month")
    preview = page.frame_locator("[data-preview-frame]")
    expect(preview.get_by_role("heading", name="One good letter a month")).to_be_visible()


def test_whoever_comes_back_goes_on_with_what_was_begun(page: Page, stage: Stage) -> None:
    sign_in(page, stage).goto(messages_url(stage))
    expect(page.locator(".template")).to_have_count(len(FIRST))
    page.get_by_role("link", name="Event").click()
    expect(page.get_by_role("radio", name="Event")).to_be_checked()
    expect(page.get_by_label("Name")).to_have_value("Event")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("group", name="Page rules")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Name")).to_have_value("Event")
    page.get_by_label("Name").fill("Open studio")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("group", name="Page rules")).to_be_visible()
    page.goto(messages_url(stage))
    expect(page.get_by_role("link", name="Open studio")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(2)


def test_ones_own_template_is_kept_renamed_used_and_deleted(page: Page, stage: Stage) -> None:
    id = stage.launch(CLUB)
    sign_in(page, stage).goto(messages_url(stage, id))
    page.get_by_label("More for Club").click()
    page.get_by_role("button", name="Save as template").click()
    expect(page.get_by_role("status").first).to_contain_text("“Club” is kept as a template.")
    page.goto(messages_url(stage, "new"))
    page.get_by_role("link", name="Rename or delete your own").click()
    own = page.locator(".template").first.frame_locator("iframe")
    expect(own.get_by_text("Sign up", exact=True)).to_be_visible()
    page.get_by_label("Rename or delete Club").click()
    page.get_by_label("Name", exact=True).fill("Nudge")
    page.get_by_role("button", name="Rename", exact=True).click()
    page.get_by_role("link", name="Nudge").click()
    expect(page.get_by_role("radio", name="Nudge")).to_be_checked()
    page.get_by_role("button", name="Next").click()
    page.locator("[data-go=content]").click()
    expect(page.get_by_label("Heading").first).to_have_value("Join the club")
    page.goto(f"{stage.server.url}/sites/{stage.site_key}/templates")
    page.get_by_label("Rename or delete Nudge").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("status").first).to_contain_text("The template “Nudge” is deleted.")
    expect(page.get_by_role("heading", name="Your templates")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_sticks_out(page: Page, stage: Stage, scheme: Any) -> None:
    id = stage.launch(CLUB)
    page.emulate_media(color_scheme=scheme)
    sign_in(page, stage).goto(messages_url(stage, id))
    page.get_by_label("More for Club").click()
    page.get_by_role("button", name="Save as template").click()
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for place in ("messages/new", "templates"):
            page.goto(f"{stage.server.url}/sites/{stage.site_key}/{place}")
            page.locator("[data-painted]").first.wait_for()
            if place == "templates":
                page.get_by_label("Rename or delete Club").click()
            assert axe(page) == [], (place, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (place, width)
