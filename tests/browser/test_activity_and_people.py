"""Activity and people in a browser: live while one looks, from a first view to the person and to being forgotten."""

from __future__ import annotations

import json
import re
import urllib.request
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import CLUB
from tests.support.marketer import axe, sign_in
from tests.support.stage import Stage, expect_shown, until

LONG = "long-" * 40


def send(stage: Stage, *calls: dict[str, Any]) -> None:
    """Send calls of the visitor v1, unless they say otherwise; stored when it returns."""
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    filled = [{"messageId": str(uuid.uuid4()), "anonymousId": "v1", "timestamp": now, **call} for call in calls]
    body = json.dumps({"batch": filled, "writeKey": stage.site_key}).encode()
    request = urllib.request.Request(f"{stage.server.url}/v1/b", body, {"Content-Type": "text/plain"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert json.load(answer)["rejected"] == []


def opened(url: str, **fields: Any) -> dict[str, Any]:
    return {"type": "page", "context": {"page": {"url": f"https://shop.example{url}"}}, **fields}


def place(stage: Stage, *parts: str) -> str:
    return "/".join([stage.server.url, "sites", stage.site_key, *parts])


def test_what_happens_shows_up_by_itself(page: Page, stage: Stage) -> None:
    sign_in(page, stage).goto(place(stage, "activity"))
    expect(page.get_by_role("link", name="Install the tag")).to_be_visible()
    page.evaluate("window.stillTheSamePage = true")

    send(stage, opened("/pricing"))

    first = page.get_by_role("listitem").filter(has_text="Anonymous visitor v1 opened /pricing")
    expect(first).to_be_visible()
    expect(page.get_by_role("link", name="Install the tag")).to_be_hidden()
    send(stage, {"type": "track", "event": "Order Completed"})
    second = page.get_by_role("listitem").filter(has_text="did Order Completed")
    expect(second).to_be_visible()
    assert page.locator(".log-entry").all_inner_texts()[0].find("Order Completed") > 0, "the newest first"
    assert page.evaluate("window.stillTheSamePage")


def test_the_call_is_shown_as_stored_and_nothing_moves_meanwhile(page: Page, stage: Stage) -> None:
    send(stage, opened("/a", messageId="m-1"))
    sign_in(page, stage).goto(place(stage, "activity"))
    send(stage, opened("/b", messageId="m-2"))
    entry = page.get_by_role("listitem").filter(has_text="/b")
    expect(entry).to_be_visible()
    entry.locator("summary").click()
    expect(entry.locator("pre")).to_contain_text('"messageId": "m-2"')
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert asked == []


def test_nobody_is_asked_while_nobody_looks(page: Page, stage: Stage) -> None:
    page.clock.install()
    sign_in(page, stage).goto(place(stage, "activity"))
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    asked: list[str] = []
    page.on("request", lambda request: asked.extend(re.findall("/activity/.*", request.url)))
    page.clock.run_for(20_000)
    assert asked == []
    page.evaluate("Object.defineProperty(document, 'hidden', { value: false })")
    with page.expect_response(re.compile("/activity/new")):
        page.clock.run_for(4_000)


def test_a_filter_is_in_the_address_and_what_comes_is_filtered_too(page: Page, stage: Stage) -> None:
    send(stage, opened("/pricing"), opened("/about"), {"type": "track", "event": "Bought"})
    sign_in(page, stage).goto(place(stage, "activity"))
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Call", exact=True).select_option("Page")
    page.get_by_label("Page address contains").fill("PRIC")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile(r"type=page.*page=PRIC"))
    expect(page.locator(".log-entry")).to_have_count(1)
    expect(page.get_by_label("Page address contains")).to_have_value("PRIC")
    send(stage, opened("/elsewhere"), opened("/pricing?again"))
    expect(page.locator(".log-entry")).to_have_count(2)
    expect(page.locator(".log-entry").first).to_contain_text("/pricing?again")
    page.get_by_role("link", name="Show all").click()
    expect(page.locator(".log-entry")).to_have_count(5)


def test_from_the_first_view_to_a_person_and_to_being_forgotten(page: Page, stage: Stage, browser: Browser) -> None:
    id = stage.launch(CLUB)
    visitor = browser.new_page()
    visitor.goto(f"{stage.website.url}/")
    expect_shown(visitor)
    stage.await_metrics(id, views=1)
    visitor.evaluate("analytics.identify('u1', { name: 'Ann Lee', email: 'ann@mail.example' })")
    until(lambda: [person["user_id"] for person in stage.people()], ["u1"])
    visitor.context.close()

    sign_in(page, stage).goto(place(stage, "people"))
    page.get_by_label("Search people").press_sequentially("lee")
    expect(page).to_have_url(re.compile(r"\?q=lee$"))
    page.get_by_role("link", name="Ann Lee").click()
    expect(page.get_by_role("heading", name="Ann Lee", level=1)).to_be_visible()
    expect(page.locator("#who")).to_contain_text(re.compile(r"Converted on\s+Club, viewed"))
    turning_point = page.get_by_role("listitem").filter(has_text="stopped being anonymous, identified as u1")
    expect(turning_point).to_have_count(1)
    expect(page.get_by_role("listitem").filter(has_text="viewed Club")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    assert json.loads(download.value.path().read_text())["email"] == "ann@mail.example"
    page.goto(place(stage, "messages", id))
    expect(page.locator("[data-metric=people_gained]")).to_have_text("1")
    page.goto(place(stage, "people?q=ann"))
    page.get_by_role("link", name="Ann Lee").click()
    page.get_by_role("link", name="Forget").click()
    page.get_by_role("button", name="Forget for good").click()
    expect(page.get_by_role("heading", name="Nobody is known yet")).to_be_visible()
    assert stage.activity() == stage.people() == []
    stage.await_metrics(id, views=1, unique_viewers=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(page: Page, stage: Stage, scheme: Any, width: int) -> None:
    sign_in(page, stage)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("activity", "people"):
        page.goto(place(stage, path))
        assert axe(page) == [], f"{path}, empty"
    send(
        stage,
        opened(f"/{LONG}", anonymousId=LONG),
        opened("/pricing"),
        {"type": "identify", "userId": LONG, "traits": {"name": LONG, "email": "ann@mail.example", LONG: LONG}},
        {"type": "group", "userId": LONG, "groupId": LONG},
    )
    page.goto(place(stage, "people"))
    person = page.get_by_role("rowheader").get_by_role("link").get_attribute("href") or ""
    forget = person.removeprefix(f"/sites/{stage.site_key}/") + "/forget"
    paths = ["people", "people?q=nobody", forget.removesuffix("/forget"), forget, f"visitors/{LONG}"]
    for path in (*paths, "activity", "activity?type=alias", "settings"):
        page.goto(place(stage, path))
        for summary in page.locator(".log-call summary").all():
            summary.click()
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
