"""Serving images holds up nothing else, and asks the storage once for what many want."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from anonmsg.delivery import pictures
from anonmsg.delivery.pictures import READERS, Pictures, Recent
from anonmsg.images import name_of

NAMES = [name_of("shop", f"{number:032x}", 320) for number in range(READERS + 1)]


class Slow:
    """A bucket that answers once it is let."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.all_there, self.may_go = threading.Semaphore(0), threading.Event()

    def get(self, name: str) -> bytes | None:
        self.asked.append(name)
        self.all_there.release()
        assert self.may_go.wait(60)
        return b"a picture"

    def put(self, name: str, content: bytes) -> None:
        raise NotImplementedError

    def has(self, name: str) -> bool:
        raise NotImplementedError

    def delete(self, name: str) -> None:
        raise NotImplementedError

    def names(self) -> Iterator[tuple[str, datetime]]:
        raise NotImplementedError


def ask(served: Pictures, name: str) -> str:
    """The status of the answer."""
    said: list[str] = []

    def start(status: str, *_: Any) -> Any:
        said.append(status)

    served(f"/v1/{name}", {"REQUEST_METHOD": "GET"}, start)
    return said[0]


def test_a_bucket_that_hangs_takes_half_of_the_threads_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "PATIENCE", 0.01)
    slow = Slow()
    served, statuses = Pictures(slow), list[str]()
    threads = [threading.Thread(target=lambda name=name: statuses.append(ask(served, name))) for name in NAMES[:-1]]
    for thread in threads:
        thread.start()
    assert all(slow.all_there.acquire(timeout=60) for _ in threads)
    assert ask(served, NAMES[-1]) == "503 Service Unavailable"
    assert ask(served, "images/shop/x") == "404 Not Found"
    slow.may_go.set()
    for thread in threads:
        thread.join()
    assert statuses == ["200 OK"] * READERS
    assert ask(served, NAMES[-1]) == "200 OK"


def test_what_was_just_read_is_not_read_again() -> None:
    slow = Slow()
    slow.may_go.set()
    served = Pictures(slow)
    assert [ask(served, NAMES[0]) for _ in range(3)] == ["200 OK"] * 3
    assert slow.asked == [NAMES[0]]


def test_the_files_kept_ready_are_those_asked_for_last_and_fit() -> None:
    recent = Recent(10)
    for name, content in (("a", b"1234"), ("b", b"1234"), ("a", b"1234")):
        recent.put(name, content)
    assert recent.get("a")
    recent.put("c", b"1234")
    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (b"1234", None, b"1234")
    recent.put("d", b"more than fits")
    assert [recent.get(name) for name in "abcd"] == [None] * 4
