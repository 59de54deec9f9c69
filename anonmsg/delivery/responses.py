"""Public responses made beforehand: every encoding, every header, so that serving one is a look-up.

The bytes depend on nothing but the path and the accepted encoding; whatever else a request says changes nothing.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import brotli
import msgspec
import zopfli.gzip

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Headers = list[tuple[str, str]]
NONE: Headers = []

SCRIPT = "text/javascript; charset=utf-8"
JSON = "application/json"

FRESH = "public, max-age=2, stale-while-revalidate=2"
"""For what a pause must reach within 15 seconds, of which the page itself takes up to 10."""
BRIEF = "public, max-age=5"
NEVER = "no-store"

LARGE = 100_000
"""Bytes from which the best compression takes too long: two seconds for a megabyte, against a twentieth."""

PUBLIC: Headers = [
    ("Access-Control-Allow-Origin", "*"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Timing-Allow-Origin", "*"),
    ("X-Content-Type-Options", "nosniff"),
]
"""Every website may read it, and the browser may not take it for anything else."""


@dataclass(frozen=True, slots=True)
class _Variant:
    """The response in one encoding."""

    etag: str
    headers: Headers
    unchanged: Headers
    body: bytes

    def known(self, header: str) -> bool:
        """Whether If-None-Match names it. The comparison is weak (RFC 9110 §13.1.2): proxies weaken what they touch."""
        tags = (tag.strip().removeprefix("W/") for tag in header.split(","))
        return header == self.etag or any(tag in (self.etag, "*") for tag in tags)


class Response:
    """One response, ready to be sent."""

    def __init__(self, body: bytes, kind: str, cache: str, status: str = "200 OK", extra: Headers = NONE) -> None:
        self.status = status
        self._fixed = [*PUBLIC, ("Vary", "Accept-Encoding"), ("Cache-Control", cache), *extra]
        self._fixed_body = ("Content-Type", kind)
        tag = hashlib.sha256(body).hexdigest()[:20]
        self._identity = self._variant(body, tag, None)
        self._variants = {"identity": self._identity}
        small = len(body) < LARGE
        for encoding, packed in (
            ("br", brotli.compress(body, quality=11 if small else 6)),
            # The scripts are what a first visit waits for; 2 % fewer bytes are worth some time here.
            ("gzip", zopfli.gzip.compress(body) if small and kind == SCRIPT else gzip.compress(body, mtime=0)),
        ):
            if len(packed) < len(body):
                self._variants[encoding] = self._variant(packed, f"{tag}-{encoding}", encoding)

    def _variant(self, body: bytes, tag: str, encoding: str | None) -> _Variant:
        unchanged = [*self._fixed, ("ETag", f'"{tag}"')]
        headers = [*unchanged, self._fixed_body, ("Content-Length", str(len(body)))]
        if encoding:
            headers.append(("Content-Encoding", encoding))
        return _Variant(f'"{tag}"', headers, unchanged, body)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        variant = self._variants.get(best_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")), self._identity)
        seen = environ.get("HTTP_IF_NONE_MATCH")
        if seen and variant.known(seen) and self.status == "200 OK":
            start_response("304 Not Modified", variant.unchanged.copy())
            return ()
        start_response(self.status, variant.headers.copy())
        return () if environ["REQUEST_METHOD"] == "HEAD" else (variant.body,)


def script(body: bytes, cache: str, status: str = "200 OK", extra: Headers = NONE) -> Response:
    return Response(body, SCRIPT, cache, status, extra)


def json(value: object, cache: str, status: str = "200 OK", extra: Headers = NONE) -> Response:
    return Response(msgspec.json.encode(value), JSON, cache, status, extra)


@lru_cache(256)
def best_encoding(accept: str) -> str:
    """The encoding the client likes best of br, gzip and identity, in this order where it does not care."""
    weights = dict(_weights(accept))
    others = weights.get("*", 0.0)
    liked = {
        "br": weights.get("br", others),
        "gzip": weights.get("gzip", weights.get("x-gzip", others)),
        "identity": weights.get("identity", others or 0.0001),
    }
    best = max(liked, key=lambda encoding: liked[encoding])
    return best if liked[best] else "identity"


def _weights(accept: str) -> Iterable[tuple[str, float]]:
    """The encodings named in Accept-Encoding with their weights; a weight that cannot be read counts as 0."""
    for item in accept.lower().split(","):
        encoding, _, parameter = item.partition(";")
        name, _, weight = parameter.partition("=")
        if name.strip() == "q":
            yield encoding.strip(), _weight(weight)
        elif encoding.strip():
            yield encoding.strip(), 1.0


def _weight(text: str) -> float:
    return float(text) if re.fullmatch(r"\s*(0(\.\d{0,3})?|1(\.0{0,3})?)\s*", text, re.ASCII) else 0.0
