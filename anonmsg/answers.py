"""What visitors typed into a message, as far as the calls are kept. What they chose is in the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from anonmsg import activity
from anonmsg.db import db
from anonmsg.message import Email, Question, QuestionKind
from anonmsg.metrics import questions
from anonmsg.models import Event, Kind, Message, Site

PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some answers, newest first, each with whose it is; ``older`` is the key of the next page, None at the end."""

    lines: Sequence[activity.Line]
    older: int | None


def typed(message: Message) -> list[Question | Email]:
    """The questions to which visitors type what they like. An address that identifies is found with the people."""
    return [
        asked
        for asked in questions(message)
        if (not asked.identifies if isinstance(asked, Email) else asked.kind is QuestionKind.TEXT)
    ]


def page(site: Site, message: Message, question_id: str, before: int | None = None) -> Page:
    """The last answer of each visitor to the question, from before a key on."""
    query = select(Event).where(Event.message_id == message.id, Event.button_id == question_id)
    query = query.where(~_replaced(site, Event.anonymous_id))
    # Servers may name a visitor by a user id alone.
    query = query.where(~(Event.anonymous_id.is_(None) & _replaced(site, Event.user_id)))
    # As a word in the query, for the index is of answers alone.
    query = query.where(Event.kind == literal(str(Kind.ANSWER), literal_execute=True))
    if before is not None:
        query = query.where(Event.seq < before)
    events = db.session.scalars(query.order_by(Event.seq.desc()).limit(PAGE + 1)).all()
    shown = events[:PAGE]
    return Page(activity.lines(site, shown), shown[-1].seq if len(events) > PAGE else None)


def _replaced(site: Site, who: InstrumentedAttribute[str | None]) -> ColumnElement[bool]:
    """Whether the same visitor, by this column, answered again. Which is the last, intake.choices says alike."""
    later = aliased(Event)
    again = exists().where(
        later.site_id == site.id,
        getattr(later, who.key) == who,
        later.kind == Kind.ANSWER,
        later.message_id == Event.message_id,
        later.button_id == Event.button_id,
        later.at >= Event.at,
        or_(later.at > Event.at, later.key > Event.key),
    )
    return again if who is Event.anonymous_id else again.where(later.anonymous_id.is_(None))
