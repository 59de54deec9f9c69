"""Query parameters that a site does not want to keep are taken out of every address in a call before it is stored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from anonmsg.intake.calls import Call


def strip(call: Call, names: frozenset[str]) -> Call:
    """The call without these parameters, whose names are in small letters, wherever an address stands in it."""
    body = msgspec.json.encode(_walk(msgspec.json.decode(call.body), names))
    return replace(call, body=body.decode(), fields=msgspec.json.decode(body, type=type(call.fields)))


def _walk(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, str):
        return text(value, names)
    if isinstance(value, dict):
        return {name: _walk(inner, names) for name, inner in value.items()}
    return [_walk(inner, names) for inner in value] if isinstance(value, list) else value


def text(value: str, names: frozenset[str]) -> str:
    """An address, or its query alone, without these parameters; in its fragment too, where single-page apps and
    sign-ins have theirs. Any other text has none and stays as it is."""
    rest, hash, fragment = value.partition("#")
    start, mark, query = rest.partition("?")
    if mark:
        rest = _joined(start, mark, query, names)
    if fragment:
        start, mark, query = fragment.rpartition("?")
        fragment = _joined(start, mark, query, names)
        return f"{rest}{hash}{fragment}" if fragment else rest
    return f"{rest}{hash}"


def _joined(start: str, mark: str, query: str, names: frozenset[str]) -> str:
    parts = query.split("&")
    kept = [part for part in parts if unquote_plus(part.partition("=")[0]).strip().lower() not in names]
    if len(kept) == len(parts):
        return f"{start}{mark}{query}"
    return f"{start}{mark}{'&'.join(kept)}" if kept else start
