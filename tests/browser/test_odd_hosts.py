"""On a website that is odd the message still shows, and the website does not notice."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserType, Page, Route, expect

from anonmsg.db import reading, utc_now
from anonmsg.message import Display, DisplayKind, Frequency, Match, PageRule, Part, Position, Schedule, Shape
from anonmsg.models import Message, Site
from anonmsg.settings import ROOT
from anonmsg.setup import Fault, Setup
from tests.chromium import LEAN, launch_options
from tests.conftest import CLUB
from tests.support.hosts import CENSUS, HOSTS, OURS, Host
from tests.support.stage import Stage, changed, expect_not_shown, expect_shown, shown, until, until_quiet
from tests.support.website import install_tag, parsed_tag

OVERLAY = changed(CLUB, frequency=Frequency(), display=Display(DisplayKind.OVERLAY, Position.BOTTOM_RIGHT, 320))
MODAL = changed(CLUB, frequency=Frequency())


@pytest.mark.parametrize("host", HOSTS, ids=str)
@pytest.mark.parametrize("shape", [OVERLAY, MODAL], ids=["overlay", "modal"])
def test_it_shows_and_the_website_does_not_notice(stage: Stage, page: Page, host: Host, shape: Any) -> None:
    stage.launch(shape)
    host.put_on(stage.website)
    page.goto(f"{stage.website.url}/plain")
    page.keyboard.press("F2")
    elements = page.evaluate(CENSUS)
    page.goto(stage.website.url)
    expect_shown(page)
    page.keyboard.press("F2")
    assert at_the_heading(page) == "anonmsg-message", "it lies above everything"
    assert page.evaluate(CENSUS) == sorted([*elements, "anonmsg-message"])
    assert_unnoticed(page)
    page.get_by_role("button", name="Close").click()
    expect(shown(page)).to_have_count(0)
    assert page.evaluate(CENSUS) == elements
    assert_unnoticed(page)


def at_the_heading(page: Page) -> str:
    """What a click on the message's heading would hit."""
    box = shown(page).bounding_box()
    assert box
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    found: str = page.evaluate("([x, y]) => document.elementFromPoint(x, y).localName", middle)
    return found


def assert_unnoticed(page: Page) -> None:
    """The page's own application answers as it did, and nothing failed. Errors are seen by ``complaints`` as well."""
    assert page.evaluate("rejected") == []
    new = page.evaluate("Object.getOwnPropertyNames(window).filter((name) => !names.has(name) && isNaN(name))")
    assert set(new) <= OURS
    assert page.evaluate("answers()") == page.evaluate("answered")


def hold(held: list[Route]) -> Callable[[Route], None]:
    """Playwright does not take a bound ``append``."""

    def keep(route: Route) -> None:
        held.append(route)

    return keep


def release(page: Page, held: list[Route], how: Callable[[Route], None] = Route.fallback) -> None:
    """The one request that is held, once it is there: Playwright hands it over while the page is asked something."""
    until(lambda: page.evaluate("1") and len(held), 1)
    how(held.pop())


def on_its_page(stage: Stage, **parts: str) -> None:
    Host("", **parts).put_on(stage.website)


# Where the tag stands, and how often


@pytest.mark.parametrize("times", [2, 3])
def test_the_tag_several_times_shows_it_once(stage: Stage, page: Page, complaints: list[str], times: int) -> None:
    id = stage.launch(OVERLAY)
    stage.website.tag *= times
    page.goto(stage.website.url)
    expect_shown(page)
    stage.await_metrics(id, views=1)
    assert len(complaints) == times - 1
    assert all("Snippet included twice." in complaint for complaint in complaints), "the tag's own words"
    complaints.clear()


def test_the_script_several_times_under_all_its_names_shows_it_once(stage: Stage, page: Page) -> None:
    id = stage.launch(OVERLAY)
    stage.website.tag += f"<script src='{stage.server.url}/v1/sites/{stage.site_key}/site.js'></script>" * 2
    page.goto(stage.website.url)
    expect_shown(page)
    stage.await_metrics(id, views=1)
    stage.await_pages(1)


ANALYTICS_JS = ROOT / "node_modules" / "@segment" / "analytics-next" / "dist" / "umd" / "standalone.js"


@pytest.mark.parametrize("first", ["ours", "theirs"])
def test_beside_analytics_js_the_tag_that_stands_first_counts(
    stage: Stage, page: Page, complaints: list[str], first: str
) -> None:
    id, website, theirs = stage.launch(OVERLAY), stage.website, list[str]()
    website.pages["/v1/analytics-js/snippet/THEIRS/analytics.min.js"] = ANALYTICS_JS.read_text()

    def answer(route: Route) -> None:
        """In place of their servers."""
        theirs.append(route.request.url)
        settings = {"integrations": {"Segment.io": {"apiKey": "THEIRS"}}}
        route.fulfill(json=settings, headers={"Access-Control-Allow-Origin": "*"})

    page.route(re.compile("https://(cdn|api)\\.segment"), answer)
    tags = [website.tag, install_tag(website.url, "THEIRS")]
    website.tag = "".join(tags if first == "ours" else tags[::-1])
    page.goto(website.url)
    if first == "ours":
        expect_shown(page)
        stage.await_metrics(id, views=1)
        assert theirs == []
    else:
        until(lambda: page.evaluate("1") and "https://api.segment.io/v1/p" in theirs, True)
        expect_not_shown(page)
        assert stage.activity() == []
    assert len(complaints) == 1
    assert "Snippet included twice." in complaints.pop()


@pytest.mark.parametrize("place", ["in the body", "at the end", "by another script, late"])
def test_the_tag_may_stand_anywhere(stage: Stage, page: Page, place: str) -> None:
    id = stage.launch(OVERLAY)
    tag, stage.website.tag = stage.website.tag, ""
    if place == "in the body":
        stage.website.body = tag + stage.website.body
    if place == "at the end":
        stage.website.body += f"</body></html>{tag}"
    page.goto(stage.website.url)
    if place == "by another script, late":
        page.evaluate("document.head.append(document.createElement('script'))")
        page.evaluate(tag.replace("<script>", "").replace("</script>", ""))
    expect_shown(page)
    stage.await_metrics(id, views=1)


def test_of_three_nested_frames_only_the_top_shows_it(stage: Stage, page: Page) -> None:
    id = stage.launch(OVERLAY)
    stage.website.pages["/inner"] = stage.website.page("/inner")
    stage.website.pages["/middle"] = stage.website.page("/middle") + "<iframe src=/inner title=Inner></iframe>"
    stage.website.body += f"<iframe src='{stage.website.plain_url}/middle' title=Middle></iframe>"
    page.goto(stage.website.url)
    expect_shown(page)
    stage.await_pages(3)
    assert [frame.get_by_role("heading", name="Join the club").count() for frame in page.frames] == [1, 0, 0]
    stage.await_metrics(id, views=1)


def test_a_body_that_comes_late_is_waited_for(stage: Stage, page: Page) -> None:
    stage.launch(OVERLAY)
    held: list[Route] = []
    page.route("**/slow.js", hold(held))
    stage.website.tag = parsed_tag(stage.server.url, stage.site_key) + "<script src=/slow.js></script>"
    page.goto(stage.website.url, wait_until="commit")
    page.wait_for_function("window.analytics && analytics.anonmsg", polling=20)
    assert page.evaluate("document.body") is None
    assert page.locator("anonmsg-message").count() == 0
    release(page, held, lambda route: route.fulfill(body=""))
    expect_shown(page)


def test_a_form_that_took_the_name_before_the_tag_is_left_a_form(
    stage: Stage, page: Page, complaints: list[str]
) -> None:
    """The tag itself trips over it, as it says; the message is shown all the same."""
    stage.launch(OVERLAY)
    stage.website.body = f"<form name=analytics></form>{stage.website.tag}"
    stage.website.tag = ""
    page.goto(stage.website.url)
    expect_shown(page)
    assert len(complaints) == 1
    assert "analytics.push is not a function" in complaints.pop()


# Pages that change under the message


def test_a_hundred_pushes_are_a_hundred_page_views(stage: Stage, page: Page) -> None:
    rule = PageRule(match=Match.WILDCARD, value="/product/*0")
    id = stage.launch(changed(OVERLAY, page_rules=(rule,)))
    page.goto(stage.website.url)
    for number in range(1, 101):
        page.evaluate(f"history.pushState({{}}, '', '/product/{number}')")
        if number % 10 == 0:
            expect_shown(page)
            page.evaluate("new Promise(requestAnimationFrame)")  # what no frame has painted is no view
        else:
            expect(shown(page)).to_have_count(0)
    stage.await_metrics(id, views=10, dismissals=0)
    assert page.evaluate("history.length") == 50, "as long as Chromium lets it become"


def test_hash_routing_back_and_forward(stage: Stage, page: Page) -> None:
    stage.launch(changed(OVERLAY, page_rules=(PageRule(part=Part.HASH, match=Match.IS, value="/offer"),)))
    page.goto(f"{stage.website.url}/#/home")
    stage.await_pages(1)
    expect_not_shown(page)
    page.evaluate("location.hash = '/offer'")
    expect_shown(page)
    page.go_back()
    expect(shown(page)).to_have_count(0)
    page.go_forward()
    expect_shown(page)
    page.evaluate("history.replaceState(null, '', '#/home')")
    expect(shown(page)).to_have_count(0)


@pytest.mark.parametrize("shape", [OVERLAY, MODAL], ids=["overlay", "modal"])
def test_a_body_that_is_swapped_keeps_the_message_and_its_rules(stage: Stage, page: Page, shape: Any) -> None:
    id = stage.launch(changed(shape, page_rules=(PageRule(match=Match.STARTS_WITH, value="/pricing"),)))
    page.goto(f"{stage.website.url}/pricing")
    expect_shown(page)
    visit = """(path) => {
        history.pushState({}, '', path);
        const body = document.createElement('body');
        body.append(Object.assign(document.createElement('h1'), { textContent: path }));
        document.documentElement.replaceChild(body, document.body);
    }"""
    page.evaluate(visit, "/pricing/teams")
    expect(page.locator("h1")).to_have_text("/pricing/teams")
    expect_shown(page)
    page.evaluate(visit, "/about")
    expect(shown(page)).to_have_count(0)
    page.evaluate(visit, "/pricing")
    expect_shown(page)
    stage.await_metrics(id, views=2, dismissals=0)


def test_a_page_that_writes_itself_anew_may_take_the_message_away(stage: Stage, page: Page) -> None:
    stage.launch(OVERLAY)
    page.goto(stage.website.url)
    expect_shown(page)
    page.evaluate("document.documentElement.replaceChildren(document.createElement('body'))")
    expect(shown(page)).to_have_count(0)
    page.evaluate("void analytics.track('Still here'); history.pushState({}, '', '/next')")
    until(lambda: "Still here" in [call.get("event") for call in stage.activity()], True)


def test_a_modal_of_the_page_is_waited_for(stage: Stage, page: Page) -> None:
    id = stage.launch(OVERLAY)
    stage.website.body += (
        "<dialog aria-label=Terms>Our terms<button onclick='this.parentNode.close()'>Agree</button></dialog>"
    )
    stage.website.body += "<script>document.querySelector('dialog').showModal()</script>"
    page.goto(stage.website.url)
    stage.await_pages(1)
    expect_not_shown(page)
    stage.await_metrics(id, views=0)
    page.get_by_role("button", name="Agree").click()
    expect_shown(page)
    stage.await_metrics(id, views=1)


# Networks that fail


@pytest.mark.parametrize(
    ("blocked", "shows"),
    [("**/analytics.min.js", False), ("**/messages.json", True), ("**/v1/b", True), ("**/v1/**", False)],
)
def test_what_a_blocker_stops_is_missed_quietly(
    stage: Stage, page: Page, complaints: list[str], blocked: str, shows: bool
) -> None:
    stage.launch(OVERLAY)
    page.route(blocked, lambda route: route.abort("blockedbyclient"))
    on_its_page(stage)
    page.goto(stage.website.url)
    page.evaluate("history.pushState({}, '', '/next'); void analytics.track('Pressed'); void analytics.page()")
    if shows:
        expect_shown(page)
    else:
        page.wait_for_load_state("networkidle")
        expect_not_shown(page)
    assert_unnoticed(page)
    assert all("net::ERR_BLOCKED_BY_CLIENT" in complaint for complaint in complaints), "the browser's own words"
    complaints.clear()


def test_offline_calls_wait_and_are_sent_once(stage: Stage, page: Page, complaints: list[str]) -> None:
    id = stage.launch(OVERLAY)
    page.clock.install()
    page.goto(stage.website.url)
    stage.await_metrics(id, views=1)
    page.context.set_offline(True)
    for number in range(3):
        page.evaluate(
            f"history.pushState({{}}, '', '/{number}'); void analytics.track('Offline', {{ number: {number} }})"
        )
        page.clock.fast_forward("10:00")
    expect_shown(page)
    assert not [call for call in stage.activity() if call.get("event") == "Offline"]
    page.context.set_offline(False)
    page.clock.fast_forward("00:01")

    def arrived() -> list[int]:
        page.clock.fast_forward(100)
        return sorted(call["properties"]["number"] for call in stage.activity() if call.get("event") == "Offline")

    until(arrived, [0, 1, 2])
    assert all("net::ERR_INTERNET_DISCONNECTED" in complaint for complaint in complaints), "the browser's own words"
    complaints.clear()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_is_asked_again(stage: Stage, page: Page, complaints: list[str], status: int) -> None:
    id = stage.launch(OVERLAY)
    refused: list[str] = []

    def trouble(route: Route) -> None:
        if len(refused) < 2:
            refused.append(route.request.url)
            route.fulfill(status=status, body="{}", headers={"Access-Control-Allow-Origin": "*"})
        else:
            route.fallback()

    page.route("**/v1/b", trouble)
    with page.expect_response(lambda answer: answer.url.endswith("/v1/b") and answer.ok):
        page.goto(stage.website.url)
        expect_shown(page)
    assert len(refused) == 2
    stage.await_metrics(id, views=1)
    stage.await_pages(1)
    assert len(complaints) == 2
    complaints.clear()


def test_a_script_with_500_leaves_the_page_alone(stage: Stage, page: Page, complaints: list[str]) -> None:
    page.route("**/analytics.min.js", lambda route: route.fulfill(status=500, body="<h1>Sorry</h1>"))
    on_its_page(stage)
    page.goto(stage.website.url)
    assert_unnoticed(page)
    complaints.clear()


# Times and tabs that are odd


HIDDEN = """let state = 'hidden';
Object.defineProperty(document, 'visibilityState', { get: () => state, configurable: true });
window.look = () => { state = 'visible'; document.dispatchEvent(new Event('visibilitychange')) };"""


def test_a_tab_that_nobody_looks_at_waits(stage: Stage, page: Page) -> None:
    id = stage.launch(OVERLAY)
    page.add_init_script(HIDDEN)
    page.goto(stage.website.url)
    stage.await_pages(1)
    expect_not_shown(page)
    stage.await_metrics(id, views=0)
    page.evaluate("look()")
    expect_shown(page)
    stage.await_metrics(id, views=1)


FRAMELESS = f"""{HIDDEN.replace("'hidden'", "'visible'")}
const drawn = [], {{ requestAnimationFrame: frame }} = window;
window.requestAnimationFrame = (work) => {{ drawn.push(work) }};
window.hide = () => {{ state = 'hidden'; document.dispatchEvent(new Event('visibilitychange')) }};
window.paint = () => {{ window.requestAnimationFrame = frame; drawn.splice(0).forEach((work) => frame(work)) }};"""
"""A tab that is looked at but not painted yet; once hidden, browsers paint no frame until it is looked at again."""


def test_a_tab_that_is_hidden_before_it_is_painted_waits(stage: Stage, page: Page) -> None:
    id = stage.launch(OVERLAY)
    page.add_init_script(FRAMELESS)
    page.goto(stage.website.url)
    stage.await_pages(1)
    assert shown(page).count() == 1, "it is decided and drawn"
    page.evaluate("hide()")
    page.evaluate("void analytics.track('Hidden')")
    until(lambda: "Hidden" in said(stage), True)
    stage.await_metrics(id, views=0)
    page.evaluate("look(); paint()")
    expect_shown(page)
    stage.await_metrics(id, views=1)


@pytest.fixture
def page_that_comes_back(browser_type: BrowserType) -> Iterator[Page]:
    """Playwright switches the cache for going back off, which browsers have on."""
    browser = browser_type.launch(**launch_options(LEAN), ignore_default_args=["--disable-back-forward-cache"])
    yield browser.new_page()
    browser.close()


def leave(page: Page, url: str) -> None:
    """When the snippet is quiet, so that the browser keeps the page, which will know how it came back."""
    until_quiet(page)
    page.evaluate("addEventListener('pageshow', ({ persisted }) => { window.cameBack = persisted })")
    page.goto(url)


def come_back(page: Page) -> None:
    page.go_back(wait_until="commit")
    why = "JSON.stringify(performance.getEntriesByType('navigation')[0].notRestoredReasons)"
    assert page.evaluate(f"window.cameBack === true || {why}") is True, "it was the cache"


def test_a_page_that_comes_back_from_the_cache_is_viewed_again(stage: Stage, page_that_comes_back: Page) -> None:
    page = page_that_comes_back
    on_pricing = PageRule(match=Match.STARTS_WITH, value="/pricing")
    id = stage.launch(changed(OVERLAY, frequency=Frequency(limit=2), page_rules=(on_pricing,)))
    page.goto(f"{stage.website.url}/pricing")
    expect_shown(page)
    stage.await_metrics(id, views=1)
    leave(page, f"{stage.website.url}/about")
    come_back(page)
    expect_shown(page)
    stage.await_metrics(id, views=1, dismissals=0)


def test_a_pause_is_in_force_when_a_page_comes_back(stage: Stage, page_that_comes_back: Page) -> None:
    page = page_that_comes_back
    id = stage.launch(OVERLAY)
    page.add_init_script("window.later = 0; const { now } = Date; Date.now = () => now() + later")
    page.goto(f"{stage.website.url}/pricing")
    expect_shown(page)
    stage.await_metrics(id, views=1)
    page.evaluate("later = 20000")
    leave(page, f"{stage.website.url}/about")
    stage.change(id, Message.pause)
    manifest = f"{stage.server.url}/v1/sites/{stage.site_key}/messages.json"
    until(lambda: page.request.get(manifest).json()["messages"], [])
    come_back(page)
    expect(shown(page)).to_have_count(0)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_a_day_off_shows_what_has_no_schedule_and_counts_it(stage: Stage, page: Page, days: int) -> None:
    id = stage.launch(OVERLAY)
    page.clock.install(time=utc_now().timestamp() + days * 24 * 3600)
    page.goto(stage.website.url)
    expect_shown(page)

    def views() -> int:
        page.clock.fast_forward(500)
        return int(stage.metrics(id)["views"])

    until(views, 1)


CLOCK = """{
const Real = Date;
window.off = HOURS * 3600e3;
window.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + off); }
    static now() { return Real.now() + off; }
};
}"""
EXPLAIN = "analytics.anonmsg.explain()"
FASTER_BY = "(ms) => { off += ms; history.pushState({}, '', `/${Math.random()}`) }"
"""The clock moves on, or is put back, and there is a page view."""
MINUTE = timedelta(minutes=1)


def at_corner(position: Position, **schedule: Any) -> Shape:
    display = Display(DisplayKind.OVERLAY, position, 320)
    return changed(OVERLAY, name=position, display=display, schedule=Schedule(**schedule))


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_an_hour_off_decides_schedules_and_nothing_else(stage: Stage, page: Page, hours: int) -> None:
    now, off = utc_now(), timedelta(hours=hours)
    always = stage.launch(OVERLAY)
    soon = stage.launch(at_corner(Position.TOP_LEFT, starts_at=now + 5 * MINUTE))
    ending = stage.launch(at_corner(Position.TOP_RIGHT, ends_at=now + 30 * MINUTE))
    # Until 10 minutes before, and once it is over, nobody gets it, whatever their clock says.
    stage.launch(at_corner(Position.BOTTOM_LEFT, starts_at=now + 40 * MINUTE))
    stage.launch(at_corner(Position.BOTTOM_LEFT, ends_at=now - 5 * MINUTE), at=now - 120 * MINUTE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "messages.json" in request.url else None)
    page.add_init_script(CLOCK.replace("HOURS", str(hours)))
    page.goto(stage.website.url)
    assert abs(page.evaluate("Date.now()") / 1000 - (utc_now() + off).timestamp()) < 60, "it is off"

    wanted, early = {always, ending if hours < 0 else soon}, "early" if hours < 0 else "over"
    until(lambda: {each["message"] for each in page.evaluate(EXPLAIN) if each["shown"]}, wanted)
    [other] = [each for each in page.evaluate(EXPLAIN) if not each["shown"]]
    assert other["message"] == ({soon, ending} - wanted).pop()
    assert other["failed"] == [{"gate": "schedule", "reason": early}]

    for id in wanted:
        stage.await_metrics(id, views=1)
    for call in stage.activity():
        said = datetime.fromisoformat(call["timestamp"])
        assert abs(said - utc_now() - off) < 2 * MINUTE, "each is kept with the time that it says"
    with stage.server.app.app_context(), reading():
        site = Site.by_key(stage.site_key)
        assert site
        [(fault, website)] = Setup.of(site, [], utc_now()).faults
        assert (fault, round((website.skew or 0) / 120)) == (Fault.CLOCK, hours * 30)

    assert asked == [], "what is fresh is not asked for"
    stage.change(always, Message.pause)
    manifest = f"{stage.server.url}/v1/sites/{stage.site_key}/messages.json"
    until(lambda: always in page.request.get(manifest).text(), False)
    for jump, fetches in ((0, 0), (20_000, 1), (0, 1), (-3_600_000, 2), (0, 2)):
        page.evaluate(FASTER_BY, jump)
        until(lambda: page.evaluate("1") and len(asked), fetches)  # Playwright tells while it is asked
        until_quiet(page)
        until(lambda: always in [each["message"] for each in page.evaluate(EXPLAIN)], not fetches)
    assert len(asked) == 2, "neither again and again, nor never once it is put right"


# Whatever the page calls

ODD = """[undefined, null, '', 0, -1, NaN, true, 'x'.repeat(1e6), 7n, Symbol('s'), () => { throw new Error('Theirs') },
    /x/g, new Date(NaN), [], [[[]]], {}, cyclic, hostile, document.body, window, new Map([[1, 2]]), deep,
    Object.create(null), Promise.resolve(), { toJSON() { throw new Error('Theirs') } }, { then: 1 }, { email: 5 }]"""
CALLS = f"""() => {{
    const cyclic = {{}};
    cyclic.self = cyclic;
    let deep = {{}};
    for (let i = 0; i < 5000; i++) deep = {{ deep }};
    const hostile = new Proxy({{}}, new Proxy({{}}, {{ get() {{ throw new Error('Theirs') }} }}));
    const odd = {ODD};
    const failed = [];
    const methods = [...analytics.methods, 'user', 'push', 'nothing']
        // A source middleware that throws drops every call, as it should.
        .filter((name) => name in analytics && name !== 'addSourceMiddleware');
    for (const name of methods) for (const first of odd) for (const second of [odd, [first, first, first]]) {{
        try {{
            const result = analytics[name](first, ...second.slice(0, 3));
            result?.catch?.((error) => failed.push(`${{name}} rejected ${{error}}`));
        }} catch (error) {{ failed.push(`${{name}} ${{error}}`) }}
    }}
    return failed.concat(methods.length > 20 ? [] : ['too few methods']);
}}"""


@pytest.mark.parametrize("when", ["before it has loaded", "when it has loaded"])
def test_no_call_of_the_page_ever_throws(stage: Stage, page: Page, complaints: list[str], when: str) -> None:
    stage.launch(OVERLAY)
    on_its_page(stage)
    held: list[Route] = []
    page.route("**/analytics.min.js", hold(held))
    page.goto(stage.website.url, wait_until="commit")
    page.wait_for_function("window.analytics && analytics.methods")
    if when == "when it has loaded":
        release(page, held)
        page.wait_for_function("analytics.anonmsg")
        assert page.evaluate(CALLS) == []
    else:
        page.evaluate(CALLS.replace("analytics.methods, 'user', 'push', 'nothing'", "analytics.methods"))
        release(page, held)
        page.wait_for_function("analytics.anonmsg")
    page.evaluate("void analytics.track('The last word')")
    until(lambda: "The last word" in [call.get("event") for call in stage.activity()], True)
    complaints[:] = [complaint for complaint in complaints if "Theirs" not in complaint]  # of the page's own callbacks


SAYS_WHEN = """<script>
if (document.prerendering) analytics.track('Prerendered');
document.addEventListener('prerenderingchange', () => analytics.track('Activated'));
</script>"""
GOES = """<script type=speculationrules>{"prerender": [{"urls": ["/offer"], "eagerness": "immediate"}]}</script>
<script>setInterval(async () => { if (await (await fetch('/go.js')).text()) location = '/offer' }, 100)</script>"""


def test_a_page_that_is_prerendered_is_viewed_when_the_visitor_comes(
    stage: Stage, browser_type: BrowserType, tmp_path: Path
) -> None:
    """In a browser that nobody looks into: one that is driven prerenders nothing."""
    id = stage.launch(changed(OVERLAY, page_rules=(PageRule(match=Match.IS, value="/offer"),)))
    pages = stage.website.pages
    pages |= {"/": stage.website.page("/") + GOES, "/offer": stage.website.page("/offer") + SAYS_WHEN, "/go.js": ""}
    options = launch_options("--headless", f"--user-data-dir={tmp_path}")
    command = [options["executable_path"] or browser_type.executable_path, *options["args"], stage.website.url]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as browser:
        try:
            until(lambda: "/offer" in stage.website.requested, True)
            # One call is certain; the prerendered page's may wait for its visitor.
            until(lambda: "page" in said(stage), True)
            stage.await_metrics(id, views=0)
            pages["/go.js"] = "go"
            until(lambda: sorted(said(stage)), ["Activated", "Message Viewed", "Prerendered", "page", "page"])
            stage.await_metrics(id, views=1)
        finally:
            browser.kill()


def said(stage: Stage) -> list[str]:
    return [call.get("event") or call["type"] for call in stage.activity()]
