"""Commands for those who sign in."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from anonmsg.db import db
from anonmsg.models import User

group = AppGroup("user", help="Those who sign in.")


@group.command("create")
@click.argument("email")
@click.password_option()
def create(email: str, password: str) -> None:
    """Add a user who can sign in."""
    if User.by_email(email):
        raise click.ClickException(f"There is already a user {email}.")
    User.create(email, password)
    db.session.commit()
    click.echo(f"Created {email}.")
