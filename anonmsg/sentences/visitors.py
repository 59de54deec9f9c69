"""To which visitors a message is shown, and from which it is kept."""

from __future__ import annotations

from anonmsg.message import (
    AboutToLeave,
    AnyCondition,
    Comparison,
    DeviceIs,
    ElementClicked,
    ElementPresent,
    EventTracked,
    LanguageIs,
    PagesSeen,
    ReferrerIs,
    ScrolledTo,
    SecondsPassed,
    Shape,
    UtmIs,
    VisitorIs,
)
from anonmsg.sentences.durations import duration


def conditions(shape: Shape) -> str:
    """``Only on a phone, and after 10 seconds on the page.`` Empty where there are none."""
    said = phrases(shape)
    return f"Only {', and '.join(said)}." if said else ""


def phrases(shape: Shape) -> list[str]:
    """Its conditions one by one; of those that are still empty none."""
    return [said for each in shape.conditions or () if (said := condition(each))]


def holdout(shape: Shape) -> str:
    """Whom it is kept from, so that it can be compared. Empty where it is kept from nobody."""
    return f"{shape.holdout} % of your visitors never see it: the control group." if shape.holdout else ""


def condition(condition: AnyCondition) -> str:
    """What one more condition comes to, after “shown”: ``on a phone or a tablet``. One still empty says nothing."""
    match condition:
        case DeviceIs(devices=()) | LanguageIs(languages=()) | UtmIs(value="") | EventTracked(event=""):
            return ""
        case ElementPresent(selector="") | ElementClicked(selector=""):
            return ""
        case DeviceIs(devices=devices):
            return "on " + " or ".join(f"a {device.label.lower()}" for device in devices)
        case LanguageIs(languages=languages):
            return "to visitors whose language is " + " or ".join(languages)
        case ReferrerIs(match=match, value=""):
            return "to visitors whom no other website led here" if match is Comparison.IS else ""
        case ReferrerIs(match=match, value=value):
            return f"to visitors led here by a website whose address {match.label} “{value}”"
        case UtmIs(parameter=parameter, match=match, value=value):
            return f"to visitors whose {parameter.label} {match.label} “{value}”"
        case VisitorIs(visitor=visitor):
            return f"to {visitor.label.lower()}"
        case _:
            return _happening(condition)


def _happening(
    condition: PagesSeen | SecondsPassed | ScrolledTo | AboutToLeave | ElementPresent | ElementClicked | EventTracked,
) -> str:
    match condition:
        case PagesSeen(pages=pages):
            return f"from the {_ordinal(pages)} page of a visit on"
        case SecondsPassed(seconds=seconds):
            return f"after {duration(seconds)} on the page"
        case ScrolledTo(percent=percent):
            return f"once {percent} % of the page are scrolled"
        case AboutToLeave():
            return "when they are about to leave the page"
        case ElementPresent(selector=selector):
            return f"where “{selector}” is on the page"
        case ElementClicked(selector=selector):
            return f"once “{selector}” was clicked"
        case EventTracked(event=event):
            return f"once “{event}” was tracked"


def _ordinal(number: int) -> str:
    teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
