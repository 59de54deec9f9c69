"""`make soak`: 20 minutes of seeded random clicks and keys in the editor lose nothing and raise no error.

``python -m bench.editor [SECONDS] [SEED]`` for less, or for the same once more.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
import time
from pathlib import Path

from flask_migrate import upgrade
from playwright.sync_api import BrowserContext, Response, sync_playwright

from anonmsg.db import db
from anonmsg.message import Shape
from tests.chromium import launch_options
from tests.support.desk import Desk
from tests.support.monkey import Monkey
from tests.support.server import LiveServer
from tests.support.stage import Stage
from tests.support.website import Website

SECONDS = 20 * 60
ACTS = 40
"""Between two looks at what came of it."""


def complaints_of(context: BrowserContext) -> list[str]:
    """Errors of the server and of scripts, but for what cannot be saved yet (422) and pictures that are not there."""
    found: list[str] = []

    def on_response(response: Response) -> None:
        if response.status >= 400 and response.status != 422 and response.request.resource_type != "image":
            found.append(f"{response.status} {response.url}")

    context.on("response", on_response)
    context.on("weberror", lambda error: found.append(str(error.error)))
    return found


def soak(desk: Desk, complaints: list[str], seconds: float, seed: int) -> int:
    """How many things were done. Raises AssertionError with the seed."""
    desk.open(Shape(name="Random"), "content")
    monkey, until = Monkey(desk.page, seed), time.monotonic() + seconds
    while time.monotonic() < until:
        for _ in range(ACTS):
            monkey.act()
        monkey.check()
        assert complaints == [], f"seed {seed}: {complaints} after {monkey.acts[-ACTS:]}"
    return len(monkey.acts)


def main(seconds: float = SECONDS, seed: int | None = None) -> None:
    seed = secrets.randbelow(10**6) if seed is None else seed
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        server = LiveServer(Path(directory), f"sqlite:///{directory}/anonmsg.sqlite3")
        with server.app.app_context():
            upgrade()
            db.session.remove()
        website = Website().start()
        stage = Stage.set(server.start(), website, "alice@shop.example")
        browser = playwright.chromium.launch(**launch_options())
        try:
            context = browser.new_context()
            complaints = complaints_of(context)
            acts = soak(Desk(stage, context.new_page()).sign_in(), complaints, seconds, seed)
        finally:
            browser.close()
            server.stop()
            website.stop()
    print(f"{acts:,} clicks and keys in the editor (seed {seed}): nothing lost, no error")


if __name__ == "__main__":
    seconds, seed, *_ = [*sys.argv[1:], "", ""]
    main(float(seconds or SECONDS), int(seed) if seed else None)
