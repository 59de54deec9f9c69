"""Takes the pictures of docs/images and docs/gallery from the real thing: ``make screenshots``.

A server of its own over an empty database, a shop with one message and two weeks of made-up visits, one Chromium.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from flask_migrate import upgrade
from msgspec.structs import replace
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from anonmsg.db import db, utc_now
from anonmsg.message import (
    Button,
    ButtonStyle,
    Dismiss,
    Display,
    DisplayKind,
    Frequency,
    Heading,
    Match,
    OpenUrl,
    PageRule,
    Palette,
    Position,
    Run,
    Shape,
    Step,
    Text,
    Theme,
)
from anonmsg.models import Site, User
from docs import gallery
from tests.chromium import launch_options
from tests.support.server import LiveServer

IMAGES = Path(__file__).parent / "images"
EMAIL, PASSWORD = "anna@shop.example", "only for pictures"
DAYS = 14

CLUB = Shape(
    name="Join the club",
    description="Sign-up nudge on the pages where people compare prices.",
    page_rules=(
        PageRule(match=Match.STARTS_WITH, value="/demo/shop"),
        PageRule(match=Match.IS, value="/demo/pricing"),
    ),
    frequency=Frequency(limit=3, gap_seconds=24 * 3600),
    display=Display(kind=DisplayKind.OVERLAY, position=Position.BOTTOM_RIGHT, width=360),
    steps=(
        Step(
            id="s1",
            blocks=(
                Heading(text="Join the club"),
                Text(
                    paragraphs=(
                        (
                            Run(text="Members get "),
                            Run(text="10 % off", bold=True),
                            Run(text=" their first order, and see new pieces a day before everybody else."),
                        ),
                    )
                ),
                Button(id="b1", label="Sign up", action=OpenUrl(url="/demo/signup")),
                Button(id="b2", label="Not now", style=ButtonStyle.LINK, action=Dismiss()),
            ),
        ),
    ),
)

HEADING, TEXT, SIGN_UP, _ = CLUB.steps[0].blocks
TERMS = Text(paragraphs=((Run(text="Our terms", link="www.shop.example/terms"),),))
MAIL = Button(id="b3", label="Ask us", style=ButtonStyle.SECONDARY, action=OpenUrl(url="mailto:"))
DOUBTFUL = replace(
    CLUB,
    page_rules=(PageRule(match=Match.IS, value="/demo/about"),),
    steps=(Step(id="s1", blocks=(HEADING, TEXT, TERMS, SIGN_UP, MAIL)),),
    theme=Theme(light=Palette(accent="#d97742")),
)


@contextmanager
def shop() -> Iterator[tuple[LiveServer, str, str, str]]:
    """A running server, the key of its site, and the ids of a message launched two weeks ago and of a draft like it."""
    with TemporaryDirectory() as directory:
        server = LiveServer(Path(directory), f"sqlite:///{directory}/anonmsg.sqlite3")
        with server.app.app_context():
            upgrade()
            site = Site.create("Kettle & Clay", user := User.create(EMAIL, PASSWORD))
            message = site.draft(CLUB, launched_at := utc_now() - timedelta(days=DAYS))
            message.launch(launched_at, user)
            draft = site.draft(CLUB, utc_now())
            db.session.commit()
            key, launched_id, draft_id = site.key, message.id, draft.id
        server.start()
        try:
            yield server, key, launched_id, draft_id
        finally:
            server.stop()


def visits(message_id: str) -> Iterator[dict[str, Any]]:
    """The calls of made-up visitors, the same in every run but for their dates."""
    chance = random.Random(8)  # noqa: S311 (nothing secret hangs on it)
    now = utc_now()
    for day in range(DAYS):
        for number in range(round(60 + 25 * math.sin(day) + 4 * day)):
            at = now - timedelta(days=DAYS - 1 - day, minutes=chance.randrange(600))
            yield from visit(message_id, f"{day}-{number}", at, chance)


def visit(message_id: str, visitor: str, at: datetime, chance: random.Random) -> Iterator[dict[str, Any]]:
    """One who views once or twice, and then may sign up or say no."""
    for _ in range(chance.choice((1, 1, 1, 2))):
        yield event(message_id, "Message Viewed", visitor, at)
    at += timedelta(seconds=5)
    if chance.random() < 0.22:
        yield event(message_id, "Message Clicked", visitor, at, button_id="b1")
        if chance.random() < 0.7:
            user = {"userId": f"customer-{visitor}", "traits": {"email": f"{visitor}@example.com"}}
            yield call("identify", visitor, at + timedelta(minutes=1), **user)
    elif chance.random() < 0.4:
        yield event(message_id, "Message Clicked", visitor, at, button_id="b2")
        yield event(message_id, "Message Dismissed", visitor, at)


def event(message_id: str, name: str, visitor: str, at: datetime, **more: str) -> dict[str, Any]:
    properties = {"message_id": message_id, "version": 1, "position": "bottom-right", **more}
    return call("track", visitor, at, event=name, properties=properties)


def call(type: str, visitor: str, at: datetime, **fields: Any) -> dict[str, Any]:
    return {"type": type, "messageId": str(uuid4()), "anonymousId": visitor, "timestamp": at.isoformat(), **fields}


def send(browser: Browser, server: LiveServer, key: str, calls: list[dict[str, Any]]) -> None:
    """Raises RuntimeError where the server does not take them all."""
    visitors = browser.new_context()
    for start in range(0, len(calls), 500):
        batch = {"batch": calls[start : start + 500], "writeKey": key}
        answer = visitors.request.post(f"{server.url}/v1/b", data=batch).json()
        if answer != {"success": True, "rejected": []}:
            raise RuntimeError(f"The made-up visits were not taken: {answer}")
    visitors.close()


def context(browser: Browser, width: int, height: int) -> BrowserContext:
    return browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=1.5, timezone_id="UTC", reduced_motion="reduce"
    )


def sign_in(page: Page, server: LiveServer) -> None:
    page.goto(f"{server.url}/sign-in")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/messages")


def take(page: Page, name: str, ready: Locator) -> None:
    """Raises playwright's Error where what the picture is about does not come."""
    ready.wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/images/{name}.png")


def of_the_builder(browser: Browser, server: LiveServer, key: str, launched_id: str, draft_id: str) -> None:
    messages = f"{server.url}/sites/{key}/messages"
    page = context(browser, 1280, 860).new_page()
    sign_in(page, server)
    page.goto(f"{messages}/{draft_id}/edit/targeting")
    page.get_by_label("Try an address").fill("https://shop.example/demo/shop/cups\nhttps://shop.example/demo/about")
    take(page, "wizard-targeting", page.locator("[data-verdicts] > *").nth(1))
    page.goto(f"{messages}/{draft_id}/edit/content")
    drawn = page.frame_locator("[data-preview-frame]").get_by_role("heading", name=CLUB.name)
    take(page, "wizard-content", drawn)
    page.goto(f"{messages}/{launched_id}")
    take(page, "message", page.get_by_role("row").filter(has_text="Sign up"))
    page.context.close()


def of_the_theme(browser: Browser, server: LiveServer, key: str) -> None:
    """As somebody chooses it, not saved: one colour too pale."""
    page = context(browser, 1280, 900).new_page()
    sign_in(page, server)
    page.goto(f"{server.url}/sites/{key}/theme")
    sample = page.frame_locator("[data-sample=modal]").locator(".box")
    sample.wait_for()
    for name, typed in (("Surface", "#fffaf3"), ("Text", "#3b2f26"), ("Accent", "#d97742"), ("On accent", "#ffffff")):
        page.get_by_label(f"Light {name.lower()}").fill(typed)
    page.get_by_label("Font").select_option("serif")
    page.get_by_label("Radius of corners").fill("6")
    take(page, "theme", page.get_by_role("button", name="Use it"))
    page.context.close()


def of_the_preview(browser: Browser, server: LiveServer, key: str, draft_id: str) -> None:
    """A draft on a page of the shop, as its link shows it."""
    page = context(browser, 1200, 760).new_page()
    sign_in(page, server)
    page.goto(f"{server.url}/sites/{key}/messages/{draft_id}")
    page.get_by_label("Page of your website").fill(f"{server.url}/demo/about?site={key}")
    page.get_by_role("button", name="Preview on your site").click()
    page.goto(page.get_by_role("link", name="Open the preview").get_attribute("href") or "")
    page.get_by_text("What decides").click()
    take(page, "preview", page.get_by_text("✕ Page rules"))
    page.context.close()


def of_the_review(browser: Browser, server: LiveServer, key: str) -> None:
    """Of a message with one thing to put right and two to look at, of which one was."""
    page = context(browser, 1280, 860).new_page()
    sign_in(page, server)
    page.goto(f"{server.url}/sites/{key}/messages/{draft(server, key, DOUBTFUL)}/edit/review")
    page.get_by_role("checkbox", name="I have looked at this").first.check()
    drawn = page.frame_locator("[data-preview-frame]").get_by_role("heading", name=CLUB.name)
    take(page, "review", drawn)
    page.context.close()


def draft(server: LiveServer, key: str, shape: Shape) -> str:
    """A new one's id."""
    with server.app.app_context():
        message = db.session.query(Site).filter_by(key=key).one().draft(shape, utc_now())
        db.session.commit()
        return message.id


def of_the_shop(browser: Browser, server: LiveServer, key: str) -> None:
    page = context(browser, 1200, 760).new_page()
    page.goto(f"{server.url}/demo/shop?site={key}")
    take(page, "shop", page.get_by_role("heading", name=CLUB.name))
    page.context.close()


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with shop() as (server, key, launched_id, draft_id), sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        send(browser, server, key, list(visits(launched_id)))
        of_the_builder(browser, server, key, launched_id, draft_id)
        of_the_theme(browser, server, key)
        of_the_preview(browser, server, key, draft_id)
        of_the_review(browser, server, key)
        of_the_shop(browser, server, key)
        gallery.take(browser)
        browser.close()


if __name__ == "__main__":
    main()
