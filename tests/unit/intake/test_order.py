"""Calls are numbered in the order in which they become visible, also by several processes."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import text

from anonmsg.db import db, reading
from anonmsg.intake import Intake, ledger
from anonmsg.intake.counting import count
from anonmsg.intake.senders import Sender
from anonmsg.settings import Caps
from tests.support.stage import until
from tests.unit.intake.world import World

WAITING = """
SELECT count(*) FROM pg_locks WHERE NOT granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


@pytest.mark.engines("postgres")
def test_who_asks_what_came_after_a_call_misses_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One process has numbered its call and not committed; another, with a call of somebody else, comes after it."""
    is_numbered, may_commit = Event(), Event()

    def slowly(*args: object) -> None:
        is_numbered.set()
        assert may_commit.wait(10)
        count(*args)  # type: ignore[arg-type]

    with world.app.app_context(), ThreadPoolExecutor(2) as processes:
        engine = db.engine

        def store(who: str) -> None:
            call = json.dumps(world.call("page", anonymousId=who)).encode()
            Intake(engine, Caps()).call("page", call, world.site.key, Sender())

        monkeypatch.setattr(ledger, "count", slowly)
        first = processes.submit(store, "ann")
        assert is_numbered.wait(10)
        monkeypatch.setattr(ledger, "count", count)
        second = processes.submit(store, "ben")
        with reading():
            until(lambda: db.session.scalar(text(WAITING)), 1)
        assert world.events() == []
        may_commit.set()
        first.result(10)
        second.result(10)

    assert [event.anonymous_id for event in world.events()] == ["ann", "ben"]
