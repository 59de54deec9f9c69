"""Real server processes: several count as one, and commands work beside them. What is killed: tests/faults."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from anonmsg.settings import Settings
from tests.support.server import LiveServer
from tests.unit.intake.world import World

SENDERS = ["ann", "ben", "cem", "dan"]
BATCHES = 25
"""Sent by each sender, five calls in each."""


@dataclass
class Sender:
    """Sends each batch until it is acknowledged, as the snippet does, to one port after the other."""

    ports: list[int]
    bodies: list[bytes]
    acknowledged: int = 0
    refused: list[int] = field(default_factory=list)

    def run(self) -> None:
        for body in self.bodies:
            statuses = itertools.takewhile(lambda status: status != 200, self.tries(body))
            self.refused.extend(statuses)
            self.acknowledged += 1

    def tries(self, body: bytes) -> Iterator[int]:
        for port in itertools.islice(itertools.cycle(self.ports), 100_000):
            connection = HTTPConnection("127.0.0.1", port, timeout=20)
            try:
                connection.request("POST", "/v1/batch", body)
                yield connection.getresponse().status
            except (OSError, HTTPException):
                yield 0
            finally:
                connection.close()
        raise AssertionError("no server came back")


def bodies(world: World, sender: str) -> list[bytes]:
    """Batches with ids of their own, so that sending one again changes nothing; all meet in the same counters."""
    found = []
    for number in range(BATCHES):
        visitor = f"visitor{number % 7}"
        calls = [world.happened(what, visitor, button_id="b1") for what in ("Viewed", "Viewed", "Clicked")]
        calls += [
            world.call("identify", userId=f"u{number % 5}", anonymousId=f"{sender}{number % 3}"),
            world.call("page"),
        ]
        ids = [{**call, "messageId": f"{sender}-{number}-{place}"} for place, call in enumerate(calls)]
        found.append(json.dumps({"batch": ids, "writeKey": world.site.key}).encode())
    return found


@contextmanager
def sending(senders: list[Sender]) -> Iterator[list[Future[None]]]:
    with ThreadPoolExecutor(len(senders)) as threads:
        futures = [threads.submit(sender.run) for sender in senders]
        yield futures
        for future in futures:
            future.result()


def assert_each_call_is_there_once(world: World) -> None:
    batches = len(SENDERS) * BATCHES
    totals = world.totals()
    assert len(world.events()) == batches * 5
    assert (totals.views, totals.unique_viewers) == (batches * 2, 7)
    assert (totals.clicks, totals.unique_clickers) == (batches, 7)
    assert sorted(person["user_id"] for person in world.people()) == [f"u{number}" for number in range(5)]
    assert world.differences() == []


def test_two_processes_that_get_the_same_calls_count_as_one(world: World, settings: Settings, tmp_path: Path) -> None:
    servers = [LiveServer(tmp_path, settings.database_url).start() for _ in range(2)]
    try:
        ports = [server.port for server in servers]
        senders = [Sender(order, bodies(world, name)) for name in SENDERS for order in (ports, ports[::-1])]
        with sending(senders):
            pass
    finally:
        for server in servers:
            server.stop()

    assert {status for sender in senders for status in sender.refused} <= {503}
    assert_each_call_is_there_once(world)


def test_commands_work_beside_a_running_server(world: World, settings: Settings, tmp_path: Path) -> None:
    server = LiveServer(tmp_path, settings.database_url).start()
    try:
        sender = Sender([server.port], bodies(world, "ann"))
        with sending([sender]):
            for words in (["counters", "check"], ["counters", "rebuild"]):
                done = server.command(*words)
                assert (done.returncode, done.stderr) == (0, ""), words
        shown = server.command("metrics", "show", "--site", world.site.key, "--json")
    finally:
        server.stop()

    assert json.loads(shown.stdout)[world.message.id]["views"] == BATCHES * 2
    assert world.differences() == []
