"""A website, its site on the server and its visitors: what nearly every browser test needs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from playwright.sync_api import Locator, Page, expect

from anonmsg.db import db, utc_now
from anonmsg.message import Shape
from anonmsg.models import Message, Site, User
from tests.support.server import LiveServer
from tests.support.website import Website, install_tag

PATIENCE_SECONDS = 60
"""How long to wait for something that must come. Nothing waits this long when all is well."""


@dataclass
class Stage:
    server: LiveServer
    website: Website
    site_key: str

    @classmethod
    def set(cls, server: LiveServer, website: Website, owner: str) -> Stage:
        """A new site on the server, owned by a user of this e-mail, and a website that carries its install tag."""
        with server.app.app_context():
            user = User.by_email(owner) or User.create(owner, "a long enough password")
            site = Site.create("Shop", user)
            db.session.commit()
            stage = cls(server, website, site.key)
        website.tag = install_tag(server.url, stage.site_key)
        return stage

    def launch(self, shape: Shape, at: datetime | None = None) -> str:
        """Launch a message on the site, now or at another time; its id."""
        with self.server.app.app_context():
            message = self._site().draft(shape, at or utc_now())
            message.launch(at or utc_now())
            db.session.commit()
            return message.id

    def change(self, id: str, verb: Callable[[Message], None]) -> None:
        """Another process changes a message, e.g. ``stage.change(id, Message.pause)``."""
        with self.server.app.app_context():
            verb(self._site().message(id))
            db.session.commit()

    def metrics(self, id: str) -> dict[str, Any]:
        """The message's numbers as ``metrics show`` prints them."""
        numbers: dict[str, Any] = json.loads(self._run("metrics", "show", "--site", self.site_key, "--json"))[id]
        return numbers

    def activity(self) -> list[dict[str, Any]]:
        """The stored calls, oldest first."""
        return [
            json.loads(line) for line in self._run("activity", "export", "--site", self.site_key).split("\n") if line
        ]

    def people(self) -> list[dict[str, Any]]:
        people: list[dict[str, Any]] = json.loads(self._run("people", "show", "--site", self.site_key, "--json"))
        return people

    def await_metrics(self, id: str, **expected: Any) -> None:
        """Wait until these numbers are stored, and no others for the same names."""
        until(lambda: {name: self.metrics(id)[name] for name in expected}, expected)

    def await_pages(self, count: int) -> None:
        """Wait until the server has stored this many page calls: then each of those page views was decided."""
        until(lambda: len([call for call in self.activity() if call["type"] == "page"]), count)

    def _site(self) -> Site:
        site = Site.by_key(self.site_key)
        assert site
        return site

    def _run(self, *words: str) -> str:
        result = self.server.app.test_cli_runner().invoke(args=list(words))
        assert result.exit_code == 0, result.output
        return result.output


def until(measure: Callable[[], Any], expected: Any) -> None:
    """Wait until ``measure()`` is what is expected; fail with the difference when it does not come."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (measured := measure()) != expected and time.monotonic() < deadline:
        time.sleep(0.05)
    assert measured == expected, f"{measured!r} is not {expected!r}"


QUIET = """async () => {
    const waits = Object.keys(localStorage).some((key) => /^anonmsg:(call|pending)/.test(key));
    await new Promise((done) => setTimeout(done, 200));
    const { held, pending } = await navigator.locks.query();
    return !waits && !held.length && !pending.length;
}"""
"""The snippet has no call on its way and holds no lock, nor is it about to: what it does a moment later is done."""


def until_quiet(page: Page) -> None:
    """Wait until the snippet does nothing: a page that is left while it holds a lock or fetches is not kept for going
    back. The test itself first waits for the calls it knows of."""
    until(lambda: page.evaluate(QUIET), True)


def shown(page: Page, heading: str = "Join the club") -> Locator:
    """The heading of a shown message. Playwright's locators look into open shadow roots."""
    return page.get_by_role("heading", name=heading)


def expect_shown(page: Page, heading: str = "Join the club") -> None:
    expect(shown(page, heading)).to_be_visible()


def expect_not_shown(page: Page, heading: str = "Join the club") -> None:
    """Not there now. The test itself first waits for the decision, for example with ``await_pages``."""
    assert shown(page, heading).count() == 0


def changed(shape: Shape, **changes: Any) -> Shape:
    return msgspec.structs.replace(shape, **changes)
