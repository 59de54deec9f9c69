"""What websites and visitors reach through Flask: the tracking calls and health. Knows neither session nor account."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, Response, request

from anonmsg import intake
from anonmsg.db import db
from anonmsg.forgery import csrf
from anonmsg.intake import Refused, Unavailable, decode
from anonmsg.intake.driver import read

blueprint = Blueprint("public", __name__)
csrf.exempt(blueprint)

SHORT = {
    "i": "identify",
    "t": "track",
    "p": "page",
    "s": "screen",
    "g": "group",
    "a": "alias",
    "b": "batch",
    "m": "metrics",
}
PATHS = ", ".join([*SHORT, *(name for name in SHORT.values() if name != "metrics")])
METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": "authorization, content-type, x-retry-count",
    "Access-Control-Expose-Headers": "retry-after",
    "Access-Control-Max-Age": "86400",
}


@blueprint.route(f"/v1/<any({PATHS}):name>", methods=METHODS, provide_automatic_options=False)
def calls(name: str) -> Response:
    """The calls API: 200 means committed. A page of any website may send, without cookies; GET only explains."""
    if request.method == "OPTIONS":
        return Response(status=204, headers=CORS)
    if request.method != "POST":
        raise Refused(405, "method_not_allowed", "Send calls with POST.")
    return _answer({"success": True, **_receive(SHORT.get(name, name))})


def _receive(type: str) -> dict[str, Any]:
    """Size, then key, then JSON: each check costs more than the one before, and each has its own answer."""
    if type == "metrics":
        return {}
    raw = _body(decode.BATCH_BYTES if type == "batch" else decode.CALL_BYTES)
    if type == "batch":
        return {"rejected": intake.current().batch(raw, _key())}
    intake.current().call(type, raw, _key())
    return {}


def _body(limit: int) -> bytes:
    if (request.content_length or 0) > limit:
        raise decode.too_large(limit)
    return decode.body(request.stream, (request.content_encoding or "").strip().lower(), limit)


def _key() -> str:
    """The site key outside the body: the user name of HTTP Basic, or in the query. Empty: see the body."""
    name = request.authorization.username if request.authorization else None
    return name or request.args.get("writeKey", "")


@blueprint.errorhandler(Refused)
def refuse(refused: Refused) -> Response:
    return _answer({"code": refused.code, "message": str(refused)}, refused.status)


@blueprint.errorhandler(Unavailable)
def put_off(_failure: Unavailable) -> Response:
    text = "Nothing was stored: the database does not take writes right now. Send it again."
    return _answer({"code": "unavailable", "message": text}, 503, {"Retry-After": "1"})


def _answer(content: dict[str, Any], status: int = 200, more: dict[str, str] | None = None) -> Response:
    headers = {**CORS, **({"Allow": "POST, OPTIONS"} if status == 405 else {}), **(more or {})}
    return Response(msgspec.json.encode(content), status, headers, mimetype="application/json")


@blueprint.get("/healthz")
def healthz() -> Response:
    """200 when it can serve: the database answers and its tables are there; else 503."""
    read(db.engine, "SELECT count(*) FROM site")
    return _answer({"status": "ok"})
