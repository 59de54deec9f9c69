"""Runs the migrations in one transaction over the application's own engine."""

from __future__ import annotations

import sqlite3
from typing import Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.exc import DBAPIError

from anonmsg.cli.group import sentence
from anonmsg.db import UtcDateTime

db = current_app.extensions["migrate"].db
metadata: MetaData = db.metadata
engine: Engine = db.engine


def without_foreign_keys(connection: Connection) -> Connection:
    """SQLite changes a table by making it anew; dropping the old one would delete, by its keys, what refers to it."""
    raw = connection.connection.dbapi_connection
    if isinstance(raw, sqlite3.Connection):
        raw.execute("PRAGMA foreign_keys=OFF")
    return connection


def render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Migrations name SQL's own types, so that they keep working whatever becomes of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database; --sql is not supported.")
try:
    connection = engine.connect()
except DBAPIError as error:
    raise SystemExit(sentence(error)) from error
with connection:
    migrate(without_foreign_keys(connection))
    connection.commit()
engine.dispose()
