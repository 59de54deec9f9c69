"""segment-analytics-python."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from segment.analytics.client import Client

from tests.clients import story
from tests.support.faults import locked, losing_the_first_answer
from tests.support.stage import Stage, until


class Log(logging.Handler):
    """What the client writes into its own log, which is where it tells what it sends."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.bodies: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
        if record.msg == "making request: %s":
            self.bodies.append(json.loads(str(record.args[0])))  # type: ignore[index]

    def sent(self) -> dict[str, Any]:
        return story.in_bodies(self.bodies)


@pytest.fixture
def log() -> Iterator[Log]:
    log, logger = Log(), logging.getLogger("segment")
    level = logger.level
    yield log
    logger.removeHandler(log)
    logger.setLevel(level)


def client(stage: Stage, log: Log, **options: Any) -> Client:
    return Client(stage.site_key, **{"host": stage.server.url, "debug": True, "log_handler": log, **options})


def tell(client: Client) -> None:
    for type, fields in story.of_server():
        getattr(client, type)(**{snake(name): value for name, value in fields.items()})


def snake(name: str) -> str:
    return re.sub("([A-Z])", lambda letter: "_" + letter[0].lower(), name)


@pytest.mark.parametrize("options", [{}, {"gzip": True}, {"upload_size": 1}, {"sync_mode": True}], ids=str)
def test_what_it_says_is_stored(stage: Stage, log: Log, options: dict[str, Any]) -> None:
    segment = client(stage, log, **options)
    tell(segment)
    if "sync_mode" not in options:
        segment.shutdown()

    assert [call["type"] for call in log.sent().values()] == story.TYPES
    story.assert_sent_as_said(log.sent().values(), story.of_server())
    story.assert_stored_as_sent(stage, log.sent())
    story.assert_known(stage, "ann", "old")


def test_numbers_as_ids_are_their_texts(stage: Stage, log: Log) -> None:
    """It sends some of them as they are."""
    segment = client(stage, log)
    segment.identify(7, {"name": "Ann"}, anonymous_id=8)
    segment.group(7, 9)
    segment.alias(10, 7)
    segment.shutdown()

    story.assert_stored_as_sent(stage, log.sent())
    (person,) = stage.people()
    assert (person["user_id"], sorted(person["anonymous_ids"])) == ("7", ["10", "8"])


def test_while_the_database_is_locked_it_tries_again(stage: Stage, log: Log) -> None:
    segment = client(stage, log)
    with locked(stage.server.database_url):
        tell(segment)
        until(lambda: any("status 503" in line for line in log.lines), True)
        assert stage.activity() == []
    segment.shutdown()

    assert len(log.bodies) >= 2
    story.assert_stored_as_sent(stage, log.sent())


def test_what_it_sends_again_because_the_answer_was_lost_is_stored_once(stage: Stage, log: Log) -> None:
    with losing_the_first_answer(stage.server.url) as (address, statuses):
        segment = client(stage, log, host=address)
        tell(segment)
        segment.shutdown()

    assert statuses == [200, 200]
    story.assert_stored_as_sent(stage, log.sent())


def test_an_unknown_key_is_said_to_be_one(stage: Stage, log: Log) -> None:
    failures: list[Exception] = []
    segment = client(stage, log, on_error=lambda error, _calls: failures.append(error))
    for consumer in segment.consumers:
        consumer.write_key = "0123456789abcdef0123"
    tell(segment)
    segment.shutdown()

    assert [str(failure) for failure in failures] == [
        "[Segment] unknown_key: There is no site with this site key (write key). (401)"
    ]
    assert stage.activity() == []
