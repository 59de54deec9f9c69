"""Migrations over many events: up, down and up again leaves the same; killed half-way, they can be run again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, event

from anonmsg.db import db
from anonmsg.settings import ROOT, Settings
from tests.unit.intake.test_migrations import contents, narrowed, reflected
from tests.unit.intake.world import World

BATCHES = 6
SIZE = 500

FATAL = """
import os, signal, sys
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, event
from app import app

left = int(sys.argv[2])

@event.listens_for(Engine, "before_cursor_execute")
def count(*_):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

with app.app_context():
    upgrade() if sys.argv[1] == "up" else downgrade(revision="0002")
"""
"""Migrates up to the head or down to the second, and dies before it has executed more than so many statements."""


@pytest.fixture
def crowded(world: World) -> Iterator[World]:
    """Many events of many visitors; some became people. In the end the tables are whole for the next test."""
    for batch in range(BATCHES):
        whos = [f"visitor{(batch * SIZE + place) % 1_700}" for place in range(SIZE - 10)]
        calls = [
            world.happened("Viewed" if place % 3 else "Clicked", who, button_id="b1") for place, who in enumerate(whos)
        ]
        people = [
            world.call("identify", anonymousId=f"visitor{batch * 10 + n}", userId=f"u{batch}.{n}") for n in range(10)
        ]
        world.send(*calls, *people)
    with world.app.app_context():
        yield world
        db.session.remove()
        upgrade()


def killed(settings: Settings, direction: str, statements: int) -> int:
    """How a process ended that migrated in this direction and was killed after so many statements."""
    environ = {"DATABASE_URL": settings.database_url, "SECRET_KEY": "for tests only"}
    command = [sys.executable, "-c", FATAL, direction, str(statements)]
    environ = {**os.environ, **environ, "ANONMSG_INSTANCE": str(settings.instance)}
    return subprocess.run(command, cwd=ROOT, env=environ, timeout=60).returncode


def migrated(direction: str) -> int:
    """Migrate; how many statements it took."""
    executed: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        executed.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        upgrade() if direction == "up" else downgrade(revision="0002")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(executed)


def without_receipts() -> dict[str, list[dict[str, Any]]]:
    """What the tables hold; receipts begin anew with what is there, so they are proved by their balance."""
    return {name: rows for name, rows in contents().items() if name != "receipt"}


def test_up_and_down_and_up_again_leaves_the_same(crowded: World) -> None:
    held = without_receipts()
    downgrade(revision="0002")
    kept, tables = contents(), reflected()
    assert len(kept["event"]) == BATCHES * SIZE
    assert kept["event"] == narrowed(held["event"], tables, "event")
    assert kept["visitor"] == narrowed(held["visitor"], tables, "visitor")
    upgrade()

    assert without_receipts() == held
    assert crowded.differences() == []
    assert (crowded.balance().difference, crowded.balance().missing) == (0, 0)


@pytest.mark.parametrize(("direction", "back"), [("up", "down"), ("down", "up")])
def test_killed_half_way_it_changed_nothing_and_can_be_run_again(
    crowded: World, settings: Settings, direction: str, back: str
) -> None:
    if direction == "up":
        migrated("down")
    statements = migrated(direction)
    after = without_receipts()
    migrated(back)
    before = without_receipts()
    assert before.keys() != after.keys()

    assert killed(settings, direction, statements // 2) == -signal.SIGKILL

    assert without_receipts() == before
    migrated(direction)
    assert without_receipts() == after
