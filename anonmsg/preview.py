"""Preview links: a message's draft on the marketer's own website, for whoever holds the link, for an hour.

The token stands in the fragment of a page's address, which no browser sends to any server (THREATS §3); the snippet
hands it in and gets the draft as it is then. Nothing of it is stored. A link dies when its hour is over, when the
message is archived, and when the site's owner signs out.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urldefrag

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import Connection, select

from anonmsg import manifest
from anonmsg.message import State
from anonmsg.models import Message, Site, User

LIFE = timedelta(minutes=60)
FRAGMENT = "anonmsg-preview"
"""What the token follows in the address; the snippet looks for it."""


@dataclass(frozen=True)
class Link:
    """What a token says. ``until`` is in seconds since 1970; ``seal`` changes when the site's owner signs out."""

    site: str
    message: str
    until: int
    seal: str

    @classmethod
    def to(cls, message: Message, now: datetime) -> Link:
        """To the draft of this message, from now on."""
        site = message.site
        return cls(site.key, message.id, int((now + LIFE).timestamp()), _seal(site.owner.session_key))

    @classmethod
    def read(cls, token: str, secret: str) -> Link | None:
        """What the token says, or None where it was not signed here."""
        try:
            return cls(*_serializer(secret).loads(token))
        except (BadData, TypeError):
            return None

    def token(self, secret: str) -> str:
        text: str = _serializer(secret).dumps(astuple(self))
        return text

    def address(self, page: str, secret: str) -> str:
        """The page's address with the token for its fragment, in place of any other."""
        return f"{urldefrag(page).url}#{FRAGMENT}={self.token(secret)}"

    @property
    def ends_at(self) -> datetime:
        return datetime.fromtimestamp(self.until, UTC)

    def draft(self, connection: Connection, now: datetime) -> bytes | None:
        """The draft as the manifest would have it were it launched now; None where the link is worth nothing any more,
        or the draft cannot be read or is not safe."""
        if now >= self.ends_at:
            return None
        owner = connection.execute(
            select(User.session_key)
            .join(Site, Site.owner_id == User.id)
            .join(Message, Message.site_id == Site.id)
            .where(Site.key == self.site, Message.id == self.message, Message.state != State.ARCHIVED)
        ).scalar_one_or_none()
        if owner is None or not hmac.compare_digest(_seal(owner), self.seal):
            return None
        return manifest.draft(connection, self.message, now)


def _seal(session_key: str) -> str:
    return hashlib.sha256(f"preview {session_key}".encode()).hexdigest()[:16]


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="preview link")
