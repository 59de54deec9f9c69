"""When the database cannot store: 503, never 2xx, nothing half-stored, and it recovers by itself."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy import event

from anonmsg.db import db, reading_only
from anonmsg.intake import counting
from anonmsg.intake.driver import ATTEMPTS
from anonmsg.models import Site
from anonmsg.settings import Settings
from tests.support.faults import locked
from tests.unit.intake.world import World

only_sqlite = pytest.mark.engines("sqlite")
only_postgres = pytest.mark.engines("postgres")


def path(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


@contextmanager
def impatient(world: World) -> Iterator[None]:
    """SQLite gives up at once, so that the test does not wait as long as a visitor would."""
    with world.app.app_context():

        def hurry(connection: sqlite3.Connection, *_rest: object) -> None:
            connection.execute("PRAGMA busy_timeout=1")

        event.listen(db.engine, "checkout", hurry)
        yield
        event.remove(db.engine, "checkout", hurry)


@contextmanager
def full(world: World) -> Iterator[None]:
    """The disk is full: SQLite's own limit raises the real error."""
    with world.app.app_context():

        def limit(connection: sqlite3.Connection, *_rest: object) -> None:
            connection.execute("PRAGMA max_page_count=1")

        def unlimit(connection: sqlite3.Connection, *_rest: object) -> None:
            connection.execute("PRAGMA max_page_count=1073741823")

        event.listen(db.engine, "checkout", limit)
        yield
        event.remove(db.engine, "checkout", limit)
        event.listen(db.engine, "checkout", unlimit)


def assert_put_off(world: World) -> None:
    """A call that needs room is answered 503, and nothing of it is there."""
    before = len(world.events())
    big = world.call("track", event="Bought", properties={"text": "x" * 30_000})
    calls = [world.happened("Viewed"), *({**big, "messageId": f"big{number}"} for number in range(15))]

    answer = world.post("/v1/batch", {"batch": calls, "writeKey": world.site.key})

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json is not None
    assert answer.json["code"] == "unavailable"
    assert len(world.events()) == before
    script = world.app.test_client(use_cookies=False).get(f"/v1/sites/{world.site.key}/site.js")
    assert script.status_code == 200, "messages show all the same"
    assert world.message.id in script.text


def assert_recovered(world: World) -> None:
    before = world.totals().views
    world.send(world.happened("Viewed"))
    assert world.totals().views == before + 1
    assert world.differences() == []


@only_sqlite
def test_a_locked_database_puts_calls_off(world: World, settings: Settings) -> None:
    world.send(world.call("page"))
    with impatient(world), locked(settings.database_url):
        assert_put_off(world)
    assert_recovered(world)


@only_sqlite
@pytest.mark.parametrize(("path", "readable"), [("/v1/t", None), ("/v1/track", "*"), ("/v1/b", "*"), ("/v1/m", "*")])
def test_pages_that_take_any_answer_for_delivery_get_none(
    world: World, settings: Settings, path: str, readable: str | None
) -> None:
    call = {**world.call("track", event="Bought"), "writeKey": world.site.key}
    body = {"batch": [call], "writeKey": world.site.key} if path == "/v1/b" else call
    with impatient(world), locked(settings.database_url):
        put_off = world.post(path, body)
    assert put_off.status_code == (200 if path == "/v1/m" else 503)
    assert put_off.headers.get("Access-Control-Allow-Origin") == readable

    assert world.post(path, body).headers["Access-Control-Allow-Origin"] == "*"
    assert world.post(path, b"{").headers["Access-Control-Allow-Origin"] == "*", "what is wrong is for pages to read"


@only_sqlite
def test_a_full_disk_puts_calls_off(world: World) -> None:
    world.send(world.call("page"))
    with full(world):
        assert_put_off(world)
    assert_recovered(world)


@only_sqlite
def test_a_waiting_writer_gives_up_within_two_seconds(world: World) -> None:
    with world.app.app_context(), db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 1500
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2, "FULL"
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


@only_sqlite
def test_the_write_lock_is_taken_at_once_whatever_the_thread_served_before(world: World) -> None:
    world.app.test_client().get("/sign-in")
    assert not reading_only.get(), "the page leaves no mark on its thread"
    reading_only.set(True)
    begun: list[str] = []
    with world.app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: begun.append(statement))

    world.send(world.happened("Viewed"))

    reading_only.set(False)
    assert begun[0] == "BEGIN IMMEDIATE"


@only_sqlite
@pytest.mark.parametrize("replaced", [False, True])
def test_a_database_whose_file_is_gone_is_not_healthy(
    world: World, settings: Settings, tmp_path: Path, *, replaced: bool
) -> None:
    asked = world.app.test_client()
    assert asked.get("/healthz").status_code == 200
    file = Path(path(settings))
    copy = Path(shutil.copy(file, tmp_path / "copy.sqlite3"))
    file.unlink()
    if replaced:
        copy.rename(file)
    answer = asked.get("/healthz")
    assert answer.status_code == 503
    assert answer.json
    assert "removed or replaced" in answer.json["reason"]


@only_sqlite
def test_a_database_without_its_tables_is_not_healthy(world: World, settings: Settings) -> None:
    assert world.app.test_client().get("/healthz").status_code == 200
    with sqlite3.connect(path(settings)) as connection:
        connection.execute("ALTER TABLE site RENAME TO elsewhere")
    connection.close()

    assert world.app.test_client().get("/healthz").status_code == 503
    answer = world.post("/v1/page", {**world.call("page"), "writeKey": world.site.key})
    assert answer.status_code == 503


CUT = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@only_postgres
def test_after_connections_were_cut_calls_are_taken_again(world: World, settings: Settings) -> None:
    world.send(world.call("page"))
    with psycopg.connect(settings.database_url.replace("+psycopg", ""), autocommit=True) as connection:
        assert connection.execute(CUT).fetchall(), "the pool held a connection"

    answers = [world.post("/v1/page", {**world.call("page"), "writeKey": world.site.key}).status_code for _ in range(3)]

    assert answers[-1] == 200
    assert set(answers) <= {200, 503}
    assert len(world.events()) == 1 + answers.count(200)


@only_postgres
def test_a_locked_table_puts_calls_off(world: World, settings: Settings) -> None:
    world.send(world.call("page"))
    with psycopg.connect(settings.database_url.replace("+psycopg", "")) as connection:
        connection.execute("LOCK TABLE event IN ACCESS EXCLUSIVE MODE")
        answer = world.post("/v1/page", {**world.call("page"), "writeKey": world.site.key})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        connection.rollback()
    assert_recovered(world)


@only_postgres
def test_a_deadlock_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = iter(range(ATTEMPTS))

    def deadlocked(*args: object) -> None:
        if next(tries) < ATTEMPTS - 1:
            raise DeadlockDetected
        counting.count(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("anonmsg.intake.ledger.count", deadlocked)
    world.send(world.happened("Viewed"))

    assert next(tries, None) is None, "it was tried that often"
    assert (len(world.events()), world.totals().views) == (1, 1)


def test_the_key_of_a_site_that_is_gone_is_unknown(world: World, other_site_key: str) -> None:
    body = {**world.call("page"), "writeKey": other_site_key}
    assert world.post("/v1/page", body).status_code == 200
    with world.app.app_context():
        site = Site.by_key(other_site_key)
        db.session.delete(site)
        db.session.commit()

    assert world.post("/v1/page", {**body, "messageId": "later"}).status_code == 401
    assert world.events() == []
    assert_recovered(world)
