"""The people of a site: the list and the search, and what is known of each one's past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from anonmsg import activity
from anonmsg.db import db, number_in
from anonmsg.models import Event, Kind, Message, Person, PersonWord, Profile, Site, profiles
from anonmsg.models.counter import ATTRIBUTION_MS

PAGE = 50
LAST = "\U0010ffff"
"""The last of all characters, in bytes as well."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some people; ``after`` is the key of the next page, empty at the end."""

    people: Sequence[Profile]
    after: str


def page(site: Site, words: str, after: str = "") -> Page:
    """The newest people first; with words, those of whom an id, an e-mail or a name begins with each of them."""
    keys = _found(site, words.casefold().split(), after) if words.strip() else _newest(site, after)
    known = profiles(site, [id for id, _key in keys[:PAGE]])
    return Page(list(known.values()), keys[PAGE - 1][1] if len(keys) > PAGE else "")


def _newest(site: Site, after: str) -> list[tuple[str, str]]:
    """Ids with the key from which the next page goes on."""
    query = select(Person.id, Person.created_at).where(Person.site_id == site.id, Person.same_as_id.is_(None))
    said, _, id = after.partition(" ")
    if (at := number_in(said)) is not None:
        query = query.where(or_(Person.created_at < at, and_(Person.created_at == at, Person.id < id)))
    rows = db.session.execute(query.order_by(Person.created_at.desc(), Person.id.desc()).limit(PAGE + 1))
    return [(id, f"{created_at} {id}") for id, created_at in rows]


def _found(site: Site, words: Sequence[str], after: str) -> list[tuple[str, str]]:
    """Found by the longest word, in the order of what it found, and then held against the others."""
    first, *others = sorted(words, key=len, reverse=True)
    word, person = aliased(PersonWord), aliased(Person)
    owner = func.coalesce(person.same_as_id, person.id)
    query = select(owner, word.word, word.person_id).join(person, person.id == word.person_id)
    query = query.where(word.site_id == site.id, _begins(word, first), ~_has_before(owner, word, first))
    query = query.where(*(_has(owner, other) for other in others))
    id, has_more, last = after.partition(" ")
    if has_more:
        query = query.where(or_(word.word > last, and_(word.word == last, word.person_id > id)))
    rows = db.session.execute(query.order_by(word.word, word.person_id).limit(PAGE + 1))
    return [(owner_id, f"{id} {text}") for owner_id, text, id in rows]


def _begins(word: Any, beginning: str) -> ColumnElement[bool]:
    return and_(word.word >= beginning, word.word < beginning + LAST)


def _has(owner: Any, beginning: str, *more: Any) -> ColumnElement[bool]:
    """Whether a person has a word that begins like this, under whichever of the person's rows."""
    other, part = aliased(PersonWord), aliased(Person)
    found = select(other.word).join(part, part.id == other.person_id)
    found = found.where(or_(part.id == owner, part.same_as_id == owner), _begins(other, beginning))
    return found.where(*(condition(other) for condition in more)).exists()


def _has_before(owner: Any, word: Any, beginning: str) -> ColumnElement[bool]:
    """Whether the same person was found by an earlier word already, so that nobody is listed twice."""
    return _has(
        owner,
        beginning,
        lambda other: or_(other.word < word.word, and_(other.word == word.word, other.person_id < word.person_id)),
    )


def last_seen(site: Site, people: Sequence[Profile]) -> dict[str, int]:
    """When something of theirs last happened (milliseconds since 1970), by the person's id, from the indexes alone."""
    ids: dict[str | None, str] = {visitor.anonymous_id: each.id for each in people for visitor in each.visitors}
    user_ids: dict[str | None, str] = {each.user_id: each.id for each in people if each.user_id}
    found: dict[str, int] = {}
    for column, owners in ((Event.anonymous_id, ids), (Event.user_id, user_ids)):
        latest = select(column, func.max(Event.at)).where(Event.site_id == site.id, column.in_(owners))
        for name, at in db.session.execute(latest.group_by(column)):
            id = owners[name]
            found[id] = max(at, found.get(id, 0))
    return found


@dataclass(frozen=True, slots=True)
class Met:
    """A message that somebody viewed, and how often they viewed and clicked it; ``last`` in milliseconds since 1970."""

    message: Message
    views: int
    clicks: int
    last: int


def met(site: Site, who: str | Profile) -> list[Met]:
    """The messages that a visitor or person viewed or clicked, the last one first."""
    kinds = [func.sum(case((Event.kind == kind, 1), else_=0)) for kind in (Kind.VIEW, Kind.CLICK)]
    query = select(Message, *kinds, func.max(Event.at)).join(Event, Event.message_id == Message.id)
    query = query.where(Event.seq.in_(activity.of(site, who)), Event.kind.in_((Kind.VIEW, Kind.CLICK)))
    rows = db.session.execute(query.group_by(Message.id).order_by(func.max(Event.at).desc()))
    return [Met(*row) for row in rows]


def span(site: Site, who: str | Profile) -> tuple[int, int] | None:
    """When the first and the last of somebody's calls happened; None if no call is kept."""
    query = select(func.min(Event.at), func.max(Event.at)).where(Event.seq.in_(activity.of(site, who)))
    first, last = db.session.execute(query).one()
    return None if first is None else (first, last)


def export(site: Site, who: str | Profile) -> dict[str, Any]:
    """All that is kept of a visitor or person, for programs and for themselves."""
    query = select(Event).where(Event.seq.in_(activity.of(site, who))).order_by(Event.seq)
    about = {"anonymous_ids": [who]} if isinstance(who, str) else who.to_json()
    return {**about, "calls": [event.to_json() for event in db.session.scalars(query)]}


@dataclass(frozen=True, slots=True)
class Conversion:
    """The message somebody viewed last, at most seven days before they were identified; times are milliseconds."""

    message: Message
    viewed_at: int
    identified_at: int


def conversion(site: Site, person: Profile) -> Conversion | None:
    """What the person converted on: of the anonymous id by which they were identified first, the last message viewed
    within the attribution window before that moment. None if there was none."""
    if not person.visitors:
        return None
    first = min(person.visitors, key=lambda visitor: visitor.claim)
    query = select(Message, Event.at).join(Event, Event.message_id == Message.id)
    query = query.where(Event.site_id == site.id, Event.anonymous_id == first.anonymous_id, Event.kind == Kind.VIEW)
    query = query.where(Event.at.between(first.identified_at - ATTRIBUTION_MS, first.identified_at))
    found = db.session.execute(query.order_by(Event.at.desc(), Event.seq.desc()).limit(1)).first()
    return Conversion(found[0], found[1], first.identified_at) if found else None
