"""Commands that prove the counters right."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from anonmsg.db import db, reading
from anonmsg.intake import recount
from anonmsg.intake.driver import Cursor

group = AppGroup("counters", help="The numbers kept beside the events.")


@group.command("check")
def check() -> None:
    """Count the events once more and compare. Fails, naming each difference, if there is any."""
    with reading(), recount.snapshot(db.engine) as cursor:
        found = recount.differences(cursor)
    if found:
        raise click.ClickException("\n".join(["The counters are not what the events say:", *found]))
    click.echo("The counters are what the events say.")


@group.command("rebuild")
def rebuild() -> None:
    """Make the counters anew from the events."""
    with db.engine.begin() as connection:
        recount.rebuild(Cursor(connection))
    click.echo("The counters were made anew from the events.")
