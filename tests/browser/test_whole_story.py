"""The whole main job: a marketer makes and launches a message, a visitor of another website sees it and clicks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.stage import Stage, expect_not_shown, expect_shown, shown
from tests.support.website import Website


@pytest.fixture(params=["server", "server_on_postgres"])
def stage(request: pytest.FixtureRequest, website: Website) -> Stage:
    return Stage.set(request.getfixturevalue(request.param), website, "alice@shop.example")


def test_a_marketer_launches_a_visitor_clicks_and_both_are_counted(stage: Stage, page: Page, browser: Browser) -> None:
    base = stage.server.url
    page.goto(base)
    page.get_by_label("E-mail").fill("alice@shop.example")
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{base}/sites/{stage.site_key}/messages")

    page.get_by_role("link", name="Create Anonymous Message").first.click()
    page.get_by_label("Name").fill("Join the club")
    page.get_by_label("Description").fill("Sign-up nudge on the pricing pages")
    page.get_by_role("button", name="Next").click()

    rules = page.get_by_role("group", name="Page rules")
    rules.get_by_role("button", name="Add a rule").click()
    rules.get_by_label("Show or hide").select_option("include")
    rules.get_by_label("Part").select_option("path")
    rules.get_by_label("Match").select_option("starts_with")
    rules.get_by_label("Value").fill("/pricing")
    frequency = page.get_by_role("group", name="Frequency")
    frequency.get_by_label("Limit").check()
    frequency.get_by_label("Times").fill("2")
    page.get_by_role("button", name="Next").click()

    page.get_by_role("button", name="Add heading").click()
    page.get_by_label("Heading").fill("Join the club")
    page.get_by_role("button", name="Add button").click()
    page.get_by_label("Label").fill("Sign up")
    page.get_by_label("Action").select_option("open_url")
    page.get_by_label("URL").fill("/signup")
    display = page.get_by_role("group", name="Display")
    display.get_by_label("Overlay").check()
    display.get_by_label("Position").select_option("bottom-right")
    page.get_by_role("button", name="Next").click()

    page.get_by_label("Start now").check()
    page.get_by_label("Never ends").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Launch Anonymous Message").click()
    expect(page).to_have_url(re.compile(rf"/sites/{stage.site_key}/messages/[0-9a-f-]+$"))
    id = page.url.rsplit("/", 1)[1]
    for verb in ("Pause", "Stop", "Duplicate"):
        expect(page.get_by_role("button", name=verb)).to_be_visible()

    visitor = browser.new_context().new_page()
    visitor.goto(f"{stage.website.url}/about")
    stage.await_pages(1)
    expect_not_shown(visitor)
    visitor.goto(f"{stage.website.url}/pricing")
    expect_shown(visitor)
    visitor.get_by_role("button", name="Sign up").or_(visitor.get_by_role("link", name="Sign up")).click()
    visitor.wait_for_url("**/signup")
    stage.await_metrics(id, views=1, unique_viewers=1, dismissals=0)
    expect(shown(visitor)).to_have_count(0)

    expect(
        page.get_by_role("status").or_(page.locator("[data-metric=views]")).filter(has_text="1").first
    ).to_be_visible()
    button_row = page.get_by_role("row").filter(has_text="Sign up")
    expect(button_row).to_contain_text("1")
    visitor.context.close()
