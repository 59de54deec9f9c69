"""People: visitors who were identified, and the anonymous ids they came with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from anonmsg.db import Model, db, new_key
from anonmsg.models.site import Site

EMAIL_LENGTH = 254


class Person(Model):
    """Known by a user id, or by an e-mail alone: exactly one of the two is set.

    ``same_as_id``: this e-mail's person is the one with that user id, who claimed the e-mail first (``claim`` orders
    claims by time). ``traits`` is JSON, each trait with the claim that set it: ``{"plan": ["pro", "000…"]}``.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("site_id", "user_id"),
        UniqueConstraint("site_id", "email"),
        Index(None, "site_id", "created_at", "id"),
        CheckConstraint("(user_id IS NULL) <> (email IS NULL)", name="known_by_one"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_key)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    user_id: Mapped[str | None] = mapped_column(String(255))
    email: Mapped[str | None] = mapped_column(String(EMAIL_LENGTH))
    traits: Mapped[str] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(BigInteger)
    same_as_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    claim: Mapped[bytes | None] = mapped_column(LargeBinary(24))


class Visitor(Model):
    """An anonymous id that belongs to a person: to the one who claimed it first, at ``identified_at`` (ms)."""

    __tablename__ = "visitor"

    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    anonymous_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    claim: Mapped[bytes] = mapped_column(LargeBinary(24))
    identified_at: Mapped[int] = mapped_column(BigInteger, server_default="0")


class PersonWord(Model):
    """A word that a person is found by, in small letters: the id, the e-mail, the words of the name.

    Compared byte by byte on both engines, so that a search for a beginning is a range of the index.
    """

    __tablename__ = "person_word"
    __table_args__ = {"sqlite_with_rowid": False}

    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(String(255, collation="C").with_variant(String(255), "sqlite"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)


@dataclass(frozen=True, slots=True)
class Profile:
    """A person with all that is known: what the e-mail alone had said before is theirs, and every anonymous id.

    ``since`` is when somebody first said who they are (milliseconds since 1970). ``parts`` are the ids of the rows of
    :class:`Person` that are the same person, the own one first.
    """

    id: str
    user_id: str | None
    email: str | None
    traits: dict[str, Any]
    visitors: list[Visitor]
    since: int
    parts: list[str]

    @property
    def anonymous_ids(self) -> list[str]:
        """In the order in which they were claimed."""
        return [visitor.anonymous_id for visitor in self.visitors]

    @property
    def name(self) -> str:
        """As the traits of Segment's spec say it; empty if they do not."""
        said = [self.traits.get(name) for name in ("name", "firstName", "lastName")]
        whole, *parts = [text.strip() if isinstance(text, str) else "" for text in said]
        return whole or " ".join(parts).strip()

    @property
    def label(self) -> str:
        """The best that there is to call them by."""
        return self.name or self.email or self.user_id or ""

    def to_json(self) -> dict[str, Any]:
        """What programs get (DESIGN §7)."""
        return {
            "user_id": self.user_id,
            "email": self.email,
            "traits": self.traits,
            "anonymous_ids": self.anonymous_ids,
        }


def email_key(email: object) -> str | None:
    """How e-mails are compared: without regard to case. None for what cannot be one."""
    if not isinstance(email, str) or not 3 <= len(email) <= EMAIL_LENGTH:
        return None
    return email.strip().lower() if "@" in email[1:-1] else None


CHUNK = 500
"""People read at a time."""


def people(site: Site) -> Iterator[Profile]:
    """Everybody of the site who was identified, in the order in which they came."""
    query = select(Person.id).where(Person.site_id == site.id, Person.same_as_id.is_(None))
    ids = db.session.scalars(query.order_by(Person.created_at, Person.id)).all()
    for start in range(0, len(ids), CHUNK):
        yield from profiles(site, ids[start : start + CHUNK]).values()


def profiles(site: Site, ids: Iterable[str]) -> dict[str, Profile]:
    """The people with these ids, in that order and by them. Who belongs to another one is that one."""
    parts = _parts(site, ids)
    owners = {part.id: part.same_as_id or part.id for part in parts}
    groups: dict[str, list[Person]] = {owner: [] for owner in owners.values()}
    for part in parts:
        groups[owners[part.id]].append(part)
    visitors: dict[str, list[Visitor]] = {owner: [] for owner in groups}
    query = select(Visitor).where(Visitor.person_id.in_(owners))
    for visitor in db.session.scalars(query.order_by(Visitor.claim)):
        visitors[owners[visitor.person_id]].append(visitor)
    made = {owner: _profile(group, visitors[owner]) for owner, group in groups.items()}
    return {id: made[owners[id]] for id in ids if id in owners}


def person_named(site: Site, name: str) -> Profile | None:
    """The person with this user id or, if there is none, this e-mail."""
    known = or_(Person.user_id == name, Person.email == (email_key(name) or ""))
    query = select(Person.id).where(Person.site_id == site.id, known).order_by(Person.user_id.is_(None))
    id = db.session.scalar(query.limit(1))
    return profiles(site, [id])[id] if id else None


def person_of(site: Site, anonymous_id: str) -> str | None:
    """The id of the person that this visitor was identified as, or None. Servers may name a visitor by a user id."""
    found = db.session.get(Visitor, (site.id, anonymous_id))
    if found:
        return found.person_id
    return db.session.scalar(select(Person.id).where(Person.site_id == site.id, Person.user_id == anonymous_id))


def _parts(site: Site, ids: Iterable[str]) -> list[Person]:
    """The rows of these people and of all that are the same as they are; a person's own row first.

    The site is compared afterwards: asked for in SQL, SQLite would read the whole site in place of these few.
    """
    named = select(Person.site_id, func.coalesce(Person.same_as_id, Person.id)).where(Person.id.in_(ids))
    owners = {owner for site_id, owner in db.session.execute(named) if site_id == site.id}
    query = select(Person).where(or_(Person.id.in_(owners), Person.same_as_id.in_(owners)))
    return sorted(db.session.scalars(query), key=lambda part: (part.same_as_id is not None, part.created_at, part.id))


def _profile(parts: list[Person], visitors: list[Visitor]) -> Profile:
    """Of each trait what was said last wins, whichever part it was said about."""
    said = [(order, name, value) for part in parts for name, (value, order) in json.loads(part.traits).items()]
    traits = {name: value for _order, name, value in sorted(said, key=lambda trait: trait[:2])}
    email = traits.get("email")
    email = email if email_key(email) else parts[0].email
    since = min(part.created_at for part in parts)
    return Profile(parts[0].id, parts[0].user_id, email, traits, visitors, since, [part.id for part in parts])
