"""Receipts: how many calls a site received, and what became of them."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from anonmsg.db import Model


class Outcome(StrEnum):
    """What is counted. Of every call received exactly one of the next three is true."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    ERASED = "erased"
    """Accepted once, and taken out since."""


class Receipt(Model):
    """How many calls had this outcome. ``reason`` is the code of a rejection, else empty.

    Processes write to different rows (``shard``), so that they do not wait for each other; their sum is what counts.
    """

    __tablename__ = "receipt"

    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(10), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40), primary_key=True)
    shard: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    total: Mapped[int] = mapped_column(BigInteger)
