"""A site's launched messages as the snippet reads them: what is in, in which order, in which bytes (DESIGN §4).

rows: what the database has · launch: one of these, and when it is due · parts: what it needs of the snippet ·
look: its theme as a style sheet · entry: its JSON. Here these are put together.
"""

from __future__ import annotations

import gzip
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from anonmsg.manifest.entry import Forms, encoded
from anonmsg.manifest.launch import EARLY, STANDARD, Launched
from anonmsg.manifest.parts import needs
from anonmsg.manifest.rows import draft, launched, revision

__all__ = ["EARLY", "INSIDE", "STANDARD", "Launched", "Manifest", "build", "draft", "launched", "needs", "revision"]

INSIDE = 14_000
"""Bytes of gzip that the first packets of an answer hold. What is more is sent when it is needed."""


@dataclass(frozen=True)
class Manifest:
    """``body`` is the JSON, ``contents`` what did not fit by its path, ``until`` when it changes by itself.

    ``messages`` is the list in the body, in the order they are decided; ``parts`` of the snippet are what they need.
    """

    body: bytes
    messages: bytes
    parts: frozenset[str]
    contents: dict[str, bytes]
    until: datetime | None


def build(key: str, revision: int, messages: Sequence[Launched], now: datetime) -> Manifest:
    """The manifest of the site at ``now``."""
    due = [message for message in messages if message.due(now)]
    forms = [Forms.of(key, message) for message in due]
    inside = bisect_right(range(len(forms) + 1), INSIDE, key=lambda count: _gzipped(_list(forms, count)))
    inside = max(inside - 1, 0)
    changes = (at for message in messages for at in message.boundaries() if at > now)
    parts = frozenset(name for message in due for name in message.parts)
    return Manifest(
        body=b'{"site":%b,"revision":%d,"messages":%b}' % (encoded(key), revision, _list(forms, inside)),
        messages=_list(forms, inside),
        parts=parts | {"fetch"} if forms[inside:] else parts,
        contents={form.path: form.content for form in forms[inside:]},
        until=min(changes, default=None),
    )


def _list(forms: Sequence[Forms], inside: int) -> bytes:
    """The messages, so many of them with their content."""
    return b"[%b]" % b",".join([form.whole for form in forms[:inside]] + [form.short for form in forms[inside:]])


def _gzipped(body: bytes) -> int:
    return len(gzip.compress(body, mtime=0))
