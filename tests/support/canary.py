"""Notices when a page runs, opens or fetches what it should not."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Dialog, Frame, Page, Request

TRUSTED_TYPES = "require-trusted-types-for 'script'; trusted-types 'none'"
"""The policy under which a page that hands any text to an HTML sink is stopped and tells of it."""

INSIDE = """
window.ran = [];
window.violations = [];
for (const name of ['alert', 'confirm', 'prompt', 'msgbox']) window[name] = (...args) => ran.push(name + args);
addEventListener('securitypolicyviolation', (event) => {
    violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
}, true);
"""


@dataclass
class Canary:
    """Put it on a page before the page opens; :meth:`assert_quiet` afterwards."""

    page: Page
    origins: set[str]
    """Where the page may fetch from."""
    heard: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(INSIDE)
        self.page.on("dialog", self._dialog)
        self.page.on("popup", lambda popup: self.heard.append(f"opened {popup.url}"))
        self.page.on("framenavigated", self._navigated)
        self.page.context.on("request", self._requested)

    def assert_quiet(self) -> None:
        assert self.page.evaluate("typeof ran === 'object' && typeof violations === 'object'"), "the canary lives"
        heard = [*self.page.evaluate("[...ran, ...violations]"), *self.heard]
        assert not heard, heard

    def _dialog(self, dialog: Dialog) -> None:
        self.heard.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _navigated(self, frame: Frame) -> None:
        if frame.parent_frame or self._is_foreign(frame.url):
            self.heard.append(f"went to {frame.url}")

    def _requested(self, request: Request) -> None:
        if self._is_foreign(request.url):
            self.heard.append(f"asked for {request.url}")

    def _is_foreign(self, url: str) -> bool:
        at = urlsplit(url)
        return url != "about:blank" and f"{at.scheme}://{at.netloc}" not in self.origins
