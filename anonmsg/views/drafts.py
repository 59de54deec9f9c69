"""What a preview link is good for: the draft, for the page that holds its token. Knows neither session nor account."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec
from flask import Flask
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wsgi import get_input_stream

from anonmsg.db import db, reading, utc_now
from anonmsg.preview import Link
from anonmsg.settings import Settings
from anonmsg.views.public import HEADERS, READABLE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/v1/preview"
LONGEST = 2_000
"""Bytes of a request; no token is that long."""
OFTEN = parse("120 per minute")
"""How often a draft is handed out. A token that was not signed here costs no more than to look at it."""

log = logging.getLogger(__name__)


class _Asked(msgspec.Struct):
    """What a page sends: the key of its site, and the token."""

    site: str
    token: str


Answer = tuple[str, bytes]


def _refusal(status: str, code: str, message: str) -> Answer:
    return status, msgspec.json.encode({"code": code, "message": message})


NONE = "204 No Content", b""
NOT_FOUND = _refusal("404 Not Found", "not_found", "There is no such preview.")
WRONG_METHOD = _refusal("405 Method Not Allowed", "method_not_allowed", "Ask with POST.")
GONE = _refusal("410 Gone", "gone", "This preview link does not work any more.")
TOO_OFTEN = _refusal("429 Too Many Requests", "too_often", "Wait a minute, then ask again.")
UNAVAILABLE = _refusal("503 Service Unavailable", "unavailable", "The database does not answer just now.")
MORE = {WRONG_METHOD: ("Allow", "POST, OPTIONS"), TOO_OFTEN: ("Retry-After", "60"), UNAVAILABLE: ("Retry-After", "1")}


class Drafts:
    """A WSGI branch in front of the app. What is no token of this site is answered alike, whatever is wrong with it."""

    def __init__(self, app: Flask) -> None:
        settings: Settings = app.config["SETTINGS"]
        with app.app_context():
            self._engine: Engine = db.engine
        self._secret = settings.secret_key
        self._often = FixedWindowRateLimiter(MemoryStorage())
        self._app: WSGIApplication = app.wsgi_app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH:
            return self._app(environ, start_response)
        answer = self._answer(environ)
        status, body = answer
        more = [MORE[answer]] if answer in MORE else []
        start_response(status, [*HEADERS, READABLE, ("Content-Length", str(len(body))), *more])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        if environ["REQUEST_METHOD"] != "POST":
            return NONE if environ["REQUEST_METHOD"] == "OPTIONS" else WRONG_METHOD
        link = self._link(environ)
        if link is None:
            return NOT_FOUND
        if not self._often.hit(OFTEN, link.message):
            return TOO_OFTEN
        try:
            draft = self._draft(link)
        except SQLAlchemyError:
            log.exception("A draft cannot be read")
            return UNAVAILABLE
        return ("200 OK", b'{"message":%b}' % draft) if draft else GONE

    def _link(self, environ: WSGIEnvironment) -> Link | None:
        """What the token in the body says, if it was signed here and is for this site."""
        raw = get_input_stream(environ).read(LONGEST + 1)
        if len(raw) > LONGEST:
            return None
        try:
            asked = msgspec.json.decode(raw, type=_Asked)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        link = Link.read(asked.token, self._secret)
        return link if link and link.site == asked.site else None

    def _draft(self, link: Link) -> bytes | None:
        with reading(), self._engine.connect() as connection:
            return link.draft(connection, utc_now())
