"""People: visitors who were identified, and the anonymous ids they came with."""

from __future__ import annotations

import json
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
    """A person with all that is known: what the e-mail alone had said before is theirs, and every anonymous id."""

    user_id: str | None
    email: str | None
    traits: dict[str, Any]
    anonymous_ids: list[str]


def email_key(email: object) -> str | None:
    """How e-mails are compared: without regard to case. None for what cannot be one."""
    if not isinstance(email, str) or not 3 <= len(email) <= EMAIL_LENGTH:
        return None
    return email.strip().lower() if "@" in email[1:-1] else None


def people(site: Site) -> list[Profile]:
    """Everybody of the site who was identified, in the order in which they came."""
    rows = db.session.scalars(
        select(Person).where(Person.site_id == site.id).order_by(Person.created_at, Person.id)
    ).all()
    visitors = db.session.scalars(select(Visitor).where(Visitor.site_id == site.id).order_by(Visitor.claim)).all()
    parts: dict[str, list[Person]] = {row.id: [row] for row in rows if row.same_as_id is None}
    for row in rows:
        if row.same_as_id is not None:
            parts[row.same_as_id].append(row)
    owners = {part.id: id for id, group in parts.items() for part in group}
    ids: dict[str, list[str]] = {id: [] for id in parts}
    for visitor in visitors:
        ids[owners[visitor.person_id]].append(visitor.anonymous_id)
    return [_profile(group, ids[id]) for id, group in parts.items()]


def _profile(parts: list[Person], anonymous_ids: list[str]) -> Profile:
    """Of each trait what was said last wins, whichever part it was said about."""
    said = [(order, name, value) for part in parts for name, (value, order) in json.loads(part.traits).items()]
    traits = {name: value for _order, name, value in sorted(said, key=lambda trait: trait[:2])}
    email = traits.get("email")
    return Profile(parts[0].user_id, email if email_key(email) else parts[0].email, traits, anonymous_ids)
