"""The reference's two flow charts and its own examples, in Chromium, on a website of another origin that carries the
reference's own install tag."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect

from anonmsg.db import utc_now
from anonmsg.message import (
    AfterClick,
    Button,
    Dismiss,
    Display,
    DisplayKind,
    Effect,
    Frequency,
    Heading,
    Match,
    PageRule,
    Position,
    Schedule,
    Step,
)
from anonmsg.models import Message
from tests.conftest import CLUB
from tests.support.stage import Stage, changed, expect_not_shown, expect_shown, shown, until
from tests.support.website import install_tag

ON_PRICING = (PageRule(match=Match.STARTS_WITH, value="/pricing"),)
ALWAYS = changed(CLUB, page_rules=ON_PRICING, frequency=Frequency())
ONCE = changed(CLUB, page_rules=ON_PRICING, frequency=Frequency(limit=1))
TWICE = changed(CLUB, page_rules=ON_PRICING, frequency=Frequency(limit=2))


class Visit(NamedTuple):
    identified: bool
    has_anonymous_id: bool
    page_matches: bool
    frequency_reached: bool

    @property
    def sees_it(self) -> bool:
        """As the charts say. Somebody without an id is somebody new, whose frequency cannot be reached."""
        reached = self.frequency_reached and self.has_anonymous_id
        return not self.identified and self.page_matches and not reached


TABLE = [Visit(*row) for row in itertools.product((False, True), repeat=4)]


def test_the_table_has_both_outcomes() -> None:
    assert {visit.sees_it for visit in TABLE} == {True, False}


@pytest.mark.parametrize("visit", TABLE, ids=str)
def test_who_sees_the_message(stage: Stage, page: Page, visit: Visit) -> None:
    id = stage.launch(ONCE)
    stage.website.pages["/blank"] = "<!doctype html><title>No tag here</title>"
    pages = 0
    if visit.frequency_reached:
        page.goto(f"{stage.website.url}/pricing")
        expect_shown(page)
        stage.await_metrics(id, views=1)
        pages += 1
    page.goto(f"{stage.website.url}/blank")
    anonymous_id = prepare(page, visit)

    page.goto(f"{stage.website.url}/{'pricing' if visit.page_matches else 'about'}")
    stage.await_pages(pages + 1)

    if visit.sees_it:
        expect_shown(page)
    else:
        expect_not_shown(page)
    stage.await_metrics(id, views=int(visit.frequency_reached) + int(visit.sees_it))
    call = [call for call in stage.activity() if call["type"] == "page"][-1]
    assert call["anonymousId"]
    assert (call["anonymousId"] == anonymous_id) is visit.has_anonymous_id


def prepare(page: Page, visit: Visit) -> str | None:
    """Put the visitor's storage into the state of the row; their anonymous_id, if they keep one."""
    if visit.identified:
        page.evaluate("localStorage.setItem('ajs_user_id', JSON.stringify('anna'))")
    if not visit.has_anonymous_id:
        page.evaluate("localStorage.removeItem('ajs_anonymous_id'); document.cookie = 'ajs_anonymous_id=; max-age=0'")
    elif not visit.frequency_reached:
        page.evaluate("localStorage.setItem('ajs_anonymous_id', JSON.stringify('anna-was-here'))")
    kept = page.evaluate("JSON.parse(localStorage.getItem('ajs_anonymous_id'))")
    assert (kept is not None) is visit.has_anonymous_id, "the row's own precondition"
    return str(kept) if kept else None


def test_limit_2_shows_it_on_two_pages_and_not_on_the_third(stage: Stage, page: Page) -> None:
    id = stage.launch(TWICE)
    for path in ("/pricing", "/pricing/teams"):
        page.goto(stage.website.url + path)
        expect_shown(page)
    stage.await_metrics(id, views=2, unique_viewers=1)
    page.goto(f"{stage.website.url}/pricing/again")
    stage.await_pages(3)
    expect_not_shown(page)
    stage.await_metrics(id, views=2)


def test_once_dismissed_it_never_comes_back_though_the_limit_is_not_reached(stage: Stage, page: Page) -> None:
    id = stage.launch(TWICE)
    page.goto(f"{stage.website.url}/pricing")
    page.get_by_role("button", name="Close").click()
    expect(shown(page)).to_have_count(0)
    stage.await_metrics(id, views=1, dismissals=1, clicks={"b1": 0})
    page.goto(f"{stage.website.url}/pricing/teams")
    stage.await_pages(2)
    expect_not_shown(page)
    stage.await_metrics(id, views=1, dismissals=1)


def test_show_always_shows_it_on_each_matching_page_until_a_click(stage: Stage, page: Page) -> None:
    id = stage.launch(ALWAYS)
    for number in range(3):
        page.goto(f"{stage.website.url}/pricing/{number}")
        expect_shown(page)
    stage.await_metrics(id, views=3)
    page.get_by_role("button", name="Sign up").or_(page.get_by_role("link", name="Sign up")).click()
    page.wait_for_url("**/signup")
    stage.await_metrics(id, views=3, clicks={"b1": 1}, dismissals=0)
    page.goto(f"{stage.website.url}/pricing/after")
    stage.await_pages(5)
    expect_not_shown(page)


def test_keep_shows_it_again_after_a_click(stage: Stage, page: Page) -> None:
    id = stage.launch(changed(ALWAYS, frequency=Frequency(after_click=AfterClick.KEEP)))
    page.goto(f"{stage.website.url}/pricing")
    page.get_by_role("button", name="Sign up").or_(page.get_by_role("link", name="Sign up")).click()
    page.wait_for_url("**/signup")
    page.goto(f"{stage.website.url}/pricing")
    expect_shown(page)
    stage.await_metrics(id, views=2, clicks={"b1": 1})


def test_a_dismiss_button_counts_one_click_and_one_dismissal(stage: Stage, page: Page) -> None:
    button = Button(id="no", label="Not now", action=Dismiss())
    id = stage.launch(changed(ALWAYS, steps=(Step(id="s1", blocks=(Heading(text="Join the club"), button)),)))
    page.goto(f"{stage.website.url}/pricing")
    page.get_by_role("button", name="Not now").click()
    expect(shown(page)).to_have_count(0)
    stage.await_metrics(id, views=1, clicks={"no": 1}, dismissals=1)


def test_cleared_storage_is_a_new_visitor_who_sees_it_again(stage: Stage, page: Page) -> None:
    id = stage.launch(ONCE)
    page.goto(f"{stage.website.url}/pricing")
    expect_shown(page)
    stage.await_metrics(id, views=1)
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.context.clear_cookies()
    page.goto(f"{stage.website.url}/pricing")
    expect_shown(page)
    stage.await_metrics(id, views=2, unique_viewers=2)


def test_an_anonymous_id_that_was_there_before_is_kept(stage: Stage, page: Page) -> None:
    id = stage.launch(ONCE)
    stage.website.pages["/blank"] = "<!doctype html><title>No tag here</title>"
    page.goto(f"{stage.website.url}/blank")
    page.evaluate("document.cookie = 'ajs_anonymous_id=from-the-cookie; max-age=3600; path=/'")
    page.goto(f"{stage.website.url}/pricing")
    expect_shown(page)
    stage.await_metrics(id, views=1)
    assert {call["anonymousId"] for call in stage.activity()} == {"from-the-cookie"}


@pytest.mark.parametrize("how", ["false", "missing"])
def test_without_anonymous_in_app_nothing_shows_and_calls_still_arrive(stage: Stage, page: Page, how: str) -> None:
    id = stage.launch(ALWAYS)
    off = install_tag(stage.server.url, stage.site_key, enabled=False)
    stage.website.tag = off if how == "false" else off.replace("anonymousInApp: false", "")
    page.goto(f"{stage.website.url}/pricing")
    stage.await_pages(1)
    expect_not_shown(page)
    stage.await_metrics(id, views=0)


def test_identify_while_it_is_on_screen_closes_it_at_once_and_is_no_dismissal(stage: Stage, page: Page) -> None:
    id = stage.launch(ALWAYS)
    page.goto(f"{stage.website.url}/pricing")
    expect_shown(page)
    page.evaluate("void analytics.identify('anna', {plan: 'free'})")
    expect(shown(page)).to_have_count(0)
    stage.await_metrics(id, views=1, dismissals=0)
    page.goto(f"{stage.website.url}/pricing")
    stage.await_pages(2)
    expect_not_shown(page)
    until(lambda: [person["user_id"] for person in stage.people()], ["anna"])


def test_an_email_among_the_traits_identifies_too(stage: Stage, page: Page) -> None:
    id = stage.launch(ALWAYS)
    page.goto(f"{stage.website.url}/pricing")
    expect_shown(page)
    page.evaluate("void analytics.identify({email: 'anna@mail.example'})")
    expect(shown(page)).to_have_count(0)
    page.goto(f"{stage.website.url}/pricing")
    stage.await_pages(2)
    expect_not_shown(page)
    stage.await_metrics(id, views=1)
    until(lambda: [person["email"] for person in stage.people()], ["anna@mail.example"])


def test_traits_without_an_email_do_not_identify(stage: Stage, page: Page) -> None:
    stage.launch(ALWAYS)
    page.goto(f"{stage.website.url}/pricing")
    page.evaluate("void analytics.identify({plan: 'free'})")
    page.goto(f"{stage.website.url}/pricing/more")
    expect_shown(page)


def test_reset_makes_a_new_visitor_from_the_next_page_view_on(stage: Stage, page: Page) -> None:
    id = stage.launch(ONCE)
    page.goto(f"{stage.website.url}/pricing")
    expect_shown(page)
    stage.await_metrics(id, views=1)
    page.evaluate("void analytics.reset()")
    page.goto(f"{stage.website.url}/pricing")
    expect_shown(page)
    stage.await_metrics(id, views=2, unique_viewers=2)


def test_page_plus_push_state_is_one_view(stage: Stage, page: Page) -> None:
    id = stage.launch(ALWAYS)
    page.goto(f"{stage.website.url}/about")
    stage.await_pages(1)
    expect_not_shown(page)
    page.evaluate("history.pushState({}, '', '/pricing'); void analytics.page()")
    expect_shown(page)
    stage.await_pages(2)
    stage.await_metrics(id, views=1)
    page.evaluate("void analytics.page()")
    stage.await_pages(3)
    stage.await_metrics(id, views=1)


def test_push_state_to_a_page_that_does_not_match_closes_it(stage: Stage, page: Page) -> None:
    id = stage.launch(ALWAYS)
    page.goto(f"{stage.website.url}/pricing")
    expect_shown(page)
    page.evaluate("history.pushState({}, '', '/about')")
    expect(shown(page)).to_have_count(0)
    page.evaluate("history.back()")
    expect_shown(page)
    stage.await_metrics(id, views=2, dismissals=0)


def test_an_exclude_rule_wins_over_an_include_rule(stage: Stage, page: Page) -> None:
    never = PageRule(effect=Effect.EXCLUDE, match=Match.CONTAINS, value="/legal")
    stage.launch(changed(ALWAYS, page_rules=(*ON_PRICING, never)))
    page.goto(f"{stage.website.url}/pricing/legal")
    stage.await_pages(1)
    expect_not_shown(page)
    page.goto(f"{stage.website.url}/pricing")
    expect_shown(page)


def test_paused_and_resumed_under_a_page_that_stays_open(stage: Stage, page: Page) -> None:
    id = stage.launch(ALWAYS)
    page.clock.install()
    page.goto(f"{stage.website.url}/pricing")
    expect_shown(page)
    page.evaluate("window.stayedOpen = true")

    stage.change(id, Message.pause)
    until(lambda: view_another_page(page).count(), 0)
    stage.change(id, Message.resume)
    until(lambda: view_another_page(page).count(), 1)
    assert page.evaluate("window.stayedOpen"), "the page was not loaded anew"


def view_another_page(page: Page) -> Locator:
    """A page view with a manifest that is a quarter of a minute older, and what it shows."""
    page.clock.fast_forward(15_000)
    with page.expect_response("**/messages.json"):
        page.evaluate("history.pushState({}, '', '/pricing/' + Math.random())")
    return shown(page)


@pytest.mark.parametrize(
    ("starts_in", "ends_in"),
    [(timedelta(days=1), None), (timedelta(minutes=5), None), (None, timedelta(seconds=-1))],
    ids=["starts tomorrow", "in the manifest, starts soon", "has ended"],
)
def test_outside_its_schedule_it_does_not_show(
    stage: Stage, page: Page, starts_in: timedelta | None, ends_in: timedelta | None
) -> None:
    now = utc_now()
    launched_at = now - timedelta(days=1)
    schedule = Schedule(starts_at=now + starts_in if starts_in else None, ends_at=now + ends_in if ends_in else None)
    id = stage.launch(changed(ALWAYS, schedule=schedule), at=launched_at)
    page.goto(f"{stage.website.url}/pricing")
    stage.await_pages(1)
    expect_not_shown(page)
    stage.await_metrics(id, views=0)


def test_an_open_tab_starts_and_ends_by_itself(stage: Stage, page: Page) -> None:
    now = utc_now()
    schedule = Schedule(starts_at=now + timedelta(minutes=5), ends_at=now + timedelta(minutes=8))
    id = stage.launch(changed(ALWAYS, schedule=schedule))
    page.clock.install()
    page.goto(f"{stage.website.url}/pricing")
    stage.await_pages(1)
    expect_not_shown(page)
    page.clock.fast_forward("05:01")
    expect_shown(page)
    page.clock.fast_forward("03:00")
    expect(shown(page)).to_have_count(0)
    stage.await_metrics(id, views=1, dismissals=0)


@pytest.mark.parametrize(
    ("address", "count"), [("url", 10), ("plain_url", 2)], ids=["ten, Web Locks", "two, plain http, a lease"]
)
def test_tabs_never_exceed_a_limit_of_one(stage: Stage, page: Page, address: str, count: int) -> None:
    overlay = Display(kind=DisplayKind.OVERLAY, position=Position.BOTTOM_RIGHT, width=320)
    id = stage.launch(changed(ONCE, display=overlay))
    tabs = [page, *(page.context.new_page() for _ in range(1, count))]
    origin = getattr(stage.website, address)
    for tab in tabs:
        tab.goto(f"{origin}/pricing", wait_until="commit")
    stage.await_pages(count)
    until(lambda: sum(shown(tab).count() for tab in tabs), 1)
    stage.await_metrics(id, views=1, unique_viewers=1)


def test_of_two_for_the_same_place_the_first_by_priority_shows(stage: Stage, page: Page) -> None:
    later = changed(ALWAYS, name="Later", priority=5, steps=heading("Second in line"))
    first = changed(ALWAYS, name="First", priority=1, steps=heading("First in line"))
    ids = [stage.launch(later), stage.launch(first)]
    page.goto(f"{stage.website.url}/pricing")
    expect_shown(page, "First in line")
    expect_not_shown(page, "Second in line")
    page.get_by_role("button", name="Close").click()
    expect_shown(page, "Second in line")
    stage.await_metrics(ids[0], views=1)


def heading(text: str) -> tuple[Step, ...]:
    return (Step(id="s1", blocks=(Heading(text=text),)),)
