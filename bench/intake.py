"""Intake through HTTP against the bare engine.

Ours: batches of 10 calls over concurrent keep-alive connections to a real server process; each call is checked,
stored, counted and committed before the answer. The floor: the same calls put into the same table by sqlite3 alone, as
rows made beforehand, in the same batches, with the same durability (synchronous FULL, a commit for each batch).
"""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from flask_migrate import upgrade

from anonmsg.db import db, reading, utc_now
from anonmsg.intake import recount
from anonmsg.models import Site, User
from bench import Result
from tests.conftest import CLUB
from tests.support.server import LiveServer

ROUNDS = 3
BATCHES = 1_200
"""A round's, of ten calls each."""
CLIENTS = 16
MIX = ["page", "page", "page", "Bought", "Bought", "Viewed", "Viewed", "Viewed", "Clicked", "Dismissed"]
"""What a batch holds; the last five count."""

INSERT = """
INSERT INTO event (key, site_id, type, name, anonymous_id, at, received_at, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""

Batch = list[dict[str, Any]]


@dataclass
class Stage:
    """A running server over a new database, a site and a launched message in it, and an empty copy for the floor."""

    server: LiveServer
    site: Site
    message_id: str
    floor: Path

    def batches(self) -> list[Batch]:
        return [[call(what, self.message_id) for what in MIX] for _ in range(BATCHES)]


def run() -> list[Result]:
    with stage() as on:
        pairs = [
            (bare(on, batches), through_http(on.server, on.site.key, batches))
            for batches in (on.batches() for _ in range(ROUNDS))
        ]
        prove(on.server, ROUNDS * BATCHES * len(MIX))
    floor, ours = (statistics.median(rates) for rates in zip(*pairs, strict=True))
    detail = f"{ours:,.0f} against {floor:,.0f} events/s, SQLite, {CLIENTS} clients"
    return [Result("intake of batches with counters through HTTP", ours / floor, 0.15, detail=detail)]


@contextmanager
def stage() -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="anonmsg-bench-") as name:
        path = Path(name) / "ours.sqlite3"
        server = LiveServer(Path(name), f"sqlite:///{path}")
        with server.app.app_context():
            upgrade()
            site, message_id = launched()
            with db.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
            db.engine.dispose()
        floor = Path(shutil.copy(path, Path(name) / "floor.sqlite3"))
        server.start()
        try:
            yield Stage(server, site, message_id, floor)
        finally:
            server.stop()


def launched() -> tuple[Site, str]:
    site = Site.create("Shop", User.create("alice@shop.example", token_hex(8)))
    message = site.draft(CLUB, utc_now())
    message.launch(utc_now(), None)
    db.session.commit()
    return site, message.id


def call(what: str, message_id: str) -> dict[str, Any]:
    """A call of the size that a browser sends, from one of a few thousand visitors."""
    page = {
        "url": "https://shop.example/pricing?a=1",
        "path": "/pricing",
        "search": "?a=1",
        "title": "Pricing",
        "referrer": "",
    }
    common = {
        "messageId": f"{token_hex(4)}-{token_hex(2)}-{token_hex(2)}-{token_hex(2)}-{token_hex(6)}",
        "anonymousId": f"{token_hex(1)}000000-0000-4000-8000-0000000000{token_hex(1)}",
        "userId": None,
        "timestamp": utc_now().isoformat(timespec="milliseconds"),
        "context": {"page": page, "library": {"name": "anonmsg", "version": "0.1.0"}, "locale": "en-GB"},
    }
    if what == "page":
        return {"type": "page", **common, "properties": page}
    if what == "Bought":
        return {"type": "track", "event": what, **common, "properties": {"total": 12.5, "currency": "EUR"}}
    about = {"message_id": message_id, "version": 1, "position": "center", "button_id": "b1"}
    return {"type": "track", "event": f"Message {what}", **common, "properties": about}


def bare(on: Stage, batches: list[Batch]) -> float:
    """Events a second that sqlite3 stores."""
    rows = [[row(on.site.id, call) for call in batch] for batch in batches]
    with closing(sqlite3.connect(on.floor, isolation_level=None)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        start = time.perf_counter()
        for batch in rows:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(INSERT, batch)
            connection.execute("COMMIT")
        return len(rows) * len(MIX) / (time.perf_counter() - start)


def row(site_id: str, call: dict[str, Any]) -> tuple[Any, ...]:
    now = time.time_ns() // 1_000_000
    key = now.to_bytes(8) + bytes.fromhex(call["messageId"].replace("-", ""))
    text = json.dumps(call, separators=(",", ":"))
    return key, site_id, call["type"], call.get("event"), call["anonymousId"], now, now, text


def through_http(server: LiveServer, site_key: str, batches: list[Batch]) -> float:
    """Events a second that the server acknowledges."""
    requests = [request(site_key, batch) for batch in batches]
    shares = [requests[number::CLIENTS] for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as clients:
        start = time.perf_counter()
        list(clients.map(lambda share: send(server.port, share), shares))
        return len(requests) * len(MIX) / (time.perf_counter() - start)


def request(key: str, batch: Batch) -> bytes:
    body = json.dumps({"batch": batch, "writeKey": key}, separators=(",", ":")).encode()
    head = f"POST /v1/b HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def send(port: int, requests: list[bytes]) -> None:
    """One client on one connection. The smallest one that can tell a whole answer, to leave the cores to the server."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for each in requests:
            connection.sendall(each)
            answer = b""
            while not answer.endswith(b'{"success":true,"rejected":[]}'):
                answer += (received := connection.recv(4096))
                if not received or b" 200 " not in answer[:15]:
                    raise RuntimeError(f"not acknowledged: {answer!r}")


def prove(server: LiveServer, events: int) -> None:
    """What was measured must be what was promised: every event there, every counter right."""
    with server.app.app_context(), reading(), recount.snapshot(db.engine) as cursor:
        ((stored,),) = cursor.rows("SELECT count(*) FROM event")
        if stored != events or recount.differences(cursor):
            raise RuntimeError("the server lost or miscounted events")
