"""The review as a gate: what stands in the way of a launch, and what somebody has looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from flask import request
from flask_login import current_user

from anonmsg.acknowledgement import key_of
from anonmsg.collisions import rivals
from anonmsg.db import utc_now
from anonmsg.models import Message, Site


def gate(site: Site, message: Message, drawn: dict[str, Any], now: datetime) -> dict[str, Any]:
    """For the page: why it would not be launched, and what the page itself has to find out.

    ``too_high`` is the key of the warning that ``drawn``, as the snippet draws it, is higher than a phone;
    ``remembered`` are the keys of such warnings that somebody has looked at before.
    """
    others = rivals(site, now, message)
    too_high = key_of("too_high", msgspec.json.encode(drawn).decode())
    offered = {too_high, *(each["key"] for each in others if "key" in each)}
    return {
        "hindrances": message.hindrances(now),
        "rivals": others,
        "too_high": too_high,
        "remembered": [key for key in message.acknowledged.split() if key in offered],
    }


def sent(message: Message) -> bool:
    """Remember what was looked at, and launch where that was pressed; whether that had to be refused."""
    message.acknowledge(request.form.getlist("acknowledged"))
    if request.form.get("go") != "launch":
        return False
    if message.hindrances(now := utc_now()):
        return True
    message.launch(now, current_user)
    return False
