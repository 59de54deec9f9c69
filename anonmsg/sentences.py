"""A message in plain words: the sentences that the review, the list and the message page show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from anonmsg import wallclock
from anonmsg.message import (
    AboutToLeave,
    Action,
    AfterClick,
    AnyCondition,
    Block,
    Branch,
    Button,
    DeviceIs,
    Dismiss,
    Display,
    DisplayKind,
    Divider,
    Effect,
    ElementClicked,
    ElementPresent,
    Email,
    EventTracked,
    Frequency,
    Going,
    GoToStep,
    Heading,
    Image,
    LanguageIs,
    List,
    OpenUrl,
    PageRule,
    PagesSeen,
    Question,
    ReferrerIs,
    Row,
    Run,
    Schedule,
    ScrolledTo,
    SecondsPassed,
    Shape,
    Spacer,
    Status,
    Submit,
    Target,
    Text,
    Track,
    UtmIs,
    VisitorIs,
    anywhere,
)

UNITS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
"""What waiting times are said in, in seconds, the largest first."""

NUMBERS = {1: "once", 2: "twice"}


def rules(rules: Sequence[PageRule]) -> str:
    """Where the message appears: ``Shows where the page path contains “/pricing”.`` A rule still empty says nothing."""
    where = _any(rule for rule in rules if rule.effect is Effect.INCLUDE)
    but_not = _any(rule for rule in rules if rule.effect is Effect.EXCLUDE)
    if where:
        return f"Shows where {where}" + (f", but never where {but_not}." if but_not else ".")
    if but_not:
        return f"Appears on every page of your site, but never where {but_not}."
    return "Appears on every page of your site."


def targeting(shape: Shape) -> str:
    """All of it in one: ``Shown on pages whose path starts with “/a”, except those whose path is “/a/b”, once.``"""
    where = _pages(rule for rule in shape.page_rules if rule.effect is Effect.INCLUDE)
    but_not = _pages(rule for rule in shape.page_rules if rule.effect is Effect.EXCLUDE)
    on = f"on pages {where}" if where else "on every page"
    only = "".join(f", {condition(each)}" for each in shape.conditions or ())
    return f"Shown {on}{f', except those {but_not}' if but_not else ''}{only}, {_briefly(shape.frequency)}."


def _pages(rules: Iterable[PageRule]) -> str:
    conditions = (rule(each).removeprefix("the ").removeprefix("page ") for each in rules if each.value)
    return " or ".join(f"whose {condition}" for condition in conditions)


def _briefly(frequency: Frequency) -> str:
    if frequency.limit is None:
        apart = _apart(frequency, "at most once in {}, ")
        return f"{apart}until the visitor closes it"
    return "once" if frequency.limit == 1 else f"at most {times(frequency.limit)}" + _apart(frequency, ", {} apart")


def conditions(shape: Shape) -> str:
    """``Only on a phone, and after 10 seconds on the page.`` Empty where there are none."""
    phrases = [condition(each) for each in shape.conditions or ()]
    return f"Only {', and '.join(phrases)}." if phrases else ""


def holdout(shape: Shape) -> str:
    """Whom it is kept from, so that it can be compared. Empty where it is kept from nobody."""
    return f"{shape.holdout} % of your visitors never see it: the control group." if shape.holdout else ""


def condition(condition: AnyCondition) -> str:
    """What one more condition comes to, after “shown”: ``on a phone or a tablet``."""
    match condition:
        case DeviceIs(devices=devices):
            return "on " + " or ".join(f"a {device.label.lower()}" for device in devices)
        case LanguageIs(languages=languages):
            return "to visitors whose language is " + " or ".join(languages)
        case ReferrerIs(value=""):
            return "to visitors whom no other website led here"
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


def _any(rules: Iterable[PageRule]) -> str:
    return " or ".join(rule(each) for each in rules if each.value)


def rule(rule: PageRule) -> str:
    """One rule's condition: ``the page path starts with “/pricing”``."""
    name, value = rule.compared()
    part = f"the query parameter “{name}”" if name else f"the {rule.part.label}"
    return f"{part} {rule.match.label.removesuffix(' (*)')} “{value}”"


def frequency(frequency: Frequency) -> str:
    """How often one visitor sees it, and what ends it."""
    clicked = "" if frequency.after_click is AfterClick.KEEP else " or clicked a button that opens a page"
    return f"{_how_often(frequency)}. It stops once the visitor closed it{clicked}."


def _how_often(frequency: Frequency) -> str:
    if frequency.limit is None:
        return "Shows on every matching page" + _apart(frequency, ", at most once in {}")
    if frequency.limit == 1:
        return "Each visitor sees it once"
    return f"Each visitor sees it at most {times(frequency.limit)}" + _apart(frequency, ", at least {} apart")


def example(frequency: Frequency) -> str:
    """The same for one visitor, so that it can be pictured: ``Anna sees it at most twice, a day apart, unless …``"""
    acts = "closes it" if frequency.after_click is AfterClick.KEEP else "closes it or follows its button"
    if frequency.limit is None:
        return f"Anna sees it on every matching page{_apart(frequency, ', at most once in {}')}, until she {acts}."
    if frequency.limit == 1:
        return "Anna sees it once, and then never again."
    return f"Anna sees it at most {times(frequency.limit)}{_apart(frequency, ', {} apart')}, unless she {acts} before."


def _apart(frequency: Frequency, words: str) -> str:
    return words.format(duration(frequency.gap_seconds)) if frequency.gap_seconds else ""


def times(count: int) -> str:
    return NUMBERS.get(count, f"{count:,} times")


def duration(seconds: int) -> str:
    """``a day``, ``90 minutes``: in the largest unit that leaves no rest."""
    unit, length = next((unit, length) for unit, length in UNITS.items() if seconds % length == 0)
    count = seconds // length
    return f"{count:,} {unit}s" if count != 1 else f"{'an' if unit == 'hour' else 'a'} {unit}"


def schedule(schedule: Schedule) -> str:
    """When it starts and ends, in its own zone and in UTC; by visitors' own clocks, also what that is on earth."""
    starts = f"Starts on {moment(schedule.starts_at, schedule.zone)}" if schedule.starts_at else "Starts when launched"
    ends = f"ends on {moment(schedule.ends_at, schedule.zone)}" if schedule.ends_at else "never ends"
    return f"{starts} and {ends}{_by_own_clocks(schedule)}."


def _by_own_clocks(schedule: Schedule) -> str:
    """What it means that every visitor's own clock decides; empty where it does not."""
    if not schedule.is_local or not (schedule.opens or schedule.closes):
        return ""
    first = [f"the first visitors get it on {moment(at, 'UTC')}" for at in (schedule.opens,) if at]
    last = [f"the last lose it on {moment(at, 'UTC')}" for at in (schedule.closes,) if at]
    span = " and ".join(first + last)
    return f", by each visitor’s own clock. {span[0].upper()}{span[1:]}: it is live as long as anybody may get it"


def moment(at: datetime, zone: str) -> str:
    """``1 December 2026 at 09:00, Europe/Vienna (08:00 UTC)``; the UTC date too where it differs. A time by visitors'
    own clocks has no zone."""
    if not at.tzinfo:
        return f"{_day(at)} at {_clock(at)}"
    local, utc = wallclock.in_zone(at, zone), at.astimezone(UTC)
    if local.utcoffset() == utc.utcoffset():
        return f"{_day(local)} at {_clock(local)} {zone}"
    in_utc = _clock(utc) if local.date() == utc.date() else f"{_day(utc)}, {_clock(utc)}"
    return f"{_day(local)} at {_clock(local)}, {zone} ({in_utc} UTC)"


def meanwhile(status: Status, number: int) -> str:
    """What visitors see while version ``number`` of a launched message is being edited."""
    match status:
        case Status.LIVE:
            return f"Visitors keep seeing version {number} until you launch again."
        case Status.SCHEDULED:
            return f"Version {number} stays scheduled until you launch again."
        case Status.PAUSED:
            return "It is paused: nobody sees it. Launching turns it on again, as it is here."
        case _:
            return "It has ended: nobody sees it. Launching starts it again, as it is here."


def timeline(schedule: Schedule, now: datetime) -> list[tuple[str, str]]:
    """Now, start and end in their order, each as ``(what, when)`` by the schedule's own clock, or else in UTC."""
    said = [(what, _local(at, schedule)) for at, what in sorted([(now, "Now"), *_turns(schedule)])]
    if not schedule.starts_at:
        said.insert(said.index(("Now", _local(now, schedule))) + 1, ("Starts", "When launched"))
    return said if schedule.ends_at else [*said, ("Ends", "Never")]


def _turns(schedule: Schedule) -> Iterator[tuple[datetime, str]]:
    """When it starts and ends; by visitors' own clocks, where that comes first and where it comes last."""
    for at, what in ((schedule.starts_at, "Starts"), (schedule.ends_at, "Ends")):
        if at and schedule.is_local:
            yield from zip(anywhere(at), (f"{what} somewhere", f"{what} everywhere"), strict=True)
        elif at:
            yield at, what


def _local(at: datetime, schedule: Schedule) -> str:
    zone, behind = ("UTC", " UTC") if schedule.is_local else (schedule.zone, "")
    local = wallclock.in_zone(at, zone).replace(second=0)
    return f"{_day(local)}, {_clock(local)}{behind}"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def _clock(at: datetime) -> str:
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def display(display: Display) -> str:
    """``An overlay at the bottom right, 360 pixels wide.``"""
    position = display.position.label.lower()
    match display.kind:
        case DisplayKind.MODAL:
            return f"A modal in the {position} of the page, {display.width} pixels wide."
        case DisplayKind.BANNER:
            return f"A banner along the {position} of the page."
        case DisplayKind.OVERLAY:
            return f"An overlay at the {position} of the page, {display.width} pixels wide."


def theme(shape: Shape) -> str:
    """``Its own: dark colours, radius.``; nothing where it looks as the site says."""
    own = msgspec.to_builtins(shape.theme) if shape.theme else {}
    names = [f"{name} colours" if name in ("light", "dark") else name.replace("_", " ") for name in own]
    return f"Its own: {', '.join(names)}." if names else ""


def block(block: Block, shape: Shape) -> str:
    """One block in words, e.g. ``Button “Sign up”: opens /signup``. ``shape`` knows the steps a button may go to."""
    match block:
        case Heading(text=text):
            return f"Heading “{text}”"
        case Text(paragraphs=paragraphs):
            return f"Text “{_plain(paragraphs)}”"
        case List(items=items):
            return f"List “{_plain(items, ' · ')}”"
        case Image():
            return f"Image “{block.alt or block.src}”"
        case Button():
            return f"Button “{block.label}”: {action(block.action, shape)}"
        case Question():
            return f"Question “{block.label}” ({block.kind.label.lower()})"
        case Email():
            return f"E-mail field “{block.label}”"
        case Divider():
            return "A line"
        case Spacer():
            return f"{block.size} pixels of space"
        case Row():
            return f"{len(block.columns)} columns"


def action(action: Action, shape: Shape) -> str:
    """What a click does: ``opens /signup in a new tab``."""
    match action:
        case OpenUrl(url=url, target=target):
            return f"opens {url}" + (" in a new tab" if target is Target.NEW else "")
        case Dismiss():
            return "dismisses the message for good"
        case GoToStep():
            return ", ".join([f"goes to {_goal(action, shape)}", *(_branch(it, shape) for it in action.when)])
        case Submit():
            return "sends the answers and closes"
        case Track(event=event):
            return f"tracks the event “{event}”"


def _goal(action: GoToStep, shape: Shape) -> str:
    return _nth(action.step, shape) if action.to is Going.STEP else action.to.label.lower()


def _branch(branch: Branch, shape: Shape) -> str:
    asked = next((block.label for block in shape.questions() if block.id == branch.question), "")
    answers = " or ".join(f"“{answer}”" for answer in branch.answers)
    return f"but to {_nth(branch.step, shape)} after {answers} to “{asked}”"


def _nth(id: str, shape: Shape) -> str:
    ids = [step.id for step in shape.steps]
    return f"step {ids.index(id) + 1}" if id in ids else "a step that is not there"


def _plain(lines: Iterable[Iterable[Run]], between: str = " ") -> str:
    return between.join("".join(run.text for run in line) for line in lines)
