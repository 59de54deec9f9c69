"""The list of messages in a browser: searching as one types, verbs where they stand, numbers that stay fresh."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from anonmsg.db import utc_now
from anonmsg.message import Schedule
from anonmsg.models import Message
from tests.conftest import CLUB
from tests.support.marketer import messages_url, sign_in, visit
from tests.support.stage import Stage, changed


@pytest.fixture
def listed(page: Page, stage: Stage) -> dict[str, str]:
    """Two live messages, looked at in the list; name → id."""
    ids = {name: stage.launch(changed(CLUB, name=name)) for name in ("Club", "Sale")}
    sign_in(page, stage).goto(messages_url(stage))
    expect(page.get_by_role("row", name="Club")).to_be_visible()
    expect(page.get_by_role("row", name="Sale")).to_be_visible()
    return ids


def open_menu(page: Page, name: str) -> None:
    page.get_by_role("row", name=name).locator("summary").click()


def refresh(page: Page) -> None:
    """What happens by itself every few seconds, at once."""
    with page.expect_response(lambda response: "/messages" in response.url):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_the_list_follows_what_is_typed_and_so_does_the_address(
    page: Page, stage: Stage, listed: dict[str, str]
) -> None:
    page.get_by_label("Search messages").press_sequentially("cl")
    expect(page.get_by_role("row", name="Sale")).to_have_count(0)
    expect(page.get_by_role("row", name="Club")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?q=cl$"))
    expect(page.get_by_label("Search messages")).to_be_focused()
    page.reload()
    expect(page.get_by_label("Search messages")).to_have_value("cl")
    expect(page.get_by_role("row", name="Sale")).to_have_count(0)
    page.get_by_label("Search messages").fill("")
    expect(page.get_by_role("row", name="Sale")).to_be_visible()


def hold_a_refresh(page: Page) -> list[Route]:
    """One that is asked for now; its answer is up to the test."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/messages", hold)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#list.htmx-request")).to_have_count(1)
    return held


def test_a_refresh_that_is_late_does_not_undo_a_search(page: Page, stage: Stage, listed: dict[str, str]) -> None:
    held = hold_a_refresh(page)
    page.get_by_label("Search messages").fill("sale")
    expect(page.get_by_role("row", name="Club")).to_have_count(0)
    assert len(held) == 1
    held[0].fulfill(status=200, content_type="text/html", body='<div id="list">Too late</div>')
    refresh(page)
    expect(page.get_by_role("row", name="Sale")).to_be_visible()
    expect(page.get_by_text("Too late")).to_have_count(0)


def test_a_tab_keeps_what_was_searched(page: Page, stage: Stage, listed: dict[str, str]) -> None:
    page.get_by_label("Search messages").fill("sale")
    expect(page.get_by_role("row", name="Club")).to_have_count(0)
    page.get_by_role("navigation", name="Status").get_by_role("link", name="Live").click()
    expect(page).to_have_url(re.compile(r"\?status=live&q=sale$"))
    expect(page.get_by_role("row", name="Sale")).to_be_visible()
    expect(page.get_by_role("row", name="Club")).to_have_count(0)


def test_a_verb_in_the_menu_acts_and_stays_in_the_list(page: Page, stage: Stage, listed: dict[str, str]) -> None:
    open_menu(page, "Club")
    page.get_by_role("button", name="Pause Club").click()
    expect(page).to_have_url(messages_url(stage))
    expect(page.get_by_role("status")).to_contain_text("“Club” is paused")
    expect(page.get_by_role("row", name="Club")).to_contain_text("Paused")
    expect(page.get_by_role("row", name="Sale")).to_contain_text("Live")


def test_what_was_changed_meanwhile_is_said_and_nothing_is_lost(
    page: Page, stage: Stage, listed: dict[str, str], complaints: list[str]
) -> None:
    open_menu(page, "Club")
    stage.change(listed["Club"], Message.pause)
    page.get_by_role("button", name="Pause Club").click()
    expect(page.get_by_text("Paused messages cannot be paused")).to_be_visible()
    assert len(complaints) == 1
    assert "409" in complaints.pop()


def test_numbers_and_statuses_refresh_by_themselves(page: Page, stage: Stage, listed: dict[str, str]) -> None:
    views = page.get_by_role("row", name="Club").locator('[data-label="Views"]')
    expect(views).to_have_text("0")
    page.evaluate("window.stillTheSamePage = true")
    visit(stage, listed["Club"], ["Message Viewed"])
    stage.change(listed["Sale"], Message.pause)
    expect(views).to_have_text("1")
    expect(page.get_by_role("row", name="Sale")).to_contain_text("Paused")
    assert page.evaluate("window.stillTheSamePage")


def test_an_open_menu_is_not_closed_by_a_refresh(page: Page, stage: Stage, listed: dict[str, str]) -> None:
    open_menu(page, "Club")
    pause = page.get_by_role("button", name="Pause Club")
    expect(pause).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(pause).to_be_visible()
    assert asked == []
    page.keyboard.press("Escape")
    expect(pause).to_be_hidden()
    refresh(page)
    assert asked


def test_a_refresh_that_is_late_does_not_close_a_menu(page: Page, stage: Stage, listed: dict[str, str]) -> None:
    held = hold_a_refresh(page)
    open_menu(page, "Club")
    expect(page.get_by_role("button", name="Pause Club")).to_be_visible()
    assert len(held) == 1
    held[0].fallback()
    expect(page.locator("#list.htmx-request")).to_have_count(0)
    expect(page.get_by_role("button", name="Pause Club")).to_be_visible()


def test_the_menu_works_with_the_keyboard_alone(page: Page, stage: Stage, listed: dict[str, str]) -> None:
    summary = page.get_by_role("row", name="Club").locator("summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Edit")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Edit")).to_be_focused()
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Pause Club")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="Club")).to_contain_text("Paused")


def test_only_one_menu_is_open(page: Page, stage: Stage, listed: dict[str, str]) -> None:
    open_menu(page, "Club")
    expect(page.locator("details[open]")).to_have_count(1)
    open_menu(page, "Sale")
    expect(page.get_by_role("button", name="Pause Sale")).to_be_visible()
    expect(page.get_by_role("button", name="Pause Club")).to_be_hidden()
    page.get_by_role("heading", name="Anonymous messages").click()
    expect(page.locator("details[open]")).to_have_count(0)


def test_at_no_width_does_a_menu_leave_its_card(page: Page, stage: Stage, listed: dict[str, str]) -> None:
    """The longest status makes the table as wide as it gets."""
    stage.launch(changed(CLUB, name="Soon", schedule=Schedule(starts_at=utc_now() + timedelta(days=3))))
    page.reload()
    expect(page.get_by_text("Scheduled", exact=True)).to_be_visible()
    right = "all => all.map(each => each.getBoundingClientRect().right)"
    for width in (360, 1000, 1024, 1025, 1100, 1200, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        [card] = page.locator("#list .card").evaluate_all(right)
        assert max(page.locator(".messages-menu summary").evaluate_all(right)) <= card, width


def test_in_forced_colours_the_tab_that_is_open_can_be_seen(page: Page, listed: dict[str, str]) -> None:
    page.emulate_media(forced_colors="active")
    tabs = page.get_by_role("navigation", name="Status").get_by_role("link")
    expect(tabs).to_have_count(2)
    backgrounds = tabs.evaluate_all("all => all.map(each => getComputedStyle(each).backgroundColor)")
    assert len(set(backgrounds)) == 2


def test_the_empty_list_leads_into_the_wizard(page: Page, stage: Stage) -> None:
    sign_in(page, stage).goto(messages_url(stage))
    page.get_by_role("link", name="Create your first message").click()
    expect(page).to_have_url(messages_url(stage, "new"))
    page.goto(messages_url(stage))
    page.get_by_role("link", name="Create Anonymous Message").click()
    expect(page).to_have_url(messages_url(stage, "new"))
