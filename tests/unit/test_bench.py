"""That benches measure what they say: nobody waits who should not, and percentiles are those of all phases together."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bench.arrivals import Answer, Clients, read
from bench.noisy_site import Compared

FIRST, SECOND = (f"GET /{name} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for name in ("first", "second"))
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
BROKEN = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\nno"


def run(work: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own, since a browser's tests leave a loop running in theirs."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


def test_who_is_due_does_not_wait_for_the_answer_before() -> None:
    run(ask_a_server_that_holds_the_first_until_the_second_is_there())


async def ask_a_server_that_holds_the_first_until_the_second_is_there() -> None:
    came, second_is_there = list[bytes](), asyncio.Event()

    async def answer(reader: StreamReader, writer: StreamWriter) -> None:
        came.append(await reader.readuntil(b"\r\n\r\n"))
        if came[-1] == SECOND:
            second_is_there.set()
        await second_is_there.wait()
        writer.write(ANSWER)
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        clients = Clients(server.sockets[0].getsockname()[1])
        answers = await asyncio.wait_for(clients.arrive([(0.0, FIRST), (0.01, SECOND)]), 30)
        await clients.leave()
    assert (came, clients.answers) == ([FIRST, SECOND], 2)
    assert all(0 <= one.begun <= one.came for one in answers)
    assert answers[0].came >= answers[1].begun + 0.01, "the wait for the second is in the time of the first"


def test_what_is_not_served_is_no_answer() -> None:
    async def refused() -> None:
        reader = StreamReader()
        reader.feed_data(BROKEN)
        await read(reader)

    with pytest.raises(RuntimeError, match="503"):
        run(refused())


def answers(*milliseconds: int) -> list[Answer]:
    return [Answer(0.0, each / 1000) for each in milliseconds]


def test_percentiles_are_the_medians_of_phases() -> None:
    found = Compared(
        quiet=[answers(*range(1, 100)), answers(*range(101, 200)), answers(*range(1, 100))],
        loud=[answers(*range(2, 200, 2)), answers(*range(2, 200, 2)), answers(*range(1, 100))],
    )
    assert found.ratio == pytest.approx(2)
    assert found.detail.startswith("198.0 against 99.0 ms, 297 each; together 1.00; halves without differ by 2.01; ")
