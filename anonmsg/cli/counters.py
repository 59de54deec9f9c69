"""Commands that prove the counters right, and that nothing received went astray."""

from __future__ import annotations

from collections.abc import Iterator

import click
from sqlalchemy import select

from anonmsg.cli.group import Group
from anonmsg.db import db, reading
from anonmsg.intake import receipts, recount
from anonmsg.intake.driver import Cursor
from anonmsg.intake.receipts import Balance
from anonmsg.models import Site

group = Group("counters", help="The numbers kept beside the events.")


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


@group.command("ledger")
def ledger() -> None:
    """Print what became of the calls that each site received. Fails if there is any call of which nobody knows."""
    with reading(), recount.snapshot(db.engine) as cursor:
        sites = db.session.scalars(select(Site).order_by(Site.created_at)).all()
        balances = [(site, receipts.balance(cursor, site.id)) for site in sites]
    for site, balance in balances:
        click.echo(f"{site.name} ({site.key})")
        for name, number in _lines(balance):
            click.echo(f"  {name:<30} {number:>15,}")
    if astray := sum(abs(balance.difference) + abs(balance.missing) for _site, balance in balances):
        raise click.ClickException(f"{astray:,} calls are not accounted for.")


def _lines(balance: Balance) -> Iterator[tuple[str, int]]:
    yield from balance.totals.items()
    yield from ((f"rejected: {reason}", number) for reason, number in balance.rejected.items())
    yield "kept", balance.kept
    yield "received, but lost", balance.difference
    yield "accepted, but missing", balance.missing
