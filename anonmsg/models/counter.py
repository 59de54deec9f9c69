"""Counters: what was counted for a message, kept up to date in the transaction that stores the events."""

from __future__ import annotations

import hashlib
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from anonmsg.db import Model

ALWAYS = -1
"""The ``day`` of a row that stands for all days together."""

ANY_BUTTON = ""
"""The ``button_id`` of a row that is about the whole message."""

DAY_MS = 24 * 3600 * 1000


class Kind(StrEnum):
    """What is counted (DESIGN §2). ``event`` is the reserved name of the track call that reports it."""

    event: str

    def __new__(cls, value: str, event: str) -> Kind:
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.event = event
        return kind

    VIEW = "view", "Message Viewed"
    CLICK = "click", "Message Clicked"
    DISMISSAL = "dismissal", "Message Dismissed"
    ANSWER = "answer", "Message Answered"
    HELD_OUT = "held_out", "Message Held Out"


KINDS = {kind.event: kind for kind in Kind}

GAIN = "gain"
"""The ``kind`` of a counter of visitors who were identified within :data:`ATTRIBUTION_MS` after a view of the message.
No call reports it: it follows from what is known of views and people."""

CHOICE = "choice"
"""The ``kind`` of a counter of visitors by what they chose last; its ``button_id`` is a :func:`choice_key`. No call
reports it: it follows from the answers."""

KEY_LENGTH = 16


def choice_key(question_id: str, choice: str | int) -> str:
    """Short enough for a counter, and the same in every version that has the question with this choice."""
    return hashlib.blake2b(f"{question_id}\0{choice}".encode(), digest_size=KEY_LENGTH // 2).hexdigest()


ATTRIBUTION_MS = 7 * DAY_MS


class Counter(Model):
    """How often something happened (``total``) and to how many different visitors (``visitors``).

    ``button_id`` is the button of a click, the question of an answer, or :data:`ANY_BUTTON`. A row for each UTC ``day``
    (days since 1970) and one for :data:`ALWAYS`: visitors of several days do not add up.
    """

    __tablename__ = "counter"

    message_id: Mapped[str] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    button_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    total: Mapped[int] = mapped_column(BigInteger)
    visitors: Mapped[int] = mapped_column(BigInteger)


class Seen(Model):
    """Who was counted among a counter's visitors: a set, so that each is counted once."""

    __tablename__ = "seen"
    __table_args__ = {"sqlite_with_rowid": False}

    message_id: Mapped[str] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    button_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    visitor: Mapped[str] = mapped_column(String(255), primary_key=True)


class Erased(Model):
    """What a counter still holds of events that are gone and of visitors who are forgotten: numbers alone."""

    __tablename__ = "erased"

    message_id: Mapped[str] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    button_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    total: Mapped[int] = mapped_column(BigInteger)
    visitors: Mapped[int] = mapped_column(BigInteger)
