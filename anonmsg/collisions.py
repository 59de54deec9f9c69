"""Messages that may stand in each other's way. Whether they meet on some page, the snippet's own rules say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from anonmsg.acknowledgement import key_of
from anonmsg.message import Frequency, Shape, Status
from anonmsg.models import Message, Site
from anonmsg.models.message import readable

MOST = 100
"""How many messages are compared, the first in order."""


def rivals(site: Site, now: datetime, draft: Message | None = None) -> list[dict[str, Any]]:
    """What is or will be live, in the order in which it is decided; ``draft`` as it would be launched.

    ``always``: once on screen it is there until the visitor closes it, on every page view that its page rules fit.
    ``key``: of the warning that it leaves no room for the draft; the draft has none.
    """
    waiting = (Status.LIVE, Status.SCHEDULED)
    others = (each for each in site.messages if each is not draft and each.status(now) in waiting)
    compared = [(each, shape) for each in others for shape in readable([each.live or each])]
    compared += [(draft, shape) for shape in readable([draft])] if draft else []
    compared.sort(key=lambda pair: pair[0].place_of(pair[1]))
    found = [_compared(message, shape) for message, shape in compared[:MOST]]
    own = next((each for each in found if draft and each["id"] == draft.id), None)
    return [_against(own, each) if own and each is not own else each for each in found]


def _against(own: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return other | {"key": key_of("no_room", _said(other), _said(own))}


def _said(compared: dict[str, Any]) -> str:
    return msgspec.json.encode(compared).decode()


def _compared(message: Message, shape: Shape) -> dict[str, Any]:
    return {
        "id": message.id,
        "name": message.name,
        "position": shape.display.position,
        "where": shape.display.position.label.lower(),
        "page_rules": msgspec.to_builtins(shape.page_rules),
        "starts_at": shape.schedule.starts_at and shape.schedule.starts_at.isoformat(),
        "ends_at": shape.schedule.ends_at and shape.schedule.ends_at.isoformat(),
        "always": _is_always(shape),
    }


def _is_always(shape: Shape) -> bool:
    asks_more = shape.conditions or shape.holdout
    return not asks_more and shape.frequency == Frequency(after_click=shape.frequency.after_click)
