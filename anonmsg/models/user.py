"""Users: the marketers who sign in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from flask_login import UserMixin
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from anonmsg.db import Model, UtcDateTime, db, new_key, utc_now

if TYPE_CHECKING:
    from anonmsg.models.site import Site

EMAIL_LENGTH = 254
"""By RFC 5321, less the brackets."""

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody's password")


class User(UserMixin, Model):
    """A marketer. ``session_key`` stands in each session cookie; a new one ends all sessions."""

    __tablename__ = "user"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_key)
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    session_key: Mapped[str] = mapped_column(String(36), default=new_key)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    sites: Mapped[list[Site]] = relationship(back_populates="owner", order_by="Site.created_at")

    @classmethod
    def create(cls, email: str, password: str) -> User:
        """Add a user. The e-mail is compared without regard to case, so it is stored in lower case."""
        user = cls(email=email.strip().lower(), password_hash=_hasher.hash(password))
        db.session.add(user)
        return user

    @classmethod
    def by_email(cls, email: str) -> User | None:
        return db.session.scalar(select(cls).where(cls.email == email.strip().lower()))

    @classmethod
    def sign_in(cls, email: str, password: str) -> User | None:
        """The user with this password, or None. An unknown e-mail costs the same time as a wrong password."""
        user = cls.by_email(email)
        try:
            _hasher.verify(user.password_hash if user else _NOBODY, password)
        except VerifyMismatchError:
            return None
        return user

    @classmethod
    def by_session(cls, key: str) -> User | None:
        return db.session.scalar(select(cls).where(cls.session_key == key))

    def get_id(self) -> str:
        """What Flask-Login keeps in the session: not the id, so that sessions can be revoked."""
        return self.session_key

    def end_sessions(self) -> None:
        self.session_key = new_key()

    def site(self, key: str) -> Site:
        """The user's own site with this key. Raises :class:`NoResultFound` for any other, missing or not theirs."""
        from anonmsg.models.site import Site

        return db.session.execute(select(Site).where(Site.key == key, Site.owner_id == self.id)).scalar_one()
