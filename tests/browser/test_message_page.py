"""One message's page in a browser: numbers that come by themselves, a chart that follows its table, the verbs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from anonmsg.models import Message
from tests.conftest import CLUB
from tests.support.marketer import messages_url, sign_in, visit
from tests.support.stage import Stage, until

CHARTS = "maintainAspectRatio"
"""An option of Chart.js, which only the files of the chart name."""
DRAWN = """
() => {
  const chart = document.querySelector('canvas');
  const pixels = chart.getContext('2d').getImageData(0, 0, chart.width, chart.height).data;
  return new Set(new Uint32Array(pixels.buffer)).size;
}
"""
"""How many colours the chart holds: one is an empty canvas."""


@pytest.fixture
def message(page: Page, stage: Stage) -> str:
    """A live message, looked at before anybody saw it; its id."""
    id = stage.launch(CLUB)
    sign_in(page, stage).goto(messages_url(stage, id))
    expect(page.get_by_text("Nobody has seen it yet")).to_be_visible()
    return id


def expect_numbers(page: Page, **numbers: str) -> None:
    for name, number in numbers.items():
        expect(page.locator(f'[data-metric="{name}"]')).to_have_text(number)


def test_numbers_come_without_reloading(page: Page, stage: Stage, message: str) -> None:
    page.evaluate("window.stillTheSamePage = true")
    expect_numbers(page, views="0", unique_viewers="0", clicks="0", click_rate="–", dismissals="0")
    visit(stage, message, ["Message Viewed", "Message Viewed", "Message Clicked"])
    visit(stage, message, ["Message Viewed", "Message Dismissed"], visitor="v2")
    expect_numbers(page, views="3", unique_viewers="2", clicks="1", click_rate="50.0%", dismissals="1")
    expect(page.get_by_role("row", name="Sign up")).to_contain_text(re.compile(r"1\s+1\s+100.0%"))
    assert page.evaluate("window.stillTheSamePage")


def test_the_chart_comes_and_follows_its_table(page: Page, stage: Stage, message: str) -> None:
    assert page.locator("canvas").count() == 0
    visit(stage, message, ["Message Viewed"])
    expect(page.locator("canvas")).to_be_visible()
    until(lambda: page.evaluate(DRAWN) > 3, True)
    before = page.locator("canvas").evaluate("canvas => canvas.toDataURL()")
    page.locator("canvas").evaluate("canvas => { canvas.marked = true }")
    visit(stage, message, ["Message Viewed"] * 9)
    expect(page.locator("#days tbody tr")).to_contain_text("10")
    until(lambda: page.locator("canvas").evaluate("canvas => canvas.toDataURL()") != before, True)
    assert page.locator("canvas").evaluate("canvas => canvas.marked"), "the same canvas, not a flicker"


def test_the_chart_library_is_loaded_only_where_there_is_a_chart(page: Page, stage: Stage, message: str) -> None:
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(messages_url(stage))
    expect(page.get_by_role("row", name="Club")).to_be_visible()
    assert [url for url in loaded if "builder-" in url]
    before = [url for url in loaded if "chunk-" in url]
    assert not [url for url in before if CHARTS in page.request.get(url).text()]
    visit(stage, message, ["Message Viewed"])
    page.goto(messages_url(stage, message))
    until(lambda: page.evaluate(DRAWN) > 3, True)
    after = [url for url in loaded if "chunk-" in url]
    assert [url for url in after if CHARTS in page.request.get(url).text()]
    assert all(url.startswith(stage.server.url) for url in loaded)


def test_a_hidden_tab_asks_for_nothing_and_catches_up_when_looked_at(page: Page, stage: Stage, message: str) -> None:
    page.clock.install()
    page.reload()
    with page.expect_response("**/numbers"):
        page.clock.fast_forward(3_000)
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true, writable: true})")
    visit(stage, message, ["Message Viewed"])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.fast_forward(30_000)
    assert asked == []
    expect_numbers(page, views="0")
    page.evaluate("document.hidden = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect_numbers(page, views="1")


def test_while_the_server_is_away_the_numbers_stay_and_then_they_come(
    page: Page, stage: Stage, message: str, complaints: list[str]
) -> None:
    visit(stage, message, ["Message Viewed"])
    expect_numbers(page, views="1")
    codes = iter((503, 404))
    page.route("**/numbers", lambda route: route.fulfill(status=next(codes, 500), body="<h1>Away</h1>"))
    for _ in range(3):
        with page.expect_response("**/numbers"):
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect_numbers(page, views="1")
        expect(page.get_by_text("Away")).to_have_count(0)
    page.unroute("**/numbers")
    visit(stage, message, ["Message Viewed"])
    expect_numbers(page, views="2")
    assert complaints
    complaints.clear()


def test_what_a_number_means_is_shown_on_hover_and_on_focus(page: Page, stage: Stage, message: str) -> None:
    for name in ("Views", "Unique viewers", "Clicks", "Click rate", "Dismissals"):
        label = page.get_by_role("button", name=name, exact=True)
        meaning = page.locator(f"#{label.get_attribute('aria-describedby')}")
        expect(meaning).to_be_hidden()
        label.hover()
        expect(meaning).to_be_visible()
        expect(meaning).to_be_in_viewport(ratio=1)
        page.mouse.move(0, 0)
        expect(meaning).to_be_hidden()
        page.keyboard.press("Tab")
        label.focus()
        expect(meaning).to_be_visible()


def test_the_focus_stays_where_it_is_while_numbers_come(page: Page, stage: Stage, message: str) -> None:
    label = page.get_by_role("button", name="Clicks", exact=True)
    label.focus()
    visit(stage, message, ["Message Viewed"])
    expect_numbers(page, views="1")
    expect(label).to_be_focused()


def test_pause_resume_stop_and_what_is_left_then(page: Page, stage: Stage, message: str) -> None:
    header = page.get_by_role("banner")
    for verb, status, words in (
        ("Pause", "Paused", "is paused"),
        ("Resume", "Live", "is on again"),
        ("Stop", "Ended", "is stopped. To start it again, edit it and launch it."),
    ):
        page.get_by_role("button", name=verb).click()
        expect(header).to_contain_text(status)
        expect(page.locator("#flashes[role=status]")).to_contain_text(words)
    for gone in ("Pause", "Resume", "Stop"):
        expect(page.get_by_role("button", name=gone)).to_have_count(0)
    expect(page.get_by_role("button", name="Duplicate")).to_be_visible()
    expect(page.get_by_role("link", name="Edit")).to_be_visible()


def test_what_a_colleague_does_is_seen_and_the_buttons_follow(page: Page, stage: Stage, message: str) -> None:
    pause = page.get_by_role("button", name="Pause")
    expect(pause).to_be_visible()
    stage.change(message, Message.pause)
    expect(page.get_by_role("banner")).to_contain_text("Paused")
    expect(pause).to_have_count(0)
    page.get_by_role("button", name="Resume").click()
    expect(page.locator("#flashes[role=status]")).to_contain_text("is on again")


def test_a_duplicate_opens_in_the_wizard(page: Page, stage: Stage, message: str) -> None:
    page.get_by_role("button", name="Duplicate").click()
    expect(page).to_have_url(re.compile(r"/messages/[0-9a-f-]+/edit/\w+$"))
    assert message not in page.url
    expect(page.get_by_text("Club (copy)").first).to_be_visible()


def test_a_pause_reaches_visitors_through_the_button(page: Page, stage: Stage, message: str) -> None:
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#flashes[role=status]")).to_contain_text("is paused")
    with stage.server.app.app_context():
        assert stage._site().message(message).state == "paused"
    stage.change(message, Message.resume)
    page.reload()
    expect(page.get_by_role("banner")).to_contain_text("Live")
