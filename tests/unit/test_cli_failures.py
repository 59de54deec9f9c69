"""Commands that cannot do what they should: a sentence and an exit code, never a trace."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from flask import Flask

from anonmsg.models import Message, Site
from anonmsg.settings import Settings
from tests.support.faults import locked

WRITING = [
    ("user", "create", "ann@mail.example", "--password", "a long enough password"),
    ("site", "create", "Shop", "--owner", "alice@shop.example"),
    ("messages", "pause", "{id}"),
    ("visitors", "forget", "--site", "{key}", "ann"),
]
READING = [
    ("messages", "export", "--site", "{key}"),
    ("metrics", "show", "--site", "{key}"),
    ("activity", "export", "--site", "{key}"),
    ("people", "show", "--site", "{key}", "--json"),
]


def assert_fails(app: Flask, words: tuple[str, ...], site: Site, message: Message, said: str) -> None:
    with app.app_context():
        filled = [word.format(key=site.key, id=message.id) for word in words]
        result = app.test_cli_runner().invoke(args=filled)
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("words", WRITING, ids=" ".join)
def test_a_locked_database(
    app: Flask, settings: Settings, site: Site, message: Message, words: tuple[str, ...]
) -> None:
    with locked(settings.database_url):
        assert_fails(app, words, site, message, "The database is busy")


@pytest.mark.parametrize("words", WRITING + READING, ids=" ".join)
def test_a_database_without_its_tables(
    app: Flask, settings: Settings, site: Site, message: Message, words: tuple[str, ...]
) -> None:
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    with sqlite3.connect(file) as connection:
        for table in ("user", "site", "message"):
            connection.execute(f"ALTER TABLE {table} RENAME TO former_{table}")
    connection.close()
    assert_fails(app, words, site, message, "Run: .venv/bin/flask --app app db upgrade")


def test_a_visitor_nobody_knows(app: Flask, site: Site, message: Message) -> None:
    assert_fails(app, ("visitors", "export", "--site", "{key}", "nobody"), site, message, "There is no visitor nobody")


def test_more_days_than_a_calendar_has(app: Flask, site: Site) -> None:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["activity", "prune", "--days", "800000"])
    assert result.exit_code == 2
    assert "1<=x<=3650" in result.stderr
