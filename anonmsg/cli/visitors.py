"""Commands for visitors, whom nobody need have identified."""

from __future__ import annotations

import json

import click

from anonmsg import people
from anonmsg.cli import sites
from anonmsg.cli.group import Group
from anonmsg.db import db, reading
from anonmsg.intake import erasure
from anonmsg.models import Site

group = Group("visitors", help="Visitors by their anonymous ids.")
who = click.argument("anonymous_id")


@group.command("export")
@sites.option
@who
def export(site: Site, anonymous_id: str) -> None:
    """Print all that is kept by this anonymous id, as JSON."""
    with reading():
        kept = people.export(site, anonymous_id)
    if not kept["calls"]:
        raise click.ClickException(f"There is no visitor {anonymous_id}, or nothing is kept of them.")
    click.echo(json.dumps(kept, indent=2, ensure_ascii=False))


@group.command("forget")
@sites.option
@who
def forget(site: Site, anonymous_id: str) -> None:
    """Erase all that is kept by this anonymous id, for good. The numbers stay."""
    click.echo(f"The visitor is forgotten, and {erasure.forget_visitor(db.engine, site.id, anonymous_id)} calls.")
