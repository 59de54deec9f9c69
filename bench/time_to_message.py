"""From the start of a navigation until the message is painted, in Chromium, for somebody who was never there before.

Ours, with the manifest inside the script, against the floor of :mod:`bench.pages`; one server process serves all, the
runs alternate, each in a browser context of its own.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from anonmsg.settings import ROOT
from bench import Result
from bench.intake import stage
from tests.chromium import launch_options
from tests.support.server import LiveServer, free_port

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000}
"""150 ms to and fro, 1.6 Mbit/s."""
SLOW_CPU = 4
"""Times slower."""


def run() -> list[Result]:
    with stage() as on, served(on.server) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options("--disable-gpu"))
        key = on.site.key
        pages = [f"{address}/bench/{page}" for page in (f"ours/{key}", f"preloaded/{key}", "floor", "written")]
        results = [
            *compared(browser, "on loopback", pages, 1.3, rounds=25, slow=False),
            *compared(browser, "on a slow network", pages, 0.9, rounds=15, slow=True),
        ]
        browser.close()
    return results


def compared(
    browser: Browser, where: str, pages: list[str], target: float, *, rounds: int, slow: bool
) -> Iterator[Result]:
    times = [[time_to_message(browser, page, slow=slow) for page in pages] for _ in range(rounds + 1)]
    # The first round warms up.
    ours, preloaded, floor, written = (statistics.median(some) for some in zip(*times[1:], strict=True))
    detail = f"{ours:.0f} against {floor:.0f} ms for one script, one fetch and append"
    yield Result(f"time to message {where}", ours / floor, target, at_most=True, detail=detail)
    detail = f"against {written:.0f} ms where the floor's script is written into the page"
    yield Result(f"time to message {where}, floor without a tag", ours / written, detail=detail)
    detail = f"{preloaded:.0f} ms with the line for preloading, against the same"
    yield Result(f"time to message {where}, preloaded", preloaded / written, detail=detail)


def time_to_message(browser: Browser, address: str, *, slow: bool) -> float:
    """Milliseconds. Raises playwright's Error when no message is painted."""
    context = browser.new_context()
    page = context.new_page()
    if slow:
        slow_down(context)
    page.goto(address, wait_until="commit")
    painted = page.evaluate("painted")
    context.close()
    return float(painted)


def slow_down(context: BrowserContext) -> None:
    tools = context.new_cdp_session(context.pages[0])
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", SLOW)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})


@contextmanager
def served(server: LiveServer) -> Iterator[str]:
    """The address of :mod:`bench.pages` over the database of this server."""
    port = free_port()
    options = ["--interface", "wsgi", "--blocking-threads", "8", "--log-level", "warning", "--port", str(port)]
    environ = {**os.environ, **server.environ, "PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "granian", *options, "bench.pages:app"], cwd=ROOT, env=environ)
    try:
        LiveServer(server.directory, server.database_url, server.settings, port, process)._wait_until_healthy()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
