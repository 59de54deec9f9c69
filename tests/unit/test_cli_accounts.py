"""Users and sites on the command line: what an operator starts with."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from anonmsg.db import db
from anonmsg.models import Site, User

pytestmark = pytest.mark.engines("sqlite", "postgres")

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    def run(*args: str, given: str | None = None) -> Result:
        with app.app_context():
            return app.test_cli_runner().invoke(args=list(args), input=given)

    return run


def emails(app: Flask) -> list[str]:
    with app.app_context():
        return [user.email for user in db.session.query(User)]


def names(app: Flask) -> list[str]:
    with app.app_context():
        return [site.name for site in db.session.query(Site)]


@pytest.mark.parametrize("given", [None, "s3cret words\ns3cret words\n"], ids=["by option", "asked for"])
def test_a_user_who_can_sign_in(app: Flask, run: Run, given: str | None) -> None:
    password = () if given else ("--password", "s3cret words")
    assert run("user", "create", " Anna@Shop.example", *password, given=given).exit_code == 0
    assert emails(app) == ["anna@shop.example"]
    with app.app_context():
        assert User.sign_in("anna@shop.example", "s3cret words")


NO_USERS = {
    "no e-mail": ("not an e-mail", "words", "looks like anna@shop.example"),
    "an empty one": ("", "words", "looks like anna@shop.example"),
    "an endless one": ("a" * 250 + "@b.example", "words", "at most 254 characters"),
    "an empty password": ("anna@shop.example", "", "Choose a password"),
}


@pytest.mark.parametrize(("email", "password", "words"), NO_USERS.values(), ids=NO_USERS)
def test_who_could_not_sign_in_is_not_made(app: Flask, run: Run, email: str, password: str, words: str) -> None:
    result = run("user", "create", email, "--password", password)
    assert result.exit_code != 0
    assert words in result.stderr
    assert emails(app) == []


def test_a_user_is_made_once(app: Flask, run: Run, alice: User) -> None:
    result = run("user", "create", alice.email.upper(), "--password", "words")
    assert result.exit_code == 1
    assert "There is already a user" in result.stderr
    assert emails(app) == [alice.email]


def test_a_site_prints_its_key_alone_on_the_last_line(app: Flask, run: Run, alice: User) -> None:
    result = run("site", "create", " Shop ", "--owner", alice.email)
    assert result.exit_code == 0
    assert names(app) == ["Shop"]
    with app.app_context():
        assert db.session.query(Site).one().key == result.stdout.splitlines()[-1]


NO_SITES = {
    "no name": (" ", "alice", "Give the site a name"),
    "an endless name": ("x" * 121, "alice", "at most 120 characters"),
    "nobody's": ("Shop", "nobody", "user create"),
}


@pytest.mark.parametrize(("name", "owner", "words"), NO_SITES.values(), ids=NO_SITES)
def test_what_is_no_site_is_not_made(app: Flask, run: Run, alice: User, name: str, owner: str, words: str) -> None:
    result = run("site", "create", name, "--owner", alice.email if owner == "alice" else "nobody@shop.example")
    assert result.exit_code != 0
    assert words in result.stderr
    assert names(app) == []
