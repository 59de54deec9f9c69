"""Everything about intake holds on both engines: each test that uses the app runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from anonmsg.db import db
from anonmsg.models import Message, Site, User
from anonmsg.settings import Caps, Settings
from tests.unit.intake.world import LAUNCHED, NOW, World


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Here each test runs on both, unless it says otherwise."""
    if "engine" in metafunc.fixturenames and not metafunc.definition.get_closest_marker("engines"):
        metafunc.parametrize("engine", ["sqlite", "postgres"])


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


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Tests send in a second what visitors do in an hour. What is too much has tests of its own."""
    return replace(settings, caps=Caps(address=0, visitor=0, site=0))
