"""Error pages: in the product's look, in words for people, even when little else works."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask, abort
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from anonmsg import create_app
from anonmsg.intake.driver import Unavailable
from anonmsg.message import State
from anonmsg.models import NotAllowed, Site
from anonmsg.settings import Settings
from tests.support.client import Client


def fail_with(app: Flask, error: Exception | int) -> None:
    def fail() -> str:
        if isinstance(error, int):
            abort(error)
        raise error

    app.add_url_rule("/fail", view_func=fail)


@pytest.mark.parametrize(
    ("code", "words"),
    [(400, "did not arrive as it should"), (403, "not allowed"), (404, "nothing here"), (405, "does not work here"),
     (409, "does not fit"), (413, "too large"), (418, "teapot"), (422, "missing"), (429, "Too many tries"),
     (500, "broke on our side"), (503, "busy")],
)  # fmt: skip
def test_an_error_is_a_page_of_ours(app: Flask, stranger: Client, code: int, words: str) -> None:
    fail_with(app, code)
    answer = stranger.get("/fail")
    assert answer.status_code == code
    assert words in answer.text
    assert f'<p class="error-code">{code}</p>' in answer.text
    assert 'href="/"' in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [(NotAllowed("resume", State.STOPPED), 409, "Stopped messages cannot be resumed"),
     (StaleDataError(), 409, "Somebody else changed it"),
     (DataError("SELECT secret", {}, Exception("NUL")), 404, "There is nothing here"),
     (PoolTimeout(), 503, "try again in a minute"),
     (Unavailable("secret"), 503, "try again in a minute"),
     (OperationalError("SELECT secret", {}, Exception("database is locked")), 503, "try again in a minute")],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_the_models_and_the_database_refuse(
    app: Flask, stranger: Client, error: Exception, code: int, words: str
) -> None:
    fail_with(app, error)
    answer = stranger.get("/fail")
    assert answer.status_code == code
    assert words in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize("code", [429, 503])
def test_what_passes_says_when_to_come_back(app: Flask, stranger: Client, code: int) -> None:
    fail_with(app, code)
    assert stranger.get("/fail").headers["Retry-After"] == "60"


def test_a_program_is_told_in_json(stranger: Client) -> None:
    answer = stranger.open("/v1/nothing", method="POST", json={})
    assert answer.status_code == 404
    assert answer.get_json()["code"] == "not_found"
    assert answer.get_json()["message"]


def test_a_body_that_is_too_large_is_refused(client: Client) -> None:
    answer = client.post("/sites/new", {"name": "x" * (3 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "Send less at once" in answer.text


def test_too_many_fields_are_refused(client: Client) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
    body = part * 6_000 + b"--x--\r\n"
    answer = client.open("/sites/new", method="POST", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413


def hidden_fields(page: str) -> dict[str, str]:
    """By name, as a browser would send them."""
    inputs = html5lib.parse(page, namespaceHTMLElements=False).iter("input")
    return {field.get("name", ""): field.get("value", "") for field in inputs if field.get("type") == "hidden"}


def test_what_was_typed_outlives_the_session(client: Client, stranger: Client) -> None:
    """Sent with an old page by who is signed out, and again once signed in."""
    typed = {"name": 'A "New" <b>site</b>'}
    answer = stranger.post("/sites/new?from=here", typed, forged=True)
    assert answer.status_code == 400
    assert "You are signed out" in answer.text
    assert hidden_fields(answer.text)["name"] == typed["name"]
    again = client.post("/sites/new?from=here", typed, forged=True)
    assert again.status_code == 400
    assert "Nothing is lost" in again.text
    fields = hidden_fields(again.text)
    assert client.open("/sites/new", method="POST", data=fields).status_code == 303
    assert "A &#34;New&#34; &lt;b&gt;site&lt;/b&gt;" in client.get("/sites").text


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({"path": "/sign-in", "data": {"password": "secret"}}, id="a password"),
        pytest.param(
            {"path": "/sites/new", "data": {"a": "secret"}, "headers": {"HX-Request": "true"}}, id="a fragment"
        ),
        pytest.param({"path": "/sites/new", "data": {"a": (io.BytesIO(b"secret"), "a.png")}}, id="a file"),
    ],
)
def test_nothing_else_is_put_on_the_page_that_says_so(stranger: Client, sent: dict[str, Any]) -> None:
    answer = stranger.open(method="POST", **sent)
    assert answer.status_code == 400
    assert "Go back, then try again" in answer.text
    assert "secret" not in answer.text


def test_another_website_is_not_told_how_to_send_its_form_again(client: Client) -> None:
    answer = client.open("/sites/new", method="POST", data={"name": "New"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "csrf_token" not in answer.text


def test_bytes_that_are_no_form_are_refused(client: Client) -> None:
    answer = client.open("/sites/new", method="POST", data=b"\xff\xfe\x00", content_type="application/octet-stream")
    assert answer.status_code == 400


@pytest.fixture
def in_production(settings: Settings) -> Callable[..., Client]:
    """A client of the app as it runs for people: an exception becomes a page instead of a failure of the test."""

    def make(**changes: object) -> Client:
        app = create_app(replace(settings, testing=False, **changes))  # type: ignore[arg-type]
        app.test_client_class = Client
        fail_with(app, ZeroDivisionError("a secret detail"))
        client = app.test_client()
        assert isinstance(client, Client)
        return client

    return make


def test_a_mistake_of_ours_gives_nothing_away(in_production: Callable[..., Client]) -> None:
    answer = in_production().get("/fail")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_with_the_database_away_there_is_still_a_page(
    in_production: Callable[..., Client], tmp_path: Path, site: Site
) -> None:
    client = in_production(database_url=f"sqlite:///{tmp_path / 'not' / 'there.sqlite3'}")
    with client.session_transaction() as session:
        session["_user_id"] = "somebody"
    answer = client.get("/sites")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "The database does not answer" in answer.text
    assert client.get("/fail").status_code == 500
    assert client.get("/nothing").status_code == 404
    assert client.get("/sign-in").status_code == 503
