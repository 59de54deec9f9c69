"""What counts for a message, and the counters that are kept in the transaction of the events."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from anonmsg.intake.calls import Call, Track
from anonmsg.intake.driver import Cursor
from anonmsg.message import Email, Limits, Question, QuestionKind, Shape
from anonmsg.models import Kind, Message, Version
from anonmsg.models.counter import ALWAYS, ANY_BUTTON, DAY_MS, KINDS, choice_key


@dataclass(slots=True)
class Asked:
    """What is known about a question: the keys of all that can be chosen in any version, none where one types."""

    keys: dict[str | int, str] = field(default_factory=dict)
    several: bool = False

    def learn(self, block: Question | Email) -> None:
        if isinstance(block, Question):
            self.keys.update((choice, choice_key(block.id, choice)) for choice in block.choices())
            self.several |= block.kind is QuestionKind.MULTIPLE

    def takes(self, answer: object) -> bool:
        """Whether it can be answered so. What was typed may be left out: an address that identifies says who it is."""
        if not self.keys:
            return isinstance(answer, str | None)
        given = _listed(answer)
        if len(given) > (Limits.OPTIONS if self.several else 1):
            return False
        return all(type(choice) in (str, int) and choice in self.keys for choice in given)

    def chosen(self, answer: object) -> str | None:
        """The keys of an answer that it takes, as the event's column has them."""
        return " ".join(sorted({self.keys[choice] for choice in _listed(answer)})) if self.keys else None


def _listed(answer: object) -> list[Any]:
    return answer if isinstance(answer, list) else [answer]


@dataclass(slots=True)
class Launched:
    """What is known about a message that was launched: since when (milliseconds), every button and question it ever
    had, and whether it ever had a control group."""

    since: int
    buttons: set[str] = field(default_factory=set)
    questions: dict[str, Asked] = field(default_factory=dict)
    has_control: bool = False

    def learn(self, shape: Shape) -> None:
        self.has_control |= bool(shape.holdout)
        self.buttons.update(button.id for button in shape.buttons())
        for block in shape.questions():
            self.questions.setdefault(block.id, Asked()).learn(block)


@dataclass(frozen=True, slots=True)
class Counted:
    """One event that counts. It stands in the event's columns, so that counters can be rebuilt from them."""

    kind: str
    message_id: str
    button_id: str | None
    visitor: str
    at: int
    choices: str | None = None


class Catalog:
    """Each site's launched messages, read again only when the site's revision says that they changed."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, dict[str, Launched]]] = {}

    def of(self, site_id: str, revision: int, connection: Connection) -> dict[str, Launched]:
        known = self._known.get(site_id)
        if known is None or known[0] != revision:
            known = self._known[site_id] = (revision, _launched(site_id, connection))
        return known[1]


def _launched(site_id: str, connection: Connection) -> dict[str, Launched]:
    versions = connection.execute(
        select(Version.message_id, Version.launched_at, Version.content).join(Message).where(Message.site_id == site_id)
    )
    found: dict[str, Launched] = {}
    # All at once: a cursor left half-way by an exception would keep its connection in the past (SQLite).
    for message_id, launched_at, content in versions.all():
        since = int(launched_at.timestamp() * 1000)
        message = found.setdefault(message_id, Launched(since))
        message.since = min(since, message.since)
        # Nobody sees a message whose row cannot be read, and the others must go on counting.
        with suppress(msgspec.MsgspecError):
            message.learn(Shape.decode(content))
    return found


def counted(call: Call, messages: dict[str, Launched]) -> Counted | None:
    """What the call counts as, if it is a message event about a message that this site launched.

    Views, dismissals and would-be views of its control group count for the message, clicks for one of its buttons as
    well, and answers for a question. Anything else, such as a button or a control group that no version has or an
    answer that no question takes, is kept as an event and counts nowhere: the site key is public, and nobody may make
    counters. A time before the launch (a clock that is wrong by more than a day) counts when it was received.
    """
    fields = call.fields
    kind = KINDS.get(fields.event) if isinstance(fields, Track) else None
    if kind is None:
        return None
    properties = fields.properties or {}  # type: ignore[attr-defined]
    message_id = str(properties.get("message_id"))
    message = messages.get(message_id)
    about = _about(kind, properties, message) if message else None
    if message is None or about is None:
        return None
    at = call.at if call.at >= message.since - DAY_MS else call.received_at
    button_id, choices = about
    return Counted(kind.value, message_id, button_id, fields.anonymous_id or fields.user_id or "", at, choices)


def _about(kind: Kind, properties: Mapping[str, Any], message: Launched) -> tuple[str | None, str | None] | None:
    """The button or question that the event is about, if any, and what was chosen; None if there is no such thing."""
    button, question, answer = (
        str(properties.get("button_id")),
        str(properties.get("question_id")),
        properties.get("answer"),
    )
    if kind is Kind.CLICK:
        return (button, None) if button in message.buttons else None
    if kind is Kind.HELD_OUT and not message.has_control:
        return None
    if kind is not Kind.ANSWER:
        return None, None
    asked = message.questions.get(question)
    return (question, asked.chosen(answer)) if asked and asked.takes(answer) else None


def count(cursor: Cursor, events: Sequence[Counted]) -> None:
    """Add new events to the counters, in a stable order: processes wait for each other, never in a ring."""
    totals = Tally(cell for event in events for cell in cells(event))
    seen = sorted({(*cell, event.visitor) for event in events for cell in cells(event)})
    visitors = Tally(cursor.insert_new(SEEN, seen, "message_id, day, kind, button_id"))
    cursor.run_each(ADD, [(*cell, total, visitors[cell]) for cell, total in sorted(totals.items())])


def cells(event: Counted) -> Iterator[tuple[str, int, str, str]]:
    """The counters that an event belongs to: each of its day and of always, of the message and of the button."""
    for day in (ALWAYS, event.at // DAY_MS):
        yield event.message_id, day, event.kind, ANY_BUTTON
        if event.button_id is not None:
            yield event.message_id, day, event.kind, event.button_id


SEEN = "seen (message_id, day, kind, button_id, visitor)"
ADD = """
INSERT INTO counter (message_id, day, kind, button_id, total, visitors) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (message_id, kind, button_id, day)
DO UPDATE SET total = counter.total + excluded.total, visitors = counter.visitors + excluded.visitors"""
