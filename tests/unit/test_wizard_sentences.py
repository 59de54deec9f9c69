"""A message in plain words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from anonmsg import sentences
from anonmsg.message import (
    AfterClick,
    Branch,
    Button,
    Dismiss,
    Display,
    DisplayKind,
    Effect,
    Frequency,
    Going,
    GoToStep,
    Heading,
    List,
    Match,
    OpenUrl,
    PageRule,
    Part,
    Position,
    Question,
    Row,
    Run,
    Schedule,
    Shape,
    Spacer,
    Status,
    Step,
    Submit,
    Target,
    Track,
)

PRICING = PageRule(match=Match.STARTS_WITH, value="/pricing")
LEGAL = PageRule(Effect.EXCLUDE, Part.PATH, Match.CONTAINS, "/legal")

RULES = [
    ((), "Appears on every page of your site."),
    ((PRICING,), "Shows where the page path starts with “/pricing”."),
    (
        (PRICING, PageRule(part=Part.HOST, match=Match.IS, value="shop.example")),
        "Shows where the page path starts with “/pricing” or the host is “shop.example”.",
    ),
    ((LEGAL,), "Appears on every page of your site, but never where the page path contains “/legal”."),
    (
        (PRICING, LEGAL),
        "Shows where the page path starts with “/pricing”, but never where the page path contains “/legal”.",
    ),
    (
        (PageRule(part=Part.QUERY, match=Match.IS, value="utm_source=mail"),),
        "Shows where the query parameter “utm_source” is “mail”.",
    ),
    (
        (PageRule(part=Part.QUERY, match=Match.REGEX, value="plan=^pro$"),),
        "Shows where the query parameter “plan” matches the regex “^pro$”.",
    ),
    (
        (PageRule(part=Part.QUERY, match=Match.WILDCARD, value="*=pro"),),
        "Shows where the query string fits the pattern “*=pro”.",
    ),
    ((PageRule(part=Part.QUERY, value="=pro"),), "Shows where the query string contains “=pro”."),
    ((PageRule(match=Match.WILDCARD, value="/shop/*"),), "Shows where the page path fits the pattern “/shop/*”."),
    ((PageRule(match=Match.REGEX, value="^/a$"),), "Shows where the page path matches the regex “^/a$”."),
]


@pytest.mark.parametrize(("rules", "said"), RULES)
def test_page_rules(rules: tuple[PageRule, ...], said: str) -> None:
    assert sentences.rules(rules) == said


WHOLE = [
    (Shape(), "Shown on every page, until the visitor closes it."),
    (
        Shape(page_rules=(PRICING, LEGAL), frequency=Frequency(limit=2, gap_seconds=86_400)),
        "Shown on pages whose path starts with “/pricing”, except those whose path contains “/legal”, at most twice, a",
    ),
    (
        Shape(
            page_rules=(PageRule(value="the page "), PageRule(part=Part.QUERY, match=Match.IS, value="a=b"), PageRule())
        ),
        "Shown on pages whose path contains “the page ” or whose query parameter “a” is “b”, until the visitor closes",
    ),
    (
        Shape(page_rules=(LEGAL,), frequency=Frequency(limit=1, gap_seconds=60)),
        "Shown on every page, except those whose path contains “/legal”, once.",
    ),
    (Shape(frequency=Frequency(gap_seconds=3600)), "Shown on every page, at most once in an hour, until the visitor"),
]


@pytest.mark.parametrize(("shape", "said"), WHOLE)
def test_targeting_in_one_sentence(shape: Shape, said: str) -> None:
    assert sentences.targeting(shape).startswith(said)


EXAMPLES = [
    (Frequency(), "Anna sees it on every matching page, until she closes it or follows its button."),
    (
        Frequency(gap_seconds=3600),
        "Anna sees it on every matching page, at most once in an hour, until she closes it or",
    ),
    (Frequency(limit=1, gap_seconds=60), "Anna sees it once, and then never again."),
    (
        Frequency(limit=2, gap_seconds=86_400),
        "Anna sees it at most twice, a day apart, unless she closes it or follows",
    ),
    (
        Frequency(limit=1000, gap_seconds=5400, after_click=AfterClick.KEEP),
        "at most 1,000 times, 90 minutes apart, unless she closes it before.",
    ),
]


@pytest.mark.parametrize(("frequency", "said"), EXAMPLES)
def test_frequency_as_one_visitor_meets_it(frequency: Frequency, said: str) -> None:
    assert said in sentences.example(frequency)


def test_what_ends_a_message_is_said() -> None:
    assert sentences.frequency(Frequency(limit=2)).endswith("closed it or clicked a button that opens a page.")
    assert sentences.frequency(Frequency(after_click=AfterClick.KEEP)).endswith("It stops once the visitor closed it.")


DURATIONS = [(1, "a second"), (90, "90 seconds"), (3600, "an hour"), (5400, "90 minutes"), (172_800, "2 days")]


@pytest.mark.parametrize(("seconds", "said"), DURATIONS)
def test_durations(seconds: int, said: str) -> None:
    assert sentences.duration(seconds) == said


SCHEDULES = [
    (Schedule(), "Starts when launched and never ends."),
    (
        Schedule(starts_at=datetime(2026, 12, 1, 8, tzinfo=UTC), zone="Europe/Vienna"),
        "Starts on 1 December 2026 at 09:00, Europe/Vienna (08:00 UTC) and never ends.",
    ),
    (
        Schedule(ends_at=datetime(2027, 1, 31, 23, tzinfo=UTC), zone="Europe/Vienna"),
        "Starts when launched and ends on 1 February 2027 at 00:00, Europe/Vienna (31 January 2027, 23:00 UTC).",
    ),
    (
        Schedule(ends_at=datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC)),
        "Starts when launched and ends on 31 January 2027 at 23:59:59 UTC.",
    ),
]


@pytest.mark.parametrize(("schedule", "said"), SCHEDULES)
def test_schedule(schedule: Schedule, said: str) -> None:
    assert sentences.schedule(schedule) == said


def test_display() -> None:
    assert sentences.display(Display()) == "A modal in the center of the page, 480 pixels wide."
    overlay = Display(DisplayKind.OVERLAY, Position.BOTTOM_RIGHT, 360)
    assert sentences.display(overlay) == "An overlay at the bottom right of the page, 360 pixels wide."
    assert sentences.display(Display(DisplayKind.BANNER, Position.TOP)) == "A banner along the top of the page."


SHAPE = Shape(steps=(Step("s1", (Question("q1", label="Why?"),)), Step("s2")))
BLOCKS = [
    (Heading("Join"), "Heading “Join”"),
    (List(items=((Run("a", bold=True), Run("b")), (Run("c"),))), "List “ab · c”"),
    (Button(label="Go", action=OpenUrl("/signup", Target.NEW)), "Button “Go”: opens /signup in a new tab"),
    (Button(label="No", action=Dismiss()), "Button “No”: dismisses the message for good"),
    (Button(label="On", action=GoToStep("s2")), "Button “On”: goes to step 2"),
    (Button(label="On", action=GoToStep("gone")), "Button “On”: goes to a step that is not there"),
    (Button(label="On", action=GoToStep(to=Going.NEXT)), "Button “On”: goes to the next step"),
    (
        Button(label="On", action=GoToStep(to=Going.NEXT, when=(Branch("q1", ("an ad", "a film"), "s2"),))),
        "Button “On”: goes to the next step, but to step 2 after “an ad” or “a film” to “Why?”",
    ),
    (Button(label="Done", action=Submit()), "Button “Done”: sends the answers and closes"),
    (Button(label="Hm", action=Track("Asked")), "Button “Hm”: tracks the event “Asked”"),
    (Spacer(20), "20 pixels of space"),
    (Row(((), ())), "2 columns"),
]


@pytest.mark.parametrize(("block", "said"), BLOCKS)
def test_blocks(block: Heading, said: str) -> None:
    assert sentences.block(block, SHAPE) == said


MEANWHILE = [
    (Status.LIVE, "Visitors keep seeing version 2 until you launch again."),
    (Status.SCHEDULED, "Version 2 stays scheduled until you launch again."),
    (Status.PAUSED, "It is paused: nobody sees it."),
    (Status.ENDED, "It has ended: nobody sees it."),
]


@pytest.mark.parametrize(("status", "said"), MEANWHILE)
def test_what_visitors_see_while_it_is_edited(status: Status, said: str) -> None:
    assert sentences.meanwhile(status, 2).startswith(said)


NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LINES = [
    (Schedule(), [("Now", "24 November 2026, 12:00"), ("Starts", "When launched"), ("Ends", "Never")]),
    (
        Schedule(datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC), "Asia/Tokyo"),
        [("Now", "24 November 2026, 21:00"), ("Starts", "1 December 2026, 09:00"), ("Ends", "2 December 2026, 09:00")],
    ),
    (
        Schedule(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)),
        [("Starts", "1 November 2026, 00:00"), ("Ends", "2 November 2026, 00:00"), ("Now", "24 November 2026, 12:00")],
    ),
]


@pytest.mark.parametrize(("schedule", "line"), LINES)
def test_the_line_of_time(schedule: Schedule, line: list[tuple[str, str]]) -> None:
    assert sentences.timeline(schedule, NOW) == line
