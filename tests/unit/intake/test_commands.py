"""The operator's commands for numbers, calls and people (DESIGN §7)."""

from __future__ import annotations

import json

import pytest
from click.testing import Result

from anonmsg.db import db, utc_now
from tests.conftest import CLUB
from tests.unit.intake.world import World


def run(world: World, *words: str) -> Result:
    return world.app.test_cli_runner().invoke(args=words)


def ran(world: World, *words: str) -> str:
    result = run(world, *words)
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_metrics_show_names_every_message_and_button_zeros_included(world: World) -> None:
    with world.app.app_context():
        draft = db.session.merge(world.site).draft(CLUB, utc_now())
        db.session.commit()
    world.send(*(world.happened("Viewed", who) for who in ("ann", "ann", "ben")))
    world.send(world.happened("Clicked", button_id="b1"), world.happened("Dismissed"))

    shown = json.loads(ran(world, "metrics", "show", "--site", world.site.key, "--json"))

    assert shown == {
        world.message.id: {"views": 3, "unique_viewers": 2, "clicks": {"b1": 1}, "dismissals": 1},
        draft.id: {"views": 0, "unique_viewers": 0, "clicks": {"b1": 0}, "dismissals": 0},
    }
    text = ran(world, "metrics", "show", "--site", world.site.key)
    assert "3 views by 2 visitors, 1 dismissals" in text
    assert "1 clicks on “Sign up” (b1)" in text


def test_activity_export_prints_each_call_as_received(world: World, other_site_key: str) -> None:
    calls = [world.happened("Viewed"), world.call("page", name="Ünï\ncode"), world.call("identify", userId="u1")]
    world.send(*calls)
    world.post("/v1/page", {**world.call("page"), "writeKey": other_site_key})

    lines = ran(world, "activity", "export", "--site", world.site.key).splitlines()

    found = [json.loads(line) for line in lines]
    assert [line.pop("received_at") for line in found] == ["2026-11-28T09:30:00.000Z"] * 3
    assert found == calls


def test_activity_export_names_the_type_that_the_path_said(world: World) -> None:
    call = {"event": "Bought", "userId": "u1", "type": "something else"}
    assert world.post(f"/v1/track?writeKey={world.site.key}", call).status_code == 200

    (line,) = ran(world, "activity", "export", "--site", world.site.key).splitlines()

    assert json.loads(line)["type"] == "track"


def test_people_show(world: World) -> None:
    world.send(world.call("page", anonymousId="nobody"))
    world.send(world.call("identify", userId="u1", traits={"email": "ann@mail.example", "plan": "pro"}))

    shown = json.loads(ran(world, "people", "show", "--site", world.site.key, "--json"))

    traits = {"email": "ann@mail.example", "plan": "pro"}
    assert shown == [{"user_id": "u1", "email": "ann@mail.example", "traits": traits, "anonymous_ids": ["ann"]}]
    text = ran(world, "people", "show", "--site", world.site.key)
    assert text == "u1, ann@mail.example: 2 traits, 1 anonymous ids\n"


def test_counters_check_fails_when_they_are_wrong_until_they_are_rebuilt(world: World) -> None:
    world.send(world.happened("Viewed"))
    assert ran(world, "counters", "check") == "The counters are what the events say.\n"
    with world.app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE counter SET total = 5")

    result = run(world, "counters", "check")

    assert result.exit_code == 1
    assert world.message.id in result.output
    ran(world, "counters", "rebuild")
    ran(world, "counters", "check")
    assert world.totals().views == 1


@pytest.mark.parametrize(
    "words", [("metrics", "show"), ("metrics", "show", "--json"), ("activity", "export"), ("people", "show")]
)
def test_an_unknown_site_key_is_a_clear_error(world: World, words: tuple[str, ...]) -> None:
    result = run(world, *words, "--site", "nope")

    assert result.exit_code == 1
    assert result.output == "Error: There is no site with the key nope.\n"
    assert run(world, *words).exit_code == 2, "the option is required"
