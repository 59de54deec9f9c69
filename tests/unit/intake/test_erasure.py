"""What is taken out again: nothing of it is left, numbers stay as they were and can still be proved right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from anonmsg.db import db, reading
from anonmsg.intake import Unavailable, erasure
from anonmsg.intake.driver import ATTEMPTS
from anonmsg.models import Profile, people
from anonmsg.settings import Settings
from tests.unit.intake.world import NOW, World

CANARY = "canary-7f3a"


def profile(world: World, user_id: str | None) -> Profile:
    with world.app.app_context(), reading():
        return next(each for each in people(world.site) if each.user_id == user_id)


def forget(world: World, user_id: str | None) -> int:
    person = profile(world, user_id)
    with world.app.app_context():
        return erasure.forget_person(db.engine, world.site.id, person)


def forget_visitor(world: World, anonymous_id: str) -> int:
    with world.app.app_context():
        return erasure.forget_visitor(db.engine, world.site.id, anonymous_id)


def prune(world: World, days: int, later: timedelta) -> int:
    with world.app.app_context():
        return erasure.prune(db.engine, world.site.id, days, NOW + later)


def hits(world: World, word: str) -> list[str]:
    """Where the word still stands: tables, and with SQLite every file of the database."""
    with world.app.app_context(), reading():
        tables = [
            table.name
            for table in db.metadata.sorted_tables
            if word in "\n".join(map(str, db.session.execute(table.select()).all()))
        ]
        db.session.commit()
        path = Path(db.engine.url.database or "")
    if not path.is_absolute():
        return tables
    return tables + [file.name for file in path.parent.glob(f"{path.name}*") if word.encode() in file.read_bytes()]


def past(world: World, who: str, user_id: str | None = None) -> list[dict[str, Any]]:
    """A visitor who viewed, clicked, and perhaps said who they are."""
    calls = [
        world.call("page", anonymousId=who, timestamp="2026-11-24T11:00:00Z"),
        {**world.happened("Viewed", who), "timestamp": "2026-11-24T11:01:00Z"},
        {**world.happened("Viewed", who), "timestamp": "2026-11-23T11:01:00Z"},
        world.happened("Clicked", who, button_id="b1"),
    ]
    if user_id:
        mail = {"email": f"{user_id}@mail.example", "name": user_id}
        calls.append(world.call("identify", anonymousId=who, userId=user_id, traits=mail))
    return calls


def test_a_forgotten_person_leaves_no_trace_and_the_numbers_stay(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    world.send(*past(world, f"{CANARY}-laptop", f"{CANARY}-id"), *past(world, "ben", "u2"))
    world.send(*past(world, f"{CANARY}-phone", f"{CANARY}-id"))
    world.send(world.call("track", event="Bought", userId=f"{CANARY}-id", anonymousId=None))
    before = world.numbers()
    assert (before.totals.views, before.totals.unique_viewers, before.totals.people_gained) == (6, 3, 3)
    assert {"event", "person", "person_word", "seen", "visitor"} <= set(hits(world, CANARY))

    assert forget(world, f"{CANARY}-id") == 11

    assert hits(world, CANARY) == []
    assert CANARY not in caplog.text
    assert world.numbers() == before
    assert world.differences() == []
    assert [person["user_id"] for person in world.people()] == ["u2"]
    assert len(world.events()) == 5


def test_a_forgotten_visitor_leaves_no_trace(world: World) -> None:
    world.send(*past(world, CANARY), *past(world, "ben"))
    before = world.numbers()

    assert forget_visitor(world, CANARY) == 4

    assert hits(world, CANARY) == []
    assert world.numbers() == before
    assert world.differences() == []
    assert len(world.events()) == 4


def test_somebody_known_by_e_mail_alone_and_merged_later_is_forgotten_whole(world: World) -> None:
    mail = {"email": f"{CANARY}@mail.example"}
    world.send(world.call("identify", anonymousId=f"{CANARY}-1", userId=None, traits=mail))
    world.send(world.call("identify", anonymousId=f"{CANARY}-2", userId="u1", traits=mail))

    assert forget(world, "u1") == 2

    assert hits(world, CANARY) == []
    assert world.people() == []


def test_what_somebody_else_did_on_the_same_computer_stays(world: World) -> None:
    world.send(*past(world, "shared", "u1"))
    world.send(world.call("identify", anonymousId="shared", userId="u2", timestamp="2026-11-25T12:00:00Z"))

    forget(world, "u1")

    assert [event.user_id for event in world.events()] == ["u2"]
    assert [person["user_id"] for person in world.people()] == ["u2"]
    assert world.differences() == []


def test_whoever_comes_back_is_new(world: World) -> None:
    world.send(*past(world, "ann", "u1"))
    forget(world, "u1")

    world.send({**world.happened("Viewed", "ann"), "timestamp": "2026-11-26T11:00:00Z"})
    world.send(world.call("identify", anonymousId="ann", userId="u1", timestamp="2026-11-26T12:00:00Z"))

    totals = world.totals()
    assert (totals.views, totals.unique_viewers, totals.people_gained) == (3, 2, 2)
    assert world.differences() == []
    assert [person["user_id"] for person in world.people()] == ["u1"]


ENDING = """
CREATE SEQUENCE erased_rows;
CREATE FUNCTION end_deadlocked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('erased_rows') <= {times} THEN RAISE 'somebody else waits' USING ERRCODE = 'deadlock_detected'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER end_deadlocked BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION end_deadlocked()"""
"""A sequence is not set back with the transaction that it counts."""
NOTHING_ENDED = "DROP FUNCTION end_deadlocked CASCADE; DROP SEQUENCE erased_rows"


@contextmanager
def ended(settings: Settings, table: str, times: int) -> Iterator[psycopg.Connection]:
    """PostgreSQL ends so many transactions that erase from this table, as one of two that wait for each other."""
    with psycopg.connect(settings.database_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(ENDING.format(table=table, times=times).encode())
        try:
            yield connection
        finally:
            connection.execute(NOTHING_ENDED)


def tried(connection: psycopg.Connection) -> int:
    """How often a row was to be erased: each that was refused ended its transaction."""
    ((number,),) = connection.execute("SELECT last_value FROM erased_rows")
    return int(number)


@pytest.mark.engines("postgres")
@pytest.mark.parametrize("table", ["event", "person"])
def test_a_deadlock_is_tried_again(world: World, settings: Settings, table: str) -> None:
    world.send(*past(world, CANARY, f"{CANARY}-id"))
    before = world.numbers()
    with ended(settings, table, ATTEMPTS) as connection:
        with pytest.raises(Unavailable):
            forget(world, f"{CANARY}-id")
        assert tried(connection) == ATTEMPTS
    assert {"person", "visitor"} <= set(hits(world, CANARY))
    assert (world.numbers(), world.differences()) == (before, [])

    with ended(settings, table, ATTEMPTS - 1) as connection:
        forget(world, f"{CANARY}-id")
        assert tried(connection) >= ATTEMPTS

    assert hits(world, CANARY) == []
    assert (world.numbers(), world.differences(), world.balance().missing) == (before, [], 0)


def test_counters_are_rebuilt_with_what_was_erased(world: World) -> None:
    world.send(*past(world, "ann", "u1"), *past(world, "ben"))
    before = world.numbers()
    forget(world, "u1")

    result = world.app.test_cli_runner().invoke(args=["counters", "rebuild"])

    assert result.exit_code == 0, result.output
    assert world.numbers() == before
    assert world.differences() == []


@pytest.mark.parametrize("chunk", [1, 2, 500])
def test_pruning_takes_what_is_old_and_no_more(world: World, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(erasure, "OLDEST", erasure.OLDEST.replace(f"LIMIT {erasure.CHUNK}", f"LIMIT {chunk}"))
    world.send(*past(world, "ann", "u1"), *past(world, "ben"))
    monkeypatch.setattr("anonmsg.intake._now", lambda: int((NOW + timedelta(days=5)).timestamp() * 1_000_000))
    world.send(*past(world, "ann"), world.call("page", name="new"))
    before = world.numbers()

    assert prune(world, 6, timedelta(days=5)) == 0
    assert prune(world, 3, timedelta(days=5)) == 9
    assert prune(world, 3, timedelta(days=5)) == 0

    assert len(world.events()) == 5
    assert world.numbers() == before
    assert world.differences() == []
    assert [person["user_id"] for person in world.people()] == ["u1"], "people stay"
    world.send(*past(world, "ben"))
    assert world.totals().unique_viewers == 3, "ben was not remembered"
    assert world.differences() == []


def test_pruning_one_site_leaves_the_others(world: World, other_site_key: str) -> None:
    world.post("/v1/page", {**world.call("page", name="theirs"), "writeKey": other_site_key})
    world.send(world.call("page", name="ours"))

    assert prune(world, 1, timedelta(days=5)) == 1

    assert [event.name for event in world.events()] == ["theirs"]


def test_no_address_of_the_sender_is_kept(world: World) -> None:
    words = {"X-Forwarded-For": "203.0.113.77", "User-Agent": "Browser-7f3a"}
    call = {**world.call("page"), "writeKey": world.site.key}

    answer = world.post("/v1/page", call, headers=words, environ_base={"REMOTE_ADDR": "203.0.113.78"})

    assert answer.status_code == 200
    assert hits(world, "203.0.113") == hits(world, "Browser-7f3a") == []
    with world.app.app_context(), reading():
        assert db.session.execute(text("SELECT count(*) FROM event")).scalar() == 1
