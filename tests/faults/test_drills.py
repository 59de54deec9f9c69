"""While calls come in, servers are killed and databases go away: nothing acknowledged is lost, nothing counts twice.

`make soak` does the same for longer, with a website beside it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support import postgres
from tests.support.drill import Drill
from tests.support.postgres import Postgres
from tests.support.server import LiveServer
from tests.support.stage import until

ENGINES = {"sqlite": 1, "postgres": 3}
"""With how many processes."""


@pytest.fixture(scope="module")
def lasting_postgres() -> Iterator[Postgres]:
    """One that keeps what it acknowledged, whatever happens to it."""
    with postgres.running({}) as server:
        yield server


@pytest.fixture(params=ENGINES)
def drill(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Drill]:
    database: Postgres | None = request.getfixturevalue("lasting_postgres") if request.param == "postgres" else None
    url = database.database() if database else f"sqlite:///{tmp_path / 'shop.sqlite3'}"
    server = LiveServer(tmp_path, url, {"ANONMSG_PROCESSES": str(ENGINES[request.param])})
    try:
        yield Drill.begin(server, database)
    finally:
        server.stop()


def test_nothing_acknowledged_is_lost_and_nothing_counts_twice(drill: Drill) -> None:
    with drill.load(clients=4, size=20) as load:
        for _ in range(2):
            load.wait_for(1_000)
            drill.kill(load)
        drill.make_unavailable(load)
        load.wait_for(1_000)
        drill.kill(load)

    assert load.answers(0) > 0, "clients lost the answer, or the server"
    assert load.answers(503) > 0, "and were told that nothing was stored"
    drill.assert_exact(load.ids())


def test_one_process_killed_is_replaced_and_its_calls_are_sent_again(drill: Drill) -> None:
    assert drill.server.process
    server = psutil.Process(drill.server.process.pid)
    with drill.load(clients=4, size=20) as load:
        load.wait_for(200)
        workers = server.children()
        assert len(workers) == (3 if drill.postgres else 1)
        workers[0].kill()
        until(lambda: len([child for child in server.children() if child not in workers]), 1)
        load.wait_for(200)
    drill.assert_exact(load.ids())


def test_the_processes_end_with_the_one_that_started_them(drill: Drill) -> None:
    process = drill.server.process
    assert process
    with drill.load(clients=2, size=20) as load:
        load.wait_for(100)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        drill.server.start()
        load.wait_for(100)
    drill.assert_exact(load.ids())
