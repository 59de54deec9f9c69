"""Pruning by itself: once an hour, beside the requests, as each site's settings say."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from anonmsg.db import db, reading
from anonmsg.intake import erasure, housekeeping, sightings
from anonmsg.intake.housekeeping import EVERY_SECONDS, Housekeeping
from anonmsg.intake.sightings import KEPT_MS, Sighted
from anonmsg.models import Sighting, Site
from tests.unit.intake.world import NOW, World


def wait() -> None:
    for thread in threading.enumerate():
        if thread.name == "housekeeping":
            thread.join()


def seen(world: World, host: str, at: datetime) -> None:
    with world.app.app_context():
        sightings.write(db.engine, [Sighted(world.site.id, host, int(at.timestamp() * 1000))])


def hosts(world: World) -> list[str]:
    with world.app.app_context(), reading():
        return sorted(row.host for row in Sighting.of_site(world.site))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that :mod:`time` tells to housekeeping, to be moved on."""
    now = [1000.0]

    class Time:
        monotonic = staticmethod(lambda: now[0])

    monkeypatch.setattr(housekeeping, "time", Time)
    return now


def test_it_prunes_when_it_is_time_and_not_before(
    world: World, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "utc_now", lambda: NOW + timedelta(days=2))
    with world.app.app_context():
        db.session.get_one(Site, world.site.id).retention_days = 1
        db.session.commit()
        keeper = Housekeeping(db.engine)
    world.send(world.call("page"))
    seen(world, "old.example", NOW + timedelta(days=2, milliseconds=-KEPT_MS - 1))
    seen(world, "new.example", NOW)
    keeper.look()
    wait()
    assert len(world.events()) == 1
    assert hosts(world) == ["new.example", "old.example"]

    clock[0] += EVERY_SECONDS
    keeper.look()
    wait()

    assert world.events() == []
    assert hosts(world) == ["new.example"]


def test_sites_without_a_limit_keep_everything(world: World, other_site_key: str) -> None:
    with world.app.app_context():
        db.session.get_one(Site, world.site.id).retention_days = 2
        db.session.commit()
    world.send(world.call("page", name="ours"))
    world.post("/v1/page", {**world.call("page", name="theirs"), "writeKey": other_site_key})

    with world.app.app_context():
        erasure.prune_all(db.engine, datetime(2026, 12, 24, tzinfo=UTC))

    assert [event.name for event in world.events()] == ["theirs"]


def test_a_failure_is_logged_and_it_goes_on_an_hour_later(
    world: World, clock: list[float], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[float] = []

    def fail(*_: object) -> None:
        tries.append(time.time())
        raise RuntimeError("disk full")

    monkeypatch.setattr(erasure, "prune_all", fail)
    with world.app.app_context():
        keeper = Housekeeping(db.engine)
    for _ in range(2):
        clock[0] += EVERY_SECONDS
        keeper.look()
        keeper.look()
        wait()

    assert len(tries) == 2
    assert "tried again in an hour" in caplog.text


def test_without_a_thread_it_goes_on_an_hour_later_and_no_request_fails(
    world: World, clock: list[float], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def exhausted(_self: object) -> None:
        raise RuntimeError("can't start new thread")

    pruned: list[float] = []
    monkeypatch.setattr(erasure, "prune_all", lambda *_: pruned.append(clock[0]))
    with world.app.app_context():
        keeper = Housekeeping(db.engine)
    clock[0] += EVERY_SECONDS
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", exhausted)
        keeper.look()
    assert "can't start new thread" in caplog.text
    for moved in (0, EVERY_SECONDS):
        assert pruned == []
        clock[0] += moved
        keeper.look()
        wait()
    assert pruned == [clock[0]]
