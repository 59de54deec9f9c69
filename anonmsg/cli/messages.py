"""Commands for messages: files in and out, and the verbs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, BinaryIO

import click
import msgspec
from sqlalchemy.orm.exc import StaleDataError

from anonmsg import files
from anonmsg.cli import sites
from anonmsg.cli.group import Group
from anonmsg.db import db, utc_now
from anonmsg.message import State, json_schema
from anonmsg.models import Message, NotAllowed, NotReady, Site
from anonmsg.models.message import by_id
from anonmsg.problems import Problem
from anonmsg.unreadable import Unreadable

group = Group("messages", help="The anonymous messages.")


class MessageId(click.ParamType[Message]):
    """A message's id on the command line; the command gets the message."""

    name = "message id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Message:
        if isinstance(value, Message):
            return value
        return by_id(str(value)) or self.fail(f"There is no message with the id {value}.", param, ctx)


@group.command("import")
@sites.option
@click.option("--launch", is_flag=True, help="Launch each of them as well.")
@click.argument("files_", metavar="FILES...", type=click.File("rb"), nargs=-1, required=True)
def import_(site: Site, files_: Sequence[BinaryIO], *, launch: bool) -> None:
    """Save the messages in FILES as drafts and print their ids. A file holds one message or a list; - is the input.

    A message whose id is in the site already gets the new draft; one with an unknown id is made with this id. When
    anything is wrong in any of the files, nothing is imported.
    """
    now = utc_now()
    entries = [entry for file in files_ for entry in _read(file)]
    _stop_on([*files.complaints(entries, site, now)])
    _stop_on([*_elsewhere(entries, site)])
    messages = [entry.save(site, now) for entry in entries]
    if launch:
        _stop_on([complaint for pair in zip(entries, messages, strict=True) for complaint in _launch(*pair, now)])
    _commit()
    for entry, message in zip(entries, messages, strict=True):
        for problem in _warnings(message, now) if launch else ():
            _warn(str(files.Complaint.of(entry, problem)))
        click.echo(message.id)


def _warnings(message: Message, now: datetime) -> list[Problem]:
    """What the review has somebody look at. Whoever types a command has decided: it is only said."""
    return [problem for problem in message.problems(now) if problem.warns]


def _warn(text: str) -> None:
    click.echo(f"Warning: {text}", err=True)


def _elsewhere(entries: Sequence[files.Entry], site: Site) -> Iterator[files.Complaint]:
    """Those with the id of another site's message, which the operator may know."""
    for entry in entries:
        found = by_id(entry.id) if entry.id else None
        if found and found.site_id != site.id:
            yield files.Complaint(entry, ".id", f"There is a message {entry.id}, but it belongs to another site.")


def _read(file: BinaryIO) -> list[files.Entry]:
    """The file's messages. Raises ClickException with the place of what does not fit the shape."""
    name = getattr(file, "name", "<stdin>")
    try:
        return files.entries(file.read(), name)
    except Unreadable as error:
        raise click.ClickException(f"{name}: {error}") from error


def _launch(entry: files.Entry, message: Message, now: datetime) -> Iterator[files.Complaint]:
    try:
        message.launch(now)
    except NotReady as error:
        for problem in error.problems:
            yield files.Complaint.of(entry, problem)


def _stop_on(complaints: Sequence[files.Complaint]) -> None:
    if complaints:
        db.session.rollback()
        raise click.ClickException("\n".join(map(str, complaints)))


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
    click.echo(files.exported(chosen))
    if missing := [f"{id}: {error}" for id, error in files.lost(chosen).items()]:
        raise click.ClickException("These drafts cannot be read, the others are printed:\n" + "\n".join(missing))


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


def _launch_one(message: Message, now: datetime) -> None:
    message.launch(now)
    for problem in _warnings(message, now):
        _warn(problem.text)


_add_verb("launch", "Show visitors the draft of MESSAGE.", _launch_one)
_add_verb("pause", "Show MESSAGE to nobody until it is resumed.", lambda message, _now: message.pause())
_add_verb("resume", "Show a paused MESSAGE again.", lambda message, _now: message.resume())
_add_verb("stop", "End MESSAGE for good.", Message.stop)
_add_verb("archive", "Stop MESSAGE and put it out of sight.", Message.archive)
