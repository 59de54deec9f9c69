"""The targeting step: addresses tried, and how many page views would have matched, by the snippet's own rules."""

from __future__ import annotations

import json
import urllib.request
import uuid
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from anonmsg.message import ElementClicked, PageRule, Shape
from tests.support.desk import Desk
from tests.support.stage import Stage, changed

EXCLUDE = PageRule("exclude", value="/legal")  # type: ignore[arg-type]
CLUB = Shape(name="Club", page_rules=(PageRule(value="/pricing"), EXCLUDE))
BY_1, BY_2 = "rule 1: page path contains “/pricing”.", "rule 2: page path contains “/legal”."
ADDRESSES = [
    ("https://shop.example/pricing/pro", f"Shown, because of {BY_1}"),
    ("/pricing", f"Shown, because of {BY_1}"),
    ("shop.example/PRICING", f"Shown, because of {BY_1}"),
    ("https://shop.example/pricing/legal", f"Not shown, because of {BY_2}"),
    ("https://shop.example/", "Not shown: no rule fits."),
    ("https://", "This is no address."),
]


@pytest.fixture
def desk(stage: Stage, page: Page) -> Desk:
    return Desk(stage, page).sign_in()


def looked(stage: Stage, url: str, times: int) -> None:
    """So many page views came in."""
    calls = [
        {"type": "page", "messageId": str(uuid.uuid4()), "anonymousId": "v1", "context": {"page": {"url": url}}}
        for _ in range(times)
    ]
    body = {"batch": calls, "writeKey": stage.site_key, "sentAt": datetime.now(UTC).isoformat()}
    request = urllib.request.Request(f"{stage.server.url}/v1/b", json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert json.load(answer) == {"success": True, "rejected": []}


def test_addresses_are_tried_by_the_snippets_own_rules_and_follow_the_form(desk: Desk) -> None:
    page = desk.page
    looked(desk.stage, "https://www.shop.example/", 3)
    desk.open(CLUB, "targeting")
    verdicts = page.locator("[data-verdicts] li")
    page.get_by_label("Try an address").fill("\n".join(address for address, _ in ADDRESSES))
    expect(verdicts).to_contain_text([why for _, why in ADDRESSES])
    expect(page.get_by_text("Not saved yet")).to_have_count(0)
    page.get_by_role("button", name="Remove rule 1").click()
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    expect(verdicts.nth(4)).to_contain_text("Shown: no rule keeps it away.")
    # A path is one of the website's that visitors have looked at.
    page.get_by_label("Part").select_option("host")
    page.get_by_label("Match").select_option("is")
    page.get_by_label("Value").fill("www.shop.example")
    expect(verdicts.nth(1)).to_contain_text("Not shown, because of rule 1: host is “www.shop.example”.")
    page.get_by_label("Try an address").fill("/\n" * 21)
    expect(verdicts).to_have_count(21)
    expect(verdicts.last).to_have_text("Only the first 20 addresses are tried.")


def test_a_forecast_follows_the_form_and_stands_in_the_review(desk: Desk) -> None:
    page = desk.page
    id = desk.open(CLUB, "targeting")
    expect(page.get_by_text("nothing to forecast from yet")).to_be_visible()
    looked(desk.stage, "https://shop.example/", 2)
    looked(desk.stage, "https://shop.example/pricing?x=1", 5)
    looked(desk.stage, "https://shop.example/pricing/legal", 1)
    page.reload()
    expect(
        page.get_by_text("Of the 8 page views in the last 7 days, 5 (63 %) were on pages that match.")
    ).to_be_visible()
    page.get_by_role("button", name="Remove rule 2").click()
    expect(page.get_by_text("6 (75 %) were on pages that match.")).to_be_visible()
    expect(
        page.get_by_text("Shown on pages whose path contains “/pricing”, until the visitor closes it")
    ).to_be_visible()
    assert desk.findings() == []
    page.goto(f"{desk.url}/{id}/edit/review")
    desk.wait_for_scripts()
    expect(page.get_by_text("5 (63 %) were on pages that match.")).to_be_visible()


def test_conditions_are_added_follow_what_is_typed_and_removed(desk: Desk) -> None:
    page = desk.page
    id = desk.open(changed(CLUB, page_rules=()), "targeting")
    group = page.get_by_role("group", name="More conditions")
    add = page.get_by_role("button", name="Add a condition")
    add.click()
    expect(group.get_by_label("Condition", exact=True)).to_be_focused()
    group.get_by_label("Phone").check()
    group.get_by_label("Tablet").check()
    expect(page.get_by_text("Shown on every page, on a phone or a tablet, until the visitor")).to_be_visible()
    add.click()
    second = group.get_by_role("group", name="Condition 2")
    second.get_by_label("Condition", exact=True).select_option("Element clicked")
    expect(second.get_by_label("Phone")).to_be_hidden()
    second.get_by_label("CSS selector").fill("#buy (")
    expect(second.get_by_text("No browser understands this selector")).to_be_visible()
    second.get_by_label("CSS selector").fill("#buy")
    expect(second.get_by_text("No browser understands this selector")).to_have_count(0)
    expect(page.get_by_text("on a phone or a tablet, once “#buy” was clicked, until")).to_be_visible()
    assert desk.findings() == []
    page.get_by_role("button", name="Remove condition 1").click()
    expect(page.get_by_role("button", name="Remove condition 1")).to_be_focused()
    desk.next()
    desk.wait_for_step("content")
    assert desk.stored(id).conditions == (ElementClicked("#buy"),)
    page.goto(f"{desk.url}/{id}/edit/review")
    desk.wait_for_scripts()
    expect(page.get_by_text("Only once “#buy” was clicked.")).to_be_visible()
