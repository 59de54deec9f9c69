"""Am I set up? As a newcomer does it: copy from the install page, paste into a website, open it, look back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from anonmsg.db import db
from anonmsg.message import Frequency, PageRule
from anonmsg.models import Sighting
from anonmsg.setup import CALL_AFTER_MS
from tests.conftest import CLUB
from tests.support.marketer import axe, messages_url, sign_in
from tests.support.stage import Stage, changed, expect_shown, until
from tests.support.website import install_tag


def open_install(page: Page, stage: Stage, platform: str = "html") -> Page:
    sign_in(page, stage).goto(f"{stage.server.url}/sites/{stage.site_key}/install?platform={platform}")
    return page


def copied(page: Page, id: str = "install-tag") -> str:
    return page.locator(f"#{id}").text_content() or ""


def host(stage: Stage) -> str:
    return stage.website.url.removeprefix("http://")


def heading(page: Page, words: str) -> None:
    expect(page.locator("#setup [role=status]")).to_have_text(words)


def test_it_turns_green_by_itself(page: Page, stage: Stage) -> None:
    page.goto("about:blank")
    sign_in(page, stage).goto(messages_url(stage))
    expect(page.get_by_text("Waiting for the first page that carries the tag")).to_be_visible()
    open_install(page, stage)
    heading(page, "Waiting for the first page that carries the tag")
    page.evaluate("window.stillTheSamePage = true")
    assert axe(page) == []

    stage.website.tag = copied(page)
    page.context.new_page().goto(stage.website.url)

    heading(page, "Anonymous messages are on")
    marks = page.locator(".setup-mark")
    expect(marks.nth(0)).to_contain_text(
        re.compile(rf"The snippet is seen: yes\s*on {host(stage)} (just now|\d+ s ago)")
    )
    expect(marks.nth(1)).to_contain_text(re.compile(r"Calls arrive: yes\s*the last .*, by anonmsg 0\.1\.0"))
    expect(page.locator("[data-fault]")).to_have_count(0)
    assert page.evaluate("window.stillTheSamePage")
    expect(page.get_by_role("row", name=host(stage))).to_contain_text("on")
    assert axe(page) == []
    page.goto(messages_url(stage))
    expect(page.locator("#setup")).to_contain_text(f"Anonymous messages are on Seen on {host(stage)}")


class Fault(NamedTuple):
    name: str
    words: str
    """What the page says, of which ``{server}`` is filled in."""
    tag: Callable[[Stage], str] = lambda stage: install_tag(stage.server.url, stage.site_key)
    policy: str = ""
    clock_ahead: int = 0
    """Hours."""


FAULTS = [
    Fault("no_calls", "connect-src {server}", policy="script-src 'unsafe-inline' {server}; connect-src 'none'"),
    Fault(
        "not_enabled",
        "without anonymousInApp: true",
        lambda stage: install_tag(stage.server.url, stage.site_key, enabled=False),
    ),
    Fault("twice", "carries 2 tags", lambda stage: 2 * install_tag(stage.server.url, stage.site_key)),
    Fault("clock", "is 3 h ahead", clock_ahead=3),
    Fault("wrong_key", "asks with a key", lambda stage: install_tag(stage.server.url, stage.site_key[:-1])),
]
AHEAD = """
{const Real = Date, ahead = HOURS * 3600e3;
window.Date = class extends Real {
  constructor(...given) { given.length ? super(...given) : super(Real.now() + ahead); }
  static now() { return Real.now() + ahead; }
};}
"""


def test_what_is_wrong_is_named_with_its_fix_and_goes_when_it_is_fixed(
    page: Page, stage: Stage, browser: Browser
) -> None:
    """One install page, left open, on which each fault comes and goes; the first is only certain after a while."""
    right = stage.website.tag
    open_install(page, stage)
    # It looks more often.
    page.evaluate("setInterval(() => document.dispatchEvent(new Event('visibilitychange')), 200)")
    for fault in FAULTS:
        found = page.locator(f"[data-fault={fault.name}]")
        stage.website.tag = fault.tag(stage)
        policy = fault.policy.format(server=stage.server.url)
        stage.website.headers = {"Content-Security-Policy": policy} if policy else {}
        with visited(browser, stage, AHEAD.replace("HOURS", str(fault.clock_ahead))):
            if fault.name == "no_calls":
                until(lambda: fetched_long_ago(stage), 1)
            expect(found).to_contain_text(fault.words.format(server=stage.server.url))
            expect(page.locator("[data-fault]")).to_have_count(1)
        stage.website.tag, stage.website.headers = right, {}
        with visited(browser, stage, ""):
            expect(found).to_have_count(0)
            heading(page, "Anonymous messages are on")


@contextmanager
def visited(browser: Browser, stage: Stage, script: str) -> Iterator[None]:
    """The website is open in a browser of somebody who was never there; the page runs this first."""
    context = browser.new_context()
    context.add_init_script(script)
    context.new_page().goto(stage.website.url)
    yield
    context.close()


def fetched_long_ago(stage: Stage) -> int:
    """Once the website has fetched the script, have that be a while ago; how many websites did."""
    fetched = update(Sighting).where(Sighting.host == host(stage), Sighting.called_at.is_(None))
    with stage.server.app.app_context():
        changed = db.session.execute(fetched.values(fetched_at=Sighting.fetched_at - CALL_AFTER_MS))
        db.session.commit()
        return int(changed.rowcount)  # type: ignore[attr-defined]


EFFECTS_TWICE = "const useEffect = (work) => { work(); work(); };"
"""React runs effects twice in development."""


def module(code: str, then: str) -> str:
    lines = [line for line in code.split("\n") if not re.match(r"import |'use client'", line)]
    return "\n".join([EFFECTS_TWICE, *lines, then]).replace("export ", "")


# As Google Tag Manager does with custom HTML: elements made of it, some time after the page.
LATE = """<template id=custom>{code}</template><script>
addEventListener('load', () => setTimeout(() => {{
  for (const node of document.getElementById('custom').content.children) {{
    const copy = document.createElement(node.localName);
    for (const {{name, value}} of node.attributes) copy.setAttribute(name, value);
    copy.text = node.textContent;
    document.body.append(copy);
  }}
}}, 100));</script>"""
BUNDLE = "<script type=module src=/bundle.js></script>"


class Way(NamedTuple):
    platform: str
    page: str = "{code}"
    bundle: str = ""
    """What the website's own script does with the code, which then is a module of it."""
    copies: str = "install-tag"


WAYS = [
    Way("html"),
    Way("tag-manager", page=LATE),
    Way("react", page=BUNDLE, bundle="InstallTag();"),
    Way("vue", page=BUNDLE, bundle="installTag.install(); installTag.install();"),
    Way("wordpress"),
    Way("shopify"),
    Way("html", copies="pinned-tag"),
]


def test_each_way_to_install_it_shows_messages_also_after_a_navigation_within_the_page(
    page: Page, stage: Stage
) -> None:
    stage.launch(changed(CLUB, page_rules=(PageRule(value="/inner"),), frequency=Frequency()))
    for number, way in enumerate(WAYS, 1):
        open_install(page, stage, way.platform)
        code = copied(page, way.copies)
        assert stage.site_key in code
        assert axe(page) == []
        stage.website.pages["/bundle.js"] = module(code, way.bundle)
        stage.website.tag = way.page.format(code=code)
        visitor = page.context.new_page()
        visitor.goto(f"{stage.website.url}/{way.platform}")
        visitor.wait_for_function("() => window.analytics?.anonmsg")
        visitor.evaluate("history.pushState(null, '', '/inner')")
        expect_shown(visitor)
        stage.await_pages(number)
        visitor.close()
        heading(page, "Anonymous messages are on")
        expect(page.locator("[data-fault]")).to_have_count(0)
