"""Requests that arrive when they are due, whether or not those before are answered yet, as those of visitors do.

Clients that wait for their answers send less while the server is slow, and so leave out the worst moments. Here nobody
waits for another's answer: where no connection is idle, one more is opened. How late the client itself was is told
with each answer; where that is much, it was the client that was measured.
"""

from __future__ import annotations

import asyncio
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TOGETHER = 16
"""Clients of a closed loop."""
MOST = 500
"""Connections: more would wait in the system's queue, before the server."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Both in seconds after the request was due; ``begun`` is when the client got to it."""

    begun: float
    came: float


class Clients:
    """Those of one server, in one thread and one event loop. ``answers`` is how many they got."""

    def __init__(self, port: int) -> None:
        self.answers = 0
        self._port = port
        self._idle: list[tuple[StreamReader, StreamWriter]] = []
        self._free = asyncio.Semaphore(MOST)

    async def arrive(self, requests: Sequence[tuple[float, bytes]]) -> list[Answer]:
        """Send each when it is due, in seconds from now and in that order; return when all are answered."""
        start, answers = time.perf_counter(), []
        for moment, request in requests:
            await asyncio.sleep(max(0.0, start + moment - time.perf_counter()))
            answers.append(asyncio.create_task(self._timed(start + moment, request)))
        return list(await asyncio.gather(*answers))

    async def _timed(self, due: float, request: bytes) -> Answer:
        begun = time.perf_counter()
        await self.ask(request)
        return Answer(begun - due, time.perf_counter() - due)

    async def rate(self, requests: Iterable[bytes]) -> float:
        """Answers a second if a few clients send one after the other: as many as the server takes."""
        left, start, before = iter(requests), time.perf_counter(), self.answers
        await asyncio.gather(*(self._ask_all(left) for _ in range(TOGETHER)))
        return (self.answers - before) / (time.perf_counter() - start)

    async def _ask_all(self, requests: Iterable[bytes]) -> None:
        for request in requests:
            await self.ask(request)

    async def ask(self, request: bytes) -> bytes:
        """The body of the answer. Raises RuntimeError if that is not 200."""
        async with self._free:
            reader, writer = await self._connection()
            writer.write(request)
            body = await read(reader)
            self._idle.append((reader, writer))
        self.answers += 1
        return body

    async def _connection(self) -> tuple[StreamReader, StreamWriter]:
        """The one used last that the server did not end meanwhile, as it does with those that are idle for long."""
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self._port)

    async def leave(self) -> None:
        for _reader, writer in self._idle:
            writer.close()
            await writer.wait_closed()


async def read(reader: StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"not served: {head!r}")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return await reader.readexactly(int(length.partition(b":")[2]))
