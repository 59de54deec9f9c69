"""What a message is: its words, value types, limits and JSON shape (DESIGN §2, §3, §5).

The one definition that forms, tables, the manifest, the import and export commands and the snippet's contract
tests are made from. Standard library and msgspec only. Whether a well-formed message is also *good* (complete,
safe, not in the past) is said by :mod:`anonmsg.problems`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType


class Word(StrEnum):
    """A word of the contract: its value is stored and sent, its ``label`` is what people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """``(value, label)`` pairs in the order of definition, as a select wants them."""
        return [(word.value, word.label) for word in cls]


class State(Word):
    """What is stored about a message; see :class:`Status` for what people see."""

    DRAFT = "draft", "Draft"
    LAUNCHED = "launched", "Launched"
    PAUSED = "paused", "Paused"
    STOPPED = "stopped", "Stopped"
    ARCHIVED = "archived", "Archived"


class Status(Word):
    """State and schedule together, as people see it."""

    DRAFT = "draft", "Draft"
    SCHEDULED = "scheduled", "Scheduled"
    LIVE = "live", "Live"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"
    ARCHIVED = "archived", "Archived"


class Effect(Word):
    INCLUDE = "include", "show on"
    EXCLUDE = "exclude", "never on"


class Part(Word):
    PATH = "path", "page path"
    URL = "url", "whole address"
    HOST = "host", "host"
    QUERY = "query", "query string"
    HASH = "hash", "hash"


class Match(Word):
    CONTAINS = "contains", "contains"
    IS = "is", "is"
    STARTS_WITH = "starts_with", "starts with"
    ENDS_WITH = "ends_with", "ends with"
    WILDCARD = "wildcard", "fits the pattern (*)"
    REGEX = "regex", "matches the regex"


class AfterClick(Word):
    END = "end", "Stop showing after a click"
    KEEP = "keep", "Keep showing after a click"


class DisplayKind(Word):
    MODAL = "modal", "Modal"
    OVERLAY = "overlay", "Overlay"
    BANNER = "banner", "Banner"


class Position(Word):
    CENTER = "center", "Center"
    TOP_LEFT = "top-left", "Top left"
    TOP_CENTER = "top-center", "Top center"
    TOP_RIGHT = "top-right", "Top right"
    BOTTOM_LEFT = "bottom-left", "Bottom left"
    BOTTOM_CENTER = "bottom-center", "Bottom center"
    BOTTOM_RIGHT = "bottom-right", "Bottom right"
    TOP = "top", "Top"
    BOTTOM = "bottom", "Bottom"


POSITIONS: dict[DisplayKind, tuple[Position, ...]] = {
    DisplayKind.MODAL: (Position.CENTER,),
    DisplayKind.OVERLAY: (
        Position.BOTTOM_RIGHT,
        Position.BOTTOM_LEFT,
        Position.BOTTOM_CENTER,
        Position.TOP_RIGHT,
        Position.TOP_LEFT,
        Position.TOP_CENTER,
    ),
    DisplayKind.BANNER: (Position.TOP, Position.BOTTOM),
}
"""Where each display can stand; the first is the default."""


class ButtonStyle(Word):
    PRIMARY = "primary", "Primary"
    SECONDARY = "secondary", "Secondary"
    LINK = "link", "Link"


class Target(Word):
    SAME = "same", "In the same tab"
    NEW = "new", "In a new tab"


class QuestionKind(Word):
    SINGLE = "single", "One of several"
    MULTIPLE = "multiple", "Any of several"
    RATING = "rating", "Rating"
    NPS = "nps", "0 to 10"
    TEXT = "text", "Short text"


CHOICES = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
"""Questions that need options to choose from."""


class Marks(Word):
    """How the points of a rating look, from 1 to the last of :data:`POINTS`."""

    STARS = "stars", "Stars"
    NUMBERS = "numbers", "Numbers"


POINTS: dict[QuestionKind, range] = {QuestionKind.RATING: range(1, 6), QuestionKind.NPS: range(11)}
"""The answers to questions that are answered with a number."""


class Going(Word):
    """Which step a button goes to. ``previous`` is the one that the visitor came from."""

    STEP = "step", "A certain step"
    NEXT = "next", "The next step"
    PREVIOUS = "previous", "The step before"


class ActionType(Word):
    """What a button can do. The values are the tags of the action types below."""

    OPEN_URL = "open_url", "Open a page"
    DISMISS = "dismiss", "Dismiss"
    GO_TO_STEP = "go_to_step", "Go to a step"
    SUBMIT = "submit", "Send the answers and close"
    TRACK = "track", "Track an event"


class Limits:
    """The bounds of a message, one place for forms, JSON Schema and database."""

    NAME = 120
    DESCRIPTION = 1_000
    PRIORITY = 1_000_000
    RULES = 50
    RULE_VALUE = 500
    REGEX = 200
    """Characters of a regex. Longer ones are where catastrophic backtracking hides."""
    TIMES = 10_000
    GAP_SECONDS = 366 * 24 * 3600
    WIDTH = (240, 720)
    """Pixels."""
    YEARS = (2000, 9998)
    """Of start and end, on their own clock. Nearer to the ends of the calendar, clocks cannot be converted."""
    STEPS = 10
    BLOCKS = 50
    HEADING = 200
    TEXT = 2_000
    PARAGRAPHS = 50
    RUNS = 100
    ITEMS = 30
    LABEL = 80
    OPTION = 200
    OPTIONS = 20
    ANSWER = 1_000
    """Characters of a text that a visitor types."""
    BRANCHES = 20
    URL = 2_048
    ALT = 300
    PIXELS = 10_000
    SPACER = (4, 160)
    """Pixels."""
    EVENT = 200
    PROPERTIES = 50
    ID = 64


Id = Annotated[str, Meta(max_length=Limits.ID, pattern=r"^[A-Za-z0-9_-]*$(?!\n)")]
"""In Python ``$`` also stands before a last line end, hence what follows it."""
Url = Annotated[str, Meta(max_length=Limits.URL)]
Label = Annotated[str, Meta(max_length=Limits.LABEL)]


_PARAMETER = re.compile(r"([^=*^$()\[\]+?\\|{}]+)=(.*)", re.DOTALL)


class Value(Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all value types: immutable, and an unknown key is an error, never silently dropped."""


class PageRule(Value, frozen=True):
    """One condition on the page's address (DESIGN §3)."""

    effect: Effect = Effect.INCLUDE
    part: Part = Part.PATH
    match: Match = Match.CONTAINS
    value: Annotated[str, Meta(max_length=Limits.RULE_VALUE)] = ""

    def compared(self) -> tuple[str, str]:
        """The query parameter that it is about, empty if it is about none, and what is looked for.

        On a query ``name=value`` is about one parameter; what stands before the = of a pattern is no name. The snippet
        reads it alike (PARAMETER in eligibility.js).
        """
        found = _PARAMETER.fullmatch(self.value) if self.part is Part.QUERY else None
        return (found[1], found[2]) if found else ("", self.value)


class Frequency(Value, frozen=True):
    """How often one visitor sees it. ``limit`` None is Show always; ``gap_seconds`` lies between two views."""

    limit: Annotated[int, Meta(ge=1, le=Limits.TIMES)] | None = None
    gap_seconds: Annotated[int, Meta(ge=0, le=Limits.GAP_SECONDS)] = 0
    after_click: AfterClick = AfterClick.END


class Display(Value, frozen=True):
    """How and where it stands on the page; ``width`` in CSS pixels."""

    kind: DisplayKind = DisplayKind.MODAL
    position: Position = Position.CENTER
    width: Annotated[int, Meta(ge=Limits.WIDTH[0], le=Limits.WIDTH[1])] = 480


class Schedule(Value, frozen=True):
    """Half-open interval ``starts_at ≤ now < ends_at``, aware UTC; ``zone`` is the one it was typed in."""

    starts_at: Annotated[datetime, Meta(tz=True)] | None = None
    ends_at: Annotated[datetime, Meta(tz=True)] | None = None
    zone: Annotated[str, Meta(max_length=64)] = "UTC"


class Run(Value, frozen=True, omit_defaults=True):
    """A stretch of text in one style; ``link`` is a URL."""

    text: Annotated[str, Meta(max_length=Limits.TEXT)]
    bold: bool = False
    italic: bool = False
    link: Url | None = None


Runs = Annotated[tuple[Run, ...], Meta(max_length=Limits.RUNS)]


class OpenUrl(Value, frozen=True, tag_field="type", tag="open_url"):
    url: Url = ""
    target: Target = Target.SAME


class Dismiss(Value, frozen=True, tag_field="type", tag="dismiss"):
    pass


class Branch(Value, frozen=True):
    """Another step for visitors who gave one of these ``answers``: an option's text, or a number."""

    question: Id = ""
    answers: Annotated[tuple[str | int, ...], Meta(max_length=Limits.OPTIONS)] = ()
    step: Id = ""


class GoToStep(Value, frozen=True, tag_field="type", tag="go_to_step", omit_defaults=True):
    """To ``step``, or where ``to`` says. The first of ``when`` that fits the answers so far leads elsewhere instead,
    except on the way to the step before."""

    step: Id = ""
    to: Going = Going.STEP
    when: Annotated[tuple[Branch, ...], Meta(max_length=Limits.BRANCHES)] = ()


class Submit(Value, frozen=True, tag_field="type", tag="submit"):
    """Closes once what the step asks for is answered, and ends the message as a followed link does."""


class Track(Value, frozen=True, tag_field="type", tag="track"):
    event: Annotated[str, Meta(max_length=Limits.EVENT)] = ""
    properties: Annotated[dict[str, str | int | float | bool | None], Meta(max_length=Limits.PROPERTIES)] = {}


Action = OpenUrl | Dismiss | GoToStep | Submit | Track
"""All but Dismiss, and a way back to a step that the visitor has been on, ask first for what the step requires."""


class Heading(Value, frozen=True, tag_field="type", tag="heading"):
    text: Annotated[str, Meta(max_length=Limits.HEADING)] = ""


class Text(Value, frozen=True, tag_field="type", tag="text"):
    paragraphs: Annotated[tuple[Runs, ...], Meta(max_length=Limits.PARAGRAPHS)] = ()


class List(Value, frozen=True, tag_field="type", tag="list"):
    ordered: bool = False
    items: Annotated[tuple[Runs, ...], Meta(max_length=Limits.ITEMS)] = ()


class Image(Value, frozen=True, tag_field="type", tag="image"):
    """``width`` and ``height`` are the picture's own pixels, so that its room is kept while it loads."""

    src: Url = ""
    alt: Annotated[str, Meta(max_length=Limits.ALT)] = ""
    width: Annotated[int, Meta(ge=1, le=Limits.PIXELS)] | None = None
    height: Annotated[int, Meta(ge=1, le=Limits.PIXELS)] | None = None


class Button(Value, frozen=True, tag_field="type", tag="button"):
    """Its ``id`` never changes, so that clicks survive a relabel."""

    id: Id = ""
    label: Label = ""
    style: ButtonStyle = ButtonStyle.PRIMARY
    action: Action = OpenUrl()


class Question(Value, frozen=True, tag_field="type", tag="question"):
    """``low`` and ``high`` say what the ends of a scale mean; ``marks`` is how a rating looks."""

    id: Id = ""
    kind: QuestionKind = QuestionKind.SINGLE
    label: Annotated[str, Meta(max_length=Limits.HEADING)] = ""
    options: Annotated[tuple[Annotated[str, Meta(max_length=Limits.OPTION)], ...], Meta(max_length=Limits.OPTIONS)] = ()
    required: bool = False
    marks: Marks = Marks.STARS
    low: Label = ""
    high: Label = ""

    def choices(self) -> tuple[str | int, ...]:
        """What can be answered, in order: its options or its points; nothing where the visitor types."""
        if self.kind in POINTS:
            return tuple(POINTS[self.kind])
        return self.options if self.kind in CHOICES else ()


class Email(Value, frozen=True, tag_field="type", tag="email"):
    """``identifies``: a valid answer makes the visitor identified. ``consent`` is a line to tick with an address."""

    id: Id = ""
    label: Annotated[str, Meta(max_length=Limits.HEADING)] = ""
    consent: Annotated[str, Meta(max_length=Limits.TEXT)] = ""
    identifies: bool = True
    required: bool = True


class Divider(Value, frozen=True, tag_field="type", tag="divider"):
    pass


class Spacer(Value, frozen=True, tag_field="type", tag="spacer"):
    size: Annotated[int, Meta(ge=Limits.SPACER[0], le=Limits.SPACER[1])] = 16


SimpleBlock = Heading | Text | List | Image | Button | Question | Email | Divider | Spacer
Column = Annotated[tuple[SimpleBlock, ...], Meta(max_length=Limits.BLOCKS)]


class Row(Value, frozen=True, tag_field="type", tag="row"):
    """Two or three columns side by side; a row holds no row."""

    columns: Annotated[tuple[Column, ...], Meta(min_length=2, max_length=3)]


Block = Heading | Text | List | Image | Button | Question | Email | Divider | Spacer | Row


class Step(Value, frozen=True):
    id: Id = ""
    blocks: Annotated[tuple[Block, ...], Meta(max_length=Limits.BLOCKS)] = ()


class Shape(Value, frozen=True):
    """A whole message as it is imported, exported, drafted and frozen in a version."""

    id: str | UnsetType = UNSET
    name: Annotated[str, Meta(max_length=Limits.NAME)] = ""
    description: Annotated[str, Meta(max_length=Limits.DESCRIPTION)] = ""
    priority: Annotated[int, Meta(ge=-Limits.PRIORITY, le=Limits.PRIORITY)] = 0
    page_rules: Annotated[tuple[PageRule, ...], Meta(max_length=Limits.RULES)] = ()
    frequency: Frequency = Frequency()
    display: Display = Display()
    schedule: Schedule = Schedule()
    steps: Annotated[tuple[Step, ...], Meta(max_length=Limits.STEPS)] = ()

    @classmethod
    def decode(cls, raw: bytes | str) -> Shape:
        """Read JSON. Raises :class:`msgspec.ValidationError`, whose text names the place, e.g. ``$.display.width``."""
        return msgspec.json.decode(raw, type=cls)

    def encode(self) -> str:
        return msgspec.json.encode(self).decode()

    def blocks(self) -> Iterator[Block]:
        """Every block of every step, those inside rows included, in reading order."""
        for step in self.steps:
            for block in step.blocks:
                yield from flat(block)

    def buttons(self) -> list[Button]:
        return [block for block in self.blocks() if isinstance(block, Button)]

    def questions(self) -> list[Question | Email]:
        """All that is asked, in reading order."""
        return [block for block in self.blocks() if isinstance(block, Question | Email)]

    def with_ids(self) -> Shape:
        """The same message with an id wherever one was left out; ids that are there stay."""
        return msgspec.structs.replace(self, steps=tuple(_step_with_ids(step) for step in self.steps))


def flat(block: Block) -> Iterator[Block]:
    """The block itself, or the blocks inside it where it is a row."""
    if isinstance(block, Row):
        for column in block.columns:
            yield from column
    else:
        yield block


def new_id(prefix: str) -> str:
    """A short random id, unique within a message (40 bits)."""
    return prefix + secrets.token_hex(5)


def json_schema() -> dict[str, Any]:
    """JSON Schema of :class:`Shape`, for editors and for the import command's documentation."""
    return msgspec.json.schema(Shape)


def status(state: State, schedule: Schedule, now: datetime) -> Status:
    """What people see: the stored state, and for a launched message its schedule at ``now``."""
    if state is State.LAUNCHED:
        if schedule.starts_at and now < schedule.starts_at:
            return Status.SCHEDULED
        return Status.ENDED if schedule.ends_at and now >= schedule.ends_at else Status.LIVE
    return Status.ENDED if state is State.STOPPED else Status(state.value)


def _step_with_ids(step: Step) -> Step:
    return Step(id=step.id or new_id("s"), blocks=tuple(_block_with_ids(block) for block in step.blocks))


def _block_with_ids(block: Any) -> Any:
    if isinstance(block, Row):
        columns = tuple(tuple(_block_with_ids(inner) for inner in column) for column in block.columns)
        return msgspec.structs.replace(block, columns=columns)
    if isinstance(block, Button | Question | Email) and not block.id:
        return msgspec.structs.replace(block, id=new_id(type(block).__name__[0].lower()))
    return block
