"""Everything about intake holds on both engines: each test that uses the app runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade

from anonmsg import create_app
from anonmsg.db import db
from anonmsg.models import Message, Site, User
from anonmsg.settings import Settings
from tests.support import postgres
from tests.support.postgres import Postgres
from tests.unit.intake.world import LAUNCHED, NOW, World


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    bin = postgres.binaries()
    if bin is None:
        pytest.skip("PostgreSQL is not installed here")
    with postgres.running(bin) as server:
        yield server


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: Postgres) -> str:
    """The URL of a PostgreSQL database with all tables."""
    url = postgres_server.url(postgres_server.database()).replace("postgresql://", "postgresql+psycopg://")
    app = create_app(Settings(database_url=url, secret_key="for tests only", testing=True))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, migrated: Path, tmp_path: Path) -> str:
    """A database with all tables and nothing in them."""
    if request.param == "sqlite":
        return "sqlite:///" + str(shutil.copy(migrated, tmp_path / "anonmsg.sqlite3"))
    url: str = request.getfixturevalue("migrated_postgres")
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute('TRUNCATE "user" RESTART IDENTITY CASCADE')
    return url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, secret_key="for tests only", instance=tmp_path, testing=True)


@pytest.fixture
def launched(app: Flask, message: Message) -> Message:
    """Alice's message, launched at :data:`LAUNCHED`."""
    with app.app_context():
        launched = db.session.get_one(Message, message.id)
        launched.launch(LAUNCHED, None)
        db.session.commit()
        return launched


@pytest.fixture
def world(app: Flask, site: Site, launched: Message, monkeypatch: pytest.MonkeyPatch) -> World:
    """Alice's site with a launched message at the moment :data:`NOW`."""
    monkeypatch.setattr("anonmsg.intake._now", lambda: int(NOW.timestamp() * 1_000_000))
    return World(app, site, launched)


@pytest.fixture
def other_site_key(app: Flask, charlie: User) -> str:
    """The key of Charlie's site."""
    with app.app_context():
        site = Site.create("Elsewhere", db.session.merge(charlie))
        db.session.commit()
        return site.key
