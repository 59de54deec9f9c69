"""Many messages of a site: the order is dragged, and a limit for all of them holds in all tabs together."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from anonmsg.db import db
from anonmsg.message import Frequency, Heading, Shape, Step
from anonmsg.models import Site
from tests.conftest import CLUB
from tests.support.desk import Desk
from tests.support.stage import Stage, changed, expect_shown, shown, until


def test_a_message_is_dragged_to_its_place_and_moved_by_its_menu(stage: Stage, page: Page) -> None:
    desk = Desk(stage, page).sign_in()
    for name in "abc":
        stage.launch(changed(CLUB, name=f"Message {name}"))
    page.goto(f"{desk.url}?status=live")
    names = page.get_by_role("rowheader").get_by_role("link")
    expect(names).to_have_text(["Message a", "Message b", "Message c"])
    handles = page.locator("[data-handle]")
    box, target = handles.nth(2).bounding_box(), handles.nth(0).bounding_box()
    assert box
    assert target
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 5, box["y"] - 10, steps=4)
    page.mouse.move(target["x"] + 5, target["y"] - 10, steps=12)
    page.mouse.up()
    expect(page.get_by_text("“Message c” is moved.")).to_be_visible()
    expect(names).to_have_text(["Message c", "Message a", "Message b"])
    page.get_by_label("Actions for Message c").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move up Message c")).to_have_count(0)
    page.get_by_role("button", name="Move down Message c").press("Enter")
    expect(names).to_have_text(["Message a", "Message c", "Message b"])
    assert desk.findings() == []


def test_tabs_do_not_exceed_the_limit_of_a_day_together(stage: Stage, page: Page) -> None:
    with stage.server.app.app_context():
        site = Site.by_key(stage.site_key)
        assert site
        site.limit_views(2)
        db.session.commit()
    ids = [
        stage.launch(Shape(name=name, steps=(Step("s1", (Heading(name),)),), frequency=Frequency())) for name in "ab"
    ]
    pages = [page, *(page.context.new_page() for _ in range(4))]
    for each in pages:
        each.goto(f"{stage.website.url}/blank.js")
    for each in pages:
        each.evaluate("url => { location.href = url }", f"{stage.website.url}/pricing")
    stage.await_pages(5)
    until(lambda: sum(stage.metrics(id)["views"] for id in ids), 2)
    seen = sum(shown(each, "a").count() + shown(each, "b").count() for each in pages)
    assert seen == 2
    last = page.context.new_page()
    last.goto(f"{stage.website.url}/pricing")
    stage.await_pages(6)
    failed = {gate["gate"]: gate["reason"] for gate in last.evaluate("analytics.anonmsg.explain()")[0]["failed"]}
    assert failed == {"daily": "enough"}
    last.evaluate("analytics.reset()")
    last.evaluate("history.pushState(null, '', '/next')")
    expect_shown(last, "a")
