"""Requests that wait at the same time share one commit: the dearest part of storing is waiting for the disk."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock

from anonmsg.intake.calls import Call
from anonmsg.intake.driver import Unavailable
from anonmsg.intake.receipts import Spoiled
from anonmsg.intake.sightings import Sighted

Received = Call | Spoiled | Sighted


class Ticket:
    """One request's calls, waiting. Until they are stored, ``failure`` says why they are not."""

    __slots__ = ("calls", "failure", "is_settled")

    def __init__(self, calls: Sequence[Received]) -> None:
        self.calls = calls
        self.is_settled = False
        self.failure: Exception | None = Unavailable("interrupted")


class Queue:
    """No thread of its own that could die: whoever's turn it is stores for everyone who waits by then."""

    def __init__(self, store: Callable[[Sequence[Received]], None]) -> None:
        self._store = store
        self._waiting: deque[Ticket] = deque()
        self._turn = Lock()

    def put(self, calls: Sequence[Received]) -> None:
        """Return when the calls are committed. Raises Unavailable, or what these calls made fail."""
        ticket = Ticket(calls)
        self._waiting.append(ticket)
        with self._turn:
            if not ticket.is_settled:
                self._serve(self._drain())
        if ticket.failure:
            raise ticket.failure

    def _serve(self, tickets: Sequence[Ticket]) -> None:
        try:
            self._store([call for ticket in tickets for call in ticket.calls])
        except Unavailable as failure:
            # Who came meanwhile would wait for the same lock just as long.
            _settle([*tickets, *self._drain()], failure)
        except Exception as failure:  # those who wait hear of it, whatever it is
            if len(tickets) == 1:
                _settle(tickets, failure)
            else:
                self._serve_each(tickets)
        else:
            _settle(tickets, None)

    def _serve_each(self, tickets: Sequence[Ticket]) -> None:
        """One of them is at fault; the others must not fail with it."""
        for ticket in tickets:
            self._serve([ticket])

    def _drain(self) -> list[Ticket]:
        tickets = []
        while self._waiting:
            tickets.append(self._waiting.popleft())
        return tickets


def _settle(tickets: Sequence[Ticket], failure: Exception | None) -> None:
    for ticket in tickets:
        ticket.failure, ticket.is_settled = failure, True
