"""What happened on a site: the log in the order of receipt, and the timeline of one visitor or person.

Both are read in pages by key. What an index serves is found however much there is; what none does (the type of a call,
the page's address) is looked for among the newest :data:`REACH` calls before the page, so that no page takes long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, union_all

from anonmsg.db import db
from anonmsg.metrics import buttons, questions
from anonmsg.models import Event, Message, Person, Profile, Site, Visitor, profiles
from anonmsg.models.person import person_named

PAGE = 50
REACH = 20_000
SLACK_MS = 60_000
"""By how much several servers' clocks and their order of receipt may differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is looked for; each empty field lets everything pass. Times are UTC without a zone, as a form says them."""

    type: str = ""
    event: str = ""
    """The whole name of a track call, or of a page."""
    message: str = ""
    page: str = ""
    """Part of the page's address, without regard to case."""
    who: str = ""
    """An anonymous id, a user id or a person's e-mail, whole."""
    since: str = ""
    until: str = ""

    def words(self) -> dict[str, str]:
        """The fields that are not empty, as they stand in the page's address."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, newest first. ``older`` is the key of the next page, None at the end. ``reached_its_end``: more may
    fit before ``older``, but was not looked for yet."""

    events: Sequence[Event]
    older: int | None
    reached_its_end: bool = False


def page(site: Site, filter: Filter, before: int | None = None) -> Page:
    """What fits, the newest first, from before a key on."""
    found = _indexed(site, filter)
    if before is not None:
        found = found.where(Event.seq < before)
    floor = _floor(found, filter)
    events = list(islice(_fitting(found, filter, floor), PAGE + 1))
    if len(events) > PAGE:
        return Page(events[:PAGE], events[PAGE - 1].seq)
    return Page(events, floor, reached_its_end=floor is not None)


def newer(site: Site, filter: Filter, after: int) -> Page:
    """What fits and came after a key, the newest first; ``older`` if that was more than a page."""
    found = _indexed(site, filter).where(Event.seq > after)
    events = list(islice(_fitting(found, filter, _floor(found, filter)), PAGE + 1))
    return Page(events[:PAGE], events[PAGE].seq if len(events) > PAGE else None)


def timeline(site: Site, calls: Select[int], before: tuple[int, int] | None = None) -> Sequence[Event]:
    """One visitor's or person's calls (:func:`of`), by when they happened, newest first: a page and one more.
    ``before`` is time and key of the last one already seen."""
    query = select(Event).where(Event.site_id == site.id, Event.seq.in_(calls))
    if before is not None:
        at, seq = before
        query = query.where(or_(Event.at < at, (Event.at == at) & (Event.seq < seq)))
    return db.session.scalars(query.order_by(Event.at.desc(), Event.seq.desc()).limit(PAGE + 1)).all()


def of(site: Site, who: str | Profile) -> Select[int]:
    """The keys of a visitor's calls, or of a person's: what named their user id, and what their anonymous ids did
    without naming somebody else's, as on a shared computer. A visitor is known by an anonymous id or, where a server
    sent none and nobody was identified, by a user id."""
    if isinstance(who, str):
        anonymous = select(Event.seq).where(Event.site_id == site.id, Event.anonymous_id == who)
        named = select(Event.seq).where(Event.site_id == site.id, Event.user_id == who, Event.anonymous_id.is_(None))
        return select(union_all(anonymous, named).subquery().c.seq)
    own = or_(Event.user_id.is_(None), Event.user_id == who.user_id)
    anonymous = select(Event.seq).where(Event.site_id == site.id, Event.anonymous_id.in_(who.anonymous_ids), own)
    named = select(Event.seq).where(Event.site_id == site.id, Event.user_id == who.user_id)
    return select(union_all(anonymous, named).subquery().c.seq)


def _indexed(site: Site, filter: Filter) -> Select[Event]:
    """What an index finds: all of the filter but the type and the page's address."""
    query = select(Event).where(Event.site_id == site.id)
    if filter.event:
        query = query.where(Event.name == filter.event)
    if filter.message:
        query = query.where(Event.message_id == filter.message)
    if filter.who:
        query = query.where(Event.seq.in_(_whose(site, filter.who)))
    return query.where(*_received(filter))


def _whose(site: Site, who: str) -> Select[int]:
    """The calls of whoever is meant: a person if there is one of that id or e-mail, else a visitor or user id."""
    if person := person_named(site, who):
        return of(site, person)
    named = select(Event.seq).where(Event.site_id == site.id, Event.user_id == who)
    return select(union_all(of(site, who), named).subquery().c.seq)


def _received(filter: Filter) -> Iterator[ColumnElement[bool]]:
    """The conditions on the time, with the keys between which such calls can be at all."""
    if (since := moment(filter.since)) is not None:
        yield Event.received_at >= since
        yield Event.seq >= _key_at(since - SLACK_MS)
    if (until := moment(filter.until)) is not None:
        yield Event.received_at < until
        yield Event.seq < _key_at(until + SLACK_MS)


def moment(text: str) -> int | None:
    """Milliseconds since 1970 of a time as a form says it; None for what is none."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1000)


def _key_at(received_at: int) -> int:
    """The first key at or after this time. Keys rise with time, so that it is found by halving, without an index."""
    low, high = 0, Event.newest_key() + 1
    while low < high:
        middle = (low + high) // 2
        found = db.session.scalar(select(Event.received_at).where(Event.seq >= middle).order_by(Event.seq).limit(1))
        if found is not None and found < received_at:
            low = middle + 1
        else:
            high = middle
    return low


def _floor(found: Select[Event], filter: Filter) -> int | None:
    """The key of the last call within reach; None where all are."""
    if not (filter.type or filter.page):
        return None
    keys = found.with_only_columns(Event.seq).order_by(Event.seq.desc())
    return db.session.scalar(keys.offset(REACH - 1).limit(1))


def _fitting(found: Select[Event], filter: Filter, floor: int | None) -> Iterator[Event]:
    query = found.order_by(Event.seq.desc())
    if floor is not None:
        query = query.where(Event.seq >= floor)
    if filter.type:
        query = query.where(Event.type == filter.type)
    if not filter.page:
        return iter(db.session.scalars(query.limit(PAGE + 1)))
    events = db.session.scalars(query.execution_options(yield_per=500))
    part = filter.page.casefold()
    return (event for event in events if part in event.address.casefold())


def owners(site: Site, events: Iterable[Event]) -> dict[int, Profile]:
    """Whose the events are now, by key; those of visitors whom nobody has identified are left out."""
    events = list(events)
    user_ids = {event.user_id for event in events if event.user_id}
    anonymous_ids = {event.anonymous_id for event in events if event.anonymous_id}
    by_user = _pairs(select(Person.user_id, Person.id).where(Person.site_id == site.id, Person.user_id.in_(user_ids)))
    by_visitor = _pairs(
        select(Visitor.anonymous_id, Visitor.person_id).where(
            Visitor.site_id == site.id, Visitor.anonymous_id.in_(anonymous_ids)
        )
    )
    known = profiles(site, {*by_user.values(), *by_visitor.values()})
    ids = {
        event.seq: by_user.get(event.user_id) if event.user_id else by_visitor.get(event.anonymous_id)
        for event in events
    }
    return {seq: known[id] for seq, id in ids.items() if id}


def _pairs(query: Select[*tuple[Any, str]]) -> dict[str | None, str]:
    return dict(db.session.execute(query).all())


@dataclass(frozen=True, slots=True)
class Line:
    """One event with what it takes to read it: whose it is now, if anybody's, and the message and button in it."""

    event: Event
    person: Profile | None
    message: Message | None
    button: str
    """The label of the button, or of the question; empty if it is about none."""

    @property
    def is_identifying(self) -> bool:
        """Whether this very call ended its visitor's anonymity: the claim of a visitor ends as the event's key does."""
        visitors = self.person.visitors if self.person else []
        return any(visitor.claim[8:] == self.event.key[8:] for visitor in visitors)


def lines(site: Site, events: Sequence[Event]) -> list[Line]:
    """The events, ready to be read, in a few queries for all of them."""
    people = owners(site, events)
    ids = {event.message_id for event in events if event.message_id}
    messages = {
        message.id: message
        for message in db.session.scalars(select(Message).where(Message.site_id == site.id, Message.id.in_(ids)))
    }
    pressed = {event.message_id for event in events if event.message_id and event.button_id}
    labels = {
        id: {block.id: block.label for block in [*buttons(messages[id]), *questions(messages[id])]}
        for id in pressed & messages.keys()
    }
    return [
        Line(
            event,
            people.get(event.seq),
            messages.get(event.message_id or ""),
            labels.get(event.message_id or "", {}).get(event.button_id or "", ""),
        )
        for event in events
    ]
