"""The driver's own cursor with one spelling on both engines: the ORM would take ten times as long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import wraps
from itertools import chain
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from anonmsg.db import reading

Row = tuple[Any, ...]

CHUNK = 32
"""Rows in a statement: few enough that the drivers keep each length prepared."""

CONFLICTS = ("40001", "40P01")
"""PostgreSQL's states for a serialization failure and a deadlock."""

ATTEMPTS = 3
"""At a transaction that PostgreSQL ended because another one waited for it."""

Args = ParamSpec("Args")
Result = TypeVar("Result")


class Unavailable(Exception):
    """The database cannot store now: locked, full, read-only or not there. Trying again later may work."""


class Conflict(Unavailable):
    """PostgreSQL ended one of two transactions that waited for each other; the same again will do."""


class Cursor:
    """Statements are written with ``?``; rows that may meet other processes' must come in a stable order."""

    def __init__(self, connection: Connection) -> None:
        self.is_sqlite = connection.dialect.name == "sqlite"
        self._cursor: Any = connection.connection.cursor()

    def rows(self, sql: str, *values: Any) -> list[Row]:
        self._cursor.execute(self._spelled(sql), values)
        found: list[Row] = self._cursor.fetchall()
        return found

    def run(self, sql: str, *values: Any) -> None:
        self._cursor.execute(self._spelled(sql), values)

    def run_each(self, sql: str, rows: Sequence[Row]) -> None:
        self._cursor.executemany(self._spelled(sql), rows)

    def insert_new(self, into: str, rows: Sequence[Row], returning: str) -> list[Row]:
        """Insert what is not there yet and return these columns of it. Many rows in few statements: each is a round
        trip, and with SQLite a moment in which Python changes threads."""
        found: list[Row] = []
        for start in range(0, len(rows), CHUNK):
            chunk = rows[start : start + CHUNK]
            row = f"({', '.join('?' * len(chunk[0]))})"
            sql = f"INSERT INTO {into} VALUES {', '.join([row] * len(chunk))}"  # noqa: S608 (our own names)
            found += self.rows(f"{sql} ON CONFLICT DO NOTHING RETURNING {returning}", *chain.from_iterable(chunk))
        return found

    def lock(self, *names: tuple[str, ...]) -> None:
        """Until the transaction ends, whoever asks for one of these names waits, and then sees what was done. For
        PostgreSQL; SQLite has one writer anyway."""
        keys = sorted({" ".join(name) for name in names})
        if keys and not self.is_sqlite:
            self.rows("SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(?::text[]) AS key", keys)

    def _spelled(self, sql: str) -> str:
        return sql if self.is_sqlite else sql.replace("?", "%s")


@contextmanager
def unavailable(engine: Engine) -> Iterator[None]:
    """Turns an engine's failures into :class:`Unavailable`; what is our own mistake stays as it is."""
    dbapi: Any = engine.dialect.loaded_dbapi
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable(str(error)) from error
    except (DBAPIError, dbapi.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(cause, dbapi.OperationalError | dbapi.InternalError | dbapi.InterfaceError):
            raise
        failure = Conflict if getattr(cause, "sqlstate", None) in CONFLICTS else Unavailable
        raise failure(str(cause)) from error


def repeated(transaction: Callable[Args, Result]) -> Callable[Args, Result]:
    """Has a transaction that ended in a :class:`Conflict` done again, all of it; the last one is passed on."""

    @wraps(transaction)
    def until_done(*args: Args.args, **kwargs: Args.kwargs) -> Result:
        for _ in range(ATTEMPTS - 1):
            with suppress(Conflict):
                return transaction(*args, **kwargs)
        return transaction(*args, **kwargs)

    return until_done


def read(engine: Engine, sql: str, *values: Any) -> list[Row]:
    """One query that takes no writer's lock."""
    with unavailable(engine), reading(), engine.connect() as connection:
        return Cursor(connection).rows(sql, *values)
