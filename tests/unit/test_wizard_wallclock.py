# ruff: noqa: DTZ001
"""From the clock on the wall, which shows no zone, to UTC and back, also on the nights when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonmsg import wallclock

VIENNA = "Europe/Vienna"
TIMES = [
    (datetime(2026, 7, 1, 9), VIENNA, datetime(2026, 7, 1, 7, tzinfo=UTC)),
    (datetime(2026, 12, 1, 9), VIENNA, datetime(2026, 12, 1, 8, tzinfo=UTC)),
    (datetime(2026, 10, 25, 2, 30), VIENNA, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    (datetime(2026, 3, 29, 3, 0), VIENNA, datetime(2026, 3, 29, 1, tzinfo=UTC)),
    (datetime(2026, 12, 1, 9), "Asia/Kathmandu", datetime(2026, 12, 1, 3, 15, tzinfo=UTC)),
]


@pytest.mark.parametrize(("local", "zone", "utc"), TIMES)
def test_the_instant_of_a_time_on_the_wall(local: datetime, zone: str, utc: datetime) -> None:
    assert wallclock.to_utc(local, zone) == utc
    assert wallclock.to_local(utc, zone) == local


SKIPPED = [
    (datetime(2026, 3, 29, 2, 0), VIENNA, datetime(2026, 3, 29, 3)),
    (datetime(2026, 3, 29, 2, 59, 30), VIENNA, datetime(2026, 3, 29, 3)),
    (datetime(2026, 10, 4, 2, 10), "Australia/Lord_Howe", datetime(2026, 10, 4, 2, 30)),
    (datetime(2011, 12, 30, 12), "Pacific/Apia", datetime(2011, 12, 31)),
]


@pytest.mark.parametrize(("local", "zone", "valid"), SKIPPED)
def test_a_time_that_the_clocks_skip_is_refused_with_the_next_that_there_is(
    local: datetime, zone: str, valid: datetime
) -> None:
    with pytest.raises(wallclock.NoSuchTime, match=f"{valid:%H:%M}") as caught:
        wallclock.to_utc(local, zone)
    assert caught.value.valid == valid
    assert wallclock.to_local(wallclock.to_utc(valid, zone), zone) == valid


def test_of_a_time_that_comes_twice_the_earlier_is_meant() -> None:
    local = datetime(2026, 10, 25, 2, 30)
    assert wallclock.is_ambiguous(local, VIENNA)
    later = wallclock.to_utc(local, VIENNA) + timedelta(hours=1)
    assert wallclock.to_local(later, VIENNA) == local
    for ordinary in (datetime(2026, 10, 25, 3), datetime(2026, 3, 29, 2, 30)):
        assert not wallclock.is_ambiguous(ordinary, VIENNA)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)),
    st.sampled_from([VIENNA, "America/New_York", "Australia/Lord_Howe", "UTC", "Africa/Casablanca", "Asia/Tehran"]),
)
@settings(deadline=None)
def test_what_was_typed_is_shown_again(local: datetime, zone: str) -> None:
    try:
        instant = wallclock.to_utc(local, zone)
    except wallclock.NoSuchTime as error:
        instant, local = wallclock.to_utc(error.valid, zone), error.valid
    assert wallclock.to_local(instant, zone) == local


def test_every_zone_of_the_list_is_one() -> None:
    names = [name for names in wallclock.zones().values() for name in names]
    assert names[0] == "UTC"
    assert len(names) == len(set(names)) > 300
    labels = dict(wallclock.with_offsets(["UTC", VIENNA, "America/St_Johns"], datetime(2026, 12, 1, tzinfo=UTC)))
    assert labels == {
        "UTC": "UTC",
        VIENNA: "Europe/Vienna (UTC+01:00)",
        "America/St_Johns": "America/St Johns (UTC-03:30)",
    }


ODD = [
    ("Moon/Base", datetime(2026, 7, 1, 9, tzinfo=UTC)),
    ("", datetime(2026, 7, 1, 9, tzinfo=UTC)),
    ("Asia/Tokyo", datetime.max.replace(tzinfo=UTC)),
    ("America/New_York", datetime.min.replace(tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "instant"), ODD)
def test_what_no_clock_shows_is_said_in_utc(zone: str, instant: datetime) -> None:
    assert wallclock.to_local(instant, zone) == instant.replace(tzinfo=None)
