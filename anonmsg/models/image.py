"""Images that somebody uploaded: which a site has, and how much room they take."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from anonmsg.db import Model, UtcDateTime, db
from anonmsg.images import name_of
from anonmsg.models.site import Site
from anonmsg.models.user import User

if TYPE_CHECKING:
    from anonmsg.images import Remade

MOST_IMAGES = 1_000
"""Of a site."""


class NoRoom(Exception):
    """The site has as many images as it may. The text says what to do."""


class Image(Model):
    """An uploaded picture of a site, in files named after ``hash`` and each of ``widths`` (pixels, spaces between).

    ``size`` is that of all files, in bytes. ``created_at``: uploaded, or uploaded again.
    """

    __tablename__ = "image"

    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    widths: Mapped[str] = mapped_column(String(40))
    height: Mapped[int]
    size: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    @classmethod
    def keep(cls, site: Site, made: Remade, by: User, most_bytes: int, now: datetime) -> Image:
        """The site's row of this picture, made where it is new. Others who upload to the site, or tidy up, wait until
        the transaction ends. Raises :class:`NoRoom`."""
        hold(site)
        require_room_for(site, made, most_bytes)
        image = db.session.get(cls, (site.id, made.hash))
        if image is None:
            widths = " ".join(map(str, made.files))
            image = cls(site_id=site.id, hash=made.hash, widths=widths, height=made.height, size=made.size)
            db.session.add(image)
        image.created_at, image.created_by_id = now, by.id
        return image

    @property
    def width(self) -> int:
        """Pixels of the widest."""
        return int(self.widths.rpartition(" ")[2])

    def name(self, site: Site) -> str:
        """Of the widest file."""
        return name_of(site.key, self.hash, self.width)


def hold(site: Site) -> None:
    """Until the transaction ends nobody else changes which images the site has. SQLite has one writer anyway."""
    db.session.execute(select(Site.id).where(Site.id == site.id).with_for_update())


def require_room_for(site: Site, made: Remade, most_bytes: int) -> None:
    """Raises :class:`NoRoom` where this picture is new to the site, and too much."""
    if not db.session.scalar(select(func.count()).where(Image.site_id == site.id, Image.hash == made.hash)):
        require_room(site, made.size, most_bytes)


def require_room(site: Site, size: int, most_bytes: int) -> None:
    """Raises :class:`NoRoom` where ``size`` more bytes are too many."""
    count, used = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Image.size), 0)).where(Image.site_id == site.id)
    ).one()
    if count >= MOST_IMAGES or used + size > most_bytes:
        taken = f"{count} images in {used / 1024**2:.0f} MB"
        raise NoRoom(
            f"This site has {taken}, which is all it may have. Use the address of an image on the web, or ask whoever "
            "runs this server to remove those that no message shows any more, or to allow more."
        )
