"""Commands for images: whether they can be kept, and removing those that nothing shows any more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import click
from flask import current_app
from sqlalchemy import String, Table, Text, cast, select

from anonmsg.cli.group import Group
from anonmsg.db import db, reading, utc_now
from anonmsg.images import NAME, Storage, StorageFailure, name_of, storage
from anonmsg.models import Image, Site
from anonmsg.models.image import hold

group = Group("images", help="Uploaded images.")

_HASH = re.compile(r"([0-9a-f]{32})-[0-9]+\.webp")
_OF_VISITORS = {"counter", "erased", "event", "person", "person_word", "receipt", "seen", "sighting", "visitor"}
"""Tables of what visitors did. Any other may name an image: drafts, versions, themes and what is yet to come."""


def _storage() -> Storage:
    return storage(current_app.config["SETTINGS"])


@group.command("check")
def check() -> None:
    """Keep a file where images are kept, read it, and remove it."""
    name, kept = name_of("check", "0" * 32, 1), _storage()
    try:
        kept.put(name, b"a check")
        if kept.get(name) != b"a check":
            raise click.ClickException("What was kept is not what is there. Look at ANONMSG_S3_BUCKET.")
        kept.delete(name)
    except StorageFailure as failure:
        raise click.ClickException(f"Images cannot be kept: {failure}") from failure
    click.echo("Images can be kept.")


@group.command("prune")
@click.option("--days", type=click.IntRange(1), default=1, show_default=True, help="Keep what is not as old as that.")
def prune(days: int) -> None:
    """Remove the images that no draft, no version and no theme names, and the leftovers of uploads that failed."""
    before = utc_now() - timedelta(days=days)
    try:
        count = sum(_prune(site, before) for site in db.session.scalars(select(Site)).all())
        leftovers = list(_remove_leftovers(before))
    except StorageFailure as failure:
        raise click.ClickException(f"The images do not answer: {failure}") from failure
    click.echo(f"{count} images removed, and {len(leftovers)} leftovers.")


def _prune(site: Site, before: datetime) -> int:
    """How many images of the site were removed. Their files are leftovers from then on."""
    hold(site)
    old = db.session.scalars(select(Image).where(Image.site_id == site.id, Image.created_at < before)).all()
    named = _named() if old else frozenset()
    unused = [image for image in old if image.hash not in named]
    for image in unused:
        db.session.delete(image)
    db.session.commit()
    return len(unused)


def _named() -> frozenset[str]:
    """The hashes in anything that marketers made, whichever site it is of: messages move with their addresses."""
    return frozenset(hash for table in db.metadata.sorted_tables for hash in _named_in(table))


def _named_in(table: Table) -> Iterator[str]:
    columns = [column for column in table.columns if isinstance(column.type, String)]
    if table.name in _OF_VISITORS | {"image"}:
        return
    for column in columns:
        rows = db.session.execute(select(column).where(cast(column, Text).contains(".webp")).distinct())
        for (text,) in rows.yield_per(100):
            yield from _HASH.findall(text)


def _remove_leftovers(before: datetime) -> Iterator[str]:
    """Files without a row. Each is looked at again while nobody can make one: an upload may have come in between."""
    kept = _storage()
    with reading():
        sites = {site.key: site for site in db.session.scalars(select(Site))}
        rows = db.session.execute(select(Site.key, Image.hash).join(Site, Site.id == Image.site_id))
        known = {name_of(key, hash, 1).rpartition("-")[0] for key, hash in rows}
        db.session.commit()
    for name, put_at in list(kept.names()):
        if put_at < before and name.rpartition("-")[0] not in known:
            if not _has_row(sites.get(name.split("/")[1]), name):
                kept.delete(name)
                yield name
            db.session.commit()


def _has_row(site: Site | None, name: str) -> bool:
    found = NAME.fullmatch(name)
    if site is None or found is None:
        return False
    hold(site)
    return db.session.get(Image, (site.id, found[1])) is not None
