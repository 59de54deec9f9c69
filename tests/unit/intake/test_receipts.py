"""The ledger closes: received = accepted + duplicate + rejected, and accepted = kept + erased."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from anonmsg.db import db
from anonmsg.intake import erasure
from anonmsg.models import Event, Receipt
from anonmsg.settings import Settings
from tests.support.faults import locked
from tests.unit.intake.test_faults import impatient
from tests.unit.intake.world import NOW, World


def totals(world: World) -> dict[str, int]:
    """What is not zero, once it is shown that the ledger closes."""
    balance = world.balance()
    assert (balance.difference, balance.missing) == (0, 0)
    assert balance.kept == len(world.events())
    return {str(outcome): total for outcome, total in balance.totals.items() if total}


def batch(world: World, *calls: object) -> dict[str, object]:
    return {"batch": calls, "writeKey": world.site.key}


def test_what_is_sent_again_is_received_again(world: World) -> None:
    calls = [world.call("page"), world.happened("Viewed"), world.call("identify", userId="u1")]
    for _ in range(3):
        world.send(*calls)
    world.send(calls[0], calls[0], world.call("page"))

    assert totals(world) == {"received": 12, "accepted": 4, "duplicate": 8}


def test_rejected_calls_are_counted_by_their_reason(world: World) -> None:
    bad = [{"type": "dance"}, {"type": "dance"}, {"type": "page"}, 7]

    answer = world.post("/v1/batch", batch(world, world.call("page"), *bad))

    assert answer.status_code == 200
    codes = sorted(item["code"] for item in answer.json["rejected"])  # type: ignore[index]
    assert totals(world) == {"received": 5, "accepted": 1, "rejected": 4}
    assert sorted(code for code, times in world.balance().rejected.items() for _ in range(times)) == codes
    assert len(set(codes)) > 1


@pytest.mark.parametrize(
    ("path", "body", "rejected"),
    [
        ("/v1/batch", lambda world: batch(world, {"type": "dance"}), 1),
        ("/v1/track", lambda world: {**world.call("track"), "writeKey": world.site.key}, 1),
        ("/v1/batch", batch, 0),
        ("/v1/batch", lambda world: {"batch": 7, "writeKey": world.site.key}, 0),
        ("/v1/track", lambda world: {**world.call("track", event="Bought"), "writeKey": "unknown"}, 0),
    ],
    ids=["none good", "one bad", "empty", "no batch", "no site"],
)
def test_requests_without_a_good_call(world: World, path: str, body: Callable[[World], object], rejected: int) -> None:
    world.post(path, body(world))
    assert totals(world) == ({"received": rejected, "rejected": rejected} if rejected else {})


@pytest.mark.engines("sqlite")
def test_while_nothing_can_be_written_nothing_is_counted_and_bad_calls_stay_bad(
    world: World, settings: Settings
) -> None:
    world.send(world.call("page"))
    before = totals(world)
    with impatient(world), locked(settings.database_url):
        assert world.post("/v1/batch", batch(world, world.call("page"), {"type": "dance"})).status_code == 503
        assert world.post("/v1/batch", batch(world, {"type": "dance"})).status_code == 200
        assert world.post("/v1/track", {**world.call("track"), "writeKey": world.site.key}).status_code == 400
    assert totals(world) == before


def test_what_is_erased_was_accepted(world: World) -> None:
    world.send(world.call("page"), world.call("page", anonymousId="ben"))
    with world.app.app_context():
        erasure.forget_visitor(db.engine, world.site.id, "ben")
    assert totals(world) == {"received": 2, "accepted": 2, "erased": 1}


def test_of_several_processes_the_sum_counts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for process in (1, 2, 17):
        monkeypatch.setattr("os.getpid", lambda process=process: process)
        world.send(world.call("page"))
    assert totals(world) == {"received": 3, "accepted": 3}


def test_the_command_tells_and_fails_when_something_is_lost(world: World) -> None:
    world.send(world.call("page"), world.call("page"))
    run = world.app.test_cli_runner().invoke
    told = run(args=["counters", "ledger"])
    assert told.exit_code == 0, told.output
    assert [line.split() for line in told.output.splitlines() if "received" in line] == [
        ["received", "2"],
        ["received,", "but", "lost", "0"],
    ]

    with world.app.app_context():
        db.session.execute(delete(Event).where(Event.seq == 1))
        db.session.commit()
    assert run(args=["counters", "ledger"]).exit_code == 1

    with world.app.app_context():
        db.session.execute(update(Receipt).where(Receipt.outcome == "accepted").values(total=1))
        db.session.commit()
    told = run(args=["counters", "ledger"])
    assert told.exit_code == 1
    assert "1 calls are not accounted for" in told.output


def test_two_processes_that_prune_at_once_erase_each_call_once(world: World) -> None:
    world.send(*(world.happened("Viewed", f"visitor{number % 7}") for number in range(900)))

    def prune(_process: int) -> int:
        with world.app.app_context():
            return erasure.prune(db.engine, world.site.id, 1, NOW + timedelta(days=2))

    with ThreadPoolExecutor(2) as processes:
        erased = list(processes.map(prune, range(2)))

    assert sum(erased) == 900
    assert totals(world) == {"received": 900, "accepted": 900, "erased": 900}
    assert world.differences() == []
