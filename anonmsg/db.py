"""The database: engine set-up, the base class of tables, and how time and transactions behave on both engines."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator
from uuid_utils.compat import uuid7


class Base(DeclarativeBase):
    """Base of all tables. Constraints get names, so that migrations can change them on both engines."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

THREADS = 8
"""Requests that a process serves at once, each with at most one connection."""

WAIT_MS = 1500
"""How long a statement waits for somebody else's lock, or a request for a connection: who sent a call hears within 2 s
that it was not stored."""


def engine_options(url: str) -> dict[str, Any]:
    """How connections are made and kept. With PostgreSQL those that did not survive its restart are noticed before they
    are used, and a server that does not answer is given up."""
    if url.startswith("sqlite"):
        return {}
    patience = {"connect_timeout": 2, "tcp_user_timeout": 5000, "keepalives_idle": 10, "keepalives_interval": 5}
    return {
        "pool_size": THREADS,
        "max_overflow": 2,
        "pool_timeout": WAIT_MS / 1000,
        "pool_pre_ping": True,
        "connect_args": {**patience, "options": f"-c lock_timeout={WAIT_MS}", "application_name": "anonmsg"},
    }


reading_only: ContextVar[bool] = ContextVar("reading_only", default=False)
"""Set while a request that only reads is served; its transaction then takes no write lock."""


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read, so they hold up no writer. For commands; requests do it by their method."""
    token = reading_only.set(True)
    try:
        yield
    finally:
        reading_only.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside may write, whatever request this thread served before."""
    token = reading_only.set(False)
    try:
        yield
    finally:
        reading_only.reset(token)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time. SQLite keeps no zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


LARGEST = 2**63 - 1
"""The largest whole number that both engines hold."""


def number_in(text: str) -> int | None:
    """The number from 0 to :data:`LARGEST` that stands there, such as a key in an address; None for whatever else."""
    is_number = text.isdecimal() and text.isascii() and len(text) <= len(str(LARGEST))
    return int(text) if is_number and int(text) <= LARGEST else None


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_key() -> str:
    """A new primary key: UUIDv7 as text, which sorts by the time it was made."""
    return str(uuid7())


@event.listens_for(Engine, "connect")
def _set_up_sqlite(connection: Any, record: Any) -> None:
    """Durable before the answer (synchronous FULL), readers beside the writer (WAL), a busy writer waits 1.5 s,
    so that who sent a call hears within 2 s that it was not stored; what is deleted is overwritten."""
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
        keeping = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
        for pragma in (f"busy_timeout={WAIT_MS}", *keeping):
            connection.execute(f"PRAGMA {pragma}")
        record.info["file"] = _file(connection.execute("PRAGMA database_list").fetchone()[2])


def is_lost(engine: Engine) -> bool:
    """Whether another file, or none, lies where a connection has found its SQLite database: then all that is written
    goes nowhere."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path:
        return False
    with engine.connect() as connection:
        return bool(connection.info["file"] != _file(path))


def _file(path: str) -> tuple[int, int] | None:
    """Which file that is, whatever it is called."""
    if not path or not Path(path).exists():
        return None
    found = Path(path).stat()
    return found.st_dev, found.st_ino


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """A deferred transaction that later writes ignores the busy timeout, so one that may write says so at once."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if reading_only.get() else "BEGIN IMMEDIATE")
