"""What counts for a message and what does not, and that the counters can be proved from the events."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from sqlalchemy import event

from anonmsg import metrics
from anonmsg.db import db, reading, utc_now
from anonmsg.intake import recount
from anonmsg.intake.driver import Cursor
from anonmsg.message import Button, Dismiss, Step
from anonmsg.metrics import ButtonClicks, Totals
from anonmsg.models import Message
from tests.conftest import CLUB
from tests.unit.intake.world import NOW, World

COUNTED: dict[str, tuple[list[tuple[str, str, dict[str, Any]]], Totals]] = {
    "nothing happened": ([], Totals()),
    "a view": ([("Viewed", "ann", {})], Totals(views=1, unique_viewers=1)),
    "two views of one visitor": ([("Viewed", "ann", {})] * 2, Totals(views=2, unique_viewers=1)),
    "views of two visitors": ([("Viewed", "ann", {}), ("Viewed", "ben", {})], Totals(views=2, unique_viewers=2)),
    "a click names its button": ([("Clicked", "ann", {"button_id": "b1"})], Totals(clicks=1, unique_clickers=1)),
    "two clicks of one visitor": ([("Clicked", "ann", {"button_id": "b1"})] * 2, Totals(clicks=2, unique_clickers=1)),
    "a click on no button": ([("Clicked", "ann", {})], Totals()),
    "a click on a button that never was": ([("Clicked", "ann", {"button_id": "b9"})], Totals()),
    "a click on something else": ([("Clicked", "ann", {"button_id": ["b1"]})], Totals()),
    "a dismissal": ([("Dismissed", "ann", {})], Totals(dismissals=1)),
    "a would-be view without a control group": ([("Held Out", "ann", {})], Totals()),
    "an answer to nothing that was asked": ([("Answered", "ann", {"question_id": "q1"})], Totals()),
    "a name that is not reserved": ([("Adored", "ann", {})], Totals()),
    "a message that is not there": ([("Viewed", "ann", {"message_id": "nope"})], Totals()),
    "no message": ([("Viewed", "ann", {"message_id": None})], Totals()),
    "a version we do not know": ([("Viewed", "ann", {"version": 99})], Totals(views=1, unique_viewers=1)),
}


@pytest.mark.parametrize("case", COUNTED)
def test_what_counts(world: World, case: str) -> None:
    happened, totals = COUNTED[case]

    if happened:
        world.send(*(world.happened(what, who, **properties) for what, who, properties in happened))

    assert world.totals() == totals
    assert len(world.events()) == len(happened), "what does not count is kept all the same"
    assert world.differences() == []


def test_another_sites_key_counts_nothing(world: World, other_site_key: str) -> None:
    world.send(world.happened("Viewed"))
    assert world.totals().views == 1, "it would count with the site's own key"

    answer = world.post("/v1/batch", {"batch": [world.happened("Viewed")], "writeKey": other_site_key})

    assert answer.status_code == 200
    assert len(world.events()) == 2
    assert world.totals().views == 1


def test_a_message_never_launched_counts_nothing(world: World) -> None:
    with world.app.app_context():
        draft = db.session.merge(world.site).draft(CLUB, utc_now())
        db.session.commit()

    world.send(world.happened("Viewed", message_id=draft.id))

    with world.app.app_context(), reading():
        assert metrics.totals(world.site) == {world.message.id: Totals(), draft.id: Totals()}


def launch_anew(world: World, **changes: Any) -> None:
    with world.app.app_context():
        message = db.session.get_one(Message, world.message.id)
        message.save(msgspec.structs.replace(CLUB, **changes), utc_now())
        message.launch(utc_now(), None)
        db.session.commit()


def test_whom_a_control_group_held_out_is_counted_once_and_in_no_other_number(world: World) -> None:
    assert CLUB.holdout is msgspec.UNSET
    launch_anew(world, holdout=50)
    held = [world.happened("Held Out", who) for who in ("ann", "ann", "ben")]
    viewed = world.happened("Viewed", "cem")
    world.send(*held, {**world.happened("Held Out", "ann"), "timestamp": "2026-11-23T12:00:00Z"})
    world.send(held[0], viewed)

    assert world.numbers().totals == Totals(views=1, unique_viewers=1, held_out=2)
    assert [(day.date.day, day.totals) for day in world.numbers().days] == [(24, Totals(views=1, unique_viewers=1))]
    assert world.differences() == []

    launch_anew(world)
    world.send(world.happened("Held Out", "dan"))
    assert world.totals().held_out == 3, "an open page may still have the version before"
    with world.app.app_context(), db.engine.begin() as connection:
        assert connection.exec_driver_sql("DELETE FROM counter WHERE kind = 'held_out'").rowcount
    assert world.differences()
    with world.app.app_context(), db.engine.begin() as connection:
        recount.rebuild(Cursor(connection))
    assert (world.differences(), world.totals().held_out) == ([], 3)


def test_a_button_counts_from_its_launch_on_and_for_good(world: World) -> None:
    def launch(*buttons: Button) -> None:
        launch_anew(world, steps=(Step(id="s1", blocks=buttons),))

    world.send(world.happened("Clicked", button_id="b2"))
    assert world.totals().clicks == 0, "nobody could have clicked it yet"
    launch(Button(id="b2", label="No, thanks", action=Dismiss()))
    world.send(world.happened("Clicked", button_id="b2"), world.happened("Clicked", "ben", button_id="b1"))
    launch(Button(id="b2", label="Not now", action=Dismiss()))

    assert world.numbers().buttons == [ButtonClicks("b2", "Not now", 1, 1), ButtonClicks("b1", "Sign up", 1, 1)]


def test_a_visitor_of_two_days_is_unique_on_each_and_once_in_total(world: World) -> None:
    times = ["2026-11-23T23:59:59.999Z", "2026-11-24T00:00:00Z", "2026-11-26T01:30:00+02:00"]
    world.send(*({**world.happened("Viewed"), "timestamp": time} for time in times))

    numbers = world.numbers()

    assert (numbers.totals.views, numbers.totals.unique_viewers) == (3, 1)
    days = [(day.date, day.totals.views, day.totals.unique_viewers) for day in numbers.days]
    assert days == [(date(2026, 11, 23), 1, 1), (date(2026, 11, 24), 1, 1), (date(2026, 11, 25), 1, 1)]


@pytest.mark.parametrize("timestamp", ["1999-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "?"])
def test_a_clock_that_cannot_be_right_counts_on_the_day_of_receipt(world: World, timestamp: str) -> None:
    world.send({**world.happened("Viewed"), "timestamp": timestamp})

    assert [(day.date, day.totals.views) for day in world.numbers().days] == [(NOW.date(), 1)]


def test_days_without_anything_are_zeros_between_those_that_count(world: World) -> None:
    world.send(*({**world.happened("Viewed"), "timestamp": f"2026-11-{day}T12:00:00Z"} for day in (24, 26)))

    assert [day.totals.views for day in world.numbers().days] == [1, 0, 1]


@pytest.mark.parametrize(
    ("viewers", "clickers", "rate"), [(0, 0, None), (0, 3, None), (4, 1, 0.25), (3, 3, 1.0), (1, 5, 1.0)]
)
def test_the_click_rate_is_of_visitors_not_of_times(viewers: int, clickers: int, rate: float | None) -> None:
    assert Totals(views=90, clicks=70, unique_viewers=viewers, unique_clickers=clickers).click_rate == rate


def test_the_list_asks_once_for_all_messages(world: World) -> None:
    with world.app.app_context():
        db.session.merge(world.site).draft(CLUB, utc_now())
        db.session.commit()
    world.send(world.happened("Viewed"))

    with world.app.app_context(), reading():
        statements: list[str] = []
        event.listen(
            db.engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: statements.append(statement)
        )
        found = metrics.totals(world.site)

    assert sorted(totals.views for totals in found.values()) == [0, 1]
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 1


def test_counters_are_proved_and_made_anew_from_the_events(world: World) -> None:
    world.send(*(world.happened(what, who, button_id="b1") for what in ("Viewed", "Clicked") for who in ("ann", "ben")))
    kept = world.numbers()
    assert world.differences() == []
    for damage in (
        "UPDATE counter SET total = total + 1 WHERE day = -1 AND kind = 'view'",
        "UPDATE counter SET visitors = 0 WHERE kind = 'click'",
        "DELETE FROM counter",
        "DELETE FROM seen WHERE visitor = 'ben'",
    ):
        with world.app.app_context(), db.engine.begin() as connection:
            assert connection.exec_driver_sql(damage).rowcount
        assert world.differences(), damage

        with world.app.app_context(), db.engine.begin() as connection:
            recount.rebuild(Cursor(connection))

        assert world.differences() == []
        assert world.numbers() == kept
