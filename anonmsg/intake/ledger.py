"""One transaction: events, counters, people and receipts together, each call once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from anonmsg.db import writing
from anonmsg.intake import choices, gains, people, receipts, sightings
from anonmsg.intake.calls import Call
from anonmsg.intake.counting import Catalog, Counted, Launched, count, counted
from anonmsg.intake.driver import Conflict, Cursor, Row, unavailable
from anonmsg.intake.queue import Received
from anonmsg.intake.receipts import Spoiled
from anonmsg.intake.sightings import Memory, Sighted
from anonmsg.intake.stripping import strip
from anonmsg.models import Kind

EVENT = """event (
    seq, key, site_id, type, name, anonymous_id, user_id, at, received_at, kind, message_id, button_id, choices, body
)"""

Entry = tuple[Call, Counted | None]

ATTEMPTS = 3
"""At a transaction that PostgreSQL ended because another one waited for it."""


class UnknownSite(Exception):
    """The calls' site is not there, or no longer."""


@dataclass(frozen=True, slots=True)
class Reception:
    """How a site's calls are received: its launched messages, and the query parameters that are not kept."""

    messages: dict[str, Launched]
    stripped: frozenset[str]


class Ledger:
    """The only writer of visitor data."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._catalog = Catalog()
        self._sighted = Memory()

    def store(self, received: Sequence[Received]) -> None:
        """Commit the calls durably, each once, and note what became of all that were received. Raises Unavailable or
        UnknownSite, and then nothing is stored."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._commit(received)
            except Conflict:
                if attempt == ATTEMPTS:
                    raise
        return None

    def _commit(self, received: Sequence[Received]) -> None:
        sighted = self._sighted.due(one for one in received if isinstance(one, Sighted))
        with unavailable(self._engine), writing(), self._engine.begin() as connection:
            received_by = [one.site_id for one in received if not isinstance(one, Sighted)]
            cursor = Cursor(connection)
            sites = {id: self._site(id, cursor, connection) for id in set(received_by)}
            new = _enter(cursor, sites, [one for one in received if isinstance(one, Call)])
            spoiled = [one for one in received if isinstance(one, Spoiled)]
            receipts.enter(cursor, received_by, [call.site_id for call, _counts in new], spoiled)
            sightings.enter(cursor, sighted)
        self._sighted.keep(sighted)

    def _site(self, id: str, cursor: Cursor, connection: Connection) -> Reception:
        found = cursor.rows("SELECT revision, stripped_parameters FROM site WHERE id = ?", id)
        if not found:
            raise UnknownSite(id)
        ((revision, stripped),) = found
        return Reception(self._catalog.of(id, revision, connection), frozenset(stripped.split()))


def _enter(cursor: Cursor, sites: Mapping[str, Reception], calls: Sequence[Call]) -> list[Entry]:
    """Write down the calls and all that follows from them; return those that were new."""
    calls = [strip(call, sites[call.site_id].stripped) if sites[call.site_id].stripped else call for call in calls]
    events = [(call, counted(call, sites[call.site_id].messages)) for call in calls]
    # Whoever counts, identifies or erases the same visitors sees what the others did.
    cursor.lock(*_known(events))
    new = _insert(cursor, events)
    count(cursor, [counts for _call, counts in new if counts])
    choices.settle(cursor, _asked(sites, new))
    claims = people.claims(call for call, _counts in new)
    identified = {(it.site_id, it.anonymous_id or "") for it in claims if people.settle(cursor, it)}
    gains.settle(cursor, identified | gains.late(cursor, _views(new)))
    return new


def _views(events: Sequence[Entry]) -> list[tuple[str, Counted]]:
    return [(call.site_id, counts) for call, counts in events if counts and counts.kind == Kind.VIEW]


def _asked(sites: Mapping[str, Reception], events: Sequence[Entry]) -> dict[choices.Asked, list[str]]:
    """Who chose an answer, each with the keys of all that the question has."""
    return {
        (call.site_id, it.message_id, it.button_id, it.visitor): list(asked.keys.values())
        for call, it in events
        if it and it.button_id and it.choices is not None
        for asked in [sites[call.site_id].messages[it.message_id].questions[it.button_id]]
    }


def _known(events: Sequence[Entry]) -> list[gains.Who]:
    """The visitors who are counted or identified."""
    counted = [(call.site_id, counts.visitor) for call, counts in events if counts]
    claims = people.claims(call for call, _counts in events)
    return counted + [(claim.site_id, claim.anonymous_id) for claim in claims if claim.anonymous_id]


def _insert(cursor: Cursor, events: Sequence[Entry]) -> list[Entry]:
    """Store the events and return those that were new. They are numbered as received, but stored in the order of keys,
    so that two processes that store the same ones wait for each other, never in a ring. With PostgreSQL a site's calls
    are numbered by one transaction at a time, until it commits: who asks what came after a number misses nothing."""
    cursor.lock(*(("numbering", call.site_id) for call, _counts in events))
    numbered = dict(zip(_numbers(cursor, len(events)), events, strict=True))
    rows = sorted((_row(number, *event) for number, event in numbered.items()), key=lambda row: row[1])
    return [numbered[number] for (number,) in cursor.insert_new(EVENT, rows, "seq")]


def _numbers(cursor: Cursor, count: int) -> Sequence[int]:
    if cursor.is_sqlite:
        ((last,),) = cursor.rows("SELECT coalesce(max(seq), 0) FROM event")
        return range(last + 1, last + 1 + count)
    query = "SELECT nextval(pg_get_serial_sequence('event', 'seq')) FROM generate_series(1, ?)"
    return [number for (number,) in cursor.rows(query, count)]


def _row(number: int, call: Call, counts: Counted | None) -> Row:
    fields = call.fields
    about = (counts.kind, counts.message_id, counts.button_id, counts.choices) if counts else (None,) * 4
    at = counts.at if counts else call.at
    return (
        *(number, call.key, call.site_id, call.type, fields.label, fields.anonymous_id or None, fields.user_id or None),
        *(at, call.received_at, *about, call.body),
    )
