"""Delivery through the real server, and commands that run beside it."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from secrets import token_hex

import pytest

from anonmsg.db import db, utc_now
from anonmsg.models import Site
from tests.conftest import CLUB, add_user
from tests.support.server import LiveServer

FRESH = 15.0
"""Seconds within which a change must reach the next page view (DESIGN §4)."""


@pytest.fixture
def launched(server: LiveServer) -> tuple[str, str]:
    """The key of a site on the server and the id of its message."""
    with server.app.app_context():
        site = Site.create("Shop", add_user(f"{token_hex(4)}@shop.example"))
        db.session.flush()
        message = site.draft(CLUB, utc_now())
        db.session.flush()
        message.launch(utc_now())
        db.session.commit()
        return site.key, message.id


def ask(server: LiveServer, method: str, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_the_server_sends_what_was_made(server: LiveServer, launched: tuple[str, str]) -> None:
    path = f"/v1/sites/{launched[0]}/site.js"
    got, script = ask(server, "GET", path)
    told, nothing = ask(server, "HEAD", path)
    assert (got.status, told.status) == (200, 200)
    assert launched[1].encode() in script
    assert nothing == b""
    assert told.headers["Content-Length"] == got.headers["Content-Length"] == str(len(script))
    for encoding in ("br", "gzip"):
        packed, body = ask(server, "GET", path, Accept_Encoding=encoding)
        assert packed.headers["Content-Encoding"] == encoding
        assert 0 < len(body) < len(script)
        again, body = ask(server, "GET", path, Accept_Encoding=encoding, If_None_Match=packed.headers["ETag"])
        assert (again.status, body) == (304, b"")
    assert ask(server, "OPTIONS", path)[0].status == 204
    assert ask(server, "POST", path)[0].status == 405


def test_a_command_beside_the_server_reaches_the_next_page_view(server: LiveServer, launched: tuple[str, str]) -> None:
    key, id = launched
    for verb, shown in (("pause", False), ("resume", True), ("stop", False)):
        before = time.monotonic()
        done = server.command("messages", verb, id)
        assert done.returncode == 0, done.stderr
        wait_until(lambda: (id in listed(server, key)) == shown, before + FRESH)  # noqa: B023


def listed(server: LiveServer, key: str) -> list[str]:
    answer, body = ask(server, "GET", f"/v1/sites/{key}/messages.json")
    assert answer.status == 200
    return [message["id"] for message in json.loads(body)["messages"]]


def wait_until(holds: Callable[[], bool], deadline: float) -> None:
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
