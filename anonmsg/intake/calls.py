"""The calls of the Segment tracking spec: their fields, their times and the keys they are stored under."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from anonmsg.db import LARGEST
from anonmsg.intake import decode
from anonmsg.intake.decode import Refused
from anonmsg.intake.senders import Sender
from anonmsg.models.counter import DAY_MS

Id = Annotated[str, Meta(max_length=255)]
Required = Annotated[str, Meta(min_length=1, max_length=255)]
Fields = dict[str, Any] | None

IDS = ("anonymousId", "userId", "groupId", "previousId")
"""Where clients send numbers as they are. A number stands for its text."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Fielded(Struct, rename="camel"):
    """What every call may carry. Fields that the spec does not know are stored, not read."""

    anonymous_id: Id | None = None
    user_id: Id | None = None
    message_id: Id | None = None
    timestamp: Any = None
    context: Fields = None
    integrations: Fields = None

    @property
    def label(self) -> str | None:
        """What the activity log calls it: a track's event, a page's name."""
        return None


class Identify(Fielded):
    traits: Fields = None


class Track(Fielded, kw_only=True):
    event: Required
    properties: Fields = None

    @property
    def label(self) -> str | None:
        return self.event


class Page(Fielded):
    name: Id | None = None
    category: Id | None = None
    properties: Fields = None

    @property
    def label(self) -> str | None:
        return self.name


class Screen(Page):
    pass


class Group(Fielded, kw_only=True):
    group_id: Required
    traits: Fields = None

    @property
    def label(self) -> str | None:
        return self.group_id


class Alias(Fielded, kw_only=True):
    user_id: Required
    previous_id: Required


TYPES: dict[str, type[Fielded]] = {
    "track": Track,
    "page": Page,
    "identify": Identify,
    "group": Group,
    "alias": Alias,
    "screen": Screen,
}
"""What each type of call holds, those most looked for first."""


@dataclass(slots=True)
class Call:
    """One valid call, ready to be stored. Times are milliseconds since 1970, as in :class:`~anonmsg.models.Event`."""

    site_id: str
    type: str
    fields: Fielded
    key: bytes
    at: int
    received_at: int
    claim: bytes
    """Orders what calls say about people: by when it was said (to the microsecond), then by the key's hash."""
    body: str
    sender: Sender


def read(raw: bytes, type: str | None, site_id: str, now: int, sender: Sender) -> Call:
    """A call from its bytes at ``now`` (microseconds); ``type`` None: it names its own. Raises :class:`Refused`."""
    value, body = decode.call(raw)
    type = type or value.get("type")
    if not isinstance(type, str) or type not in TYPES:
        raise Refused(400, "unknown_type", f"“type” must be one of {', '.join(TYPES)}.")
    try:
        fields = msgspec.convert({**value, **_texts(value)}, TYPES[type])
    except msgspec.ValidationError as error:
        raise Refused(400, "invalid_call", f"{error}.") from None
    if not fields.anonymous_id and not fields.user_id:
        raise Refused(400, "nobody", "A call needs an “anonymousId” or a “userId”.")
    said = microseconds(fields.timestamp)
    id = key(site_id, said // 1000, fields.message_id)
    at = said if 0 < said <= now + DAY_MS * 1000 else now
    return Call(site_id, type, fields, id, at // 1000, now // 1000, at.to_bytes(8) + id[8:], body, sender)


def _texts(value: dict[str, Any]) -> dict[str, str]:
    """The ids that are whole numbers, as texts: to JSON 5.0 is 5."""
    return {name: str(int(value[name])) for name in IDS if _is_whole(value.get(name))}


def _is_whole(id: Any) -> bool:
    return type(id) in (int, float) and -LARGEST - 1 <= id <= LARGEST and id == int(id)


def key(site_id: str, time: int, message_id: str | None) -> bytes:
    """The same for every copy of a call. Without a messageId copies cannot be told from new calls, so it is random."""
    if not message_id:
        return time.to_bytes(8) + secrets.token_bytes(16)
    return time.to_bytes(8) + hashlib.blake2b(f"{site_id}\0{message_id}".encode(), digest_size=16).digest()


def microseconds(timestamp: Any) -> int:
    """A call's own time since 1970; 0 if it has none that can be read. Without a zone it is UTC."""
    try:
        time = datetime.fromisoformat(timestamp)
        return max(0, ((time if time.tzinfo else time.replace(tzinfo=UTC)) - EPOCH) // timedelta(microseconds=1))
    except (TypeError, ValueError, OverflowError):
        return 0
