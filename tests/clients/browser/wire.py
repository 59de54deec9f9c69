"""What a page sends to the server."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Page, Request, Route

from tests.clients import story


class Wire:
    """The calls that went over it, told by the browser."""

    def __init__(self, page: Page, server_url: str) -> None:
        self._address = f"{server_url}/v1/"
        self.bodies: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self._page = page
        page.context.on("request", self._see)

    def _see(self, request: Request) -> None:
        self.asked.append(request.url)
        if request.method == "POST" and request.url.startswith(self._address):
            self.bodies.append(json.loads(request.post_data or ""))

    def sent(self) -> dict[str, Any]:
        return story.in_bodies(self.bodies)

    def lose_first_answers(self) -> set[str]:
        """The server gets each body, but its first answer does not come back. The bodies' first messageIds."""
        lost: set[str] = set()

        def lose(route: Route) -> None:
            (id, *_) = story.in_bodies([json.loads(route.request.post_data or "")])
            answer = route.fetch()
            if id in lost or not answer.ok:
                route.fulfill(response=answer)
            else:
                lost.add(id)
                route.abort()

        self._page.route(re.compile(re.escape(self._address) + "[a-z]$"), lose)
        return lost
