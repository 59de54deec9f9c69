"""@segment/analytics-node, run by the Node of the virtual environment."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from anonmsg.settings import ROOT
from tests.clients import story
from tests.support.faults import locked, losing_the_first_answer
from tests.support.stage import Stage

NODE = Path(sys.executable).with_name("node")
SCRIPT = Path(__file__).with_name("node.mjs")

Fact = dict[str, Any]


@contextmanager
def telling(stage: Stage, **options: Any) -> Iterator[Iterable[Fact]]:
    """The client at work, as what it prints."""
    settings = {"writeKey": stage.site_key, "host": stage.server.url, **options}
    pipe = subprocess.PIPE
    with subprocess.Popen([NODE, SCRIPT], cwd=ROOT, stdin=pipe, stdout=pipe, text=True, encoding="utf-8") as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps({"settings": settings, "calls": story.of_server()}))
        process.stdin.close()
        yield (json.loads(line) for line in process.stdout)
    assert process.returncode == 0


def tell(stage: Stage, **options: Any) -> list[Fact]:
    with telling(stage, **options) as facts:
        return list(facts)


def sent(facts: Iterable[Fact]) -> dict[str, Any]:
    return story.in_bodies(fact["sent"] for fact in facts if "sent" in fact)


def statuses(facts: Iterable[Fact]) -> list[int]:
    return [fact["status"] for fact in facts if "status" in fact]


@pytest.mark.parametrize("options", [{}, {"flushAt": 1}, {"flushAt": 4}, {"path": "/v1/b"}], ids=str)
def test_what_it_says_is_stored(stage: Stage, options: dict[str, Any]) -> None:
    facts = tell(stage, **options)

    assert sorted(call["type"] for call in sent(facts).values()) == sorted(story.TYPES)
    assert set(statuses(facts)) == {200}
    story.assert_sent_as_said(sent(facts).values(), story.of_server())
    story.assert_stored_as_sent(stage, sent(facts))
    story.assert_known(stage, "ann", "old")


def test_while_the_database_is_locked_it_tries_again(stage: Stage) -> None:
    with telling(stage) as printed:
        facts = []
        with locked(stage.server.database_url):
            for fact in printed:
                facts.append(fact)
                if fact.get("status") == 503:
                    break
            assert stage.activity() == []
        facts += printed

    assert statuses(facts)[0] == 503
    assert statuses(facts)[-1] == 200
    story.assert_stored_as_sent(stage, sent(facts))


def test_what_it_sends_again_because_the_answer_was_lost_is_stored_once(stage: Stage) -> None:
    with losing_the_first_answer(stage.server.url) as (address, answered):
        facts = tell(stage, host=address)

    assert answered == [200, 200]
    assert statuses(facts) == [200], "it saw one of them"
    story.assert_stored_as_sent(stage, sent(facts))


def test_an_unknown_key_is_said_to_be_one(stage: Stage) -> None:
    facts = tell(stage, writeKey="0123456789abcdef0123")

    assert statuses(facts) == [401]
    assert [fact["failed"] for fact in facts if "failed" in fact] == ["Error: [401] Unauthorized"] * len(story.CALLS)
    assert stage.activity() == []
