"""The operator's commands (DESIGN §7): for backups, review in git, scripts and tests."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from anonmsg.db import db
from anonmsg.models import Site, User

user = AppGroup("user", help="Those who sign in.")
site = AppGroup("site", help="The websites.")


def register(app: Flask) -> None:
    for group in (user, site):
        app.cli.add_command(group)


@user.command("create")
@click.argument("email")
@click.password_option()
def create_user(email: str, password: str) -> None:
    """Add a user who can sign in."""
    if User.by_email(email):
        raise click.ClickException(f"There is already a user {email}.")
    User.create(email, password)
    db.session.commit()
    click.echo(f"Created {email}.")


@site.command("create")
@click.argument("name")
@click.option("--owner", required=True, help="The e-mail of the user who owns it.")
def create_site(name: str, owner: str) -> None:
    """Add a site and print its site key."""
    user = User.by_email(owner)
    if user is None:
        raise click.ClickException(f"There is no user {owner}. Create one with: user create {owner}")
    created = Site.create(name, user)
    db.session.commit()
    click.echo(created.key)
