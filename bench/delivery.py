"""What websites fetch: bytes on the wire, and requests a second against a bare Flask route under the same server.

Both are served by granian with the same options and answer as many bytes. Concurrent keep-alive clients send several
requests at once on each connection (HTTP pipelining), so that little of the time is the clients' own; rounds are short
and in turn and the best of each counts, since whatever else runs can only slow them.
"""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from secrets import token_hex

import zopfli.gzip

from anonmsg.db import THREADS, utc_now
from anonmsg.delivery.bundle import Bundle
from anonmsg.manifest import Launched, build
from anonmsg.settings import ROOT
from anonmsg.starters import starters
from bench import Result
from bench.intake import stage
from tests.support.server import free_port

ROUNDS = 15
CLIENTS = 8
AT_ONCE = 20
"""Requests that a client sends before it waits for the answers."""
SECONDS = 0.3
"""That a round lasts for each of the two."""

LIMIT = 7.0
"""Kilobytes of gzip that a visitor's browser loads at most: the snippet with one message inside."""
WITHOUT_MESSAGES = 6.0
WITH_A_FORM = 11.0


def run() -> list[Result]:
    with stage() as on, served("app:app", on.server.environ) as ours, served("bench.floor:app") as bare:
        script, manifest = f"/v1/sites/{on.site.key}/site.js", f"/v1/sites/{on.site.key}/messages.json"
        return [
            *sizes(ours, script),
            faster("messages.json against a bare Flask route", ours, manifest, bare),
            faster("the snippet against a bare Flask route", ours, script, bare),
        ]


def sizes(port: int, path: str) -> list[Result]:
    plain, gzip, brotli = (len(fetch(port, path, encoding)) for encoding in ("identity", "gzip", "br"))
    detail = f"{gzip:,} bytes; {plain:,} unpacked"
    return [
        Result("snippet and one message, gzip, kB", gzip / 1000, LIMIT, at_most=True, detail=detail),
        Result("snippet and one message, brotli, kB", brotli / 1000, detail=f"{brotli:,} bytes"),
        *built(),
    ]


def built() -> Iterator[Result]:
    """The script of a site without messages, with one that asks, with every part, and each part by itself."""
    bundle = Bundle.current()
    yield weighed("snippet without messages", bundle.script(b"[]", ()), WITHOUT_MESSAGES)
    now = utc_now()
    asking = build("shop", 1, [Launched(token_hex(16), 1, now, starters()["newsletter"])], now)
    yield weighed("snippet and a modal with a form", bundle.script(asking.messages, asking.parts), WITH_A_FORM)
    yield weighed("snippet with every part", bundle.pinned())
    for name in bundle.parts:
        yield weighed(f"part {name}", bundle.module(name) or b"")


def weighed(name: str, script: bytes, target: float | None = None) -> Result:
    size = len(zopfli.gzip.compress(script))
    return Result(f"{name}, gzip, kB", size / 1000, target, at_most=True, detail=f"{size:,} bytes")


def faster(name: str, port: int, path: str, bare: int) -> Result:
    request = get(path, "br")
    like = get(f"/{len(fetch(port, path, 'br'))}", "identity")
    rounds = [(rate(port, request), rate(bare, like)) for _ in range(ROUNDS)]
    ours, theirs = (max(rates) for rates in zip(*rounds, strict=True))
    detail = f"{ours:,.0f} against {theirs:,.0f} requests/s, {CLIENTS} clients, {len(fetch(port, path, 'br')):,} bytes"
    return Result(name, ours / theirs, 5, detail=detail)


@contextmanager
def served(app: str, environ: dict[str, str] | None = None) -> Iterator[int]:
    """The port of a server process of its own for this application."""
    port = free_port()
    options = ["--interface", "wsgi", "--blocking-threads", str(THREADS), "--log-level", "error", "--port", str(port)]
    process = subprocess.Popen([sys.executable, "-m", "granian", *options, app], cwd=ROOT, env=environ)
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port}")


def fetch(port: int, path: str, encoding: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Accept-Encoding": encoding})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return body


def get(path: str, encoding: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: {encoding}\r\n\r\n".encode()


def rate(port: int, request: bytes) -> float:
    """Answers a second that all clients get together."""
    until = time.perf_counter() + SECONDS
    with ThreadPoolExecutor(CLIENTS) as clients:
        start = time.perf_counter()
        answers = sum(clients.map(lambda _number: ask(port, request, until), range(CLIENTS)))
        return answers / (time.perf_counter() - start)


def ask(port: int, request: bytes, until: float) -> int:
    """One client on one connection. All answers are as long as the first, since only their date differs."""
    answers = 0
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(request)
        length = len(whole(connection))
        while time.perf_counter() < until:
            connection.sendall(request * AT_ONCE)
            exactly(connection, length * AT_ONCE)
            answers += AT_ONCE
    return answers


def whole(connection: socket.socket) -> bytes:
    """One whole answer."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536)
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"not served: {head!r}")
    names = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    while len(body) < int(names[b"content-length"]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def exactly(connection: socket.socket, length: int) -> None:
    buffer = bytearray(min(length, 1 << 20))
    while length:
        received = connection.recv_into(buffer, min(length, len(buffer)))
        if not received:
            raise RuntimeError("the server hung up")
        length -= received
