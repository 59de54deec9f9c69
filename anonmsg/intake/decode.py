"""From the bytes of a request to JSON that no engine and no later reader can trip over."""

from __future__ import annotations

import json
import re
import zlib
from typing import IO, Any

import msgspec
from msgspec import Raw, Struct

from anonmsg.db import LARGEST
from anonmsg.models.site import KEY

CALL_BYTES = 32 * 1024
BATCH_BYTES = 500 * 1024
BATCH_CALLS = 1_000
DEPTH = 20
"""Objects and lists inside each other, the call itself included."""

_NINES = bytes.maketrans(b"012345678", b"999999999")
_LONG_NUMBER = b"9" * 19
_WRITE_KEY = re.compile(rb'"writeKey"\s*:\s*"(%b)"' % KEY.pattern.encode())


class Refused(Exception):
    """A request or call that is not stored. ``code`` is a word for programs, the text a sentence for developers."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class Keyed(Struct):
    writeKey: Any = None  # noqa: N815 (the wire's name)


class Envelope(Struct, rename="camel"):
    """A batch, when it was sent by the clock of who sent it, and what the snippet says of the page: whether messages
    are on, and how many install tags it has."""

    batch: list[Raw]
    sent_at: Any = None
    setup: Any = None


def body(stream: IO[bytes], encoding: str, limit: int) -> bytes:
    """The body, at most ``limit`` bytes of it unpacked. Broken gzip reads as nothing, which is then not JSON."""
    raw = b""
    while len(raw) <= limit and (piece := stream.read(limit + 1 - len(raw))):
        raw += piece
    if encoding in ("gzip", "x-gzip"):
        raw = _gunzip(raw, limit)
    elif encoding not in ("", "identity"):
        raise Refused(415, "unsupported_encoding", "Send the body as it is or with Content-Encoding: gzip.")
    if len(raw) > limit:
        raise too_large(limit)
    return raw


def too_large(limit: int) -> Refused:
    return Refused(413, "too_large", f"At most {limit // 1024} KB are accepted, measured unpacked.")


def write_key(raw: bytes) -> str:
    """The site key in the body. It is found in broken JSON too, so that its sender hears what is really wrong."""
    try:
        key = msgspec.json.decode(raw, type=Keyed).writeKey
    except (ValueError, RecursionError):
        found = _WRITE_KEY.search(raw)
        key = found[1].decode() if found else ""
    return key if isinstance(key, str) else ""


def envelope(raw: bytes) -> Envelope:
    """A batch with its calls still in their bytes. Raises :class:`Refused` if it is none."""
    try:
        found = msgspec.json.decode(raw, type=Envelope)
    except msgspec.ValidationError as error:
        raise Refused(400, "invalid_batch", f"This is not a batch: {error}.") from None
    except (ValueError, RecursionError) as error:
        raise _not_json(error) from None
    if len(found.batch) > BATCH_CALLS:
        raise Refused(400, "too_many_calls", f"A batch holds at most {BATCH_CALLS:,} calls.")
    return found


def call(raw: bytes) -> tuple[dict[str, Any], str]:
    """A call, checked, and its JSON in one line. Raises :class:`Refused`."""
    if len(raw) > CALL_BYTES:
        raise too_large(CALL_BYTES)
    try:
        value = msgspec.json.decode(raw)
        text = msgspec.json.encode(value)
    except (ValueError, RecursionError) as error:
        raise _not_json(error) from None
    if not isinstance(value, dict):
        raise Refused(400, "invalid_call", "A call is a JSON object.")
    if text != raw or _is_suspect(raw):
        _look_closely(raw, value)
    return value, text.decode()


def _not_json(error: Exception) -> Refused:
    return Refused(400, "invalid_json", f"The body is not valid JSON: {error}.")


def _is_suspect(raw: bytes) -> bool:
    """Whether there may be something that only a closer look can tell. Most calls pass in a microsecond."""
    brackets = raw.count(b"{") + raw.count(b"[")
    return brackets > DEPTH or b"\\u0000" in raw or _LONG_NUMBER in raw.translate(_NINES)


def _look_closely(raw: bytes, value: dict[str, Any]) -> None:
    """Refuse what parsers and databases disagree about: depth, huge integers, NUL, the same key twice."""
    _walk(value, DEPTH)
    json.loads(raw, object_pairs_hook=_without_duplicates)


def _walk(value: Any, depth: int) -> None:
    if isinstance(value, str) and "\0" in value:
        raise Refused(400, "invalid_call", "Text must not contain the character U+0000.")
    if isinstance(value, int) and not -LARGEST - 1 <= value <= LARGEST:
        raise Refused(400, "invalid_call", "An integer does not fit into 64 bits.")
    if isinstance(value, dict | list):
        if not depth:
            raise Refused(400, "too_deep", f"Objects and lists are nested more than {DEPTH} deep.")
        for inner in [*value, *value.values()] if isinstance(value, dict) else value:
            _walk(inner, depth - 1)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Refused(400, "duplicate_key", "An object has the same key twice.")
    return found


def _gunzip(packed: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        raw = unpacker.decompress(packed, limit + 1)
    except zlib.error:
        return b""
    return raw if unpacker.eof or len(raw) > limit else b""
