"""One bundle under every policy a website may have: the message shows, and nothing is violated."""

from __future__ import annotations

import base64
import hashlib
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from anonmsg.delivery.bundle import Bundle
from anonmsg.message import Display, DisplayKind, Image, Position, Step
from anonmsg.models import Message
from tests.support.canary import TRUSTED_TYPES, Canary
from tests.support.drawing import SHOWCASE
from tests.support.stage import Stage, changed, expect_shown, shown, until
from tests.support.website import install_tag, parsed_tag

NONCE = "bm9uY2U"


class Policy(NamedTuple):
    """``{server}`` and ``{nonce}`` are filled in. ``loader``: it admits the loader of the install tag."""

    name: str
    headers: dict[str, str]
    loader: bool = False

    def __str__(self) -> str:
        return self.name

    def filled(self, stage: Stage) -> dict[str, str]:
        return {
            name: value.format(server=stage.server.url, nonce=f"'nonce-{NONCE}'")
            for name, value in self.headers.items()
        }


def csp(*directives: str) -> dict[str, str]:
    return {"Content-Security-Policy": "; ".join(directives)}


STRICTEST = ("default-src 'none'", "script-src {server} {nonce}", "connect-src {server}")

POLICIES = [
    Policy("the strictest", csp(*STRICTEST, "form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'")),
    Policy("the strictest, with the loader", csp(*STRICTEST), loader=True),
    Policy("the strictest, with Trusted Types", csp(*STRICTEST, TRUSTED_TYPES)),
    Policy("only itself", csp("default-src 'self'", "script-src 'self' {server} {nonce}", "connect-src {server}")),
    Policy(
        "strict-dynamic",
        csp("script-src {nonce} 'strict-dynamic' https: 'unsafe-inline'", "object-src 'none'", "base-uri 'none'"),
        loader=True,
    ),
    Policy(
        "no style, no image, no font",
        csp("script-src 'unsafe-inline' {server}", "style-src 'none'", "img-src 'none'", "font-src 'none'"),
        loader=True,
    ),
    Policy("a sandbox", csp("sandbox allow-scripts allow-same-origin"), loader=True),
    Policy("a sandbox without an origin, and so without storage", csp("sandbox allow-scripts"), loader=True),
    Policy(
        "cross-origin isolation",
        {
            "Cross-Origin-Embedder-Policy": "require-corp",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "Permissions-Policy": "fullscreen=(), storage-access=(), sync-xhr=(), unload=()",
        },
        loader=True,
    ),
    Policy(
        "strict rules that only report",
        {"Content-Security-Policy-Report-Only": "; ".join([*STRICTEST, TRUSTED_TYPES, "img-src 'self'"])},
    ),
]

WITHOUT_IMAGE = changed(
    SHOWCASE,
    steps=(Step(id="s1", blocks=tuple(block for block in SHOWCASE.steps[0].blocks if not isinstance(block, Image))),),
)
"""An image is the website's own affair: its policy says which it allows."""
PLACES = [Display(), Display(kind=DisplayKind.OVERLAY, position=Position.TOP_LEFT)]


@pytest.mark.parametrize("policy", POLICIES, ids=str)
def test_the_message_shows_and_nothing_is_violated(stage: Stage, page: Page, policy: Policy) -> None:
    ids = [stage.launch(changed(WITHOUT_IMAGE, display=display)) for display in PLACES]
    stage.website.headers.update(policy.filled(stage))
    stage.website.tag = tag_for(stage, policy)
    canary = Canary(page, {stage.website.url, stage.server.url})
    page.goto(stage.website.url)
    for display in PLACES:
        expect_shown(page)
        box = page.locator(f"anonmsg-message .{display.kind}")
        assert box.evaluate("box => getComputedStyle(box).position") == "fixed", "its styles apply"
        box.get_by_role("button", name="Close").click()
        expect(box).to_have_count(0)
    expect(shown(page)).to_have_count(0)
    for id in ids:
        stage.await_metrics(id, views=1, dismissals=1)
    canary.assert_quiet()


def tag_for(stage: Stage, policy: Policy) -> str:
    if policy.loader:
        return install_tag(stage.server.url, stage.site_key).replace("<script>", f"<script nonce='{NONCE}'>")
    return parsed_tag(stage.server.url, stage.site_key, NONCE)


@pytest.mark.parametrize("policy", POLICIES, ids=str)
def test_a_page_that_stays_open_may_ask_again(stage: Stage, page: Page, policy: Policy) -> None:
    """A manifest that is too old is fetched, which is another directive than the script's."""
    id = stage.launch(WITHOUT_IMAGE)
    stage.change(id, Message.pause)
    stage.website.headers.update(policy.filled(stage))
    stage.website.tag = tag_for(stage, policy)
    manifest = f"{stage.server.url}/v1/sites/{stage.site_key}/messages.json"
    canary = Canary(page, {stage.website.url, stage.server.url})
    page.clock.install()
    page.goto(stage.website.url)
    stage.await_pages(1)
    stage.change(id, Message.resume)
    until(lambda: len(page.request.get(manifest).json()["messages"]), 1)
    with page.expect_response("**/messages.json"):
        page.clock.fast_forward(20_000)
        page.evaluate("location.hash = 'later'")
    expect_shown(page)
    canary.assert_quiet()


def test_a_pinned_build_with_its_hash_shows_it_too(stage: Stage, page: Page) -> None:
    """The page names the very bytes that it wants, and the script fetches the manifest."""
    stage.launch(WITHOUT_IMAGE)
    script, integrity = pinned(stage, page)
    stage.website.headers.update(Policy("", csp(*STRICTEST, TRUSTED_TYPES)).filled(stage))
    stage.website.tag = tag_pinned_to(stage, script, integrity)
    canary = Canary(page, {stage.website.url, stage.server.url})
    page.goto(stage.website.url)
    expect_shown(page)
    canary.assert_quiet()


def test_one_changed_byte_is_not_run(stage: Stage, page: Page, complaints: list[str]) -> None:
    stage.launch(WITHOUT_IMAGE)
    script, integrity = pinned(stage, page)
    body = page.request.get(script).text()
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"}
    page.route(script, lambda route: route.fulfill(body=body.replace("anonmsg", "anonmsh", 1), headers=headers))
    stage.website.tag = tag_pinned_to(stage, script, integrity)
    with page.expect_console_message(lambda message: "integrity" in message.text):
        page.goto(stage.website.url)
    assert page.evaluate("Array.isArray(analytics)"), "still the stub"
    assert len(complaints) == 1
    complaints.clear()


def pinned(stage: Stage, page: Page) -> tuple[str, str]:
    """The immutable path and its integrity hash, worked out as an operator would."""
    script = f"{stage.server.url}/v1/snippet/{Bundle.current().hash}/site.js"
    digest = hashlib.sha384(page.request.get(script).body()).digest()
    return script, "sha384-" + base64.b64encode(digest).decode()


def tag_pinned_to(stage: Stage, script: str, integrity: str) -> str:
    tag = parsed_tag(stage.server.url, stage.site_key, NONCE)
    evergreen = f"{stage.server.url}/v1/sites/{stage.site_key}/site.js"
    assert evergreen in tag
    return tag.replace(f"src='{evergreen}'", f"src='{script}' integrity='{integrity}' crossorigin")
