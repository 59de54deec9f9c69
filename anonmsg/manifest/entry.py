"""A message in the JSON that the snippet reads.

Everything that is sent stands in :func:`_entry` by name, so that nothing internal slips out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec

from anonmsg import pattern
from anonmsg.manifest.launch import Launched
from anonmsg.manifest.look import Look
from anonmsg.message import Frequency, Match, PageRule, Schedule


@dataclass(frozen=True)
class Forms:
    """One message in both of its forms: with its content inside, and with the path to it."""

    whole: bytes
    short: bytes
    path: str
    content: bytes

    @classmethod
    def of(cls, key: str, message: Launched) -> Forms:
        entry, steps = _entry(message), {"steps": message.shape.steps}
        content = encoded(steps)
        path = f"content/{message.id}/{hashlib.sha256(content).hexdigest()[:16]}.json"
        return cls(encoded(entry | steps), encoded(entry | {"content": f"/v1/sites/{key}/{path}"}), path, content)


def _entry(message: Launched) -> dict[str, Any]:
    shape = message.shape
    return {
        "id": message.id,
        "version": message.version,
        **_when(shape.schedule),
        "page_rules": [_quick(rule) for rule in shape.page_rules],
        **({"conditions": shape.conditions} if shape.conditions else {}),
        "frequency": _how_often(shape.frequency),
        "display": shape.display,
        **({"daily": message.daily} if message.daily else {}),
        **({"holdout": shape.holdout} if shape.holdout else {}),
        **({"theme": Look.of(message.theme)} if message.theme else {}),
        "parts": message.parts,
    }


def _how_often(frequency: Frequency) -> dict[str, Any]:
    """Without what it says where it is shown always, as most are: every visitor loads it."""
    limited = {"limit": frequency.limit, "gap_seconds": frequency.gap_seconds}
    after_click = {"after_click": frequency.after_click}
    return limited | after_click if frequency.limit is not None or frequency.gap_seconds else after_click


def _when(schedule: Schedule) -> dict[str, Any]:
    """Nothing where it neither starts nor ends some time, as with most: every visitor loads it."""
    starts_at, ends_at = schedule.starts_at, schedule.ends_at
    return {"schedule": {"starts_at": starts_at, "ends_at": ends_at}} if starts_at or ends_at else {}


def _quick(rule: PageRule) -> PageRule:
    """The rule with its regex in the form that takes browsers the least time."""
    if rule.match is not Match.REGEX:
        return rule
    _, regex = rule.compared()
    searched = pattern.searched(regex)
    quick = msgspec.structs.replace(rule, value=rule.value.removesuffix(regex) + searched)
    # ``.*q=x`` must not become ``q=x``, which on a query would be about the parameter q.
    return quick if quick.compared()[1] == searched else msgspec.structs.replace(quick, value=f"(){quick.value}")


def encoded(value: object) -> bytes:
    """JSON that also stands safely inside a script: no ``<``, no line separators. They occur only in strings."""
    text = msgspec.json.encode(value).replace(b"<", b"\\u003c")
    return text.replace("\u2028".encode(), b"\\u2028").replace("\u2029".encode(), b"\\u2029")
