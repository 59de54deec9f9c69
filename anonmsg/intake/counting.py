"""What counts for a message, and the counters that are kept in the transaction of the events."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select

from anonmsg.intake.calls import Call, Track
from anonmsg.intake.driver import Cursor
from anonmsg.message import Shape
from anonmsg.models import Kind, Message, Version
from anonmsg.models.counter import ALWAYS, ANY_BUTTON, DAY_MS, KINDS


@dataclass(slots=True)
class Launched:
    """What is known about a message that was launched: since when (milliseconds), and every button it ever had."""

    since: int
    buttons: set[str]


@dataclass(frozen=True, slots=True)
class Counted:
    """One event that counts. It stands in the event's columns, so that counters can be rebuilt from them."""

    kind: str
    message_id: str
    button_id: str | None
    visitor: str
    at: int


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
        message = found.setdefault(message_id, Launched(since, set()))
        message.since = min(since, message.since)
        message.buttons.update(_buttons(content))
    return found


def _buttons(content: str) -> set[str]:
    """None of a row that cannot be read: nobody sees that message, and the others must go on counting."""
    try:
        return {button.id for button in Shape.decode(content).buttons()}
    except msgspec.MsgspecError:
        return set()


def counted(call: Call, messages: dict[str, Launched]) -> Counted | None:
    """What the call counts as, if it is a message event about a message that this site launched.

    Views, dismissals and answers count for the message, clicks for one of its buttons as well. Anything else, such as a
    button that no version has, is kept as an event and counts nowhere: the site key is public, and nobody may make
    counters. A time before the launch (a clock that is wrong by more than a day) counts when it was received.
    """
    fields = call.fields
    kind = KINDS.get(fields.event) if isinstance(fields, Track) else None
    if kind is None:
        return None
    properties = fields.properties or {}  # type: ignore[attr-defined]
    message_id, button_id = str(properties.get("message_id")), str(properties.get("button_id"))
    message = messages.get(message_id)
    if message is None or (kind is Kind.CLICK and button_id not in message.buttons):
        return None
    at = call.at if call.at >= message.since - DAY_MS else call.received_at
    button = button_id if kind is Kind.CLICK else None
    return Counted(kind.value, message_id, button, fields.anonymous_id or fields.user_id or "", at)


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
