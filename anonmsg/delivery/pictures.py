"""Serves the files of images: public, and never changing under their names."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock, Semaphore
from typing import TYPE_CHECKING

from anonmsg.db import THREADS
from anonmsg.delivery import responses
from anonmsg.delivery.responses import Headers, Response
from anonmsg.images import NAME, Storage, StorageFailure
from anonmsg.images.storage import FOREVER, KIND

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

RECENT_BYTES = 32 * 1024**2
READERS = THREADS // 2
"""How many read from the storage at once: while a bucket does not answer the other threads go on with all else."""
PATIENCE = 2
"""Seconds that a request waits to be one of them."""

HEADERS: Headers = [
    *responses.PUBLIC,
    ("Cache-Control", FOREVER),
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
        self._readers = Semaphore(READERS)
        self._recent = Recent(RECENT_BYTES)

    def __call__(self, path: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        name = path.removeprefix("/v1/")
        content = self._content(name)
        if isinstance(content, Response):
            return content(environ, start_response)
        tag = f'"{name.rpartition("/")[2]}"'
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
        if recent := self._recent.get(name):
            return recent
        if not self._readers.acquire(timeout=PATIENCE):
            return _UNREACHABLE
        try:
            content = self._storage.get(name)
        except StorageFailure as failure:
            log.error("an image could not be read: %s", failure)
            return _UNREACHABLE
        finally:
            self._readers.release()
        if content is None:
            return _GONE
        self._recent.put(name, content)
        return content


class Recent:
    """The files that were asked for last, as many as fit in so many bytes. They cannot become outdated."""

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, name: str) -> bytes | None:
        with self._lock:
            if name in self._files:
                self._files.move_to_end(name)
            return self._files.get(name)

    def put(self, name: str, content: bytes) -> None:
        with self._lock:
            self._size += len(content) - len(self._files.pop(name, b""))
            self._files[name] = content
            while self._size > self._most:
                _, dropped = self._files.popitem(last=False)
                self._size -= len(dropped)
