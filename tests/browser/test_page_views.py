"""Page views one after the other, places that are taken, and why a message is not shown."""

from __future__ import annotations

import random
from typing import Any

from playwright.sync_api import Page, expect

from anonmsg.message import (
    Button,
    Display,
    DisplayKind,
    Frequency,
    GoToStep,
    Heading,
    Match,
    PageRule,
    Position,
    Shape,
    Step,
    Text,
    Track,
)
from anonmsg.message import Run as Words
from anonmsg.models import Message
from tests.conftest import CLUB
from tests.support.stage import Stage, changed, expect_not_shown, expect_shown, shown, until, until_quiet

CORNER = Display(DisplayKind.OVERLAY, Position.BOTTOM_RIGHT, 320)
OPPOSITE = Display(DisplayKind.OVERLAY, Position.TOP_LEFT, 320)
COME_BACK = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
"""What a browser says when a page comes back from its back/forward cache, which Playwright turns off."""


def named(heading: str, **changes: Any) -> Shape:
    return changed(CLUB, steps=(Step(id="s1", blocks=(Heading(text=heading),)),), frequency=Frequency(), **changes)


def explained(page: Page, id: str) -> Any:
    return page.evaluate("async (id) => (await analytics.anonmsg.explain()).find(({ message }) => message === id)", id)


def test_a_page_that_comes_back_from_the_cache_is_another_page_view(stage: Stage, page: Page) -> None:
    id = stage.launch(named("Hello", display=CORNER))
    page.goto(stage.website.url)
    expect_shown(page, "Hello")
    page.evaluate(COME_BACK)
    stage.await_metrics(id, views=1)
    page.evaluate("document.querySelector('anonmsg-message').remove()")
    page.evaluate(COME_BACK)
    until_quiet(page)
    assert page.locator("anonmsg-message").count() == 0, "one that stays on screen is not viewed again"
    stage.await_metrics(id, views=1)


def test_what_was_withdrawn_meanwhile_is_gone_when_the_page_comes_back(stage: Stage, page: Page) -> None:
    id = stage.launch(named("Hello", display=CORNER))
    page.clock.install()
    page.goto(stage.website.url)
    expect_shown(page, "Hello")
    stage.change(id, Message.pause)
    manifest = f"{stage.server.url}/v1/sites/{stage.site_key}/messages.json"
    until(lambda: page.request.get(manifest).json()["messages"], [])
    page.clock.fast_forward(20_000)
    page.evaluate(COME_BACK)
    expect(shown(page, "Hello")).to_have_count(0)


def test_what_waits_for_a_place_comes_when_it_is_free(stage: Stage, page: Page) -> None:
    first = stage.launch(named("First", display=CORNER, priority=1))
    second = stage.launch(named("Second", display=CORNER, priority=2))
    other = stage.launch(named("Elsewhere", display=OPPOSITE, priority=3))
    page.goto(stage.website.url)
    expect_shown(page, "First")
    expect_shown(page, "Elsewhere")
    expect_not_shown(page, "Second")
    assert explained(page, second)["failed"] == [{"gate": "slot", "reason": "taken"}]
    page.locator("anonmsg-message").filter(has_text="First").get_by_role("button", name="Close").click()
    expect_shown(page, "Second")
    stage.await_metrics(first, views=1, dismissals=1)
    stage.await_metrics(second, views=1)
    stage.await_metrics(other, views=1)


def test_where_two_have_no_room_side_by_side_one_edge_holds_one(stage: Stage, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    first = stage.launch(named("First", display=CORNER, priority=1))
    second = stage.launch(named("Second", display=Display(DisplayKind.OVERLAY, Position.BOTTOM_LEFT, 360), priority=2))
    page.goto(stage.website.url)
    expect_shown(page, "First")
    stage.await_metrics(first, views=1)
    expect_not_shown(page, "Second")
    assert explained(page, second)["failed"] == [{"gate": "slot", "reason": "taken"}]
    page.locator("anonmsg-message").get_by_role("button", name="Close").click()
    expect_shown(page, "Second")
    stage.await_metrics(second, views=1)


def test_under_a_modal_nothing_else_is_painted(stage: Stage, page: Page) -> None:
    stage.launch(named("Modal", priority=1))
    stage.launch(named("Corner", display=CORNER, priority=2))
    page.goto(stage.website.url)
    expect_shown(page, "Modal")
    expect_not_shown(page, "Corner")
    expect(page.locator("anonmsg-message dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect_shown(page, "Corner")
    expect_not_shown(page, "Modal")


def test_identified_or_dismissed_in_one_tab_is_gone_in_the_other(stage: Stage, page: Page) -> None:
    stage.launch(named("Hello", display=CORNER))
    stage.launch(named("Again", display=OPPOSITE))
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(stage.website.url)
        expect_shown(tab, "Hello")
        expect_shown(tab, "Again")
    page.locator("anonmsg-message").filter(has_text="Hello").get_by_role("button", name="Close").click()
    expect(shown(other, "Hello")).to_have_count(0)
    expect_shown(other, "Again")
    page.evaluate("void analytics.identify('anna')")
    expect(shown(other, "Again")).to_have_count(0)


def test_steps_and_tracking_buttons_neither_close_nor_end_it(stage: Stage, page: Page) -> None:
    steps = (
        Step(id="s1", blocks=(Heading(text="One"), Button(id="next", label="Next", action=GoToStep(step="s2")))),
        Step(
            id="s2",
            blocks=(
                Heading(text="Two"),
                Button(id="like", label="Like", action=Track(event="Liked", properties={"what": "tools"})),
            ),
        ),
    )
    id = stage.launch(changed(CLUB, steps=steps, frequency=Frequency()))
    page.goto(stage.website.url)
    expect(page.get_by_role("dialog", name="One")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("dialog", name="Two")).to_be_visible()
    page.get_by_role("button", name="Like").click()
    stage.await_metrics(id, views=1, clicks={"next": 1, "like": 1}, dismissals=0)
    until(
        lambda: [call["properties"] for call in stage.activity() if call.get("event") == "Liked"], [{"what": "tools"}]
    )
    page.goto(stage.website.url)
    expect(page.get_by_role("dialog", name="One")).to_be_visible()


def test_every_gate_that_fails_is_named(stage: Stage, page: Page) -> None:
    rule = PageRule(match=Match.STARTS_WITH, value="/nowhere")
    id = stage.launch(named("Hello", page_rules=(rule,)))
    page.goto(stage.website.url)
    page.evaluate("void analytics.identify('anna')")
    assert explained(page, id) == {
        "message": id,
        "shown": False,
        "failed": [{"gate": "anonymous", "reason": "known"}, {"gate": "page", "reason": "elsewhere"}],
    }


def test_content_that_is_not_in_the_manifest_is_fetched_when_it_is_its_turn(stage: Stage, page: Page) -> None:
    noise = random.Random(1)
    for number in range(12):
        words = "".join(noise.choices("abcdefghijklmnopqrstuvwxyz ", k=2000))
        blocks = (Heading(text=f"Message {number}"), Text(paragraphs=((Words(text=words),),)))
        rules = (PageRule(match=Match.IS, value=f"/{number}"),)
        stage.launch(changed(CLUB, steps=(Step(id="s1", blocks=blocks),), page_rules=rules, priority=number))
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if "/content/" in request.url else None)
    page.goto(f"{stage.website.url}/0")
    expect_shown(page, "Message 0")
    assert fetched == []
    page.goto(f"{stage.website.url}/11")
    expect_shown(page, "Message 11")
    assert len(fetched) == 1


def test_a_page_that_stays_open_fetches_the_parts_that_a_new_message_needs(stage: Stage, page: Page) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if "/v1/snippet/" in request.url else None)
    page.clock.install()
    page.goto(stage.website.url)
    stage.await_pages(1)
    assert fetched == []
    stage.launch(named("Hello", display=CORNER))
    manifest = f"{stage.server.url}/v1/sites/{stage.site_key}/messages.json"
    until(lambda: len(page.request.get(manifest).json()["messages"]), 1)
    page.clock.fast_forward(20_000)
    page.evaluate("location.hash = 'later'")
    expect_shown(page, "Hello")
    assert sorted(url.rsplit("/")[-1] for url in fetched) == ["draw.js", "fetch.js", "float.js"]


def test_calls_that_few_pages_make_keep_their_order_while_their_part_is_fetched(stage: Stage, page: Page) -> None:
    page.goto(stage.website.url)
    stage.await_pages(1)
    page.evaluate(
        """() => {
            window.heard = [];
            analytics.track('Before');
            analytics.on('track', (event) => heard.push(event));
            analytics.track('First');
            analytics.once('track', (event) => heard.push(`once ${event}`));
            analytics.track('Second');
            analytics.off('track');
        }"""
    )
    page.wait_for_function("heard.length >= 3")
    page.evaluate("void analytics.track('Third')")
    assert page.evaluate("heard") == ["First", "Second", "once Second", "Third"]


def test_a_new_visitor_is_one_from_the_next_page_view_on(stage: Stage, page: Page) -> None:
    once = changed(named("Once", display=CORNER), frequency=Frequency(limit=1))
    stage.launch(once)
    page.goto(stage.website.url)
    expect_shown(page, "Once")
    page.goto(f"{stage.website.url}/other")
    stage.await_pages(2)
    expect_not_shown(page, "Once")
    page.evaluate("void analytics.reset()")
    page.goto(f"{stage.website.url}/next")
    expect_shown(page, "Once")
    until(lambda: len({call["anonymousId"] for call in stage.activity() if call["type"] == "page"}), 2)
