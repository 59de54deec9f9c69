"""Commands for websites."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from anonmsg.cli.group import Group
from anonmsg.db import db, reading
from anonmsg.models import Site, User
from anonmsg.models.site import NAME_LENGTH

group = Group("site", help="The websites.")


def option(command: Callable[..., None]) -> Callable[..., None]:
    """``--site SITE_KEY`` for commands of any noun, which get the site."""

    @click.option("--site", "key", required=True, help="The site's key.")
    @wraps(command)
    def with_site(key: str, **others: Any) -> None:
        command(site=named(key), **others)

    return with_site


def named(key: str) -> Site:
    """The site with this key; the command then begins a transaction of its own, to read or to write."""
    with reading():
        site = Site.by_key(key)
        db.session.commit()
    if site is None:
        raise click.ClickException(f"There is no site with the key {key}.")
    return site


@group.command("create")
@click.argument("name")
@click.option("--owner", required=True, help="The e-mail of the user who owns it.")
def create(name: str, owner: str) -> None:
    """Add a site and print its site key."""
    user = User.by_email(owner)
    if user is None:
        raise click.ClickException(f"There is no user {owner}. Create one with: user create {owner}")
    if not name.strip():
        raise click.ClickException("Give the site a name, for example its address.")
    if len(name) > NAME_LENGTH:
        raise click.ClickException(f"A name has at most {NAME_LENGTH} characters.")
    created = Site.create(name.strip(), user)
    db.session.commit()
    click.echo(created.key)
