"""Commands for people."""

from __future__ import annotations

import json

import click

from anonmsg import people as kept
from anonmsg.cli import sites
from anonmsg.cli.group import Group
from anonmsg.db import db, reading
from anonmsg.intake import erasure
from anonmsg.models import Profile, Site, people
from anonmsg.models.person import person_named

group = Group("people", help="The visitors who were identified.")


@group.command("show")
@sites.option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def show(site: Site, as_json: bool) -> None:  # noqa: FBT001 (click passes options by name)
    """Print everybody who was identified, with traits and anonymous ids."""
    with reading():
        found = list(people(site))
    if as_json:
        click.echo(json.dumps([profile.to_json() for profile in found], indent=2, ensure_ascii=False))
        return
    for profile in found:
        click.echo(_sentence(profile))


who = click.argument("name")
"""A person's user id or e-mail."""


@group.command("export")
@sites.option
@who
def export(site: Site, name: str) -> None:
    """Print all that is kept of the person with this user id or e-mail, as JSON."""
    with reading():
        click.echo(json.dumps(kept.export(site, _named(site, name)), indent=2, ensure_ascii=False))


@group.command("forget")
@sites.option
@who
def forget(site: Site, name: str) -> None:
    """Erase all that is kept of the person with this user id or e-mail, for good. The numbers stay."""
    with reading():
        person = _named(site, name)
        db.session.commit()
    click.echo(f"{name} is forgotten, and {erasure.forget_person(db.engine, site.id, person)} calls with them.")


def _named(site: Site, name: str) -> Profile:
    if person := person_named(site, name):
        return person
    raise click.ClickException(f"Nobody is known by the user id or e-mail {name}.")


def _sentence(profile: Profile) -> str:
    names = ", ".join(filter(None, (profile.user_id, profile.email)))
    return f"{names}: {len(profile.traits)} traits, {len(profile.anonymous_ids)} anonymous ids"
