"""A marketer in a real browser: signed in, looking at pages of the builder."""

from __future__ import annotations

import json
import urllib.request
import uuid
from datetime import UTC, datetime

from playwright.sync_api import Page

from anonmsg.models import User
from anonmsg.settings import ROOT
from tests.support.stage import Stage

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
FINDINGS = "axe.run().then(({violations}) => violations.flatMap(({id, nodes}) => nodes.map(n => `${id}: ${n.target}`)))"


def sign_in(page: Page, stage: Stage, email: str = "alice@shop.example") -> Page:
    """Start a session without the sign-in page, which has tests of its own."""
    app = stage.server.app
    with app.app_context():
        user = User.by_email(email)
        assert user
        content = {"_user_id": user.get_id(), "_fresh": True}
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie = {"name": "session", "value": serializer.dumps(content), "url": stage.server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    return page


def messages_url(stage: Stage, *parts: str) -> str:
    return "/".join([stage.server.url, "sites", stage.site_key, "messages", *parts])


def axe(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is now: rule and element."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(FINDINGS)
    return found


def visit(stage: Stage, message_id: str, events: list[str], visitor: str = "v1", button: str = "b1") -> None:
    """Send what a visitor's snippet sends, e.g. ``visit(stage, id, ["Message Viewed"])``; stored when it returns."""
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    calls = [
        {
            "type": "track",
            "event": event,
            "messageId": str(uuid.uuid4()),
            "anonymousId": visitor,
            "timestamp": now,
            "properties": {"message_id": message_id, "version": 1, "position": "center"}
            | ({"button_id": button} if event == "Message Clicked" else {}),
        }
        for event in events
    ]
    body = json.dumps({"batch": calls, "writeKey": stage.site_key, "sentAt": now}).encode()
    request = urllib.request.Request(f"{stage.server.url}/v1/b", body, {"Content-Type": "text/plain"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert json.load(answer) == {"success": True, "rejected": []}
