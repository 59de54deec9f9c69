"""What the database has for the snippet.

A row is checked again before it is sent: one that was written past the app must not become script on somebody's page.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Row, select

from anonmsg.manifest.entry import Forms
from anonmsg.manifest.launch import Launched
from anonmsg.message import Shape, State
from anonmsg.models import Message, Site, Version
from anonmsg.models.message import ID
from anonmsg.models.site import theme_of
from anonmsg.problems import errors

_SENT = ("page_rules", "conditions", "steps", "display", "schedule.starts_at", "schedule.ends_at", "theme")
"""The parts of a shape that reach a visitor's page."""

logger = logging.getLogger(__name__)


def revision(connection: Connection, key: str) -> Row[str, int] | None:
    """The id and the revision of the site with this key, or None."""
    return connection.execute(select(Site.id, Site.revision).where(Site.key == key)).one_or_none()


def launched(connection: Connection, site_id: str, now: datetime) -> list[Launched]:
    """The site's launched messages that can be read and are safe, in the order they are decided."""
    daily, theme = connection.execute(select(Site.daily_limit, Site.theme_json).where(Site.id == site_id)).one()
    rows = connection.execute(
        select(Message.id, Version.number, Message.launched_at, Version.content, Message.rank)
        .join(Version, (Version.message_id == Message.id) & (Version.number == Message.number))
        .where(Message.site_id == site_id, Message.state == State.LAUNCHED)
    )
    readable = (_readable(*row, now) for row in rows)
    look = theme_of(theme)
    found = (replace(message, daily=daily, site_theme=look) for message in readable if message)
    return sorted(found, key=lambda message: message.place)


def draft(connection: Connection, id: str, now: datetime) -> bytes | None:
    """A message's draft as JSON, as it would stand in the manifest were it launched at ``now``, with its content; None
    where it cannot be read or is not safe. It has no control group, no daily limit, and the version 0."""
    content, rank, theme = connection.execute(
        select(Message.draft, Message.rank, Site.theme_json).join(Site).where(Message.id == id)
    ).one()
    found = _readable(id, 0, now, content, rank, now)
    if found is None:
        return None
    shape = msgspec.structs.replace(found.shape, holdout=msgspec.UNSET)
    return Forms.of("", replace(found, shape=shape, site_theme=theme_of(theme))).whole


def _readable(
    id: str, version: int, launched_at: datetime | None, content: str, rank: int, now: datetime
) -> Launched | None:
    try:
        shape = Shape.decode(content)
        unsafe = [problem for problem in errors(shape, now) if problem.where.startswith(_SENT)]
    except Exception:  # whatever is wrong with one row, the other messages are shown
        logger.exception("Message %s cannot be read and is not shown.", id)
        return None
    if unsafe or launched_at is None or not ID.fullmatch(id):
        logger.error("Message %s is not safe and is not shown: %s", id, [problem.where for problem in unsafe])
        return None
    return Launched(id, version, launched_at, shape, rank)
