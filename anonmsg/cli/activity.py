"""Commands for stored calls."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from anonmsg.cli import sites
from anonmsg.db import reading
from anonmsg.models import Event, Site

group = AppGroup("activity", help="The calls that were stored.")


@group.command("export")
@sites.option
def export(site: Site) -> None:
    """Print the stored calls in the order of receipt, one JSON a line, as received, with ``received_at``."""
    with reading():
        for event in Event.of_site(site):
            click.echo(_line(event))


def _line(event: Event) -> str:
    """A call to a path of its type need not name the type itself, so it is added."""
    received_at = datetime.fromtimestamp(event.received_at / 1000, UTC).isoformat(timespec="milliseconds")
    call = {**json.loads(event.body), "type": event.type, "received_at": received_at.replace("+00:00", "Z")}
    return json.dumps(call, ensure_ascii=False)
