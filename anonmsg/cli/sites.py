"""Commands for websites."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup

from anonmsg.db import db
from anonmsg.models import Site, User

group = AppGroup("site", help="The websites.")


class SiteKey(click.ParamType[Site]):
    """A site key on the command line; the command gets the site."""

    name = "site key"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Site:
        if isinstance(value, Site):
            return value
        return Site.by_key(str(value)) or self.fail(f"There is no site with the key {value}.", param, ctx)


option = click.option("--site", type=SiteKey(), required=True, help="The site's key.")
"""``--site SITE_KEY`` for commands of any noun."""


@group.command("create")
@click.argument("name")
@click.option("--owner", required=True, help="The e-mail of the user who owns it.")
def create(name: str, owner: str) -> None:
    """Add a site and print its site key."""
    user = User.by_email(owner)
    if user is None:
        raise click.ClickException(f"There is no user {owner}. Create one with: user create {owner}")
    created = Site.create(name, user)
    db.session.commit()
    click.echo(created.key)
