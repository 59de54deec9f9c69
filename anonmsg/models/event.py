"""Events: every tracking call as it is kept, in the order of receipt."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, Text, select, text
from sqlalchemy.orm import Mapped, mapped_column

from anonmsg.db import Model, db
from anonmsg.models.site import Site

Sequence = BigInteger().with_variant(Integer, "sqlite")


def index_where(column: str, order: str) -> Index:
    """An index of a site's events with this column, in this order. Events without it are not in it."""
    some = text(f"{column} IS NOT NULL")
    return Index(None, "site_id", column, order, sqlite_where=some, postgresql_where=some)


class Event(Model):
    """One call. Written by :mod:`anonmsg.intake` alone, in plain SQL; never changed afterwards.

    ``key`` makes storing idempotent: the call's own time, then a hash of site and messageId. Times are milliseconds
    since 1970: ``at`` is when it happened, ``received_at`` when we got it. ``kind``, ``message_id`` and ``button_id``
    are set if it counts for a message; counters are rebuilt from them. ``body`` is the call's JSON as received.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index(None, "site_id", "seq"),
        index_where("name", "seq"),
        index_where("message_id", "seq"),
        index_where("anonymous_id", "at"),
        index_where("user_id", "at"),
    )

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(24), unique=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    type: Mapped[str] = mapped_column(String(10))
    name: Mapped[str | None] = mapped_column(String(255))
    anonymous_id: Mapped[str | None] = mapped_column(String(255))
    user_id: Mapped[str | None] = mapped_column(String(255))
    at: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str | None] = mapped_column(String(10))
    message_id: Mapped[str | None] = mapped_column(String(36))
    button_id: Mapped[str | None] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)

    @classmethod
    def of_site(cls, site: Site) -> Iterator[Event]:
        """The site's events in the order of receipt, never all in memory."""
        query = select(cls).where(cls.site_id == site.id).order_by(cls.seq)
        return db.session.scalars(query.execution_options(yield_per=1000))
