"""Commands for those who sign in."""

from __future__ import annotations

import re

import click

from anonmsg.cli.group import Group
from anonmsg.db import db
from anonmsg.models import User
from anonmsg.models.user import EMAIL_LENGTH

group = Group("user", help="Those who sign in.")


@group.command("create")
@click.argument("email")
@click.password_option()
def create(email: str, password: str) -> None:
    """Add a user who can sign in."""
    if not re.fullmatch(r"[^\s@]+@[^\s@]+", email.strip()):
        raise click.ClickException(f"“{email}” is no e-mail address. One looks like anna@shop.example.")
    if len(email) > EMAIL_LENGTH:
        raise click.ClickException(f"An e-mail address has at most {EMAIL_LENGTH} characters.")
    if not password:
        raise click.ClickException("Choose a password that is not empty.")
    if User.by_email(email):
        raise click.ClickException(f"There is already a user {email}.")
    User.create(email, password)
    db.session.commit()
    click.echo(f"Created {email}.")
