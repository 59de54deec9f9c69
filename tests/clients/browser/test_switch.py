"""A website changes over from another client to our install tag, or back: its visitors stay who they are."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page

from anonmsg.message import Frequency
from tests.clients.browser.client import CUSTOMERIO, SEGMENT, Client
from tests.clients.browser.conftest import Bundle
from tests.conftest import CLUB
from tests.support.stage import Stage, changed, expect_not_shown, expect_shown, until

SEGMENTS, CUSTOMERIOS = Client("segment", SEGMENT, {}), Client("customerio", CUSTOMERIO, {})
TRAITS = {"email": "ann@mail.example", "plan": {"seats": 3}}

WHO = """async () => {
    await analytics.ready();
    const user = await analytics.user();
    return { anonymousId: user.anonymousId(), userId: user.id() ?? null, traits: user.traits() ?? {} };
}"""


class Way(NamedTuple):
    """From the page with one client to the page with the other, and back; what was deleted meanwhile."""

    client: Client
    first: str
    second: str
    lost: str = "nothing"

    def __str__(self) -> str:
        return f"{self.client} {self.first} {self.lost}"

    def lose(self, page: Page) -> None:
        """As a browser or a visitor may, between two visits."""
        if self.lost == "cookies":
            page.context.clear_cookies()
        if self.lost == "storage":
            page.evaluate("localStorage.clear()")


WAYS = [
    Way(SEGMENTS, "/theirs", "/ours"),
    Way(SEGMENTS, "/ours", "/theirs"),
    Way(SEGMENTS, "/theirs", "/ours", "cookies"),
    Way(SEGMENTS, "/ours", "/theirs", "cookies"),
    Way(SEGMENTS, "/theirs", "/ours", "storage"),
    Way(SEGMENTS, "/ours", "/theirs", "storage"),
    Way(CUSTOMERIOS, "/theirs", "/ours"),
    Way(CUSTOMERIOS, "/ours", "/theirs"),
]


class Visit(NamedTuple):
    """A visitor of a website one of whose pages, ``/theirs``, has the other client."""

    stage: Stage
    page: Page

    def go_to(self, path: str) -> dict[str, Any]:
        """Look at a page, which says so; the visitor as its client knows them."""
        pages = self.pages()
        self.page.goto(self.stage.website.plain_url + path)
        self.page.wait_for_function("window.analytics && analytics.user")
        if path == "/theirs":
            self.page.evaluate("analytics.page()")
        who: dict[str, Any] = self.page.evaluate(WHO)
        until(self.pages, pages + 1)
        return who

    def identify(self) -> dict[str, Any]:
        """Say on the page who it is; the visitor as the page's client knows them then."""
        self.page.evaluate("(traits) => { analytics.identify('u1', traits) }", TRAITS)
        until(lambda: (self.pages(), [person["user_id"] for person in self.stage.people()])[1], ["u1"])
        who: dict[str, Any] = self.page.evaluate(WHO)
        return who

    def pages(self) -> int:
        """How many page calls are stored. Asking the page lets Playwright hear of it meanwhile."""
        self.page.evaluate("0")
        return len([call for call in self.stage.activity() if call["type"] == "page"])

    def visitors(self) -> set[str]:
        return {call["anonymousId"] for call in self.stage.activity()}


@pytest.fixture
def visit(stage: Stage, page: Page, bundle: Bundle, way: Way) -> Visit:
    ours, stage.website.tag = stage.website.tag, way.client.tag(stage, bundle)
    stage.website.pages["/theirs"] = stage.website.page("/theirs")
    stage.website.tag = ours
    return Visit(stage, page)


@pytest.mark.parametrize("way", WAYS[:2], ids=str)
def test_an_anonymous_visitor_stays_the_same_there_and_back(visit: Visit, way: Way) -> None:
    known = visit.go_to(way.first)
    assert known["anonymousId"]
    assert known["userId"] is None

    assert visit.go_to(way.second) == known
    assert visit.go_to(way.first) == known
    assert visit.visitors() == {known["anonymousId"]}


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_person_stays_the_same_there_and_back(visit: Visit, way: Way) -> None:
    visit.go_to(way.first)
    known = visit.identify()
    assert known == {"anonymousId": known["anonymousId"], "userId": "u1", "traits": TRAITS}

    way.lose(visit.page)
    expected = {**known, "traits": {} if way.lost == "storage" else TRAITS}
    assert visit.go_to(way.second) == expected
    assert visit.go_to(way.first) == expected
    assert visit.visitors() == {known["anonymousId"]}
    assert [person["anonymous_ids"] for person in visit.stage.people()] == [[known["anonymousId"]]]


@pytest.mark.parametrize("way", WAYS[:2], ids=str)
def test_who_was_forgotten_by_one_is_a_stranger_to_the_other(visit: Visit, way: Way) -> None:
    visit.go_to(way.first)
    known = visit.identify()
    visit.go_to(way.second)
    visit.page.evaluate("analytics.reset()")
    stranger = visit.go_to(way.first)

    assert stranger == {"anonymousId": stranger["anonymousId"], "userId": None, "traits": {}}
    assert stranger["anonymousId"] not in (known["anonymousId"], "", None)


@pytest.mark.parametrize("way", WAYS[:1], ids=str)
@pytest.mark.parametrize("identified", [False, True], ids=["anonymous", "identified"])
def test_messages_are_for_those_whom_the_other_client_did_not_identify(visit: Visit, identified: bool) -> None:
    visit.stage.launch(changed(CLUB, frequency=Frequency()))
    visit.go_to("/theirs")
    expect_not_shown(visit.page)
    if identified:
        visit.identify()
    visit.go_to("/ours")

    if identified:
        expect_not_shown(visit.page)
    else:
        expect_shown(visit.page)
