"""The demo website: a shop of its own that carries a site's install tag."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from anonmsg.message import Display, DisplayKind, Match, PageRule, Position
from tests.conftest import CLUB
from tests.support.marketer import axe
from tests.support.stage import Stage, changed, expect_not_shown, expect_shown, shown, until

CORNER = Display(kind=DisplayKind.OVERLAY, position=Position.BOTTOM_RIGHT, width=360)
PATHS = ("", "shop", "shop/cups", "products/teapot", "pricing", "about", "signup")


def demo_url(stage: Stage, path: str = "") -> str:
    return f"{stage.server.url}/demo/{path}?site={stage.site_key}"


OPEN = "document.querySelector('anonmsg-message').shadowRoot.querySelector('dialog').open"
"""Only with the next frame a modal hears Escape."""


def anonymous_id(page: Page) -> str:
    value: str = page.evaluate("localStorage.getItem('ajs_anonymous_id')")
    return value


def test_a_visitor_sees_the_message_signs_up_and_is_left_alone(page: Page, stage: Stage) -> None:
    stage.launch(CLUB)
    page.goto(demo_url(stage))
    expect_shown(page)
    expect(page.get_by_role("contentinfo")).to_contain_text("You are somebody new")
    page.goto(demo_url(stage, "signup"))
    expect_shown(page)
    page.wait_for_function(OPEN)
    page.keyboard.press("Escape")
    page.get_by_label("E-mail").fill("Anna@example.com")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_text("You are signed up as")).to_be_visible()
    expect(page.get_by_role("contentinfo")).to_contain_text("You are Anna@example.com")
    page.goto(demo_url(stage, "pricing"))
    stage.await_pages(3)
    expect_not_shown(page)
    expect(page.get_by_role("contentinfo")).to_contain_text("You are Anna@example.com")
    known = ("customer-anna@example.com", "Anna@example.com", [json.loads(anonymous_id(page))])
    fields = ("user_id", "email", "anonymous_ids")
    until(lambda: [tuple(person[field] for field in fields) for person in stage.people()], [known])


def test_starting_over_makes_a_new_visitor_who_sees_it_again(page: Page, stage: Stage) -> None:
    stage.launch(CLUB)
    page.goto(demo_url(stage, "signup"))
    expect_shown(page)
    page.wait_for_function(OPEN)
    page.keyboard.press("Escape")
    before = anonymous_id(page)
    page.get_by_label("E-mail").fill("anna@example.com")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("contentinfo")).to_contain_text("anna@example.com")
    page.get_by_role("button", name="Start over as a new visitor").click()
    expect(page).to_have_url(demo_url(stage))
    expect_shown(page)
    expect(page.get_by_role("contentinfo")).to_contain_text("You are somebody new")
    assert anonymous_id(page) != before
    # Calls that told it wait to be sent for a moment.
    until(lambda: "customer-" in page.evaluate("document.cookie + JSON.stringify({...localStorage})"), False)


def test_the_shop_changes_kinds_without_loading_and_messages_follow(page: Page, stage: Stage) -> None:
    stage.launch(changed(CLUB, page_rules=(PageRule(match=Match.ENDS_WITH, value="/shop/vases"),), display=CORNER))
    page.goto(demo_url(stage, "shop"))
    stage.await_pages(1)
    expect_not_shown(page)
    page.evaluate("window.stillTheSamePage = true")
    expect(page.get_by_role("link", name="Teapot")).to_be_visible()
    expect(page.get_by_role("link", name="Bud vase")).to_be_visible()
    page.get_by_role("link", name="Vases & planters").click()
    expect(page).to_have_url(demo_url(stage, "shop/vases"))
    expect(page.get_by_role("heading", name="Vases & planters")).to_be_visible()
    expect(page.get_by_role("link", name="Teapot")).to_be_hidden()
    expect_shown(page)
    page.go_back()
    expect(page.get_by_role("heading", name="Everything in the shop")).to_be_visible()
    expect(page.get_by_role("link", name="Teapot")).to_be_visible()
    expect(shown(page)).to_have_count(0)
    assert page.evaluate("window.stillTheSamePage")
    page.goto(demo_url(stage, "shop/vases"))
    expect(page.get_by_role("link", name="Bud vase")).to_be_visible()
    expect(page.get_by_role("link", name="Teapot")).to_be_hidden()


def test_what_goes_into_the_basket_is_tracked(page: Page, stage: Stage) -> None:
    page.goto(demo_url(stage, "products/teapot"))
    page.get_by_role("button", name="Add to basket").click()
    expect(page.get_by_role("status")).to_have_text("Small teapot is in your basket.")
    until(lambda: [call["event"] for call in stage.activity() if call["type"] == "track"], ["Product Added"])


def test_every_link_keeps_the_site(page: Page, stage: Stage) -> None:
    for path in PATHS:
        page.goto(demo_url(stage, path))
        links = page.locator("a[href^='/']").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert len(links) >= 4
        assert all(link.endswith(f"site={stage.site_key}") for link in links), path


def test_nothing_is_asked_of_anybody_else(page: Page, stage: Stage) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PATHS:
        page.goto(demo_url(stage, path))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert len(asked) > len(PATHS)
    assert [url for url in asked if not url.startswith((stage.server.url, "data:"))] == []


def test_it_shares_no_look_with_the_builder(page: Page, stage: Stage) -> None:
    page.goto(demo_url(stage))
    sheets = page.evaluate("[...document.styleSheets].map(sheet => sheet.href)")
    assert len(sheets) == 1
    assert re.search(r"/demo-\w+\.css$", sheets[0])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(page: Page, stage: Stage, scheme: Any, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    for path in PATHS:
        page.goto(demo_url(stage, path))
        expect(page.locator("[data-who]").first).to_have_text("somebody new")
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_an_unknown_site_is_not_found(page: Page, stage: Stage, complaints: list[str]) -> None:
    answer = page.goto(f"{stage.server.url}/demo/?site=nosuchsite")
    assert answer
    assert answer.status == 404
    assert len(complaints) == 1
    assert "404" in complaints.pop()
