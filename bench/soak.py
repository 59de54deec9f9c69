"""`make soak`: the drills of tests/faults for long, with a website beside the load; SQLite, then PostgreSQL.

At least 200,000 calls, from HTTP clients and from 20 tabs of a real browser, while the server is killed 20 times and
the database is away 5 times; with PostgreSQL three processes serve. Every call made must then be stored once, counters
rebuilt from the events must be the counters kept, and the ledger must close. Then, with nobody killed, as many again
must not make the processes grow. In the end the tables are migrated down and up again.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.chromium import launch_options
from tests.support import postgres
from tests.support.drill import Drill
from tests.support.load import Load
from tests.support.server import LiveServer
from tests.support.stage import until
from tests.support.website import Website, install_tag

CALLS = 200_000
KILLS = 20
OUTAGES = 5
TABS = 20
CLIENTS = 6
BATCH = 40
PROCESSES = {"sqlite": 1, "postgres": 3}
WARM_UP = 40_000
"""Calls until each process has all that it keeps."""
STEADY = 160_000
"""Calls after that."""
GROWTH_MB = 32
"""That a process may grow by meanwhile: caches that are bounded, and what allocators and databases keep at hand."""

BACK_SECONDS = 5
"""From the end of an outage to the next acknowledgement, at most (THREATS §5)."""

TICKING = """
(tab) => {
    window.made = 0;
    window.ticking = setInterval(() => analytics.track('Tick', {tab, number: window.made++}), 4000);
}"""
QUEUED = "() => Object.keys(localStorage).filter((key) => key.startsWith('anonmsg:call:')).length"


@dataclass
class Visitors:
    """A browser with tabs of one website, which together make fewer calls than the browser keeps while the server is
    away: the oldest of more than 500 are given up."""

    tabs: list[Page]

    @classmethod
    def come(cls, context: BrowserContext, url: str) -> Visitors:
        visitors = cls([context.new_page() for _ in range(TABS)])
        for number, tab in enumerate(visitors.tabs):
            tab.goto(url)
            tab.evaluate(TICKING, number)
        return visitors

    def stop(self) -> set[tuple[int, int]]:
        """What they said, once nothing waits in the browser any more."""
        made = [tab.evaluate("() => (clearInterval(ticking), made)") for tab in self.tabs]
        until(self._waiting, 0)
        return {(tab, number) for tab, count in enumerate(made) for number in range(count)}

    def _waiting(self) -> int:
        self.tabs[0].wait_for_timeout(500)
        waiting: int = self.tabs[0].evaluate(QUEUED)
        return waiting


@contextmanager
def visitors(drill: Drill) -> Iterator[Visitors]:
    website = Website(tag=install_tag(drill.server.url, drill.site_key)).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        try:
            yield Visitors.come(browser.new_context(), website.url)
        finally:
            browser.close()
            website.stop()


@contextmanager
def stage(engine: str) -> Iterator[Drill]:
    with (
        tempfile.TemporaryDirectory(prefix="anonmsg-soak-") as name,
        postgres.running({}) if engine == "postgres" else nullcontext() as database,
    ):
        url = database.database() if database else f"sqlite:///{name}/shop.sqlite3"
        # The load comes from few visitors, and all that it sends is to count.
        lifted = {"ANONMSG_VISITOR_EVENTS": "0", "ANONMSG_SITE_EVENTS": "0"}
        server = LiveServer(Path(name), url, {"ANONMSG_PROCESSES": str(PROCESSES[engine]), **lifted})
        try:
            yield Drill.begin(server, database)
        finally:
            server.stop()


def soak(engine: str, calls: int, kills: int, outages: int, warm_up: int = WARM_UP, calls_after: int = STEADY) -> str:
    """What was done, once it is proved exact. Raises AssertionError where it is not."""
    started = time.monotonic()
    with stage(engine) as drill, visitors(drill) as crowd:
        with drill.load(CLIENTS, BATCH) as load:
            slowest = disturb(drill, load, calls, kills, outages)
            grown = steady(drill, load, warm_up, calls_after)
        said = crowd.stop()
        drill.assert_exact({*load.ids(), *browser_ids(drill, said)})
        stored = drill.stored()
        drill.server.stop()
        drill.assert_migrations_keep_it()
    return (
        f"{engine}: {stored:,} calls stored, each once, {len(said):,} of them from {TABS} tabs; {kills} kills, "
        f"{outages} outages; clients got {load.answers(0):,} times no answer and {load.answers(503):,} times 503; "
        f"back at most {slowest:.1f} s after an outage; {grown:+.0f} MB a process over the last {calls_after:,} calls; "
        f"{time.monotonic() - started:.0f} s in all"
    )


def disturb(drill: Drill, load: Load, calls: int, kills: int, outages: int) -> float:
    """Kill and cut off at even distances until that many calls are in; the longest time in seconds from the end of an
    outage to the next acknowledgement. Raises AssertionError where that is more than :data:`BACK_SECONDS`."""
    slowest, troubles = 0.0, kills + outages
    for trouble in range(1, troubles + 1):
        await_calls(load, calls * trouble // (troubles + 1))
        if trouble * outages // troubles > (trouble - 1) * outages // troubles:
            slowest = max(slowest, outage(drill, load))
        else:
            drill.kill(load)
        print(f"  {trouble} of {troubles} troubles, {load.acknowledged:,} calls", file=sys.stderr, flush=True)
    await_calls(load, calls)
    return slowest


def steady(drill: Drill, load: Load, warm_up: int, calls: int) -> float:
    """By how many MB a process has grown at most after so many calls. Raises AssertionError where that is too much."""
    begun = load.acknowledged
    await_calls(load, begun + warm_up)
    processes, before, most = drill.server.workers(), drill.server.megabytes(), 0.0
    for tenth in range(1, 11):
        await_calls(load, begun + warm_up + calls * tenth // 10)
        most = max(most, drill.server.megabytes())
    assert drill.server.workers() == processes, "the same processes served all the time"
    grown = (most - before) / len(processes)
    assert grown <= GROWTH_MB, f"each process grew by {grown:.0f} MB over {calls:,} calls"
    return grown


def outage(drill: Drill, load: Load) -> float:
    before = drill.manifest()
    with drill.outage():
        load.wait_for_answer(503)
        assert drill.manifest() == before
    over = time.monotonic()
    load.wait_for(1)
    took = time.monotonic() - over
    assert took <= BACK_SECONDS, f"back only {took:.1f} s after an outage"
    return took


def await_calls(load: Load, goal: int) -> None:
    while load.acknowledged < goal:
        load.wait_for(min(1_000, goal - load.acknowledged))


def browser_ids(drill: Drill, said: set[tuple[int, int]]) -> list[str]:
    """The messageIds under which what the tabs said is stored, and the page call of each tab."""
    stored = drill.of_browsers()
    ticks = [call for call in stored if call.get("event") == "Tick"]
    found = sorted((call["properties"]["tab"], call["properties"]["number"]) for call in ticks)
    assert len(found) == len(set(found)), f"{len(found) - len(set(found))} calls of tabs are stored twice"
    assert set(found) == said, f"{len(said - set(found))} calls of tabs are lost, {len(set(found) - said)} from nowhere"
    return [call["messageId"] for call in stored]


def main(arguments: list[str]) -> int:
    """``python -m bench.soak [ENGINE…]``."""
    for engine in arguments or list(PROCESSES):
        print(soak(engine, CALLS, KILLS, OUTAGES), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
