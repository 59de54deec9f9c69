"""A site's launched messages as the snippet reads them: what is in, in which order, in which bytes (DESIGN §4).

Everything that is sent stands in :func:`_entry` by name, so that nothing internal slips out. A row is checked again
before it is sent: one that was written past the app must not become script on somebody's page.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy import Row as Found

from anonmsg import pattern
from anonmsg.message import (
    Block,
    Button,
    ButtonStyle,
    DisplayKind,
    Divider,
    Email,
    Frequency,
    Going,
    GoToStep,
    Heading,
    Image,
    List,
    Match,
    PageRule,
    Part,
    Question,
    Row,
    Schedule,
    Shape,
    Spacer,
    State,
    Submit,
    Text,
    Theme,
)
from anonmsg.models import Message, Site, Version
from anonmsg.models.message import ID
from anonmsg.models.site import theme_of
from anonmsg.problems import errors

EARLY = timedelta(minutes=10)
"""How long before its start a message is sent, so that an open tab can start it by itself."""

INSIDE = 14_000
"""Bytes of gzip that the first packets of an answer hold. What is more is sent when it is needed."""

_SENT = ("page_rules", "conditions", "steps", "display", "schedule.starts_at", "schedule.ends_at", "theme")
"""The parts of a shape that reach a visitor's page."""

STANDARD = Theme()
"""Of a site that says nothing about how its messages look."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Launched:
    """What visitors may get: a launched version of a message."""

    id: str
    version: int
    launched_at: datetime
    shape: Shape
    rank: int = 0
    daily: int | None = None
    """How many views of any messages of the site a visitor has at most in 24 hours."""
    site_theme: Theme = STANDARD

    @property
    def place(self) -> tuple[int, int, datetime, str]:
        """Sorts messages in the order they are decided (DESIGN §3)."""
        return self.rank, self.shape.priority, self.launched_at, self.id

    @property
    def theme(self) -> Theme:
        """How it looks: what it has of its own, over the site's."""
        return self.shape.look(self.site_theme)

    @property
    def parts(self) -> list[str]:
        """What it needs of the snippet. With part ``frequency`` tabs take turns, so that they exceed no limit."""
        more = (*(("frequency", "daily") if self.daily else ()), *(("theme",) if self.theme else ()))
        return list(dict.fromkeys([*needs(self.shape), *more]))

    def boundaries(self) -> Iterator[datetime]:
        """When it enters the manifest and when it leaves."""
        if self.shape.schedule.opens:
            yield self.shape.schedule.opens - EARLY
        if self.shape.schedule.closes:
            yield self.shape.schedule.closes

    def due(self, now: datetime) -> bool:
        opens, closes = self.shape.schedule.opens, self.shape.schedule.closes
        return not (opens and now < opens - EARLY) and not (closes and now >= closes)


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


def revision(connection: Connection, key: str) -> Found[str, int] | None:
    """The id and the revision of the site with this key, or None."""
    return connection.execute(select(Site.id, Site.revision).where(Site.key == key)).one_or_none()


def launched(connection: Connection, site_id: str, now: datetime) -> list[Launched]:
    """The site's launched messages that can be read and are safe, in the order they are decided."""
    daily, theme = connection.execute(select(Site.daily_limit, Site.theme_json).where(Site.id == site_id)).one()
    rows = connection.execute(
        select(Message.id, Version.number, Message.launched_at, Version.content, Message.rank)
        .join(Version, (Version.message_id == Message.id) & (Version.number == Message.number))
        .where(Message.site_id == site_id, Message.state == State.LAUNCHED)
    )
    readable = (_readable(*row, now) for row in rows)
    look = theme_of(theme)
    found = (replace(message, daily=daily, site_theme=look) for message in readable if message)
    return sorted(found, key=lambda message: message.place)


def draft(connection: Connection, id: str, now: datetime) -> bytes | None:
    """A message's draft as JSON, as it would stand in the manifest were it launched at ``now``, with its content; None
    where it cannot be read or is not safe. It has no control group, no daily limit, and the version 0."""
    content, rank, theme = connection.execute(
        select(Message.draft, Message.rank, Site.theme_json).join(Site).where(Message.id == id)
    ).one()
    found = _readable(id, 0, now, content, rank, now)
    if found is None:
        return None
    shape = msgspec.structs.replace(found.shape, holdout=msgspec.UNSET)
    return _Forms.of("", replace(found, shape=shape, site_theme=theme_of(theme))).whole


def _readable(
    id: str, version: int, launched_at: datetime | None, content: str, rank: int, now: datetime
) -> Launched | None:
    try:
        shape = Shape.decode(content)
        unsafe = [problem for problem in errors(shape, now) if problem.where.startswith(_SENT)]
    except Exception:  # whatever is wrong with one row, the other messages are shown
        logger.exception("Message %s cannot be read and is not shown.", id)
        return None
    if unsafe or launched_at is None or not ID.fullmatch(id):
        logger.error("Message %s is not safe and is not shown: %s", id, [problem.where for problem in unsafe])
        return None
    return Launched(id, version, launched_at, shape, rank)


def build(key: str, revision: int, messages: Sequence[Launched], now: datetime) -> Manifest:
    """The manifest of the site at ``now``."""
    due = [message for message in messages if message.due(now)]
    forms = [_Forms.of(key, message) for message in due]
    inside = bisect_right(range(len(forms) + 1), INSIDE, key=lambda count: _gzipped(_list(forms, count)))
    inside = max(inside - 1, 0)
    changes = (at for message in messages for at in message.boundaries() if at > now)
    parts = frozenset(name for message in due for name in message.parts)
    return Manifest(
        body=b'{"site":%b,"revision":%d,"messages":%b}' % (_json(key), revision, _list(forms, inside)),
        messages=_list(forms, inside),
        parts=parts | {"fetch"} if forms[inside:] else parts,
        contents={form.path: form.content for form in forms[inside:]},
        until=min(changes, default=None),
    )


@dataclass(frozen=True)
class _Forms:
    """One message in both of its forms: with its content inside, and with the path to it."""

    whole: bytes
    short: bytes
    path: str
    content: bytes

    @classmethod
    def of(cls, key: str, message: Launched) -> _Forms:
        entry, steps = _entry(message), {"steps": message.shape.steps}
        content = _json(steps)
        path = f"content/{message.id}/{hashlib.sha256(content).hexdigest()[:16]}.json"
        return cls(_json(entry | steps), _json(entry | {"content": f"/v1/sites/{key}/{path}"}), path, content)


PLAIN_MATCHES = (Match.IS, Match.CONTAINS, Match.STARTS_WITH, Match.ENDS_WITH)


def needs(shape: Shape) -> list[str]:
    """The parts of the snippet (static/snippet/parts) that it takes to decide about the message and to draw it."""
    kind, frequency = shape.display.kind, shape.frequency
    blocks = [block for step in shape.steps for block in step.blocks]
    parts = {
        "draw": True,
        "modal": kind is DisplayKind.MODAL,
        "float": kind is not DisplayKind.MODAL,
        "banner": kind is DisplayKind.BANNER,
        "words": not all(_is_plain(block) for block in blocks),
        "steps": len(shape.steps) > 1 or any(_goes_on(block) for block in shape.blocks()),
        "form": any(_asks(block) for block in shape.blocks()),
        "rich": any(isinstance(block, List | Image | Divider | Spacer | Row) for block in blocks),
        "patterns": not all(_compares(rule) for rule in shape.page_rules),
        "frequency": frequency.limit is not None or frequency.gap_seconds > 0,
        "schedule": bool(shape.schedule.starts_at or shape.schedule.ends_at),
        "holdout": bool(shape.holdout),
    }
    asked = [name for condition in shape.conditions or () for name in ("conditions", *condition.PARTS)]
    return [name for name, needed in parts.items() if needed] + list(dict.fromkeys(asked))


def _goes_on(block: Block) -> bool:
    return isinstance(block, Button) and isinstance(block.action, GoToStep)


def _asks(block: Block) -> bool:
    """Whether it asks something, or goes on as only what asks does."""
    match block:
        case Button(action=Submit()):
            return True
        case Button(action=GoToStep(to=to, when=when)):
            return to is not Going.STEP or bool(when)
    return isinstance(block, Question | Email)


def _is_plain(block: Block) -> bool:
    """Whether its words and its button, if any, are the plain ones."""
    match block:
        case Heading() | Image() | Divider() | Spacer() | Question() | Email():
            return True
        case Text(paragraphs=lists) | List(items=lists):
            return not any(run.bold or run.italic or run.link for runs in lists for run in runs)
        case Button(style=style):
            return style is ButtonStyle.PRIMARY
        case Row(columns=columns):
            return all(_is_plain(inner) for column in columns for inner in column)
    return False


def _compares(rule: PageRule) -> bool:
    """Whether it takes no more than to compare; on a query, it may be about one parameter."""
    return rule.match in PLAIN_MATCHES and rule.part is not Part.QUERY


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
        **({"theme": message.theme} if message.theme else {}),
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


def _list(forms: Sequence[_Forms], inside: int) -> bytes:
    """The messages, so many of them with their content."""
    return b"[%b]" % b",".join([form.whole for form in forms[:inside]] + [form.short for form in forms[inside:]])


def _json(value: object) -> bytes:
    """JSON that also stands safely inside a script: no ``<``, no line separators. They occur only in strings."""
    text = msgspec.json.encode(value).replace(b"<", b"\\u003c")
    return text.replace("\u2028".encode(), b"\\u2028").replace("\u2029".encode(), b"\\u2029")


def _gzipped(body: bytes) -> int:
    return len(gzip.compress(body, mtime=0))
