"""Sites: the websites that show messages."""

from __future__ import annotations

import logging
import re
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import ForeignKey, String, Text, bindparam, func, select, update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Mapped, mapped_column, relationship

from anonmsg.db import Model, UtcDateTime, db, new_key, utc_now
from anonmsg.message import Theme
from anonmsg.models.user import User
from anonmsg.theme import faults
from anonmsg.unreadable import Unreadable, read

if TYPE_CHECKING:
    from anonmsg.message import Shape
    from anonmsg.models.message import Message
    from anonmsg.models.template import Template


MOST_DAYS = 3650
"""How long calls can be kept at most, where not for good."""
NAME_LENGTH = 120

KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")
"""What a site's key may look like. Whatever else is asked for, no site has it: the database need not say so."""

logger = logging.getLogger(__name__)


def new_site_key() -> str:
    """A public key without characters that URLs or shells treat specially."""
    return secrets.token_hex(10)


class Site(Model):
    """One website. ``revision`` counts the changes to what its visitors get.

    ``retention_days``: for how long calls are kept, None: for good. ``stripped_parameters``: names of query parameters,
    in small letters with spaces between, that are taken out of addresses before a call is stored. ``daily_limit``: how
    many views of any messages a visitor has at most in 24 hours, None: as many as the messages themselves allow.
    ``theme_json``: how its messages look, as :attr:`theme` reads it. ``websites``: those whose message events count, as
    :mod:`anonmsg.intake.websites` reads them, with spaces between; empty: any.
    """

    __tablename__ = "site"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_key)
    key: Mapped[str] = mapped_column(String(40), unique=True, default=new_site_key)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    owner_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    retention_days: Mapped[int | None]
    stripped_parameters: Mapped[str] = mapped_column(Text, default="", server_default="")
    websites: Mapped[str] = mapped_column(Text, default="", server_default="")
    daily_limit: Mapped[int | None]
    theme_json: Mapped[str] = mapped_column("theme", Text, default="{}", server_default="{}")
    owner: Mapped[User] = relationship(back_populates="sites")
    messages: Mapped[list[Message]] = relationship(back_populates="site", order_by="Message.created_at")
    templates: Mapped[list[Template]] = relationship(back_populates="site", order_by="Template.created_at.desc()")

    @classmethod
    def create(cls, name: str, owner: User) -> Site:
        site = cls(name=name, owner=owner)
        db.session.add(site)
        return site

    @classmethod
    def by_key(cls, key: str) -> Site | None:
        return db.session.scalar(select(cls).where(cls.key == key))

    def message(self, id: str) -> Message:
        """This site's message. Raises :class:`NoResultFound` for any other, missing or another site's."""
        from anonmsg.models.message import Message, hold

        this = Message.id == id, Message.site_id == self.id
        hold(*this)
        return db.session.execute(select(Message).where(*this)).scalar_one()

    def find(self, id: str) -> Message | None:
        """This site's message, or None."""
        try:
            return self.message(id)
        except NoResultFound:
            return None

    def template(self, id: str) -> Template:
        """This site's template. Raises :class:`NoResultFound` for any other."""
        from anonmsg.models.template import Template

        return db.session.execute(select(Template).where(Template.id == id, Template.site_id == self.id)).scalar_one()

    def draft(self, shape: Shape, now: datetime) -> Message:
        """A new message of this site that holds ``shape`` as its draft, under the shape's id if that has one."""
        from anonmsg.models.message import Message

        id = shape.id if isinstance(shape.id, str) else new_key()
        last = db.session.scalar(select(func.max(Message.rank)).where(Message.site_id == self.id))
        message = Message(id=id, site=self, number=0, rank=last or 0, created_at=now)
        message.save(shape, now)
        db.session.add(message)
        return message

    def move(self, message: Message, before: Message | None) -> None:
        """From now on decide ``message`` just before another, or after all. No lock changes: no draft is disturbed."""
        from anonmsg.models.message import Message, hold

        hold(Message.site_id == self.id)
        order = sorted((each for each in self.messages if each is not message), key=lambda each: each.place)
        order.insert(order.index(before) if before in order else len(order), message)
        ranks = [{"this": each.id, "to": rank} for rank, each in enumerate(order, 1)]
        table: Any = Message.__table__
        db.session.connection().execute(
            update(table).where(table.c.id == bindparam("this")).values(rank=bindparam("to")), ranks
        )
        self.bump()

    def limit_views(self, daily: int | None) -> None:
        """Set ``daily_limit``."""
        if daily != self.daily_limit:
            self.daily_limit = daily
            self.bump()

    @property
    def theme(self) -> Theme:
        """How its messages look; one that cannot be read says nothing."""
        return theme_of(self.theme_json)

    def restyle(self, theme: Theme) -> None:
        """From now on its messages look like this, those that are launched too."""
        if theme != self.theme:
            self.theme_json = msgspec.json.encode(theme).decode()
            self.bump()

    def bump(self) -> None:
        """Tell delivery that visitors get something else. In SQL, so that two processes never count as one."""
        db.session.execute(update(Site).where(Site.id == self.id).values(revision=Site.revision + 1))


def theme_of(json: str) -> Theme:
    """A site's theme as it is stored. One that was written past the app, or by another version of it, says nothing:
    messages are better plain than away."""
    try:
        theme: Theme = read(json, Theme)
    except Unreadable as error:
        logger.error("A theme cannot be read and is not used: %s", error)
        return Theme()
    if found := [fault.where for fault in faults(theme)]:
        logger.error("A theme is not safe and is not used: %s", found)
        return Theme()
    return theme
