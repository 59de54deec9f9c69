"""Messages that somebody keeps to start others from."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from anonmsg.db import Model, UtcDateTime, db, new_key
from anonmsg.message import Limits, Schedule, Shape
from anonmsg.models.image import hold
from anonmsg.models.site import Site
from anonmsg.unreadable import read

if TYPE_CHECKING:
    from anonmsg.models.message import Message

MOST_TEMPLATES = 50
"""Of a site."""


class TooMany(Exception):
    """The site has as many templates as it may. The text says what to do."""


class Template(Model):
    """A site's own template. ``content`` is a message without id, place in the order and schedule, under any name."""

    __tablename__ = "template"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_key)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(Limits.NAME))
    content: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    site: Mapped[Site] = relationship(back_populates="templates")

    @classmethod
    def keep(cls, message: Message, now: datetime) -> Template:
        """The message's draft as a template; the one there is where that was kept before. Others who keep one for the
        site wait until the transaction ends. Raises :class:`TooMany`, Unreadable."""
        hold(message.site)
        content = msgspec.structs.replace(message.shape, priority=0, schedule=Schedule()).encode()
        kept = next((each for each in message.site.templates if each.content == content), None)
        if kept is None and len(message.site.templates) >= MOST_TEMPLATES:
            raise TooMany(f"This site has {MOST_TEMPLATES} templates, which is all it may have. Delete one first.")
        if kept is None:
            kept = cls(site=message.site, name=message.name, content=content, created_at=now)
            db.session.add(kept)
        return kept

    @property
    def shape(self) -> Shape:
        """The message that others start as. Raises Unreadable."""
        shape: Shape = read(self.content)
        return msgspec.structs.replace(shape, name=self.name)
