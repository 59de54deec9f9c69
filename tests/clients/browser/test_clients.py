"""@segment/analytics-next and @customerio/cdp-analytics-browser on a website that bundles them itself."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.clients import story
from tests.clients.browser.client import CUSTOMERIO, SEGMENT, Client
from tests.clients.browser.conftest import Bundle
from tests.clients.browser.wire import Wire
from tests.support.faults import locked
from tests.support.stage import Stage, until

BATCHING = {"deliveryStrategy": {"strategy": "batching", "config": {"size": 10, "timeout": 200}}}
KEEPALIVE = {"deliveryStrategy": {"config": {"keepalive": True}}}
IN_APP = {"siteId": "a-site-of-theirs", "anonymousInApp": True}

CLIENTS = [
    Client("segment", SEGMENT, {}),
    Client("segment, batching", SEGMENT, {"integrations": {"Segment.io": BATCHING}}),
    Client("segment, keepalive", SEGMENT, {"integrations": {"Segment.io": KEEPALIVE}}),
    Client("customerio", CUSTOMERIO, {}),
    Client("customerio, in-app", CUSTOMERIO, {"integrations": {"Customer.io In-App Plugin": IN_APP}}),
]
PLAIN = [CLIENTS[0], CLIENTS[3]]

each_client = pytest.mark.parametrize("client", CLIENTS, ids=str)
each_plain_client = pytest.mark.parametrize("client", PLAIN, ids=str)

TELL = """async (calls) => {
    await analytics.ready();
    for (const [type, ...args] of calls) analytics[type](...args);
}"""
SAY = {
    "identify": lambda said: ["u1", said["traits"]],
    "track": lambda said: [said["event"], said["properties"]],
    "page": lambda said: [said["category"], said["name"], said["properties"]],
    "screen": lambda said: [said["category"], said["name"], said["properties"]],
    "group": lambda said: [said["groupId"], said["traits"]],
    "alias": lambda said: [said["userId"], said["previousId"]],
}


@pytest.fixture
def wire(stage: Stage, page: Page) -> Wire:
    """Nothing but the website and the server can be reached: Customer.io's own hosts of the in-app plugin neither."""
    page.route(lambda url: not url.startswith(("http://localhost:", "http://127.0.0.1:")), lambda route: route.abort())
    return Wire(page, stage.server.url)


def open_website(stage: Stage, page: Page, path: str = "/") -> str:
    """A page of the website; the visitor's anonymousId."""
    page.goto(stage.website.url + path)
    id: str = page.evaluate("analytics.ready().then(async () => (await analytics.user()).anonymousId())")
    return id


def tell(page: Page) -> None:
    page.evaluate(TELL, [[type, *SAY[type](said)] for type, said in story.CALLS])


def await_stored(stage: Stage, page: Page, count: int) -> None:
    def stored() -> int:
        page.evaluate("0")
        return len(stage.activity())

    until(stored, count)


@each_client
def test_what_it_says_is_stored(
    stage: Stage, page: Page, wire: Wire, bundle: Bundle, client: Client, complaints: list[str]
) -> None:
    stage.website.tag = client.tag(stage, bundle)
    visitor = open_website(stage, page)
    tell(page)
    await_stored(stage, page, len(story.CALLS))

    story.assert_sent_as_said(wire.sent().values(), story.CALLS)
    assert {call["anonymousId"] for call in wire.sent().values() if call["type"] != "alias"} == {visitor}
    story.assert_stored_as_sent(stage, wire.sent())
    story.assert_known(stage, visitor, "old")
    if "in-app" in client.name:
        assert any("gist" in url for url in wire.asked), "its plugin is at work"
        complaints.clear()


@pytest.mark.parametrize("part", ["Segment.io", "Customer.io Data Pipelines"])
def test_its_own_options_name_another_host(stage: Stage, page: Page, bundle: Bundle, part: str) -> None:
    """As they do for a proxy, which here is another name of the server."""
    host = f"calls.example:{stage.server.port}"
    package = SEGMENT if part == "Segment.io" else CUSTOMERIO
    client = Client(part, package, {"integrations": {part: {"apiHost": f"{host}/v1", "protocol": "http"}}})
    stage.website.tag = client.tag(stage, bundle)
    wire = Wire(page, f"http://{host}")
    open_website(stage, page)
    tell(page)
    await_stored(stage, page, len(story.CALLS))

    story.assert_stored_as_sent(stage, wire.sent())


@each_plain_client
def test_while_the_database_is_locked_it_tries_again(
    stage: Stage, page: Page, wire: Wire, bundle: Bundle, client: Client, complaints: list[str]
) -> None:
    stage.website.tag = client.tag(stage, bundle)
    open_website(stage, page)
    with locked(stage.server.database_url):
        with page.expect_event("requestfailed"):
            tell(page)
        assert stage.activity() == []
    await_stored(stage, page, len(story.CALLS))

    assert len(wire.bodies) > len(story.CALLS)
    story.assert_stored_as_sent(stage, wire.sent())
    assert all(re.search("CORS|ERR_FAILED", complaint) for complaint in complaints)
    complaints.clear()


@each_plain_client
def test_what_it_sends_again_because_the_answer_was_lost_is_stored_once(
    stage: Stage, page: Page, wire: Wire, bundle: Bundle, client: Client, complaints: list[str]
) -> None:
    stage.website.tag = client.tag(stage, bundle)
    open_website(stage, page)
    lost = wire.lose_first_answers()
    tell(page)
    until(lambda: (page.evaluate("0"), len(wire.bodies))[1], 2 * len(story.CALLS))
    await_stored(stage, page, len(story.CALLS))

    assert len(lost) == len(story.CALLS)
    story.assert_stored_as_sent(stage, wire.sent())
    complaints.clear()
