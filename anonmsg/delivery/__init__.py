"""What websites fetch, answered in front of Flask from ready bytes (DESIGN §4). Knows neither session nor account.

The answer depends on the path and the accepted encoding alone, so that every cache between here and the visitor may
keep it, and no header of one visitor can change what another gets.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from flask import Flask

from anonmsg.db import db
from anonmsg.delivery import bundle, responses
from anonmsg.delivery.fetches import Fetches
from anonmsg.delivery.pictures import Pictures
from anonmsg.delivery.responses import Response
from anonmsg.delivery.shelf import Shelf
from anonmsg.images import storage
from anonmsg.images.storage import FOREVER
from anonmsg.settings import ROOT, Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

METHODS = "GET, HEAD, OPTIONS"
DOCUMENT = "openapi.json"
PICTURE = None, "image"
TELLING = ("site.js", "messages.json")
"""What a page fetches that carries the install tag: the second, if the first is pinned."""
CONSENT = "/consent.js"
"""The part that only pages fetch which name a level of consent."""
LONGEST_PATH = 300
"""Characters; none of ours is longer, and what is longer is not worth remembering."""
_AGAIN = [("Retry-After", "1")]

UNKNOWN_SITE = "There is no site with this key on this server. Copy the install tag again."
UNREACHABLE = "This cannot be served right now. Try again in a moment."
NOT_FOUND = "There is no such file, or no longer."


def _warning(text: str) -> bytes:
    return b'console.warn("anonmsg: %b");' % text.encode()


UNKNOWN_SCRIPT = responses.script(_warning(UNKNOWN_SITE), responses.BRIEF, "404 Not Found")
UNKNOWN_JSON = responses.json({"code": "unknown_site", "message": UNKNOWN_SITE}, responses.BRIEF, "404 Not Found")
UNREACHABLE_SCRIPT = responses.script(_warning(UNREACHABLE), responses.NEVER, "503 Service Unavailable", _AGAIN)
UNREACHABLE_JSON = responses.json(
    {"code": "unavailable", "message": UNREACHABLE}, responses.NEVER, "503 Service Unavailable", _AGAIN
)
GONE_SCRIPT = responses.script(_warning(NOT_FOUND), responses.NEVER, "404 Not Found")
GONE_JSON = responses.json({"code": "not_found", "message": NOT_FOUND}, responses.NEVER, "404 Not Found")
PREFLIGHT = responses.Response(
    b"",
    "text/plain",
    responses.NEVER,
    "204 No Content",
    [
        ("Access-Control-Allow-Methods", METHODS),
        ("Access-Control-Allow-Headers", "*"),
        ("Access-Control-Max-Age", "86400"),
    ],
)
WRONG_METHOD = responses.json(
    {"code": "method_not_allowed", "message": f"Only {METHODS}."},
    responses.NEVER,
    "405 Method Not Allowed",
    [("Allow", METHODS)],
)


class Delivery:
    """A WSGI branch: what is ours is answered here, everything else by the app behind."""

    def __init__(self, app: Flask) -> None:
        settings: Settings = app.config["SETTINGS"]
        with app.app_context():
            engine = db.engine
        self._app: WSGIApplication = app.wsgi_app
        self._folder = settings.instance / "snippets"
        self._builds: dict[tuple[str, str], Response] = {}
        # In tests a change is seen at once; that a look is only taken each second has a test of its own.
        self.shelf = Shelf(engine, settings.address, every=0 if settings.testing else 1)
        self._pictures = Pictures(storage(settings))
        self._fetches = Fetches(engine, wait=0 if settings.testing else 1)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        ours = _resource(path) if path.startswith("/v1/") and len(path) < LONGEST_PATH else None
        if ours is None:
            return self._app(environ, start_response)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            response = PREFLIGHT if environ["REQUEST_METHOD"] == "OPTIONS" else WRONG_METHOD
        elif ours == PICTURE:
            return self._pictures(path, environ, start_response)
        else:
            key, name = ours
            response = self._response(key, name) if key else self._shared(name)
            # Whose key it is cannot be told just now: invented ones would pass for known.
            if key and name in TELLING and response not in (UNREACHABLE_SCRIPT, UNREACHABLE_JSON):
                self._fetches.note(key, environ, is_known=response not in (UNKNOWN_SCRIPT, UNKNOWN_JSON))
            elif not key and name.endswith(CONSENT):
                self._fetches.note("", environ, is_known=False)
        return response(environ, start_response)

    def _response(self, key: str, name: str) -> Response:
        ready = self.shelf.responses(key)
        if ready:
            return ready.get(name) or GONE_JSON
        if ready is None:
            return UNKNOWN_SCRIPT if name.endswith(".js") else UNKNOWN_JSON
        return UNREACHABLE_SCRIPT if name.endswith(".js") else UNREACHABLE_JSON

    def _shared(self, name: str) -> Response:
        return _document() if name == DOCUMENT else self._build(*name.split("/"))

    def _build(self, hash: str, name: str) -> Response:
        """A file of a build. It never changes, so that a website can pin the script with an integrity hash."""
        if (hash, name) not in self._builds:
            found = bundle.find(hash, self._folder)
            script = found and (found.pinned() if name == "site.js" else found.module(name.removesuffix(".js")))
            if not script:
                return GONE_SCRIPT
            self._builds[hash, name] = responses.script(script, FOREVER)
        return self._builds[hash, name]


@cache
def _document() -> Response:
    """The calls API as an OpenAPI document, for tools and pages anywhere."""
    return Response((ROOT / "docs" / DOCUMENT).read_bytes(), responses.JSON, responses.BRIEF)


@lru_cache(4_000)
def _resource(path: str) -> tuple[str | None, str] | None:
    """The site key (None: the same for all sites) and the name of what is asked for, or None when that is not ours."""
    match path.removeprefix("/v1/").split("/"):
        case ["sites", key, "site.js" | "messages.json" as name] | ["projects", key, "settings" as name]:
            return key, name
        case ["analytics-js", "snippet", key, "analytics.min.js"]:
            return key, "site.js"
        case ["sites", key, "content", message, file]:
            return key, f"content/{message}/{file}"
        case ["snippet", hash, file] if file.endswith(".js"):
            return None, f"{hash}/{file}"
        case ["images", _, _]:
            return PICTURE
        case ["openapi.json" as name]:
            return None, name
    return None
