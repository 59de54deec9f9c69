"""Requests that wait at the same time share one commit, and one's trouble is not another's."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from anonmsg.intake.driver import Unavailable
from anonmsg.intake.queue import Queue

Stored = list[list[str]]


class Store:
    """Stands in for the ledger. The first transaction waits until it is let go."""

    def __init__(self, failing: dict[str, Exception] | None = None) -> None:
        self.stored: Stored = []
        self.failing = failing or {}
        self.is_busy, self.may_go = Event(), Event()

    def __call__(self, calls: Sequence[Any]) -> None:
        if not self.is_busy.is_set():
            self.is_busy.set()
            assert self.may_go.wait(10)
        for name, failure in self.failing.items():
            if name in calls:
                raise failure
        self.stored.append(list(calls))


def put_while_busy(store: Store, *names: str) -> dict[str, BaseException | None]:
    """Put ``first``; while it is being stored put the others; say how each ended."""
    queue = Queue(store)
    with ThreadPoolExecutor(len(names) + 1) as threads:

        def put(name: str) -> Future[None]:
            return threads.submit(queue.put, [name])  # type: ignore[list-item]

        futures = {"first": put("first")}
        assert store.is_busy.wait(10)
        futures |= {name: put(name) for name in names}
        while len(queue._waiting) < len(names):
            pass
        store.may_go.set()
        return {name: future.exception(10) for name, future in futures.items()}


def test_those_who_wait_share_one_commit() -> None:
    store = Store()

    ended = put_while_busy(store, "a", "b", "c")

    assert set(ended.values()) == {None}
    assert store.stored[0] == ["first"]
    assert sorted(store.stored[1]) == ["a", "b", "c"]
    assert len(store.stored) == 2


def test_one_that_fails_by_itself_does_not_sink_the_others() -> None:
    mistake = ValueError("a bug of ours")
    store = Store({"b": mistake})

    ended = put_while_busy(store, "a", "b", "c")

    assert ended == {"first": None, "a": None, "b": mistake, "c": None}
    assert sorted(store.stored) == [["a"], ["c"], ["first"]]


def test_when_the_database_is_unavailable_nobody_waits_for_it_again() -> None:
    locked = Unavailable("database is locked")
    store = Store({"first": locked})

    ended = put_while_busy(store, "a", "b")

    assert ended == {"first": locked, "a": locked, "b": locked}
    assert store.stored == []


def test_after_a_failure_it_goes_on() -> None:
    store = Store({"first": Unavailable("disk full")})
    queue = Queue(store)
    store.may_go.set()
    with pytest.raises(Unavailable):
        queue.put(["first"])  # type: ignore[list-item]

    queue.put(["second"])  # type: ignore[list-item]

    assert store.stored == [["second"]]


def test_an_interrupt_leaves_nobody_with_a_false_success() -> None:
    class Interrupt(BaseException):
        pass

    def interrupted(_calls: Sequence[Any]) -> None:
        raise Interrupt

    queue = Queue(interrupted)
    with pytest.raises(Interrupt):
        queue.put(["first"])  # type: ignore[list-item]

    assert not queue._turn.locked()
