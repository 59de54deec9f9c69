"""One site of a thousand gets much more than the others: what their visitors notice of it.

All share one server process and one SQLite database. Requests arrive at a fixed rate and at random moments, whatever
becomes of those before (:mod:`bench.arrivals`); each time is counted from when the request was due, so that waiting in
a queue counts. Together the others get well less than the server takes. Phases without and with the noisy site take
turns. Compared is the 99th percentile of the others' answers: that of a phase, the median of all phases, since a moment
in which this machine does something else would be the whole hundredth of all of them together, which is told beside it.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, cycle, islice
from pathlib import Path
from secrets import token_hex

from flask_migrate import upgrade

from anonmsg.db import db, utc_now
from anonmsg.models import Site, User
from bench import Result, delivery, intake
from bench.arrivals import Answer, Clients
from tests.conftest import CLUB
from tests.support.server import LiveServer

SITES = 1_000
TIMES = 10
"""The load of the noisy site, where that of each other one is 1."""
MIX = ["page", "Viewed", "Clicked"]
"""What a page sends at a time."""
LOAD = 0.4
"""That all others get together, where 1 is what the server takes."""
SENT = 500
"""Requests a second of them at most: so many the client sends in time while the server has the other core."""
FLOODS = 0.9, 1.5
"""That all get together while one site gets ten times as much as all others."""
PAIRS = 12
SECONDS = 2.0
"""Of a phase."""
TRIED = 3_000
"""Requests after which it is known what the server takes."""

Target = tuple[str, str]
"""A site's key, and its launched message."""


@dataclass
class Stage:
    """A running server with its clients, and the sites on it. ``chance`` is the same in every run."""

    server: LiveServer
    clients: Clients
    noisy: Target
    others: list[Target]
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def __post_init__(self) -> None:
        self.turns = cycle(self.others)

    def moments(self, rate: float) -> list[float]:
        """When so many requests a second are due in a phase."""
        return sorted(self.chance.uniform(0, SECONDS) for _ in range(round(rate * SECONDS)))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the server, on behalf of a site."""

    name: str
    request: Callable[[Target], bytes]


def calls(target: Target) -> bytes:
    key, message_id = target
    return intake.request(key, [intake.call(what, message_id) for what in MIX])


def manifest(target: Target) -> bytes:
    return delivery.get(f"/v1/sites/{target[0]}/messages.json", "br")


CALLS, MANIFESTS = Asked("calls", calls), Asked("messages.json", manifest)


@dataclass
class Compared:
    """The others' answers by phase, without and with the noisy site."""

    quiet: list[list[Answer]] = field(default_factory=list)
    loud: list[list[Answer]] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return p99(self.loud) / p99(self.quiet)

    @property
    def detail(self) -> str:
        """What says how far the ratio is to be trusted, too; the client's delay is its 99th percentile."""
        less, more = sorted([p99(self.quiet[::2]), p99(self.quiet[1::2])])
        late = percentile([answer.begun for answer in chain(*self.quiet, *self.loud)])
        pooled = p99([list(chain(*self.loud))]) / p99([list(chain(*self.quiet))])
        return (
            f"{p99(self.loud) * 1000:.1f} against {p99(self.quiet) * 1000:.1f} ms, {sum(map(len, self.quiet)):,} each; "
            f"together {pooled:.2f}; halves without differ by {more / less:.2f}; client {late * 1000:.1f} ms late"
        )


def p99(phases: Sequence[Sequence[Answer]]) -> float:
    """In seconds: half of the phases have less."""
    return statistics.median(percentile([answer.came for answer in phase]) for phase in phases)


def percentile(values: Sequence[float]) -> float:
    """The 99th."""
    return statistics.quantiles(values, n=100)[98]


def run() -> list[Result]:
    with stage() as on:
        return asyncio.run(results(on))


async def results(on: Stage) -> list[Result]:
    most = await tried(on, CALLS)
    found = [await beside_more(on, CALLS, most), *[await beside_flood(on, most, flood) for flood in FLOODS]]
    intake.prove(on.server, on.clients.answers * len(MIX))
    found.append(await beside_more(on, MANIFESTS, await tried(on, MANIFESTS)))
    await on.clients.leave()
    return found


async def tried(on: Stage, asked: Asked) -> float:
    """How many requests a second the server takes, once it has had one of each site."""
    await on.clients.rate([asked.request(target) for target in [on.noisy, *on.others]])
    return await on.clients.rate([asked.request(target) for target in islice(on.turns, TRIED)])


async def beside_more(on: Stage, asked: Asked, most: float) -> Result:
    rate = min(LOAD * most, SENT)
    found = await compared(on, asked, rate, rate * TIMES / len(on.others), PAIRS)
    name = f"{asked.name}: p99 beside a site of {TIMES} × the load"
    detail = f"{found.detail}; {rate:,.0f} of {most:,.0f} requests/s"
    return Result(name, found.ratio, 1.2, at_most=True, detail=detail)


async def beside_flood(on: Stage, most: float, flood: float) -> Result:
    """The harder reading: one site gets ten times as much as all the others together."""
    rate = flood * most / (TIMES + 1)
    found = await compared(on, CALLS, rate, rate * TIMES, PAIRS // 2)
    return Result(f"calls: p99 beside {TIMES} × all others, {flood:.0%} full", found.ratio, detail=found.detail)


async def compared(on: Stage, asked: Asked, rate: float, noise: float, pairs: int) -> Compared:
    """``rate`` and ``noise`` are requests a second: of all others together, and of the noisy site."""
    found = Compared()
    for _ in range(pairs):
        due = [(moment, next(on.turns)) for moment in on.moments(rate)]
        more = [(moment, on.noisy) for moment in on.moments(noise)]
        found.quiet.append(await phase(on.clients, asked, due, []))
        found.loud.append(await phase(on.clients, asked, due, more))
    return found


Due = list[tuple[float, Target]]


async def phase(clients: Clients, asked: Asked, due: Due, more: Due) -> list[Answer]:
    """The answers to what is due, while more arrives."""
    ready = [[(moment, asked.request(target)) for moment, target in each] for each in (due, more)]
    answers, _others = await asyncio.gather(*map(clients.arrive, ready))
    return answers


@contextmanager
def stage() -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="anonmsg-bench-") as name:
        server = LiveServer(Path(name), f"sqlite:///{name}/shops.sqlite3")
        with server.app.app_context():
            upgrade()
            noisy, *others = sites()
            db.session.remove()
            db.engine.dispose()
        server.start()
        try:
            yield Stage(server, Clients(server.port), noisy, others)
        finally:
            server.stop()


def sites() -> list[Target]:
    owner, now = User.create("alice@shop.example", token_hex(8)), utc_now()
    made = [Site.create(f"Shop {number}", owner) for number in range(SITES)]
    db.session.flush()
    messages = [site.draft(CLUB, now) for site in made]
    for message in messages:
        message.launch(now, None)
    db.session.commit()
    return [(site.key, message.id) for site, message in zip(made, messages, strict=True)]
