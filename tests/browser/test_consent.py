"""What a visitor agreed to: what is kept in the browser, what is sent, and which messages may be shown."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from anonmsg.db import db, reading
from anonmsg.delivery.bundle import Bundle
from anonmsg.message import Display, DisplayKind, Email, Frequency, Position, Step
from anonmsg.models import Sighting
from tests.conftest import CLUB
from tests.support.stage import Stage, changed, expect_not_shown, expect_shown, shown, until

ONCE = changed(CLUB, frequency=Frequency(limit=1), display=Display(DisplayKind.OVERLAY, Position.BOTTOM_RIGHT, 320))
ASKS = changed(
    CLUB, frequency=Frequency(), steps=(Step(id="s1", blocks=(*CLUB.steps[0].blocks, Email(label="E-mail"))),)
)

KEPT = "[...Object.keys(localStorage), ...Object.keys(sessionStorage), ...document.cookie.split('; ')].filter(Boolean)"
GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })"


def say(stage: Stage, options: str) -> None:
    """The install tag with one more load option."""
    tag = stage.website.tag.replace('"integrations": {', f'{options}, "integrations": {{', 1)
    assert tag != stage.website.tag
    stage.website.tag = tag


def names(page: Page) -> set[str]:
    """What is kept, without the values of cookies."""
    return {name.split("=")[0] for name in page.evaluate(KEPT)}


def events(stage: Stage) -> list[Any]:
    return [call.get("event") or call["type"] for call in stage.activity()]


def is_known_to_ask(stage: Stage) -> bool:
    """Whether the server has noted that pages of this website name a level, so that silence is no fault there."""
    with stage.server.app.app_context(), reading():
        found = db.session.scalars(select(Sighting).where(Sighting.host == stage.website.url.removeprefix("http://")))
        return [one.levelled_at is not None for one in found] == [True]


def test_at_none_messages_work_for_the_page_and_nothing_is_kept_or_sent_until_the_visitor_agrees(
    stage: Stage, page: Page
) -> None:
    id = stage.launch(ONCE)
    say(stage, "consent: 'none'")
    page.goto(stage.website.url)
    expect_shown(page)
    page.get_by_role("button", name="Close").click()
    page.evaluate("history.pushState({}, '', '/next'); void analytics.track('Unsaid')")
    assert page.evaluate("analytics.anonmsg.explain()") == [
        {"message": id, "shown": False, "failed": [{"gate": "frequency", "reason": "ended"}]}
    ]
    assert names(page) == set()
    until(lambda: is_known_to_ask(stage), True)
    assert page.evaluate("analytics.consent('full')") == "full"
    page.evaluate("void analytics.track('Agreed')")
    until(lambda: events(stage), ["Agreed"])
    assert names(page) == {"ajs_anonymous_id", "anonmsg:memory"}
    assert page.evaluate("analytics.consent('none')") == "none"
    assert names(page) == set()


@pytest.mark.parametrize("how", ["option", "call", "call, with a pinned build", "Global Privacy Control"])
def test_at_functional_a_limit_holds_from_page_to_page_and_nothing_is_sent(stage: Stage, page: Page, how: str) -> None:
    stage.launch(ONCE)
    if how == "option":
        say(stage, "consent: 'functional'")
    if "pinned" in how:
        evergreen = 'snippet/" + key + "/analytics.min.js"'
        assert evergreen in stage.website.tag
        stage.website.tag = stage.website.tag.replace(evergreen, f'{Bundle.current().hash}/site.js"').replace(
            "analytics-js/", "snippet/"
        )
    if "call" in how:
        stage.website.tag += "<script>analytics.push(['consent', 'functional'])</script>"
    if how == "Global Privacy Control":
        page.add_init_script(GPC)
    page.goto(stage.website.url)
    expect_shown(page)
    page.goto(f"{stage.website.url}/next")
    page.wait_for_function("analytics.anonmsg")
    [explained] = page.evaluate("analytics.anonmsg.explain()")
    assert explained["failed"] == [{"gate": "frequency", "reason": "limit"}]
    expect_not_shown(page)
    # The pinned build has every part, and so keeps what some messages ask of a visit.
    assert names(page) - {"anonmsg:visit"} == {"ajs_anonymous_id", "anonmsg:memory"}
    assert events(stage) == []


def test_what_asks_for_an_address_waits_for_the_visitor_to_agree(stage: Stage, page: Page) -> None:
    id = stage.launch(ASKS)
    say(stage, "consent: 'functional'")
    page.goto(stage.website.url)
    page.wait_for_function("analytics.anonmsg")
    refused = [{"message": id, "shown": False, "failed": [{"gate": "consent", "reason": "consent"}]}]
    assert page.evaluate("analytics.anonmsg.explain()") == refused
    page.evaluate("analytics.consent('full')")
    expect_shown(page)
    page.evaluate("analytics.consent('functional')")
    expect(shown(page)).to_have_count(0)


def test_who_withdraws_in_one_tab_has_withdrawn_in_the_others(stage: Stage, page: Page) -> None:
    stage.launch(changed(ONCE, frequency=Frequency()))
    say(stage, "consent: 'full'")
    page.goto(stage.website.url)
    expect_shown(page)
    other = page.context.new_page()
    other.goto(f"{stage.website.url}/other")
    expect_shown(other)
    other.evaluate("void analytics.track('Before')")
    until(lambda: "Before" in events(stage), True)
    who = other.evaluate("analytics.user().anonymousId()")

    assert page.evaluate("analytics.consent('none')") == "none"
    expect(shown(other)).to_have_count(0)
    expect_shown(page)
    assert other.evaluate("analytics.consent()") == "none"
    assert names(other) == names(page) == set()
    assert other.evaluate("analytics.user().anonymousId()") != who
    other.evaluate("void analytics.track('Unsaid'); history.pushState({}, '', '/next')")
    [explained] = other.evaluate("analytics.anonmsg.explain()")
    assert explained["failed"] == [{"gate": "consent", "reason": "consent"}]

    assert page.evaluate("analytics.consent('full')") == "full"
    assert other.evaluate("analytics.consent()") == "none", "who agrees there has not agreed here"
    assert other.evaluate("analytics.consent('full')") == "full"
    assert other.evaluate("analytics.user().anonymousId()") == who == page.evaluate("analytics.user().anonymousId()")
    other.evaluate("void analytics.track('Agreed'); history.pushState({}, '', '/again')")
    expect_shown(other)
    until(lambda: "Agreed" in events(stage), True)
    assert "Unsaid" not in events(stage)
