"""What else must hold for a message to be shown."""

from __future__ import annotations

from typing import Annotated, ClassVar, get_args

from msgspec import Meta

from anonmsg.message.limits import Limits
from anonmsg.message.value import Value
from anonmsg.message.word import Word


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
