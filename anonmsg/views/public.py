"""What websites and visitors send: the tracking calls, and health. Knows neither session nor account."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import msgspec
from flask import Blueprint, Flask
from werkzeug.datastructures import Authorization
from werkzeug.wsgi import get_input_stream

from anonmsg.db import db, is_lost
from anonmsg.delivery.fetches import Fetches
from anonmsg.intake import Intake, Refused, Unavailable, UnknownKey, decode
from anonmsg.intake.calls import TYPES
from anonmsg.intake.driver import read
from anonmsg.intake.housekeeping import Housekeeping
from anonmsg.intake.senders import Senders
from anonmsg.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

blueprint = Blueprint("public", __name__)
log = logging.getLogger(__name__)

SHORT = {type[0]: type for type in (*TYPES, "batch")}
PATHS = {f"/v1/{name}": type for short, type in SHORT.items() for name in (short, type)} | {"/v1/m": "metrics"}

HEADERS = [
    ("Content-Type", "application/json"),
    ("Access-Control-Allow-Methods", "POST, OPTIONS"),
    ("Access-Control-Allow-Headers", "authorization, content-type, x-retry-count"),
    ("Access-Control-Expose-Headers", "retry-after"),
    ("Access-Control-Max-Age", "86400"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
]
"""A page of any website may send calls. No credentials: there is nobody to be signed in."""
READABLE = ("Access-Control-Allow-Origin", "*")
"""And it may read the answer."""
UNREADABLE = {f"/v1/{short}" for short in SHORT if short != "b"}
"""Where no page may read that a call was put off, so that its request fails: these are analytics.js's own paths, and
Customer.io's takes whatever answer it can read for delivery, so that the call would be lost."""

REASONS = {
    200: "OK",
    204: "No Content",
    400: "Bad Request",
    401: "Unauthorized",
    405: "Method Not Allowed",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
PUT_OFF = "Nothing was stored: the database does not take writes right now. Send it again."


class Calls:
    """The calls API, a WSGI branch in front of the app, which costs as much as storing does. 200 means committed."""

    def __init__(self, app: Flask) -> None:
        settings: Settings = app.config["SETTINGS"]
        self._senders = Senders(settings.proxies)
        with app.app_context():
            self._intake = Intake(db.engine, settings.caps)
            self._housekeeping = Housekeeping(db.engine)
            self._fetches = Fetches(db.engine, wait=0 if app.testing else 1)
        self._app: WSGIApplication = app.wsgi_app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        type = PATHS.get(environ["PATH_INFO"])
        if type is None:
            return self._app(environ, start_response)
        self._housekeeping.look()
        status, content, more = self._answer(type, environ)
        body = b"" if status == 204 else msgspec.json.encode(content)
        headers = [*HEADERS, ("Content-Length", str(len(body))), *more]
        if status < 500 or environ["PATH_INFO"] not in UNREADABLE:
            headers.append(READABLE)
        start_response(f"{status} {REASONS[status]}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, type: str, environ: WSGIEnvironment) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        if environ["REQUEST_METHOD"] == "OPTIONS":
            return 204, {}, []
        try:
            return 200, {"success": True, **self._receive(type, environ)}, []
        except Refused as refused:
            if isinstance(refused, UnknownKey) and refused.key:
                # As with all calls, only what the browser says of where they come from.
                self._fetches.note(refused.key, {"HTTP_ORIGIN": environ.get("HTTP_ORIGIN", "")}, is_known=False)
            more = [("Allow", "POST, OPTIONS")] if refused.status == 405 else []
            return refused.status, {"code": refused.code, "message": str(refused)}, more
        except Unavailable as failure:
            log.warning("Calls were put off: %s", failure)
            return 503, {"code": "unavailable", "message": PUT_OFF}, [("Retry-After", "1")]
        except Exception:  # this stands outside of Flask, whose error pages would catch it
            log.exception("Calls could not be taken in")
            return 500, {"code": "error", "message": "This is a mistake of ours."}, []

    def _receive(self, type: str, environ: WSGIEnvironment) -> dict[str, Any]:
        """Size, then key, then JSON: each check costs more than the one before, and each has its own answer."""
        if environ["REQUEST_METHOD"] != "POST":
            raise Refused(405, "method_not_allowed", "Send calls with POST.")
        if type == "metrics":
            return {}
        raw = _body(environ, decode.BATCH_BYTES if type == "batch" else decode.CALL_BYTES)
        key, sender = _key(environ), self._senders.of(environ)
        if type == "batch":
            return {"rejected": self._intake.batch(raw, key, sender)}
        self._intake.call(type, raw, key, sender)
        return {}


def _body(environ: WSGIEnvironment, limit: int) -> bytes:
    if len(length := environ.get("CONTENT_LENGTH") or "0") > 9 or int(length) > limit:
        raise decode.too_large(limit)
    encoding = environ.get("HTTP_CONTENT_ENCODING", "")
    return decode.body(get_input_stream(environ), encoding.strip().lower(), limit)


def _key(environ: WSGIEnvironment) -> str:
    """The site key outside the body: the user name of HTTP Basic, or in the query. Empty: see the body."""
    authorization = environ.get("HTTP_AUTHORIZATION")
    basic = Authorization.from_header(authorization) if authorization else None
    query = parse_qs(environ.get("QUERY_STRING", ""))
    return (basic.username if basic else None) or query.get("writeKey", [""])[0]


@blueprint.get("/healthz")
def healthz() -> tuple[dict[str, str], int]:
    """200 when it can serve: the database answers and its tables are there; else 503 with the reason."""
    reason = ""
    try:
        read(db.engine, "SELECT count(*) FROM site")
        if is_lost(db.engine):
            reason = "The file of the database was removed or replaced: restart the server."
    except Unavailable:
        reason = "The database does not answer, or its tables are not there."
    return ({"status": "unavailable", "reason": reason}, 503) if reason else ({"status": "ok"}, 200)
