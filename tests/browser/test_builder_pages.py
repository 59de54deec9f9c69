"""Every page of the builder: accessible, light and dark, from 360 pixels up, under its policy, also without scripts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from anonmsg.db import db, utc_now
from anonmsg.message import Effect, Match, PageRule, Schedule
from anonmsg.models import Message, Site, User
from tests.conftest import CLUB
from tests.support.marketer import axe, messages_url, sign_in, visit
from tests.support.stage import Stage, changed

LONG = "A message with a long name that somebody typed without thinking of tables " * 2
RULES = (
    PageRule(value="/pricing", match=Match.STARTS_WITH),
    PageRule(effect=Effect.EXCLUDE, value="/pricing/" + "x" * 300),
)


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """A site with one message of every kind, and long texts among them."""
    now = utc_now()
    stage.launch(changed(CLUB, name="Ended", schedule=Schedule(ends_at=now + timedelta(hours=1))), now)
    stage.launch(changed(CLUB, name="Soon", schedule=Schedule(starts_at=now + timedelta(days=3), zone="Europe/Vienna")))
    for verb in (Message.pause, lambda message: message.stop(now), lambda message: message.archive(now)):
        stage.change(stage.launch(changed(CLUB, name=LONG[:120], description="x" * 500)), verb)
    return stage


@pytest.fixture
def live(stage: Stage) -> str:
    """A live message that was seen and clicked; its id."""
    id = stage.launch(changed(CLUB, description=LONG, page_rules=RULES))
    visit(stage, id, ["Message Viewed", "Message Clicked", "Message Dismissed"])
    stage.change(id, lambda message: message.save(changed(CLUB, name="Edited"), utc_now()))
    return id


def empty_site(stage: Stage) -> str:
    with stage.server.app.app_context():
        user = User.by_email("alice@shop.example")
        assert user
        site = Site.create(LONG[:120], user)
        db.session.commit()
        return site.key


def pages(stage: Stage, live: str) -> dict[str, str]:
    empty = empty_site(stage)
    return {
        "the sites": "/sites",
        "a new site": "/sites/new",
        "an empty list": f"/sites/{empty}/messages",
        "installing": f"/sites/{stage.site_key}/install",
        "the list": f"/sites/{stage.site_key}/messages",
        "a tab": f"/sites/{stage.site_key}/messages?status=paused",
        "nothing found": f"/sites/{stage.site_key}/messages?q=nosuchwords",
        "a message": f"/sites/{stage.site_key}/messages/{live}",
        "a preview link": f"/sites/{stage.site_key}/messages/{live}/preview-link",
        "the theme": f"/sites/{stage.site_key}/theme",
        "its versions": f"/sites/{stage.site_key}/messages/{live}/versions",
        "a copy elsewhere": f"/sites/{stage.site_key}/messages/{live}/elsewhere",
        "exporting": f"/sites/{stage.site_key}/export",
        "importing": f"/sites/{stage.site_key}/import",
        "an error": "/nothing/here",
    }


WIDTHS = (360, 768, 1280)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_sticks_out(
    page: Page, stage: Stage, live: str, complaints: list[str], scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(stage.server.url + "/sign-in")
    assert axe(page) == []
    sign_in(page, stage)
    for name, url in pages(stage, live).items():
        page.goto(stage.server.url + url)
        if name == "a message":
            expect(page.locator("canvas")).to_have_attribute("height", "272")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgba(0, 0, 0, 0)"
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert axe(page) == [], (name, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
    assert len(complaints) == 1, "the missing page, and no breach of the policy"
    assert "404" in complaints.pop()


def test_axe_would_find_a_button_without_a_name(page: Page, stage: Stage) -> None:
    sign_in(page, stage).goto(messages_url(stage))
    page.locator(".frame-toggle").evaluate("button => { button.removeAttribute('aria-label'); button.hidden = false }")
    page.set_viewport_size({"width": 360, "height": 800})
    assert axe(page) == ["button-name: .frame-toggle"]


def test_dark_needs_no_script(browser: Browser, stage: Stage) -> None:
    def lightness(scheme: Any) -> float:
        context = browser.new_context(java_script_enabled=False, color_scheme=scheme)
        page = context.new_page()
        page.goto(stage.server.url + "/sign-in")
        colour = page.locator(".card").evaluate("card => getComputedStyle(card).backgroundColor")
        context.close()
        return sum(float(part.strip(" rgb()")) for part in colour.split(",")[:3])

    assert lightness("dark") < 150 < 700 < lightness("light")


def test_without_scripts_everything_can_be_done(browser: Browser, stage: Stage, live: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(messages_url(stage))
    page.get_by_label("E-mail").fill("alice@shop.example")
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(messages_url(stage))
    expect(page.get_by_role("link", name="Install", exact=True)).to_be_visible()
    page.get_by_label("Search messages").fill("Edited")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(messages_url(stage) + "?q=Edited")
    page.get_by_role("row").filter(has_text="Live").locator("summary").click()
    page.get_by_role("button", name="Pause Edited").click()
    expect(page.get_by_role("status")).to_contain_text("“Edited” is paused")
    page.goto(messages_url(stage, live))
    expect(page.get_by_role("row", name="Sign up")).to_contain_text("100.0%")
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    context.close()


def test_the_first_tab_skips_to_the_content(page: Page, stage: Stage) -> None:
    sign_in(page, stage).goto(messages_url(stage))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_on_a_phone_the_navigation_folds_into_a_menu(page: Page, stage: Stage) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    sign_in(page, stage).goto(messages_url(stage))
    install = page.get_by_role("link", name="Install", exact=True)
    menu = page.get_by_role("button", name="Menu")
    expect(install).to_be_hidden()
    expect(menu).to_have_attribute("aria-expanded", "false")
    menu.focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    install.click()
    expect(page).to_have_url(f"{stage.server.url}/sites/{stage.site_key}/install")


def test_the_site_switcher_leads_to_the_other_site(page: Page, stage: Stage) -> None:
    other = empty_site(stage)
    sign_in(page, stage).goto(messages_url(stage))
    switcher = page.locator(".switcher summary")
    link = page.locator(f'.switcher a[href="/sites/{other}/messages"]')
    switcher.click()
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(switcher).to_be_focused()
    page.keyboard.press("Enter")
    link.click()
    expect(page).to_have_url(f"{stage.server.url}/sites/{other}/messages")


def test_the_install_tag_is_copied(page: Page, stage: Stage) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, stage).goto(f"{stage.server.url}/sites/{stage.site_key}/install")
    button = page.locator("[data-copies=install-tag]")
    button.click()
    expect(button).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#install-tag").text_content()
    assert copied.startswith("<script>")
    assert stage.site_key in copied


def test_the_copied_tag_works_on_a_website(page: Page, stage: Stage, browser: Browser) -> None:
    """It is what the website helper pastes: with it, a visitor of another origin is seen."""
    stage.launch(CLUB)
    sign_in(page, stage).goto(f"{stage.server.url}/sites/{stage.site_key}/install")
    stage.website.tag = page.locator("#install-tag").text_content() or ""
    visitor = browser.new_context().new_page()
    visitor.goto(f"{stage.website.url}/")
    expect(visitor.get_by_role("heading", name="Join the club")).to_be_visible()
    visitor.context.close()


def test_signing_out_ends_it_everywhere(page: Page, stage: Stage, browser: Browser) -> None:
    other_device = browser.new_context().new_page()
    sign_in(other_device, stage).goto(messages_url(stage))
    sign_in(page, stage).goto(messages_url(stage))
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_text("You are signed out")).to_be_visible()
    # The open list asks for itself when it is looked at again, and is led to the sign-in page.
    other_device.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(other_device).to_have_url(f"{stage.server.url}/sign-in")
    other_device.context.close()
