"""Commands for people."""

from __future__ import annotations

import json

import click
from flask.cli import AppGroup

from anonmsg.cli import sites
from anonmsg.db import reading
from anonmsg.models import Profile, Site, people

group = AppGroup("people", help="The visitors who were identified.")


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


def _sentence(profile: Profile) -> str:
    names = ", ".join(filter(None, (profile.user_id, profile.email)))
    return f"{names}: {len(profile.traits)} traits, {len(profile.anonymous_ids)} anonymous ids"
