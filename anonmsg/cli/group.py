"""What all groups of commands have in common: a database that fails is told in a sentence."""

from __future__ import annotations

from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from anonmsg.intake.driver import Unavailable

_BUSY = ("locked", "lock timeout", "could not obtain lock")
_WITHOUT_TABLES = ("no such table", "no such column", "does not exist")


class Group(AppGroup):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (DBAPIError, Unavailable) as error:
            current_app.logger.debug("the command failed", exc_info=error)
            raise click.ClickException(sentence(error)) from error


def sentence(error: Exception) -> str:
    """What to say of a database that fails."""
    said = str(error)
    if any(words in said for words in _BUSY):
        return "The database is busy: another process holds it. Nothing was changed; try again."
    if any(words in said for words in _WITHOUT_TABLES):
        return "The database has not the tables of this version. Run: .venv/bin/flask --app app db upgrade"
    return f"The database does not answer as it should: {said.splitlines()[0]}"
