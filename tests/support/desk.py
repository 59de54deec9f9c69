"""A marketer's desk: signed in, at the messages of a site."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import FrameLocator, Locator, Page

from anonmsg.db import db, utc_now
from anonmsg.message import Shape
from anonmsg.models import Site
from anonmsg.settings import ROOT
from tests.support import marketer
from tests.support.stage import Stage

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
MOST_TABS = 120
"""No page has more stops for the Tab key."""


@dataclass
class Desk:
    stage: Stage
    page: Page

    @property
    def url(self) -> str:
        return f"{self.stage.server.url}/sites/{self.stage.site_key}/messages"

    def sign_in(self) -> Desk:
        marketer.sign_in(self.page, self.stage)
        return self

    def draft(self, shape: Shape) -> str:
        """A new draft of the site; its id."""
        with self.stage.server.app.app_context():
            site = Site.by_key(self.stage.site_key)
            assert site
            message = site.draft(shape, utc_now())
            db.session.commit()
            return message.id

    def stored(self, id: str) -> Shape:
        with self.stage.server.app.app_context():
            site = Site.by_key(self.stage.site_key)
            assert site
            return site.message(id).shape

    def open(self, shape: Shape, step: str) -> str:
        """A step of a new draft; the draft's id."""
        id = self.draft(shape)
        self.page.goto(f"{self.url}/{id}/edit/{step}")
        self.wait_for_scripts()
        return id

    def next(self) -> None:
        self.page.get_by_role("button", name="Next").click()

    def wait_for_step(self, step: str) -> None:
        self.page.wait_for_url(f"**/edit/{step}")
        self.wait_for_scripts()

    def wait_for_scripts(self) -> None:
        """Those that come after the page. It works without them, but a key pressed before is another one."""
        self.page.locator("html:not([data-loading])").wait_for()

    @property
    def preview(self) -> FrameLocator:
        return self.page.frame_locator("[data-preview-frame]")

    def tab_to(self, wanted: Locator, key: str = "Tab") -> None:
        """Press Tab until it has the focus."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press(key)
            if wanted.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"Tab never comes to {wanted}")

    def settle(self) -> None:
        """Until the browser has painted twice: what people do between two keys without noticing."""
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def wait_for_rich_text(self) -> None:
        """Its editor comes later than the page, which works without it meanwhile."""
        self.page.wait_for_function("() => customElements.get('trix-editor')")

    def findings(self) -> list[str]:
        """What axe finds on the page as it is, each with where."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE)
        found: list[str] = self.page.evaluate(
            "axe.run().then(({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes.map(n => n.target)}`))"
        )
        return found


def is_focused(locator: Locator) -> bool:
    focused: bool = locator.evaluate("element => element === document.activeElement")
    return focused
