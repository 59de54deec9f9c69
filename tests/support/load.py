"""Clients that send calls as fast as they are taken, and send again whatever was not acknowledged."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException

from tests.support.stage import until

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TICK = timedelta(milliseconds=100)
"""From one batch to the next by the clocks of visitors, which go on as all do. Were all calls made at one moment, each
view would be one from before the visitor was identified, for which all views of that visitor are read again."""
VISITORS = 211
PEOPLE = 23
PAUSE_SECONDS = 0.05
"""Before something that was not taken is sent again."""
AGAIN = 3
"""Of so many batches one is sent twice, though it was acknowledged."""
MIX = ["page", "page", "Bought", "Viewed", "Viewed", "Clicked", "Dismissed"]


@dataclass
class Sender:
    """One client. Its batches and the calls in them are numbered; so their ids say what must have arrived."""

    name: str
    port: int
    site_key: str
    message_id: str
    size: int
    over: threading.Event
    batches: int = 0
    """Acknowledged."""
    answers: Counter[int] = field(default_factory=Counter)
    """How often each status came; 0 is none at all."""
    _connection: HTTPConnection | None = None

    def run(self) -> None:
        try:
            while not self.over.is_set():
                body = self.body(self.batches)
                self.deliver(body)
                self.batches += 1
                if self.batches % AGAIN == 0:
                    self.deliver(body)
        finally:
            self.hang_up()

    def deliver(self, body: bytes) -> None:
        """Send until it is taken. It is not given up when the time is over: then all are waited for."""
        while (status := self.post(body)) != 200:
            self.answers[status] += 1
            self.over.wait(PAUSE_SECONDS)
            if status not in (0, 503):
                raise AssertionError(f"the server answered {status}")
        self.answers[200] += 1

    def post(self, body: bytes) -> int:
        try:
            self._connection = self._connection or HTTPConnection("127.0.0.1", self.port, timeout=20)
            self._connection.request("POST", "/v1/b", body, {"Content-Type": "text/plain"})
            answer = self._connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            self.hang_up()
            return 0
        return answer.status

    def hang_up(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def body(self, batch: int) -> bytes:
        calls = [self.call(batch, place) for place in range(self.size)]
        return json.dumps({"batch": calls, "writeKey": self.site_key}).encode()

    def call(self, batch: int, place: int) -> dict[str, object]:
        at = (NOON + batch * TICK).isoformat(timespec="milliseconds")
        visitor = f"visitor{(batch * 7 + place) % VISITORS}"
        common = {"messageId": f"{self.name}-{batch}-{place}", "anonymousId": visitor, "timestamp": at}
        what = MIX[place % len(MIX)]
        if place == 0 and batch % 5 == 0:
            return {"type": "identify", **common, "userId": f"user{batch % PEOPLE}", "traits": {"batch": batch}}
        if what == "page":
            return {"type": "page", **common}
        if what == "Bought":
            return {"type": "track", "event": what, **common, "properties": {"total": batch}}
        about = {"message_id": self.message_id, "version": 1, "button_id": "b1"}
        return {"type": "track", "event": f"Message {what}", **common, "properties": about}

    def ids(self) -> Iterator[str]:
        """The messageIds of what was acknowledged."""
        return (f"{self.name}-{batch}-{place}" for batch in range(self.batches) for place in range(self.size))


class Load:
    """Several senders at once, from entering to leaving; all they began is delivered when it is left."""

    def __init__(self, port: int, site_key: str, message_id: str, clients: int, size: int) -> None:
        self._over = threading.Event()
        names = [f"client{number}" for number in range(clients)]
        self.senders = [Sender(name, port, site_key, message_id, size, self._over) for name in names]
        self._threads = [threading.Thread(target=sender.run, daemon=True) for sender in self.senders]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in self._threads), "every sender got its last acknowledgement"

    @property
    def acknowledged(self) -> int:
        """Calls so far."""
        return sum(sender.batches * sender.size for sender in self.senders)

    def answers(self, status: int) -> int:
        return sum(sender.answers[status] for sender in self.senders)

    def wait_for(self, calls: int) -> None:
        """Until so many more were acknowledged."""
        goal = self.acknowledged + calls
        until(lambda: self.acknowledged >= goal or self.died(), True)
        assert not self.died()

    def wait_for_answer(self, status: int) -> None:
        """Until a client gets this answer."""
        before = self.answers(status)
        until(lambda: self.answers(status) > before, True)

    def died(self) -> bool:
        return not all(thread.is_alive() for thread in self._threads)

    def ids(self) -> Iterator[str]:
        return (id for sender in self.senders for id in sender.ids())
