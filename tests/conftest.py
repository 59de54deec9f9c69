"""The cast and the stage: Alice owns a site, Bob is in her team one day, Charlie is an outsider."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import hypothesis
import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade

from anonmsg import create_app
from anonmsg.db import db, utc_now
from anonmsg.message import Button, Frequency, Heading, OpenUrl, Shape, Step
from anonmsg.models import Message, Site, User
from anonmsg.settings import Settings
from tests.support import postgres
from tests.support.client import Client
from tests.support.compiled import TEMPLATES, remember_routes
from tests.support.postgres import Postgres
from tests.support.server import LiveServer
from tests.support.website import Website

hypothesis.settings.register_profile("anonmsg", deadline=None)
hypothesis.settings.load_profile("anonmsg")
remember_routes()

PASSWORD = "a long enough password"
"""Everybody's password; :data:`PASSWORD_HASH` spares each test the hashing."""
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def add_user(email: str) -> User:
    user = User(email=email, password_hash=PASSWORD_HASH)
    db.session.add(user)
    db.session.commit()
    return user


CLUB = Shape(
    name="Club",
    description="Sign-up nudge",
    frequency=Frequency(limit=2),
    steps=(
        Step(
            id="s1",
            blocks=(Heading(text="Join the club"), Button(id="b1", label="Sign up", action=OpenUrl(url="/signup"))),
        ),
    ),
)
"""A message that can be launched as it is."""


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with all tables, which each test gets a copy of."""
    path = tmp_path_factory.mktemp("migrated") / "empty.sqlite3"
    app = create_app(Settings(database_url=f"sqlite:///{path}", secret_key="for tests only", testing=True))
    with app.app_context():
        upgrade()
        db.session.close()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        db.engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: Postgres) -> str:
    """The URL of a PostgreSQL database with all tables, which each test gets emptied."""
    url = postgres_server.database()
    app = create_app(Settings.from_environment({"DATABASE_URL": url, "SECRET_KEY": "for tests only"}))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return url


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A module says ``pytestmark = pytest.mark.engines("sqlite", "postgres")``, a test in it may say otherwise."""
    marker = metafunc.definition.get_closest_marker("engines")
    if marker and "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", marker.args)


@pytest.fixture
def engine() -> str:
    """Which database the test is about."""
    return "sqlite"


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest, migrated: Path, tmp_path: Path) -> str:
    """A database with all tables and nothing in them, as an operator writes it."""
    if engine == "sqlite":
        return "sqlite:///" + str(shutil.copy(migrated, tmp_path / "anonmsg.sqlite3"))
    url: str = request.getfixturevalue("migrated_postgres")
    with psycopg.connect(url) as connection:
        connection.execute('TRUNCATE "user" RESTART IDENTITY CASCADE')
    return url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    environ = {"DATABASE_URL": database_url, "SECRET_KEY": "for tests only", "ANONMSG_INSTANCE": str(tmp_path)}
    return replace(Settings.from_environment(environ), testing=True)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application over a fresh database. No context is pushed: open one where the test touches the database."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = TEMPLATES
    app.test_client_class = Client
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def alice(app: Flask) -> User:
    with app.app_context():
        return add_user("alice@shop.example")


@pytest.fixture
def bob(app: Flask) -> User:
    with app.app_context():
        return add_user("bob@shop.example")


@pytest.fixture
def charlie(app: Flask) -> User:
    with app.app_context():
        return add_user("charlie@elsewhere.example")


@pytest.fixture
def site(app: Flask, alice: User) -> Site:
    """Alice's site."""
    with app.app_context():
        site = Site(name="Shop", owner_id=alice.id)
        db.session.add(site)
        db.session.commit()
        return site


@pytest.fixture
def message(app: Flask, site: Site) -> Message:
    """A draft of Alice's site that can be launched as it is."""
    with app.app_context():
        message = db.session.merge(site).draft(CLUB, utc_now())
        db.session.commit()
        return message


@pytest.fixture
def client(app: Flask, alice: User) -> Client:
    """Alice, signed in."""
    client = app.test_client()
    assert isinstance(client, Client)
    return client.sign_in(alice)


@pytest.fixture
def stranger(app: Flask) -> Client:
    """Somebody who is not signed in."""
    client = app.test_client()
    assert isinstance(client, Client)
    return client


@pytest.fixture(scope="session")
def server(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """One server process for all tests that need a real one; each test makes users and sites of its own on it."""
    directory = tmp_path_factory.mktemp("server")
    path = directory / "anonmsg.sqlite3"
    shutil.copy(migrated, path)
    server = LiveServer(directory, f"sqlite:///{path}").start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def server_on_postgres(postgres_server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The same with several processes over PostgreSQL."""
    directory = tmp_path_factory.mktemp("server_on_postgres")
    server = LiveServer(directory, postgres_server.database(), {"ANONMSG_PROCESSES": "3"})
    with server.app.app_context():
        upgrade()
        db.session.remove()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def website() -> Iterator[Website]:
    website = Website().start()
    yield website
    website.stop()
