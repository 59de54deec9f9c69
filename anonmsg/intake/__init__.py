"""Tracking calls to events, people and counters: the only writer of visitor data (DESIGN §4).

decode: bytes to safe JSON · calls: the fields of each type, times, keys · counting: what counts for a message ·
people: who is who · gains: whom a message gained ·
stripping: what is not kept · sightings: which websites send them ·
senders, websites, suspicion: which events are not believed · erasure: what is taken out again ·
recount: the proof that the counters are right · receipts: what became of the calls received ·
ledger: one transaction · queue: many requests, one commit · driver: SQL on both engines.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Engine

from anonmsg.intake import calls, decode, sightings
from anonmsg.intake.calls import Call
from anonmsg.intake.decode import Envelope, Refused
from anonmsg.intake.driver import Unavailable
from anonmsg.intake.ledger import Ledger, UnknownSite
from anonmsg.intake.queue import Queue, Received
from anonmsg.intake.receipts import Spoiled
from anonmsg.intake.senders import Sender
from anonmsg.intake.sightings import Sighted, host_of
from anonmsg.intake.suspicion import Allowance
from anonmsg.models.site import KEY
from anonmsg.settings import Caps

__all__ = ["Intake", "Refused", "Rejected", "Unavailable", "UnknownKey"]


class UnknownKey(Refused):
    """No site has the key of the calls; empty where its site has just been removed."""

    def __init__(self, key: str) -> None:
        super().__init__(401, "unknown_key", "There is no site with this site key (write key).")
        self.key = key


@dataclass(frozen=True, slots=True)
class Rejected:
    """A call of a batch that was not stored: its place, and why."""

    index: int
    code: str
    message: str


class Intake:
    """Takes calls in. Raises Refused for what the sender did wrong, Unavailable when trying later may work."""

    def __init__(self, engine: Engine, caps: Caps) -> None:
        self._engine = engine
        self._site_ids: dict[str, str] = {}
        self._queue = Queue(Ledger(engine, Allowance(caps)).store)

    def site_id(self, key: str) -> str:
        """The id of the site with this key. Keys once found are remembered; the ledger notices when one is gone."""
        if key not in self._site_ids:
            found = sightings.site_of(self._engine, key) if KEY.fullmatch(key) else None
            if found is None:
                raise UnknownKey(key)
            self._site_ids[key] = found
        return self._site_ids[key]

    def call(self, type: str, raw: bytes, key: str, sender: Sender) -> None:
        """Store one call; return when it is committed."""
        site_id = self.site_id(key or decode.write_key(raw))
        try:
            call = calls.read(raw, type, site_id, _now(), sender)
        except Refused as refused:
            self._note([Spoiled(site_id, refused.code)])
            raise
        self._store([call, *_seen_by([call], sender)])

    def batch(self, raw: bytes, key: str, sender: Sender) -> list[Rejected]:
        """Store a batch; return when it is committed, with the calls that were not: one does not sink the others."""
        site_id, now = self.site_id(key or decode.write_key(raw)), _now()
        envelope = decode.envelope(raw)
        received: list[Received] = []
        rejected: list[Rejected] = []
        for index, item in enumerate(envelope.batch):
            try:
                received.append(calls.read(bytes(item), None, site_id, now + index, sender))
            except Refused as refused:
                received.append(Spoiled(site_id, refused.code))
                rejected.append(Rejected(index, refused.code, str(refused)))
        if len(received) > len(rejected):
            self._store([*received, *_seen_by(received, sender, envelope)])
        else:
            self._note(received)
        return rejected

    def _note(self, spoiled: list[Received]) -> None:
        """Count calls of which none is good. It is no reason to send them again that they could not be counted."""
        with suppress(Unavailable):
            self._store(spoiled)

    def _store(self, received: list[Received]) -> None:
        try:
            if received:
                self._queue.put(received)
        except UnknownSite:
            self._site_ids.clear()
            raise UnknownKey("") from None


def _seen_by(received: Iterable[Received], sender: Sender, envelope: Envelope | None = None) -> Iterator[Sighted]:
    """The website that these calls come from; of the calls that servers send there is none."""
    if host := host_of(sender.origin):
        call = next(call for call in received if isinstance(call, Call))
        yield sightings.by_call(call, host, envelope)


def _now() -> int:
    """Microseconds since 1970, so that calls without a time of their own keep the order of a batch."""
    return time.time_ns() // 1_000
