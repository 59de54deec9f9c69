"""Intake through HTTP on PostgreSQL against the bare engine.

Ours: as in :mod:`bench.intake`, with two server processes. The floor: the same calls put into the same table by psycopg
alone, one ``INSERT … SELECT unnest`` and one commit for each batch, on eight connections to the same server, with the
same durability.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from flask_migrate import upgrade

from anonmsg.db import db
from anonmsg.models import Site
from bench import Result, intake
from bench.intake import BATCHES, CLIENTS, MIX, ROUNDS, Batch
from tests.support import postgres
from tests.support.server import LiveServer

PROCESSES = 2
CONNECTIONS = 8
"""The floor's."""

INSERT = """
INSERT INTO event (key, site_id, type, name, anonymous_id, at, received_at, body)
SELECT * FROM unnest(
    %s::bytea[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::text[]
)
ON CONFLICT DO NOTHING"""


@dataclass
class Stage:
    """A running server over a new database, a site and a launched message in it, and another database for the floor."""

    server: LiveServer
    site: Site
    message_id: str
    floor_url: str
    floor_site_id: str

    def batches(self) -> list[Batch]:
        return [[intake.call(what, self.message_id) for what in MIX] for _ in range(BATCHES)]


def run() -> list[Result]:
    with stage() as on:
        pairs = [
            (bare(on, batches), intake.through_http(on.server, on.site.key, batches))
            for batches in (on.batches() for _ in range(ROUNDS))
        ]
        intake.prove(on.server, ROUNDS * BATCHES * len(MIX))
    floor, ours = (statistics.median(rates) for rates in zip(*pairs, strict=True))
    detail = f"{ours:,.0f} against {floor:,.0f} events/s, PostgreSQL, {CLIENTS} clients, {PROCESSES} processes"
    return [Result("intake of batches with counters, on PostgreSQL", ours / floor, 0.3, detail=detail)]


@contextmanager
def stage() -> Iterator[Stage]:
    with postgres.running({}) as database, tempfile.TemporaryDirectory(prefix="anonmsg-bench-") as name:
        floor = LiveServer(Path(name), database.database())
        floor_site, _message_id = prepare(floor)
        server = LiveServer(Path(name), database.database(), {"ANONMSG_PROCESSES": str(PROCESSES)})
        site, message_id = prepare(server)
        server.start()
        try:
            yield Stage(server, site, message_id, floor.database_url, floor_site.id)
        finally:
            server.stop()


def prepare(server: LiveServer) -> tuple[Site, str]:
    with server.app.app_context():
        upgrade()
        prepared = intake.launched()
        db.session.remove()
        db.engine.dispose()
    return prepared


def bare(on: Stage, batches: list[Batch]) -> float:
    """Events a second that psycopg stores."""
    rows = [[intake.row(on.floor_site_id, call) for call in batch] for batch in batches]
    columns = [[list(column) for column in zip(*batch, strict=True)] for batch in rows]
    shares = [columns[number::CONNECTIONS] for number in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as connections:
        start = time.perf_counter()
        list(connections.map(lambda share: insert(on.floor_url, share), shares))
        return len(columns) * len(MIX) / (time.perf_counter() - start)


def insert(url: str, batches: list[list[list[Any]]]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for batch in batches:
            connection.execute(INSERT, batch)
