"""A real Chromium, and a page that is not allowed to complain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, WebError, expect

from tests.chromium import LEAN, launch_options
from tests.support.server import LiveServer
from tests.support.stage import PATIENCE_SECONDS, Stage
from tests.support.website import Website

expect.set_options(timeout=PATIENCE_SECONDS * 1000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    options = launch_options(LEAN, "--disable-gpu", "--host-resolver-rules=MAP *.example 127.0.0.1")
    return {**browser_type_launch_args, **options}


@pytest.fixture(autouse=True)
def complaints(context: BrowserContext) -> Iterator[list[str]]:
    """Errors that any page of the test threw or logged. A test that expects some takes this list and clears it."""
    found: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            found.append(f"{message.text} ({message.location.get('url')})")

    def on_error(error: WebError) -> None:
        found.append(str(error.error))

    context.on("console", on_console)
    context.on("weberror", on_error)
    yield found
    assert found == []


@pytest.fixture
def stage(server: LiveServer, website: Website) -> Stage:
    """A site on the real server, and a website of another origin that carries its install tag."""
    return Stage.set(server, website, "alice@shop.example")
