"""The addresses that visitors looked at lately, and how often. A forecast tries page rules on them, in the browser."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from anonmsg.db import db
from anonmsg.models import Event, Site
from anonmsg.models.event import address_of

SPAN = timedelta(days=7)
MOST = 2_000
"""How many different addresses are given."""
REACH = 20_000
"""Among how many of the newest calls page views are looked for, so that no site takes long."""


@dataclass(frozen=True, slots=True)
class Visited:
    """``addresses`` with their page views, the most viewed first, at most :data:`MOST`; ``views`` of all, also of those
    left out. ``whole``: all calls of the :data:`SPAN` were looked at, not only the newest :data:`REACH`."""

    addresses: list[tuple[str, int]]
    views: int
    whole: bool


def visited(site: Site, now: datetime) -> Visited:
    """What the site's visitors looked at. A page call without a whole address, as servers may send it, is left out."""
    newest = select(Event.seq).where(Event.site_id == site.id).order_by(Event.seq.desc())
    floor = db.session.scalar(newest.offset(REACH).limit(1))
    since = int((now - SPAN).timestamp() * 1000)
    query = select(Event.body, Event.received_at).where(Event.site_id == site.id, Event.seq > (floor or 0))
    rows = db.session.execute(query.where(Event.type == "page", Event.received_at >= since))
    counts = Counter(_whole(body for body, _ in rows))
    return Visited(counts.most_common(MOST), counts.total(), _is_older(floor, since))


def _whole(bodies: Iterable[str]) -> Iterable[str]:
    found = (address_of(json.loads(body)) for body in bodies)
    return (address for address in found if address.startswith(("https://", "http://")))


def _is_older(floor: int | None, since: int) -> bool:
    """Whether the newest call that was not looked at had been received before."""
    if floor is None:
        return True
    return bool(db.session.scalar(select(Event.received_at < since).where(Event.seq == floor)))
