# ruff: noqa: DTZ001
"""Schedules by each visitor's own clock: local times, which come up to 26 hours apart."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from anonmsg import sentences
from anonmsg.db import db
from anonmsg.forms import ScheduleForm
from anonmsg.manifest import EARLY, Launched, build
from anonmsg.message import VISITORS_ZONE, Schedule, Shape, State, Status, status
from anonmsg.models import Message, Site
from anonmsg.problems import problems
from tests.conftest import CLUB
from tests.support.client import Client
from tests.support.stage import changed

START, END = datetime(2030, 12, 1, 9), datetime(2030, 12, 24, 18)
OPENS, CLOSES = datetime(2030, 11, 30, 19, tzinfo=UTC), datetime(2030, 12, 25, 6, tzinfo=UTC)
"""When it is that time on Kiritimati (UTC+14), and where clocks are 12 hours behind UTC."""
SECOND = timedelta(seconds=1)
BOTH = Schedule(START, END, VISITORS_ZONE)


def test_it_opens_where_the_day_begins_and_closes_where_it_ends() -> None:
    assert (BOTH.opens, BOTH.closes) == (OPENS, CLOSES)
    assert (Schedule().opens, Schedule(zone=VISITORS_ZONE).closes) == (None, None)
    named = Schedule(OPENS, CLOSES, "Europe/Vienna")
    assert (named.opens, named.closes) == (OPENS, CLOSES)


NOWS = [
    (OPENS - EARLY - SECOND, Status.SCHEDULED, False, OPENS - EARLY),
    (OPENS - EARLY, Status.SCHEDULED, True, CLOSES),
    (OPENS - SECOND, Status.SCHEDULED, True, CLOSES),
    (OPENS, Status.LIVE, True, CLOSES),
    (CLOSES - SECOND, Status.LIVE, True, CLOSES),
    (CLOSES, Status.ENDED, False, None),
]


@pytest.mark.parametrize(("now", "expected", "sent", "until"), NOWS)
def test_it_is_sent_and_live_as_long_as_anybody_may_get_it(
    now: datetime, expected: Status, sent: bool, until: datetime | None
) -> None:
    assert status(State.LAUNCHED, BOTH, now) is expected
    made = build("shop", 1, [Launched("m1", 1, OPENS, changed(CLUB, schedule=BOTH))], now)
    listed = json.loads(made.body)["messages"]
    assert bool(listed) is sent
    assert made.until == until
    for message in listed:
        assert message["schedule"] == {"starts_at": "2030-12-01T09:00:00", "ends_at": "2030-12-24T18:00:00"}
        assert "schedule" in message["parts"]


@pytest.mark.parametrize(
    ("schedule", "codes"),
    [
        (BOTH, set()),
        (Schedule(zone=VISITORS_ZONE), set()),
        (Schedule(END, START, VISITORS_ZONE), {"ends_before_start"}),
        (Schedule(START, START, VISITORS_ZONE), {"ends_before_start"}),
        (Schedule(None, datetime(2029, 12, 31, 20), VISITORS_ZONE), {"ends_in_past"}),
        (Schedule(None, datetime(2029, 12, 31, 20, 0, 1), VISITORS_ZONE), set()),
        (Schedule(None, datetime(2000, 1, 1), VISITORS_ZONE), {"ends_in_past"}),
        (Schedule(datetime(9998, 12, 31, 23, 59, 59), None, VISITORS_ZONE), set()),
    ],
)
def test_its_problems(schedule: Schedule, codes: set[str]) -> None:
    shape, now = changed(CLUB, schedule=schedule), datetime(2030, 1, 1, 8, tzinfo=UTC)
    assert {problem.code for problem in problems(shape, now) if problem.where.startswith("schedule")} == codes
    assert Shape.decode(shape.encode()) == shape


SAID = {
    BOTH: "Starts on 1 December 2030 at 09:00 and ends on 24 December 2030 at 18:00, by each visitor’s own clock. "
    "The first visitors get it on 30 November 2030 at 19:00 UTC and the last lose it on 25 December 2030 at 06:00 UTC: "
    "it is live as long as anybody may get it.",
    Schedule(START, None, VISITORS_ZONE): "Starts on 1 December 2030 at 09:00 and never ends, by each visitor’s own "
    "clock. The first visitors get it on 30 November 2030 at 19:00 UTC: it is live as long as anybody may get it.",
    Schedule(None, END, VISITORS_ZONE): "Starts when launched and ends on 24 December 2030 at 18:00, by each visitor’s "
    "own clock. The last lose it on 25 December 2030 at 06:00 UTC: it is live as long as anybody may get it.",
    Schedule(zone=VISITORS_ZONE): "Starts when launched and never ends.",
}


@pytest.mark.parametrize(("schedule", "said"), SAID.items())
def test_in_words(schedule: Schedule, said: str) -> None:
    assert sentences.schedule(schedule) == said


def test_the_line_of_time_says_where_it_comes_first_and_last() -> None:
    assert sentences.timeline(BOTH, datetime(2030, 12, 1, 12, tzinfo=UTC)) == [
        ("Starts somewhere", "30 November 2030, 19:00 UTC"),
        ("Now", "1 December 2030, 12:00 UTC"),
        ("Starts everywhere", "1 December 2030, 21:00 UTC"),
        ("Ends somewhere", "24 December 2030, 04:00 UTC"),
        ("Ends everywhere", "25 December 2030, 06:00 UTC"),
    ]
    assert sentences.timeline(Schedule(zone=VISITORS_ZONE), OPENS) == [
        ("Now", "30 November 2030, 19:00 UTC"),
        ("Starts", "When launched"),
        ("Ends", "Never"),
    ]


def typed(**more: str) -> list[tuple[str, str]]:
    fields = {"start": "at", "starts_at": "2030-12-01T09:00", "end": "at", "ends_at": "2030-12-24T18:00"}
    return [(f"schedule-{name}", value) for name, value in {**fields, "zone": VISITORS_ZONE, **more}.items()]


def test_what_is_typed_is_what_visitors_clocks_show() -> None:
    form = ScheduleForm.typed(typed())
    assert form.read(CLUB, OPENS) == changed(CLUB, schedule=BOTH)
    assert form.notes == []
    shown = ScheduleForm.of(changed(CLUB, schedule=BOTH)).schedule.form
    assert (shown.starts_at.data, shown.ends_at.data, shown.zone.data) == (START, END, VISITORS_ZONE)


@pytest.mark.parametrize("skipped", ["2027-03-28T02:30", "2026-10-25T02:30"])
def test_no_time_is_skipped_or_comes_twice_on_all_clocks(skipped: str) -> None:
    form = ScheduleForm.typed(typed(starts_at=skipped))
    assert form.read(CLUB, OPENS)
    assert form.notes == []
    named = ScheduleForm.typed(typed(starts_at=skipped, zone="Europe/Vienna"))
    assert bool(named.read(CLUB, OPENS)) is bool(named.notes)


@pytest.mark.parametrize(("zone", "other"), [(VISITORS_ZONE, "Europe/Vienna"), ("Europe/Vienna", VISITORS_ZONE)])
def test_another_zone_leaves_what_the_clock_shows(zone: str, other: str) -> None:
    before = ScheduleForm.typed(typed(zone=zone)).read(CLUB, OPENS)
    assert before
    after = ScheduleForm.typed(typed(zone=other)).read(before, OPENS)
    assert after
    shown = ScheduleForm.of(after).schedule.form
    assert (shown.starts_at.data, shown.ends_at.data) == (START, END)
    assert after.schedule.is_local is (other == VISITORS_ZONE)


@pytest.mark.parametrize("zone", ["visitors", "Visitor", "", "visitor "])
def test_a_word_like_it_is_no_zone(zone: str) -> None:
    form = ScheduleForm.typed(typed(zone=zone))
    assert form.read(CLUB, OPENS) is None
    assert "Choose a time zone of the list." in [text for _, text in form.mistakes]


def test_from_the_wizard_to_the_message_page_and_into_a_file_and_back(
    app: Flask, site: Site, message: Message, client: Client
) -> None:
    url = f"/sites/{site.key}/messages/{message.id}"
    page = client.get(f"{url}/edit/schedule").text
    assert '<option value="visitor">Each visitor’s own</option>' in page
    sent: dict[str, Any] = dict(typed()) | {"lock": "1", "go": "review"}
    assert client.post(f"{url}/edit/schedule", sent).status_code == 303
    review = client.get(f"{url}/edit/review").text
    assert "by each visitor’s own clock" in review
    assert client.post(f"{url}/edit/review", {"lock": "2", "go": "launch"}).status_code == 303
    page = client.get(url).text
    assert "Scheduled" in page
    assert "The first visitors get it on 30 November 2030 at 19:00 UTC" in page
    with app.app_context():
        runner = app.test_cli_runner()
        exported = runner.invoke(args=["messages", "export", "--site", site.key]).stdout
        assert json.loads(exported)[0]["schedule"] == {
            "starts_at": "2030-12-01T09:00:00",
            "ends_at": "2030-12-24T18:00:00",
            "zone": "visitor",
        }
        assert runner.invoke(args=["messages", "import", "--site", site.key, "-"], input=exported).exit_code == 0
        assert db.session.get_one(Message, message.id).shape.schedule == BOTH
