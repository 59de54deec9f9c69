"""Sightings: on which websites a site's install tag was last seen, and how it is set up there."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, ForeignKey, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column

from anonmsg.db import Model, db
from anonmsg.models.site import Site


class Sighting(Model):
    """What is known of one host. Written by :mod:`anonmsg.intake.sightings` alone. Holds nothing of any visitor.

    Times are milliseconds since 1970, None: never. ``enabled``, ``tags`` (how many install tags the page has), ``skew``
    (seconds that the browser's clock is ahead of ours) and ``library`` are as the last page said that said so.
    ``wrong_key`` is a key that a page of this host asked for and that no site has; ``levelled_at`` is when one fetched
    the part of the snippet for pages that name a level of consent.
    """

    __tablename__ = "sighting"

    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    host: Mapped[str] = mapped_column(String(255), primary_key=True)
    seen_at: Mapped[int] = mapped_column(BigInteger)
    fetched_at: Mapped[int | None] = mapped_column(BigInteger)
    called_at: Mapped[int | None] = mapped_column(BigInteger)
    enabled: Mapped[bool | None] = mapped_column(Boolean)
    tags: Mapped[int | None] = mapped_column(Integer)
    skew: Mapped[int | None] = mapped_column(Integer)
    library: Mapped[str | None] = mapped_column(String(80))
    wrong_key: Mapped[str | None] = mapped_column(String(40))
    wrong_key_at: Mapped[int | None] = mapped_column(BigInteger)
    levelled_at: Mapped[int | None] = mapped_column(BigInteger)

    @property
    def snippet_at(self) -> int:
        """When a page of it last fetched the script or sent a call; 0: never. Who asks with a wrong key gets none."""
        return max(self.fetched_at or 0, self.called_at or 0)

    @classmethod
    def of_site(cls, site: Site) -> list[Sighting]:
        """The site's hosts, the one seen last first."""
        query = select(cls).where(cls.site_id == site.id).order_by(cls.seen_at.desc(), cls.host)
        return list(db.session.scalars(query))
