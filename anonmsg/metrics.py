"""The numbers of messages, read from the counters that :mod:`anonmsg.intake` keeps. Nothing else reads them.

Days are UTC days by the visitors' own time of the event. A visitor is an anonymous id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from anonmsg.db import db
from anonmsg.message import Button
from anonmsg.models import Counter, Kind, Message, Site
from anonmsg.models.counter import ALWAYS, ANY_BUTTON, GAIN

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What was counted for one message, on one day or ever.

    ``views`` and ``dismissals`` are times; ``unique_viewers`` different visitors who viewed it. ``clicks`` are times
    that any button was clicked, a Dismiss button included; ``unique_clickers`` different visitors who clicked any.
    ``people_gained`` are visitors who were identified within 7 days after they viewed it; a day has none of its own.
    """

    views: int = 0
    unique_viewers: int = 0
    clicks: int = 0
    unique_clickers: int = 0
    dismissals: int = 0
    answers: int = 0
    people_gained: int = 0

    @property
    def click_rate(self) -> float | None:
        """Unique clickers ÷ unique viewers, from 0 to 1; None while nobody viewed it."""
        return min(1.0, self.unique_clickers / self.unique_viewers) if self.unique_viewers else None


@dataclass(frozen=True, slots=True)
class ButtonClicks:
    """A button's clicks; ``label`` is the newest one it had, ``unique_clickers`` are different visitors."""

    id: str
    label: str
    clicks: int
    unique_clickers: int


@dataclass(frozen=True, slots=True)
class Day:
    """One UTC day. A visitor of two days is unique on each, so days do not add up to the total of visitors."""

    date: date
    totals: Totals


@dataclass(frozen=True, slots=True)
class MessageMetrics:
    """One message: ``buttons`` in reading order, zeros included; ``days`` from the first to the last that counted."""

    totals: Totals
    buttons: list[ButtonClicks]
    days: list[Day]


def totals(site: Site) -> dict[str, Totals]:
    """The totals of all of a site's messages by message id, in one query. A message without any is a zero."""
    query = (
        select(Message.id, Counter.kind, Counter.total, Counter.visitors)
        .outerjoin(
            Counter, (Counter.message_id == Message.id) & (Counter.day == ALWAYS) & (Counter.button_id == ANY_BUTTON)
        )
        .where(Message.site_id == site.id)
    )
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for message, kind, total, visitors in db.session.execute(query):
        found[message].extend([(kind, total, visitors)] if kind else [])
    return {message: _totals(rows) for message, rows in found.items()}


def of(message: Message) -> MessageMetrics:
    """The totals, buttons and days of one message."""
    rows = db.session.scalars(select(Counter).where(Counter.message_id == message.id)).all()
    about_message = [row for row in rows if row.button_id == ANY_BUTTON]
    days: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    for row in about_message:
        days[row.day].append((row.kind, row.total, row.visitors))
    return MessageMetrics(_totals(days.pop(ALWAYS, [])), _buttons(message, rows), _days(days))


def _totals(rows: Iterable[tuple[str, int, int]]) -> Totals:
    found = {kind: (total, visitors) for kind, total, visitors in rows}
    views, viewers = found.get(Kind.VIEW, (0, 0))
    clicks, clickers = found.get(Kind.CLICK, (0, 0))
    return Totals(
        views=views,
        unique_viewers=viewers,
        clicks=clicks,
        unique_clickers=clickers,
        dismissals=found.get(Kind.DISMISSAL, (0, 0))[0],
        answers=found.get(Kind.ANSWER, (0, 0))[0],
        people_gained=found.get(GAIN, (0, 0))[1],
    )


def _buttons(message: Message, rows: Iterable[Counter]) -> list[ButtonClicks]:
    found = {row.button_id: row for row in rows if row.day == ALWAYS and row.kind == Kind.CLICK}
    return [
        ButtonClicks(button.id, button.label, row.total if row else 0, row.visitors if row else 0)
        for button in buttons(message)
        for row in [found.get(button.id)]
    ]


def buttons(message: Message) -> list[Button]:
    """Every button that visitors could click, newest version first; of a message never launched, the draft's."""
    shapes = [version.shape for version in message.versions] or [message.shape]
    by_id: dict[str, Button] = {}
    for shape in shapes:
        for button in shape.buttons():
            by_id.setdefault(button.id, button)
    return list(by_id.values())


def _days(rows: Mapping[int, list[tuple[str, int, int]]]) -> list[Day]:
    if not rows:
        return []
    return [Day(EPOCH + timedelta(days=day), _totals(rows.get(day, []))) for day in range(min(rows), max(rows) + 1)]
