"""Messages and their versions: the draft, the verbs that change a message's state, what was launched."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import ColumnElement, ForeignKey, String, Text, UniqueConstraint, and_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from anonmsg.acknowledgement import joined
from anonmsg.db import Model, UtcDateTime, db, new_key, reading_only, utc_now
from anonmsg.message import Limits, Shape, State, Status, status
from anonmsg.models.site import Site
from anonmsg.models.user import User
from anonmsg.problems import Problem, problems
from anonmsg.unreadable import Unreadable, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from anonmsg.models.template import Template

ID = re.compile(r"[A-Za-z0-9_-]{1,36}")
"""What a message's id may look like. An import may bring its own, and it stands in addresses."""

COPY = " (copy)"
"""What the name of a duplicate ends in."""

_NEVER = datetime.max.replace(tzinfo=UTC)

ALLOWED: dict[str, frozenset[State]] = {
    "launch": frozenset({State.DRAFT, State.LAUNCHED, State.PAUSED, State.STOPPED}),
    "pause": frozenset({State.LAUNCHED}),
    "resume": frozenset({State.PAUSED}),
    "stop": frozenset({State.LAUNCHED, State.PAUSED}),
    "archive": frozenset({State.DRAFT, State.LAUNCHED, State.PAUSED, State.STOPPED}),
    "save": frozenset({State.DRAFT, State.LAUNCHED, State.PAUSED, State.STOPPED}),
}
"""From which states each verb may start. Archiving what is live stops it first."""


class NotAllowed(Exception):
    """The verb does not fit the message's state, e.g. resuming what was stopped."""

    def __init__(self, verb: str, state: State) -> None:
        done = "stopped" if verb == "stop" else f"{verb.removesuffix('e')}ed"
        super().__init__(f"{state.label} messages cannot be {done}.")
        self.verb, self.state = verb, state


class NotReady(Exception):
    """The draft cannot be launched; ``problems`` says why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(problem.text for problem in problems))
        self.problems = problems


class Version(Model):
    """What was launched, frozen. Nothing of it ever changes."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("message_id", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_key)
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column()
    content: Mapped[str] = mapped_column(Text)
    launched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    launched_by_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    message: Mapped[Message] = relationship(back_populates="versions")
    launched_by: Mapped[User | None] = relationship()

    @property
    def shape(self) -> Shape:
        """Raises Unreadable."""
        shape: Shape = read(self.content)
        return shape


class Message(Model):
    """A message: its draft, and from its first launch on the version that visitors get.

    ``acknowledged``: the keys of the warnings that somebody has looked at, with spaces between them.
    ``lock`` counts the saves: of two who save at once, the second gets StaleDataError. Verbs leave it alone, so that a
    colleague's pause is no conflict; whoever calls them holds the row. ``rank`` is its
    place among the site's messages, as somebody put them in order; the same for all where nobody did.
    """

    __tablename__ = "message"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_key)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(Limits.NAME))
    state: Mapped[str] = mapped_column(String(10), default=State.DRAFT)
    draft: Mapped[str] = mapped_column(Text)
    number: Mapped[int] = mapped_column(default=0)
    rank: Mapped[int] = mapped_column(default=0, server_default="0")
    acknowledged: Mapped[str] = mapped_column(Text, default="", server_default="")
    lock: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    launched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    site: Mapped[Site] = relationship(back_populates="messages")
    versions: Mapped[list[Version]] = relationship(
        back_populates="message", order_by=Version.number.desc(), cascade="all, delete-orphan"
    )
    live: Mapped[Version | None] = relationship(
        primaryjoin=lambda: and_(Version.message_id == Message.id, Version.number == Message.number),
        viewonly=True,
        uselist=False,
        lazy="joined",
    )
    """The version that visitors get, or got last; None before the first launch."""

    __mapper_args__ = {"version_id_col": lock, "version_id_generator": False}

    @property
    def shape(self) -> Shape:
        """The draft. Raises Unreadable where the row was written by hand or by another version of this program."""
        shape: Shape = read(self.draft)
        return shape

    @property
    def unreadable(self) -> Unreadable | None:
        """Why what visitors get, or else the draft, cannot be read; None when both can."""
        try:
            _ = (self.live or self).shape, self.shape
        except Unreadable as error:
            return error
        return None

    @property
    def edited(self) -> bool:
        """Whether the draft differs from what was launched."""
        return self.live is None or self.live.content != self.draft

    @property
    def kept(self) -> bool:
        """Whether the draft is one of the versions, so that nothing is lost when something else takes its place."""
        return any(version.content == self.draft for version in self.versions)

    @property
    def shown(self) -> Shape:
        """What visitors get, or the draft before the first launch; a blank message where that cannot be read."""
        return next(iter(readable([self.live or self])), Shape())

    def status(self, now: datetime) -> Status:
        """Without regard to a schedule that cannot be read."""
        return status(State(self.state), self.shown.schedule, now)

    @property
    def place(self) -> tuple[int, int, datetime, str]:
        """Sorts the site's messages in the order in which they are decided (DESIGN §3)."""
        return self.place_of(self.shown)

    def place_of(self, shape: Shape) -> tuple[int, int, datetime, str]:
        """The same, were this launched. What was never launched comes behind what was."""
        return self.rank, shape.priority, self.launched_at or _NEVER, self.id

    def may(self, verb: str) -> bool:
        """Whether the verb fits the state; what :data:`ALLOWED` does not name always does."""
        return verb not in ALLOWED or State(self.state) in ALLOWED[verb]

    def problems(self, now: datetime) -> list[Problem]:
        """What is wrong with the draft, errors first, then warnings and advice."""
        return problems(self.shape, now, self.site.theme)

    def acknowledge(self, keys: Iterable[str]) -> None:
        """Remember that somebody has looked at these warnings and no others. No edit: nobody's save is in conflict."""
        self.acknowledged = joined(keys)

    def hindrances(self, now: datetime) -> list[Problem]:
        """What keeps the review from launching it: what stops a launch, and warnings that nobody has looked at."""
        looked_at = self.acknowledged.split()
        return [each for each in self.problems(now) if each.stops or (each.warns and each.key not in looked_at)]

    def save(self, shape: Shape, now: datetime) -> None:
        """Keep ``shape`` as the draft; visitors notice nothing until it is launched."""
        self._require("save")
        draft = msgspec.structs.replace(shape.with_ids(), id=msgspec.UNSET)
        self.name, self.draft, self.edited_at = draft.name, draft.encode(), now
        self.lock = (self.lock or 0) + 1

    def restore(self, version: Version, now: datetime) -> None:
        """Make a version of it the draft again. Raises NotAllowed, Unreadable."""
        self.save(version.shape, now)

    def launch(self, now: datetime, by: User | None = None) -> None:
        """Make the draft live. A second press changes nothing. Raises NotAllowed, NotReady."""
        self._require("launch")
        if errors := [problem for problem in self.problems(now) if problem.stops]:
            raise NotReady(errors)
        if self.state == State.LAUNCHED and not self.edited:
            return
        if self.edited:
            self._freeze(now, by)
        self.state, self.stopped_at, self.launched_at = State.LAUNCHED, None, self.launched_at or now
        self.site.bump()

    def pause(self) -> None:
        self._move("pause", State.PAUSED)

    def resume(self) -> None:
        self._move("resume", State.LAUNCHED)

    def stop(self, now: datetime) -> None:
        """End it for good: only another launch of an edited draft, or a duplicate, starts again."""
        self._move("stop", State.STOPPED)
        self.stopped_at = now

    def archive(self, now: datetime) -> None:
        if self.state in ALLOWED["stop"]:
            self.stop(now)
        self._move("archive", State.ARCHIVED)

    def duplicate(self, now: datetime, to: Site | None = None) -> Message:
        """A new draft with the same content, on the site ``to``, or beside it under a name that tells them apart."""
        if to and to is not self.site:
            return to.draft(self.shape, now)
        name = f"{self.name[: Limits.NAME - len(COPY)]}{COPY}"
        return self.site.draft(msgspec.structs.replace(self.shape, name=name), now)

    def _require(self, verb: str) -> None:
        if State(self.state or State.DRAFT) not in ALLOWED[verb]:
            raise NotAllowed(verb, State(self.state))

    def _move(self, verb: str, state: State) -> None:
        self._require(verb)
        self.state = state
        self.site.bump()

    def _freeze(self, now: datetime, by: User | None) -> None:
        self.number += 1
        launched_by = by.id if by else None
        self.versions.insert(
            0, Version(number=self.number, content=self.draft, launched_at=now, launched_by_id=launched_by)
        )
        db.session.flush()
        db.session.expire(self, ["live"])


def readable(kept: Iterable[Message | Version | Template]) -> list[Shape]:
    """The drafts, versions and templates, without those that cannot be read."""
    found = []
    for one in kept:
        with suppress(Unreadable):
            found.append(one.shape)
    return found


def by_id(id: str) -> Message | None:
    """Any site's message, for the operator's commands."""
    hold(Message.id == id)
    return db.session.get(Message, id)


def hold(*which: ColumnElement[bool]) -> None:
    """Whoever changes this message now comes first; what is read afterwards is what they leave. SQLite has one writer
    anyway. With PostgreSQL its row is locked, but not for those who only refer to it, as counters do."""
    if not reading_only.get():
        db.session.execute(select(Message.id).where(*which).with_for_update(key_share=True))
