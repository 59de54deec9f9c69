"""Commands for messages: files in and out, and the verbs."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

import click
import msgspec
from sqlalchemy.orm.exc import StaleDataError

from anonmsg.cli import sites
from anonmsg.cli.group import Group
from anonmsg.db import db, utc_now
from anonmsg.message import Shape, State, json_schema
from anonmsg.models import Message, NotAllowed, NotReady, Site
from anonmsg.models.message import ID, by_id, readable
from anonmsg.problems import Problem, errors
from anonmsg.unreadable import Unreadable, read

group = Group("messages", help="The anonymous messages.")


class MessageId(click.ParamType[Message]):
    """A message's id on the command line; the command gets the message."""

    name = "message id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Message:
        if isinstance(value, Message):
            return value
        return by_id(str(value)) or self.fail(f"There is no message with the id {value}.", param, ctx)


@dataclass(frozen=True)
class Entry:
    """One message of a file; ``place`` is where it stands in there, e.g. ``club.json: $[1]``."""

    place: str
    shape: Shape

    @property
    def id(self) -> str | None:
        return self.shape.id if isinstance(self.shape.id, str) else None

    def complaint(self, problem: Problem) -> str:
        inside = re.sub(r"\.(\d+)", r"[\1]", f".{problem.where}")
        return f"{self.place}{inside}: {problem.text}"

    def complaints(self, site: Site, now: datetime) -> Iterator[str]:
        """Why it cannot be saved."""
        for problem in errors(self.shape, now):
            yield self.complaint(problem)
        if self.id is None:
            return
        if not ID.fullmatch(self.id):
            yield f"{self.place}.id: An id has 1 to 36 letters, digits, “-” and “_”. Leave it out to get a new one."
            return
        found = by_id(self.id)
        if found and found.site_id != site.id:
            yield f"{self.place}.id: There is a message {self.id}, but it belongs to another site."
        elif found and found.state == State.ARCHIVED:
            yield f"{self.place}.id: The message {self.id} is archived. Leave the id out to import it as a new one."

    def save(self, site: Site, now: datetime) -> Message:
        found = by_id(self.id) if self.id else None
        if found is None:
            return site.draft(self.shape, now)
        found.save(self.shape, now)
        return found


@group.command("import")
@sites.option
@click.option("--launch", is_flag=True, help="Launch each of them as well.")
@click.argument("files", type=click.File("rb"), nargs=-1, required=True)
def import_(site: Site, launch: bool, files: Sequence[BinaryIO]) -> None:  # noqa: FBT001
    """Save the messages in FILES as drafts and print their ids. A file holds one message or a list; - is the input.

    A message whose id is in the site already gets the new draft; one with an unknown id is made with this id. When
    anything is wrong in any of the files, nothing is imported.
    """
    now = utc_now()
    entries = [entry for file in files for entry in _read(file)]
    _stop_on([*_twice(entries), *(text for entry in entries for text in entry.complaints(site, now))])
    messages = [entry.save(site, now) for entry in entries]
    if launch:
        _stop_on([text for pair in zip(entries, messages, strict=True) for text in _launch(*pair, now)])
    _commit()
    for message in messages:
        click.echo(message.id)


def _read(file: BinaryIO) -> list[Entry]:
    """The file's messages. Raises ClickException with the place of what does not fit the shape."""
    name = getattr(file, "name", "<stdin>")
    try:
        found = read(file.read().removeprefix(codecs.BOM_UTF8), Shape | list[Shape])
    except Unreadable as error:
        raise click.ClickException(f"{name}: {error}") from error
    if isinstance(found, Shape):
        return [Entry(f"{name}: $", found)]
    return [Entry(f"{name}: $[{index}]", shape) for index, shape in enumerate(found)]


def _twice(entries: Sequence[Entry]) -> Iterator[str]:
    count = Counter(entry.id for entry in entries if entry.id is not None)
    for entry in entries:
        if entry.id is not None and count[entry.id] > 1:
            yield f"{entry.place}.id: The id {entry.id} is given to more than one message."


def _launch(entry: Entry, message: Message, now: datetime) -> Iterator[str]:
    try:
        message.launch(now)
    except NotReady as error:
        for problem in error.problems:
            yield entry.complaint(problem)


def _stop_on(complaints: Sequence[str]) -> None:
    if complaints:
        db.session.rollback()
        raise click.ClickException("\n".join(complaints))


def _commit() -> None:
    try:
        db.session.commit()
    except StaleDataError as error:
        raise click.ClickException("Somebody else saved it at the same moment. Try again.") from error


@group.command("export")
@sites.option
@click.argument("messages", type=MessageId(), nargs=-1)
def export(site: Site, messages: Sequence[Message]) -> None:
    """Print the drafts of the given MESSAGES, or of all that are not archived, as a list that import reads."""
    if foreign := [message.id for message in messages if message.site_id != site.id]:
        raise click.ClickException(f"Not of this site: {', '.join(foreign)}.")
    chosen = messages or [message for message in site.messages if message.state != State.ARCHIVED]
    shapes = [msgspec.structs.replace(shape, id=message.id) for message in chosen for shape in readable([message])]
    click.echo(msgspec.json.format(msgspec.json.encode(shapes), indent=2))
    if missing := [f"{message.id}: {error}" for message in chosen if (error := _lost(message))]:
        raise click.ClickException("These drafts cannot be read, the others are printed:\n" + "\n".join(missing))


def _lost(message: Message) -> Unreadable | None:
    try:
        _ = message.shape
    except Unreadable as error:
        return error
    return None


@group.command("schema")
def schema() -> None:
    """Print the JSON Schema of a message, for editors and checks."""
    click.echo(msgspec.json.format(msgspec.json.encode(json_schema()), indent=2))


def _add_verb(name: str, help: str, act: Callable[[Message, datetime], None]) -> None:
    @group.command(name, help=help)
    @click.argument("message", type=MessageId())
    def command(message: Message) -> None:
        now = utc_now()
        try:
            act(message, now)
        except (NotAllowed, NotReady, Unreadable) as error:
            raise click.ClickException(str(error)) from error
        _commit()
        click.echo(f"“{message.name}” is {message.status(now).label.lower()}.")


_add_verb("launch", "Show visitors the draft of MESSAGE.", Message.launch)
_add_verb("pause", "Show MESSAGE to nobody until it is resumed.", lambda message, _now: message.pause())
_add_verb("resume", "Show a paused MESSAGE again.", lambda message, _now: message.resume())
_add_verb("stop", "End MESSAGE for good.", Message.stop)
_add_verb("archive", "Stop MESSAGE and put it out of sight.", Message.archive)
