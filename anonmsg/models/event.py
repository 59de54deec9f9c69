"""Events: every tracking call as it is kept, in the order of receipt."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, Text, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from anonmsg.db import Model, db
from anonmsg.message import Word
from anonmsg.models.site import Site

Sequence = BigInteger().with_variant(Integer, "sqlite")


def index_where(column: str, order: str) -> Index:
    """An index of a site's events with this column, in this order. Events without it are not in it."""
    some = text(f"{column} IS NOT NULL")
    return Index(None, "site_id", column, order, sqlite_where=some, postgresql_where=some)


ANSWERS = text("kind = 'answer'")
SUSPECTS = text("suspect IS NOT NULL")


class Suspicion(Word):
    """Why a message event is not believed, in a word and in words."""

    WEBSITE = "website", "from a website that is not among the site’s"
    ADDRESS = "address", "more from one address than a crowd behind it would send"
    VISITOR = "visitor", "more of one visitor than anybody could do"
    SITE = "site", "more at once than this server believes of one site"


class Event(Model):
    """One call. Written by :mod:`anonmsg.intake` alone, in plain SQL; never changed afterwards.

    ``key`` makes storing idempotent: the call's own time, then a hash of site and messageId. Times are milliseconds
    since 1970: ``at`` is when it happened, ``received_at`` when we got it. ``kind``, ``message_id`` and ``button_id``
    are set if it counts for a message; counters are rebuilt from them. Of an answer, ``button_id`` is the question, and
    ``choices`` are the keys of what was chosen (:func:`choice_key`), none where something was typed. ``suspect`` says
    why it is not believed (:class:`Suspicion`): then it has no ``kind``, and counts nowhere. ``body`` is the call's
    JSON as received.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index(None, "site_id", "seq"),
        index_where("name", "seq"),
        index_where("message_id", "seq"),
        index_where("anonymous_id", "at"),
        index_where("user_id", "at"),
        Index(None, "message_id", "button_id", "seq", sqlite_where=ANSWERS, postgresql_where=ANSWERS),
        Index(
            None,
            "site_id",
            "message_id",
            "received_at",
            "suspect",
            sqlite_where=SUSPECTS,
            postgresql_where=SUSPECTS,
        ),
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
    choices: Mapped[str | None] = mapped_column(Text)
    suspect: Mapped[str | None] = mapped_column(String(10))
    body: Mapped[str] = mapped_column(Text)

    @property
    def suspicion(self) -> Suspicion | None:
        return Suspicion(self.suspect) if self.suspect else None

    @property
    def call(self) -> dict[str, Any]:
        """The call as received."""
        call: dict[str, Any] = json.loads(self.body)
        return call

    @property
    def address(self) -> str:
        """The page's address: whole if the call says so, else its path; empty if it names no page."""
        return address_of(self.call)

    @property
    def place(self) -> str:
        """The address without the website's own: path, query and fragment."""
        _scheme, is_whole, rest = self.address.partition("://")
        return f"/{rest.partition('/')[2]}" if is_whole else self.address

    @property
    def is_late(self) -> bool:
        """Whether it was received more than a minute after it happened."""
        return self.received_at - self.at > 60_000

    @property
    def email(self) -> str | None:
        """The e-mail that an identify call says."""
        email = _object(self.call, "traits").get("email")
        return email if isinstance(email, str) else None

    @property
    def answer(self) -> str:
        """What was answered to a question of a message, in words; empty where it was not sent along."""
        answer = _object(self.call, "properties").get("answer")
        return ", ".join(map(str, answer)) if isinstance(answer, list) else "" if answer is None else str(answer)

    @property
    def pretty(self) -> str:
        """The call as people read JSON."""
        return json.dumps(self.call, indent=2, ensure_ascii=False)

    def to_json(self) -> dict[str, Any]:
        """The call as received, with when it was, and why it is suspect if it is. A call to a path of its type need not
        name the type itself."""
        received_at = datetime.fromtimestamp(self.received_at / 1000, UTC).isoformat(timespec="milliseconds")
        mark = {"suspect": self.suspect} if self.suspect else {}
        return {**self.call, "type": self.type, "received_at": received_at.replace("+00:00", "Z"), **mark}

    @classmethod
    def newest_key(cls) -> int:
        """The key of the last call received; what comes later has a higher one."""
        return db.session.scalar(select(func.max(cls.seq))) or 0

    @classmethod
    def of_site(cls, site: Site) -> Iterator[Event]:
        """The site's events in the order of receipt, never all in memory."""
        query = select(cls).where(cls.site_id == site.id).order_by(cls.seq)
        return db.session.scalars(query.execution_options(yield_per=1000))


def address_of(call: dict[str, Any]) -> str:
    """The address of the page that a call was made on: see :attr:`Event.address`."""
    context, properties = _object(call, "context"), _object(call, "properties")
    places = (_object(context, "page"), _object(properties, "page"), properties)
    said = (place.get(name) for name in ("url", "path") for place in places)
    return next((text for text in said if isinstance(text, str) and text), "")


def _object(value: dict[str, Any], name: str) -> dict[str, Any]:
    """A member that is an object; whatever else a website sent in its place is none."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}
