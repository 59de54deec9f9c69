"""Messages as files: what an export writes and an import reads, for the commands and the builder alike (DESIGN §5)."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from anonmsg.message import Shape, State
from anonmsg.models import Message, Site
from anonmsg.models.message import ID, readable
from anonmsg.problems import Problem, errors
from anonmsg.unreadable import Unreadable, read


@dataclass(frozen=True)
class Complaint:
    """Why an entry cannot be saved; ``where`` is the path inside it, e.g. ``.steps[0].id``."""

    entry: Entry
    where: str
    text: str

    @classmethod
    def of(cls, entry: Entry, problem: Problem) -> Complaint:
        return cls(entry, re.sub(r"\.(\d+)", r"[\1]", f".{problem.where}"), problem.text)

    def __str__(self) -> str:
        return f"{self.entry.place}{self.where}: {self.text}"


@dataclass(frozen=True)
class Entry:
    """One message of a file; ``place`` is where it stands in there, e.g. ``club.json: $[1]``."""

    place: str
    shape: Shape

    @property
    def id(self) -> str | None:
        return self.shape.id if isinstance(self.shape.id, str) else None

    def anew(self) -> Entry:
        """The same without its id, so that it becomes a new message."""
        return Entry(self.place, msgspec.structs.replace(self.shape, id=msgspec.UNSET))

    def complaints(self, site: Site, now: datetime) -> Iterator[Complaint]:
        """Why it cannot be saved."""
        for problem in errors(self.shape, now):
            yield Complaint.of(self, problem)
        if self.id is not None and (text := _id_problem(self.id, site)):
            yield Complaint(self, ".id", text)

    def message(self, site: Site) -> Message | None:
        """Which of the site's gets it as its draft; None where a new one is made. Once there are no complaints."""
        return site.find(self.id) if self.id else None

    def save(self, site: Site, now: datetime) -> Message:
        found = self.message(site)
        if found is None:
            return site.draft(self.shape, now)
        found.save(self.shape, now)
        return found


def _id_problem(id: str, site: Site) -> str | None:
    if not ID.fullmatch(id):
        return "An id has 1 to 36 letters, digits, “-” and “_”. Leave it out to get a new one."
    found = site.find(id)
    if found and found.state == State.ARCHIVED:
        return f"The message {id} is archived. Leave the id out to import it as a new one."
    return None


def entries(raw: bytes, name: str = "") -> list[Entry]:
    """The messages of a file, one or a list of them. Raises Unreadable with the place of what fits no message."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable("$", "This is not JSON in UTF-8. Save it with that encoding.")
    found = read(raw.removeprefix(codecs.BOM_UTF8), Shape | list[Shape])
    inside = f"{name}: $" if name else "$"
    if isinstance(found, Shape):
        return [Entry(inside, found)]
    return [Entry(f"{inside}[{index}]", shape) for index, shape in enumerate(found)]


def complaints(entries: Sequence[Entry], site: Site, now: datetime) -> Iterator[Complaint]:
    """Why these cannot be saved together, one after the other, since to judge all of them may take a while."""
    count = Counter(entry.id for entry in entries if entry.id is not None)
    for entry in entries:
        if entry.id is not None and count[entry.id] > 1:
            yield Complaint(entry, ".id", f"The id {entry.id} is given to more than one message.")
    for entry in entries:
        yield from entry.complaints(site, now)


def exported(messages: Sequence[Message]) -> str:
    """A file with the drafts of those messages that can be read."""
    shapes = [msgspec.structs.replace(shape, id=message.id) for message in messages for shape in readable([message])]
    return msgspec.json.format(msgspec.json.encode(shapes), indent=2).decode()


def lost(messages: Sequence[Message]) -> dict[str, Unreadable]:
    """The drafts that no file can hold, since they cannot be read: why, by the message's id."""
    return {message.id: error for message in messages if (error := _unreadable(message))}


def _unreadable(message: Message) -> Unreadable | None:
    try:
        _ = message.shape
    except Unreadable as error:
        return error
    return None
