"""Serves the files of images: public, and never changing under their names."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from anonmsg.delivery import responses
from anonmsg.delivery.responses import Headers, Response
from anonmsg.images import NAME, Storage, StorageFailure
from anonmsg.images.storage import KIND

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

HEADERS: Headers = [
    *responses.PUBLIC,
    ("Cache-Control", responses.FOREVER),
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
]
"""Opened by itself it is a picture and nothing else, whatever its bytes may look like to a browser."""

_GONE = responses.json(
    {"code": "not_found", "message": "There is no such image, or no longer."}, responses.NEVER, "404 Not Found"
)
_UNREACHABLE = responses.json(
    {"code": "unavailable", "message": "This image cannot be served right now. Try again in a moment."},
    responses.NEVER,
    "503 Service Unavailable",
    [("Retry-After", "1")],
)


class Pictures:
    """``/v1/images/…`` from the storage."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def __call__(self, path: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        name = path.removeprefix("/v1/")
        tag = f'"{name.rpartition("/")[2]}"'
        content = self._content(name)
        if isinstance(content, Response):
            return content(environ, start_response)
        headers = [*HEADERS, ("ETag", tag)]
        # The name is made of the content, so that no other content can be meant.
        if tag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", headers)
            return ()
        start_response("200 OK", [*headers, ("Content-Type", KIND), ("Content-Length", str(len(content)))])
        return () if environ["REQUEST_METHOD"] == "HEAD" else (content,)

    def _content(self, name: str) -> bytes | Response:
        if not NAME.fullmatch(name):
            return _GONE
        try:
            content = self._storage.get(name)
        except StorageFailure as failure:
            log.error("an image could not be read: %s", failure)
            return _UNREACHABLE
        return _GONE if content is None else content
