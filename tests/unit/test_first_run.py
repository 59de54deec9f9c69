"""The first run: somebody to sign in as, a site, and a message that a newcomer sees at once."""

from __future__ import annotations

import stat

import pytest
from flask import Flask
from sqlalchemy import func, select

from anonmsg.db import db, utc_now
from anonmsg.message import State
from anonmsg.models import Message, Site, User
from anonmsg.serve import DEMO_EMAIL, create_demo, welcome
from anonmsg.settings import Settings
from tests.support.client import Client

pytestmark = pytest.mark.engines("sqlite", "postgres")


@pytest.fixture
def password(app: Flask, settings: Settings) -> str:
    with app.app_context():
        create_demo(settings)
    return (settings.instance / "demo_password").read_text()


def test_the_demo_user_can_sign_in_and_finds_the_message(app: Flask, password: str, stranger: Client) -> None:
    answer = stranger.post("/sign-in", {"email": DEMO_EMAIL, "password": password})
    assert answer.status_code == 303
    page = stranger.get(stranger.get("/").location).text
    assert "Welcome" in page
    assert "Live" in page


def test_the_message_is_live_and_without_any_fault(app: Flask, password: str) -> None:
    with app.app_context():
        message = db.session.scalars(select(Message)).one()
        assert message.state == State.LAUNCHED
        assert message.problems(utc_now()) == []


def test_it_is_for_the_first_page_of_the_shop_and_leads_to_one_that_is_there(
    app: Flask, password: str, stranger: Client
) -> None:
    with app.app_context():
        shape = db.session.scalars(select(Message)).one().shape
        key = db.session.scalars(select(Site.key)).one()
    assert [rule.value for rule in shape.page_rules] == ["/demo/"]
    for path in ("/demo/", "/demo/signup"):
        page = stranger.get(path)
        assert page.status_code == 200
        assert key in page.text
    assert "/demo/signup" in shape.encode()


def test_a_second_run_changes_nothing(app: Flask, settings: Settings, password: str) -> None:
    with app.app_context():
        create_demo(settings)
        for table in (User, Site, Message):
            assert db.session.scalar(select(func.count()).select_from(table)) == 1
    assert (settings.instance / "demo_password").read_text() == password


def test_where_somebody_already_works_no_demo_is_made(app: Flask, settings: Settings, alice: User) -> None:
    with app.app_context():
        create_demo(settings)
        assert db.session.scalar(select(func.count()).select_from(Site)) == 0
        assert User.by_email(DEMO_EMAIL) is None
    assert not (settings.instance / "demo_password").exists()


def test_the_password_is_readable_by_the_operator_alone(settings: Settings, password: str) -> None:
    assert stat.S_IMODE((settings.instance / "demo_password").stat().st_mode) == 0o600


def test_it_is_told_for_as_long_as_it_works(app: Flask, settings: Settings, password: str) -> None:
    with app.app_context():
        assert f"{DEMO_EMAIL} with the password {password}" in welcome(settings)
        (settings.instance / "demo_password").write_text("changed since")
        assert "changed since" not in welcome(settings)
        assert "user create" in welcome(settings)
