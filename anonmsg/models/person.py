"""People: visitors who were identified, and the anonymous ids they came with."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from anonmsg.db import Model, new_key


class Person(Model):
    """Known by a user id, or by an e-mail alone: exactly one of the two is set.

    ``same_as_id``: this e-mail's person is the one with that user id, who claimed the e-mail first (``claim`` orders
    claims by time). ``traits`` is JSON, each trait with the claim that set it: ``{"plan": ["pro", "000…"]}``.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("site_id", "user_id"),
        UniqueConstraint("site_id", "email"),
        CheckConstraint("(user_id IS NULL) <> (email IS NULL)", name="known_by_one"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_key)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    user_id: Mapped[str | None] = mapped_column(String(255))
    email: Mapped[str | None] = mapped_column(String(254))
    traits: Mapped[str] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(BigInteger)
    same_as_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    claim: Mapped[bytes | None] = mapped_column(LargeBinary(24))


class Visitor(Model):
    """An anonymous id that belongs to a person: to the one who claimed it first."""

    __tablename__ = "visitor"

    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    anonymous_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    claim: Mapped[bytes] = mapped_column(LargeBinary(24))
