"""Many messages of a site: the order is dragged, and a limit for all of them holds in all tabs together."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from anonmsg.db import db, utc_now
from anonmsg.message import Frequency, Heading, PageRule, Shape, Step
from anonmsg.models import Site
from tests.browser.test_targeting import looked
from tests.conftest import CLUB
from tests.support.desk import Desk
from tests.support.holdout import fnv1a
from tests.support.stage import Stage, changed, expect_not_shown, expect_shown, shown, until


def hold(page: Page, handle: Locator) -> None:
    """Move the mouse there, to its upper part."""
    box = handle.bounding_box()
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + 3, steps=8)


def test_a_message_is_dragged_to_its_place_and_moved_by_its_menu(stage: Stage, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    desk = Desk(stage, page).sign_in()
    for name in "abc":
        stage.launch(changed(CLUB, name=f"Message {name}"))
    page.goto(f"{desk.url}?status=live")
    desk.wait_for_scripts()
    names = page.get_by_role("rowheader").get_by_role("link")
    expect(names).to_have_text(["Message a", "Message b", "Message c"])
    handles = page.locator("[data-handle]")
    hold(page, handles.nth(2))
    page.mouse.down()

    def held_over(place: int) -> list[str]:
        """The order now. Rows that give way are not looked at, so that one move may not be enough."""
        hold(page, handles.nth(place))
        return names.all_inner_texts()

    until(lambda: held_over(1), ["Message a", "Message c", "Message b"])
    until(lambda: held_over(0), ["Message c", "Message a", "Message b"])
    page.mouse.up()
    expect(page.get_by_text("“Message c” is moved.")).to_be_visible()
    expect(names).to_have_text(["Message c", "Message a", "Message b"])
    page.get_by_label("Actions for Message c").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move up Message c")).to_have_count(0)
    page.get_by_role("button", name="Move down Message c").press("Enter")
    expect(names).to_have_text(["Message a", "Message c", "Message b"])
    expect(page.get_by_label("Actions for Message c")).to_be_focused()
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
    page.evaluate("() => { document.cookie = 'ajs_anonymous_id=anna; path=/' }")
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


def test_messages_that_stand_in_each_others_way_are_named(stage: Stage, page: Page) -> None:
    desk = Desk(stage, page).sign_in()
    pricing = (PageRule(value="/pricing"),)
    stage.launch(changed(CLUB, name="Sale", page_rules=pricing, frequency=Frequency()))
    stage.launch(changed(CLUB, name="Blog", page_rules=(PageRule(value="/blog"),)))
    id = desk.draft(changed(CLUB, name="Welcome"))
    looked(stage, "https://shop.example/pricing", 3)
    looked(stage, "https://shop.example/", 1)
    page.goto(desk.url)
    desk.wait_for_scripts()
    expect(page.get_by_role("rowheader")).to_have_count(3)
    page.goto(f"{desk.url}/{id}/edit/review")
    desk.wait_for_scripts()
    sure = "“Sale” and “Welcome” take the same place (center) on the same pages, with 3 page views in the last 7 days."
    expect(page.get_by_text(sure)).to_be_visible()
    expect(page.get_by_text("“Blog” and “Welcome” may take the same place (center)")).to_be_visible()
    assert desk.findings() == []
    stage.launch(changed(CLUB, name="Plans", page_rules=pricing))
    page.goto(desk.url)
    desk.wait_for_scripts()
    expect(page.get_by_text("Only visitors who have closed “Sale” see “Plans”")).to_be_visible()
    expect(page.get_by_text("Blog” and")).to_have_count(0)
    assert desk.findings() == []


def test_the_control_group_sees_nothing_and_is_recorded_where_it_would_have(stage: Stage, page: Page) -> None:
    page.add_init_script("localStorage.ajs_anonymous_id ??= '\"zoë\"'")
    with stage.server.app.app_context():
        site = Site.by_key(stage.site_key)
        assert site
        shape = changed(CLUB, frequency=Frequency(limit=2), page_rules=(PageRule(value="/pricing"),), holdout=50)
        drafts = [site.draft(shape, utc_now()) for _ in range(40)]
        held = next(each for each in drafts if fnv1a(f"zoë:{each.id}".encode()) % 100 < 50)
        held.launch(utc_now())
        db.session.commit()
        id = held.id
    other = stage.launch(changed(CLUB, name="Other", steps=(Step("s1", (Heading("For all"),)),)))
    for at, path in enumerate(("about", "pricing", "pricing", "pricing")):
        page.goto(f"{stage.website.url}/{path}")
        stage.await_pages(at + 1)
    expect_not_shown(page)
    until(lambda: len([each for each in stage.activity() if each.get("event") == "Message Held Out"]), 2)
    events = [(each["event"], each["properties"]["message_id"]) for each in stage.activity() if each["type"] == "track"]
    assert events.count(("Message Held Out", id)) == 2
    assert ("Message Viewed", id) not in events
    assert ("Message Viewed", other) in events
    assert page.evaluate("analytics.user().anonymousId()") == "zoë"
    [mine, _] = [each for each in page.evaluate("analytics.anonmsg.explain()") if each["message"] in (id, other)]
    assert mine["failed"] == [{"gate": "frequency", "reason": "limit"}, {"gate": "holdout", "reason": "control"}]
    numbers = stage.metrics(id)
    assert (numbers["views"], numbers["held_out"]) == (0, 1)
