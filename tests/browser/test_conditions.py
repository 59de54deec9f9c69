"""Further conditions on a real website: each keeps its message away, with a reason, until it comes true by itself."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from anonmsg.message import (
    AboutToLeave,
    AnyCondition,
    Comparison,
    Device,
    DeviceIs,
    Display,
    DisplayKind,
    ElementClicked,
    ElementPresent,
    EventTracked,
    Heading,
    LanguageIs,
    PagesSeen,
    Position,
    ReferrerIs,
    ScrolledTo,
    SecondsPassed,
    Shape,
    Step,
    Utm,
    UtmIs,
    Visitor,
    VisitorIs,
)
from tests.support.stage import Stage, expect_not_shown, expect_shown, shown
from tests.support.website import install_tag

EXPLAIN = "analytics.anonmsg.explain()"
LATER: list[tuple[AnyCondition, Position, str]] = [
    (SecondsPassed(1), Position.TOP_LEFT, "soon"),
    (ScrolledTo(50), Position.TOP_CENTER, "above"),
    (AboutToLeave(), Position.TOP_RIGHT, "staying"),
    (ElementPresent(".cart-item"), Position.BOTTOM_LEFT, "absent"),
    (ElementClicked("h1"), Position.BOTTOM_CENTER, "unclicked"),
    (EventTracked("Added"), Position.BOTTOM_RIGHT, "untracked"),
    (PagesSeen(2), Position.TOP, "few"),
]
BAD = ElementPresent("((")


def saying(words: str, *conditions: AnyCondition, position: Position = Position.TOP_LEFT) -> Shape:
    kind = DisplayKind.BANNER if position in (Position.TOP, Position.BOTTOM) else DisplayKind.OVERLAY
    steps = (Step("s1", (Heading(words),)),)
    return Shape(name=words, conditions=conditions, display=Display(kind, position, 240), steps=steps)


def failed(page: Page) -> dict[str, list[tuple[str, str]]]:
    """Why each message is not shown, by its id."""
    found: list[dict[str, Any]] = page.evaluate(EXPLAIN)
    return {each["message"]: [(gate["gate"], gate["reason"]) for gate in each["failed"]] for each in found}


def test_what_comes_later_comes_by_itself(stage: Stage, page: Page) -> None:
    page.clock.install()
    ids = {}
    for condition, position, reason in LATER:
        gate = str(condition.__struct_config__.tag)
        ids[stage.launch(saying(gate, condition, position=position))] = [(gate, reason)]
    ids[stage.launch(saying("bad", BAD, position=Position.BOTTOM))] = [("element", "unknown")]
    stage.website.body += "<main style='height: 3000px'></main>"
    page.goto(stage.website.url)
    stage.await_pages(1)
    assert failed(page) == ids

    page.clock.run_for(1_100)
    expect_shown(page, "seconds")
    expect(shown(page, "scroll")).to_have_count(0)
    page.evaluate("scrollTo(0, 2500)")
    expect_shown(page, "scroll")
    page.evaluate("document.dispatchEvent(new MouseEvent('mouseout', {clientY: -1, bubbles: true}))")
    expect_shown(page, "exit")
    page.evaluate("document.querySelector('main').className = 'cart-item'")
    page.clock.run_for(500)
    expect_shown(page, "element")
    page.evaluate("scrollTo(0, 0)")
    page.locator("h1").dispatch_event("click")
    page.clock.run_for(10)
    expect_shown(page, "clicked")
    page.evaluate("analytics.track('Added')")
    page.clock.run_for(10)
    expect_shown(page, "tracked")
    assert [gates for gates in failed(page).values() if gates] == [[("pages", "few")], [("element", "unknown")]]
    page.evaluate("history.pushState(null, '', '/next')")
    expect_shown(page, "pages")
    expect_not_shown(page, "bad")


def test_who_and_whence(stage: Stage, page: Page) -> None:
    led = saying(
        "Hello",
        DeviceIs((Device.DESKTOP,)),
        LanguageIs(("en",)),
        VisitorIs(Visitor.NEW),
        ReferrerIs(Comparison.STARTS_WITH, "shop.example"),
        UtmIs(Utm.CAMPAIGN, Comparison.IS, "spring"),
    )
    id = stage.launch(led)
    stage.website.pages["/"] = f"<a href='{stage.website.url}/landing?utm_campaign=Spring'>Go</a>"
    stage.website.pages["/landing"] = (
        f"<title>Landing</title>{install_tag(stage.server.url, stage.site_key)}<h1>Shop</h1>"
    )
    page.goto(f"{stage.website.url}/landing")
    stage.await_pages(1)
    assert failed(page)[id] == [("referrer", "other"), ("utm", "other")]
    page.goto("about:blank")
    page.context.clear_cookies()
    page.goto(f"{stage.website.plain_url}/")
    page.get_by_text("Go").click()
    # In the same tab, so it is still the first visit.
    stage.await_pages(2)
    expect(page.locator("h1")).to_be_visible()
    assert failed(page)[id] == []
    expect_shown(page, "Hello")
