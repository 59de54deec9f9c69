"""The numbers of messages, read from the counters that :mod:`anonmsg.intake` keeps. Nothing else reads them. What was
not counted because it is suspect is no counter: it is counted among the events that are kept.

Days are UTC days by the visitors' own time of the event. A visitor is an anonymous id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from anonmsg.db import db, utc_now
from anonmsg.message import Button, Email, Question, QuestionKind, Shape
from anonmsg.models import Counter, Event, Kind, Message, Site
from anonmsg.models.counter import ALWAYS, ANY_BUTTON, CHOICE, GAIN, choice_key
from anonmsg.models.event import Suspicion
from anonmsg.models.message import readable

EPOCH = date(1970, 1, 1)
SUSPECT_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What was counted for one message, on one day or ever.

    ``views`` and ``dismissals`` are times; ``unique_viewers`` different visitors who viewed it. ``clicks`` are times
    that any button was clicked, a Dismiss button included; ``unique_clickers`` different visitors who clicked any.
    ``people_gained`` are visitors who were identified within 7 days after they viewed it; a day has none of its own.
    ``held_out`` are different visitors of the control group who would have viewed it; they are in no other number.
    """

    views: int = 0
    unique_viewers: int = 0
    clicks: int = 0
    unique_clickers: int = 0
    dismissals: int = 0
    answers: int = 0
    people_gained: int = 0
    held_out: int = 0

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
class ChoiceCount:
    """How many visitors chose this last; ``share`` is of all who answered the question, None while nobody did."""

    choice: str | int
    visitors: int
    share: float | None


@dataclass(frozen=True, slots=True)
class QuestionAnswers:
    """What was answered to the newest version of a question, by how many different ``visitors`` to any version.

    ``choices`` are in the order of the question, zeros included; then those that only older versions had.
    """

    asked: Question | Email
    visitors: int
    choices: list[ChoiceCount]

    @property
    def average(self) -> float | None:
        """Of all points; None of what is no rating, or while nobody answered."""
        points = [(it.choice, it.visitors) for it in self.choices if isinstance(it.choice, int)]
        answered = sum(visitors for _point, visitors in points)
        return sum(point * visitors for point, visitors in points) / answered if answered else None

    @property
    def nps(self) -> int | None:
        """The Net Promoter Score, from -100 to 100: the share of 9 and 10 less that of 0 to 6."""
        if not isinstance(self.asked, Question) or self.asked.kind is not QuestionKind.NPS:
            return None
        answered = sum(it.visitors for it in self.choices)
        promoters = sum(it.visitors for it in self.choices if it.choice in PROMOTERS)
        detractors = sum(it.visitors for it in self.choices if it.choice in DETRACTORS)
        return round(100 * (promoters - detractors) / answered) if answered else None


PROMOTERS, DETRACTORS = range(9, 11), range(7)


@dataclass(frozen=True, slots=True)
class Day:
    """One UTC day. A visitor of two days is unique on each, so days do not add up to the total of visitors."""

    date: date
    totals: Totals


@dataclass(frozen=True, slots=True)
class MessageMetrics:
    """One message: ``buttons`` and ``questions`` in reading order, zeros included; ``days`` from the first to the last
    that counted; ``suspects`` how many events of the last :data:`SUSPECT_DAYS` days are in no number, by why."""

    totals: Totals
    buttons: list[ButtonClicks]
    questions: list[QuestionAnswers]
    days: list[Day]
    suspects: Mapping[Suspicion, int]


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
        # On a day when some were held out and nobody saw it, there is nothing to show.
        if row.kind != Kind.HELD_OUT or row.day == ALWAYS:
            days[row.day].append((row.kind, row.total, row.visitors))
    total = _totals(days.pop(ALWAYS, []))
    suspects = _suspects(message, utc_now() - timedelta(days=SUSPECT_DAYS))
    return MessageMetrics(total, _buttons(message, rows), _questions(message, rows), _days(days), suspects)


def _suspects(message: Message, since: datetime) -> dict[Suspicion, int]:
    """By an index of its own, which holds nothing where nothing is suspect."""
    query = select(Event.suspect, func.count()).where(
        Event.site_id == message.site_id,
        Event.message_id == message.id,
        Event.received_at >= int(since.timestamp() * 1000),
        Event.suspect.is_not(None),
    )
    return {Suspicion(why): count for why, count in db.session.execute(query.group_by(Event.suspect)) if why}


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
        held_out=found.get(Kind.HELD_OUT, (0, 0))[1],
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
    by_id: dict[str, Button] = {}
    for shape in _shapes(message):
        for button in shape.buttons():
            by_id.setdefault(button.id, button)
    return list(by_id.values())


def _shapes(message: Message) -> list[Shape]:
    return readable(message.versions or [message])


def _questions(message: Message, rows: Iterable[Counter]) -> list[QuestionAnswers]:
    ever = [row for row in rows if row.day == ALWAYS]
    answered = {row.button_id: row.visitors for row in ever if row.kind == Kind.ANSWER}
    chosen = {row.button_id: row.visitors for row in ever if row.kind == CHOICE}
    return [_answers(asked, answered.get(asked[0].id, 0), chosen) for asked in _asked(message)]


def _answers(asked: Sequence[Question | Email], visitors: int, chosen: Mapping[str, int]) -> QuestionAnswers:
    """``asked`` is one question as each version has it, newest first."""
    choices = dict.fromkeys(choice for block in asked if isinstance(block, Question) for choice in block.choices())
    by_choice = {choice: chosen.get(choice_key(asked[0].id, choice), 0) for choice in choices}
    counts = [ChoiceCount(choice, by, by / visitors if visitors else None) for choice, by in by_choice.items()]
    return QuestionAnswers(asked[0], visitors, counts)


def questions(message: Message) -> list[Question | Email]:
    """All that visitors were asked, in the newest words; of a message never launched, the draft's."""
    return [asked[0] for asked in _asked(message)]


def _asked(message: Message) -> list[list[Question | Email]]:
    by_id: defaultdict[str, list[Question | Email]] = defaultdict(list)
    for shape in _shapes(message):
        for block in shape.questions():
            by_id[block.id].append(block)
    return list(by_id.values())


def _days(rows: Mapping[int, list[tuple[str, int, int]]]) -> list[Day]:
    if not rows:
        return []
    return [Day(EPOCH + timedelta(days=day), _totals(rows.get(day, []))) for day in range(min(rows), max(rows) + 1)]
