"""Commands for stored calls."""

from __future__ import annotations

import json

import click
from sqlalchemy import select

from anonmsg.cli import sites
from anonmsg.cli.group import Group
from anonmsg.db import db, reading, utc_now
from anonmsg.intake import erasure
from anonmsg.models import Event, Site
from anonmsg.models.site import MOST_DAYS

group = Group("activity", help="The calls that were stored.")


@group.command("export")
@sites.option
def export(site: Site) -> None:
    """Print the stored calls in the order of receipt, one JSON a line, as received, with ``received_at``."""
    with reading():
        for event in Event.of_site(site):
            click.echo(json.dumps(event.to_json(), ensure_ascii=False))


@group.command("prune")
@click.option("--site", "key", help="The site's key; without it, every site.")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), help="In place of what each site's settings say.")
def prune(key: str | None, days: int | None) -> None:
    """Erase calls older than the sites' settings allow. The numbers stay. The server does it by itself once an hour."""
    for site in [sites.named(key)] if key else _every_site():
        if kept := days or site.retention_days:
            erased = erasure.prune(db.engine, site.id, kept, utc_now())
            click.echo(f"{site.name}: {erased} calls older than {kept} days were erased.")


def _every_site() -> list[Site]:
    with reading():
        found = list(db.session.scalars(select(Site).order_by(Site.created_at)))
        db.session.commit()
    return found
