"""What a message is: its words, value types, limits and JSON shape (DESIGN §2, §3, §5).

The one definition that forms, tables, the manifest, the import and export commands and the snippet's contract
tests are made from. Standard library and msgspec only. Whether a well-formed message is also *good* (complete,
safe, not in the past) is said by :mod:`anonmsg.problems`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self, get_args

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


class Font(Word):
    """What the text is set in. Named: the theme says the family, which the website itself loads."""

    PAGE = "page", "The page's own"
    SYSTEM = "system", "System"
    HUMANIST = "humanist", "Humanist"
    ROUNDED = "rounded", "Rounded"
    SERIF = "serif", "Serif"
    MONO = "mono", "Monospaced"
    NAMED = "named", "A font of your website"


class Shadow(Word):
    NONE = "none", "None"
    SOFT = "soft", "Soft"
    STRONG = "strong", "Strong"


class ButtonLook(Word):
    """How primary buttons look; those in pill shape, all but the cross."""

    FILLED = "filled", "Filled"
    FILLED_PILL = "filled_pill", "Filled pill"
    OUTLINE = "outline", "Outline"
    OUTLINE_PILL = "outline_pill", "Outline pill"

    @property
    def is_outline(self) -> bool:
        """Whether the label is in the accent colour, on the surface."""
        return self in (ButtonLook.OUTLINE, ButtonLook.OUTLINE_PILL)


class Entrance(Word):
    """How a message comes. At most 8 pixels and 150 ms; where a visitor wants less motion, not at all."""

    RISE = "rise", "Rise"
    SLIDE = "slide", "Slide from the side"
    GROW = "grow", "Grow"
    NONE = "none", "None"


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


class Comparison(Word):
    """How texts that are no page addresses are compared, without regard to letter case."""

    CONTAINS = "contains", "contains"
    IS = "is", "is"
    STARTS_WITH = "starts_with", "starts with"
    ENDS_WITH = "ends_with", "ends with"


class Device(Word):
    PHONE = "phone", "Phone"
    TABLET = "tablet", "Tablet"
    DESKTOP = "desktop", "Desktop"


class Utm(Word):
    SOURCE = "source", "utm_source"
    MEDIUM = "medium", "utm_medium"
    CAMPAIGN = "campaign", "utm_campaign"
    TERM = "term", "utm_term"
    CONTENT = "content", "utm_content"


class Visitor(Word):
    """Returning: had an anonymous id before this visit."""

    NEW = "new", "New visitors"
    RETURNING = "returning", "Returning visitors"


class ConditionType(Word):
    """What else a message can ask for before it is shown. The values are the tags of the types of conditions below."""

    DEVICE = "device", "Device"
    LANGUAGE = "language", "Language"
    REFERRER = "referrer", "Website they came from"
    UTM = "utm", "UTM parameter"
    VISITOR = "visitor", "New or returning"
    PAGES = "pages", "Pages seen in this visit"
    SECONDS = "seconds", "Seconds on the page"
    SCROLL = "scroll", "Scrolled down"
    EXIT = "exit", "About to leave"
    ELEMENT = "element", "Element on the page"
    CLICKED = "clicked", "Element clicked"
    TRACKED = "tracked", "Event tracked"


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
    CONDITIONS = 20
    HOLDOUT = 90
    """Percent of the visitors who may be kept from seeing a message."""
    LANGUAGES = 20
    SELECTOR = 200
    PAGES = (1, 1_000)
    SECONDS = (1, 3_600)
    PERCENT = (1, 100)
    """Of the way that a page can be scrolled."""
    COLOUR = 20
    """Characters of what may be meant as a colour; anonmsg/theme.py says which is one."""
    FAMILY = 64
    TEXT_SIZE = (12, 24)
    """Pixels, as the next two."""
    RADIUS = (0, 40)
    SPACING = (8, 48)
    Z_INDEX = (1, 2_147_483_647)
    PROPERTIES = 50
    PROPERTY_NAME = 100
    PROPERTY = 400
    ID = 64


Id = Annotated[str, Meta(max_length=Limits.ID, pattern=r"^[A-Za-z0-9_-]*$(?!\n)")]
"""In Python ``$`` also stands before a last line end, hence what follows it."""
Url = Annotated[str, Meta(max_length=Limits.URL)]
Label = Annotated[str, Meta(max_length=Limits.LABEL)]
PropertyName = Annotated[str, Meta(max_length=Limits.PROPERTY_NAME)]
Property = Annotated[str, Meta(max_length=Limits.PROPERTY)] | int | float | bool | None


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


class Condition(Value, frozen=True, tag_field="type"):
    """Something else that must hold for a message to be shown: a gate of its own. All of a message's must hold.

    A visit is what happens in one tab until it is closed. ``PARTS`` of the snippet (static/snippet/parts) judge it.
    """

    PARTS: ClassVar[tuple[str, ...]] = ()


class DeviceIs(Condition, frozen=True, tag="device"):
    PARTS = ("device",)
    devices: Annotated[tuple[Device, ...], Meta(max_length=len(Device))] = ()


class LanguageIs(Condition, frozen=True, tag="language"):
    """The browser's preferred language is one of these, as BCP 47 names them; ``de`` is also ``de-AT``."""

    PARTS = ("language",)
    languages: Annotated[tuple[Annotated[str, Meta(max_length=35)], ...], Meta(max_length=Limits.LANGUAGES)] = ()


class ReferrerIs(Condition, frozen=True, tag="referrer"):
    """Another website's page that led to this visit, by its host or its address; none where ``is`` has no value."""

    PARTS = ("visit",)
    match: Comparison = Comparison.CONTAINS
    value: Annotated[str, Meta(max_length=Limits.RULE_VALUE)] = ""


class UtmIs(Condition, frozen=True, tag="utm"):
    """A parameter of the address that led to this visit."""

    PARTS = ("visit",)
    parameter: Utm = Utm.SOURCE
    match: Comparison = Comparison.IS
    value: Annotated[str, Meta(max_length=Limits.RULE_VALUE)] = ""


class VisitorIs(Condition, frozen=True, tag="visitor"):
    PARTS = ("visit",)
    visitor: Visitor = Visitor.NEW


class PagesSeen(Condition, frozen=True, tag="pages"):
    """At least so many page views in this visit, this one included."""

    PARTS = ("visit",)
    pages: Annotated[int, Meta(ge=Limits.PAGES[0], le=Limits.PAGES[1])] = 2


class SecondsPassed(Condition, frozen=True, tag="seconds"):
    """Since this page view began to be looked at."""

    PARTS = ("seconds",)
    seconds: Annotated[int, Meta(ge=Limits.SECONDS[0], le=Limits.SECONDS[1])] = 10


class ScrolledTo(Condition, frozen=True, tag="scroll"):
    """In this page view. A page that cannot be scrolled is never scrolled down."""

    PARTS = ("scroll",)
    percent: Annotated[int, Meta(ge=Limits.PERCENT[0], le=Limits.PERCENT[1])] = 50


class AboutToLeave(Condition, frozen=True, tag="exit"):
    """The mouse left the page at its top, in this page view. Without a mouse it never does."""

    PARTS = ("exit",)


class ElementPresent(Condition, frozen=True, tag="element"):
    """A CSS selector finds something, or has in this page view. One that no browser understands finds nothing."""

    PARTS = ("element",)
    selector: Annotated[str, Meta(max_length=Limits.SELECTOR)] = ""


class ElementClicked(Condition, frozen=True, tag="clicked"):
    """In this visit, while a message waited for it."""

    PARTS = ("visit", "clicked")
    selector: Annotated[str, Meta(max_length=Limits.SELECTOR)] = ""


class EventTracked(Condition, frozen=True, tag="tracked"):
    """By ``analytics.track`` in this visit, while a message waited for it."""

    PARTS = ("visit", "tracked")
    event: Annotated[str, Meta(max_length=Limits.EVENT)] = ""


AnyCondition = (
    DeviceIs
    | LanguageIs
    | ReferrerIs
    | UtmIs
    | VisitorIs
    | PagesSeen
    | SecondsPassed
    | ScrolledTo
    | AboutToLeave
    | ElementPresent
    | ElementClicked
    | EventTracked
)
CONDITIONS: dict[ConditionType, type[AnyCondition]] = {
    ConditionType(str(each.__struct_config__.tag)): each for each in get_args(AnyCondition)
}
"""The conditions by what they are called: what they hold is their fields."""


class Display(Value, frozen=True):
    """How and where it stands on the page; ``width`` in CSS pixels."""

    kind: DisplayKind = DisplayKind.MODAL
    position: Position = Position.CENTER
    width: Annotated[int, Meta(ge=Limits.WIDTH[0], le=Limits.WIDTH[1])] = 480


Colour = Annotated[str, Meta(max_length=Limits.COLOUR)]


class Palette(Value, frozen=True, omit_defaults=True):
    """The colours of one scheme as ``#rrggbb``. ``accent`` fills what is to be pressed, and banners."""

    surface: Colour | None = None
    text: Colour | None = None
    accent: Colour | None = None
    on_accent: Colour | None = None
    line: Colour | None = None

    def over(self, base: Palette) -> Palette:
        """These, and ``base`` where they say nothing."""
        return msgspec.structs.replace(base, **msgspec.to_builtins(self))


BROWSERS = Palette()
"""The colours that browsers have for themselves."""


class Theme(Value, frozen=True, omit_defaults=True):
    """How messages look: a site's, or what one message has of its own. What is None is as without a theme."""

    light: Palette = BROWSERS
    dark: Palette = BROWSERS
    font: Font | None = None
    family: Annotated[str, Meta(max_length=Limits.FAMILY)] | None = None
    """Of the font, where that is named."""
    text_size: Annotated[int, Meta(ge=Limits.TEXT_SIZE[0], le=Limits.TEXT_SIZE[1])] | None = None
    radius: Annotated[int, Meta(ge=Limits.RADIUS[0], le=Limits.RADIUS[1])] | None = None
    spacing: Annotated[int, Meta(ge=Limits.SPACING[0], le=Limits.SPACING[1])] | None = None
    shadow: Shadow | None = None
    buttons: ButtonLook | None = None
    entrance: Entrance | None = None
    z_index: Annotated[int, Meta(ge=Limits.Z_INDEX[0], le=Limits.Z_INDEX[1])] | None = None
    """Of overlays and banners, which without it stand above everything, as modals always do."""

    def __post_init__(self) -> None:
        # Defaults are left out where they are that very object.
        for scheme in ("light", "dark"):
            if getattr(self, scheme) == BROWSERS:
                msgspec.structs.force_setattr(self, scheme, BROWSERS)

    def __bool__(self) -> bool:
        """Whether it says anything."""
        return self != Theme()

    def over(self, base: Theme) -> Theme:
        """This one, and ``base`` where it says nothing."""
        own = {name: value for name in self.__struct_fields__ if (value := getattr(self, name)) is not None}
        palettes = {"light": self.light.over(base.light), "dark": self.dark.over(base.dark)}
        return msgspec.structs.replace(base, **own | palettes)


VISITORS_ZONE = "visitor"
"""The zone of a schedule that every visitor's own clock decides."""

CLOCKS = (timedelta(hours=14), timedelta(hours=-12))
"""How far ahead of UTC clocks are where a day comes first on earth, and where it comes last."""

Time = Annotated[datetime, Meta(description="RFC 3339; without an offset where the zone is “visitor”, and only there")]


class Schedule(Value, frozen=True):
    """Half-open interval ``starts_at ≤ now < ends_at``; ``zone`` is the one it was typed in.

    The times are aware, but in the zone ``visitor`` naive: what each visitor's own clock shows, so that it starts and
    ends in some places before others.
    """

    starts_at: Time | None = None
    ends_at: Time | None = None
    zone: Annotated[str, Meta(max_length=64)] = "UTC"

    def __post_init__(self) -> None:
        for name, at in (("starts_at", self.starts_at), ("ends_at", self.ends_at)):
            if at and self.is_local and at.tzinfo:
                raise ValueError(f"“{name}” is by each visitor's own clock, so it must have no zone: leave out the Z")
            if at and self.is_local and not Limits.YEARS[0] <= at.year <= Limits.YEARS[1]:
                raise ValueError("Choose a year from {} to {}".format(*Limits.YEARS))
            if at and not self.is_local and not at.tzinfo:
                raise ValueError(f"“{name}” needs its zone, such as the Z in 2027-01-31T23:00:00Z")

    @property
    def is_local(self) -> bool:
        return self.zone == VISITORS_ZONE

    @property
    def opens(self) -> datetime | None:
        """When it starts anywhere on earth; aware."""
        return self.starts_at and anywhere(self.starts_at)[0]

    @property
    def closes(self) -> datetime | None:
        """When it has ended everywhere on earth; aware."""
        return self.ends_at and anywhere(self.ends_at)[1]


def anywhere(at: datetime) -> tuple[datetime, datetime]:
    """When that time comes first and when it comes last on earth: one moment, unless it is by visitors' own clocks."""
    first, last = (at if at.tzinfo else (at - ahead).replace(tzinfo=UTC) for ahead in CLOCKS)
    return first, last


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
    properties: Annotated[dict[PropertyName, Property], Meta(max_length=Limits.PROPERTIES)] = {}


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
    conditions: Annotated[tuple[AnyCondition, ...], Meta(max_length=Limits.CONDITIONS)] | UnsetType = UNSET
    """Left out where there are none, as with most."""

    holdout: Annotated[int, Meta(ge=0, le=Limits.HOLDOUT)] | UnsetType = UNSET
    """Percent of the visitors, the control group, who never see it. Left out where there are none."""

    theme: Theme | UnsetType = UNSET
    """What it has of its own, over the site's. Left out where that is nothing."""

    def __post_init__(self) -> None:
        for name in ("conditions", "holdout", "theme"):
            if not getattr(self, name):
                msgspec.structs.force_setattr(self, name, UNSET)

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

    def look(self, site: Theme) -> Theme:
        """How it looks on a site of this theme."""
        return self.theme.over(site) if self.theme else site

    def buttons(self) -> list[Button]:
        return [block for block in self.blocks() if isinstance(block, Button)]

    def questions(self) -> list[Question | Email]:
        """All that is asked, in reading order."""
        return [block for block in self.blocks() if isinstance(block, Question | Email)]

    def with_ids(self) -> Shape:
        """The same message with an id wherever one was left out; ids that are there stay."""
        return msgspec.structs.replace(self, steps=tuple(_step_with_ids(step) for step in self.steps))

    def with_new_ids(self) -> Shape:
        """A message of its own with the same content: no id, and others for steps, buttons and questions."""
        whole = msgspec.structs.replace(self.with_ids(), id=UNSET)
        asked = [*whole.buttons(), *whole.questions()]
        others = {step.id: new_id("s") for step in whole.steps}
        others |= {block.id: new_id(type(block).__name__[0].lower()) for block in asked}
        steps = [_renamed(msgspec.to_builtins(step), others) for step in whole.steps]
        return msgspec.structs.replace(whole, steps=msgspec.convert(steps, tuple[Step, ...]))


def _renamed(value: Any, others: dict[str, str]) -> Any:
    """JSON of steps in which every id, and what refers to one, is another. Of the page's own are only properties."""
    if isinstance(value, list | tuple):
        return [_renamed(each, others) for each in value]
    if not isinstance(value, dict):
        return value
    named = {name: others.get(value[name], value[name]) for name in ("id", "step", "question") if name in value}
    return {name: each if name == "properties" else _renamed(each, others) for name, each in value.items()} | named


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
    """What people see: the stored state, and for a launched message its schedule at ``now``. By visitors' own clocks,
    it is live as long as it is for anybody on earth."""
    if state is State.LAUNCHED:
        if schedule.opens and now < schedule.opens:
            return Status.SCHEDULED
        return Status.ENDED if schedule.closes and now >= schedule.closes else Status.LIVE
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
