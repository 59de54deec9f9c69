"""One transaction: events, counters, people and receipts together, each call once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from anonmsg.db import writing
from anonmsg.intake import choices, gains, people, receipts, sightings
from anonmsg.intake.calls import Call
from anonmsg.intake.counting import Catalog, Launched, count, counted
from anonmsg.intake.driver import Cursor, Row, repeated, unavailable
from anonmsg.intake.queue import Received
from anonmsg.intake.receipts import Spoiled
from anonmsg.intake.sightings import Memory, Sighted
from anonmsg.intake.stripping import strip
from anonmsg.intake.suspicion import Allowance, Entry, entry
from anonmsg.models import Kind

EVENT = """event (
    seq, key, site_id, type, name, anonymous_id, user_id, at, received_at,
    kind, message_id, button_id, choices, suspect, body
)"""
HOLD = "UPDATE event SET kind = NULL, choices = NULL, suspect = ? WHERE key = ?"


class UnknownSite(Exception):
    """The calls' site is not there, or no longer."""


@dataclass(frozen=True, slots=True)
class Reception:
    """How a site's calls are received: its launched messages, the query parameters that are not kept, and the websites
    whose message events count."""

    messages: dict[str, Launched]
    stripped: frozenset[str]
    websites: str


class Ledger:
    """The only writer of visitor data."""

    def __init__(self, engine: Engine, allowance: Allowance) -> None:
        self._engine = engine
        self._allowance = allowance
        self._catalog = Catalog()
        self._sighted = Memory()

    @repeated
    def store(self, received: Sequence[Received]) -> None:
        """Commit the calls durably, each once, and note what became of all that were received. Raises Unavailable or
        UnknownSite, and then nothing is stored."""
        sighted = self._sighted.due(one for one in received if isinstance(one, Sighted))
        with self._allowance.transaction(), unavailable(self._engine), writing(), self._engine.begin() as connection:
            received_by = [one.site_id for one in received if not isinstance(one, Sighted)]
            cursor = Cursor(connection)
            sites = {id: self._site(id, cursor, connection) for id in set(received_by)}
            new = _enter(cursor, sites, [one for one in received if isinstance(one, Call)], self._allowance)
            spoiled = [one for one in received if isinstance(one, Spoiled)]
            receipts.enter(cursor, received_by, [one.call.site_id for one in new], spoiled)
            sightings.enter(cursor, sighted)
        self._sighted.keep(sighted)

    def _site(self, id: str, cursor: Cursor, connection: Connection) -> Reception:
        found = cursor.rows("SELECT revision, stripped_parameters, websites FROM site WHERE id = ?", id)
        if not found:
            raise UnknownSite(id)
        ((revision, stripped, websites),) = found
        return Reception(self._catalog.of(id, revision, connection), frozenset(stripped.split()), websites)


def _enter(cursor: Cursor, sites: Mapping[str, Reception], calls: Sequence[Call], allowance: Allowance) -> list[Entry]:
    """Write down the calls and all that follows from them; return those that were new."""
    calls = [strip(call, sites[call.site_id].stripped) if sites[call.site_id].stripped else call for call in calls]
    entries = [_entry(call, sites[call.site_id]) for call in calls]
    # Whoever counts, identifies or erases the same visitors sees what the others did.
    cursor.lock(*_known(entries))
    new = _insert(cursor, entries)
    _hold(cursor, new, allowance)
    count(cursor, [one.counts for one in new if one.counts])
    choices.settle(cursor, _asked(sites, new))
    claims = people.claims(one.call for one in new)
    identified = {(it.site_id, it.anonymous_id or "") for it in claims if people.settle(cursor, it)}
    gains.settle(cursor, identified, _views(new))
    return new


def _entry(call: Call, site: Reception) -> Entry:
    return entry(call, counted(call, site.messages), site.websites)


def _hold(cursor: Cursor, new: Sequence[Entry], allowance: Allowance) -> None:
    """Mark what is more than is believed, now that it is known which events are new: copies take from nobody."""
    held = []
    for one in new:
        if one.counts and (suspect := allowance.take(one.call, one.counts.visitor)):
            one.suspect = suspect
            held.append((suspect, one.call.key))
    cursor.run_each(HOLD, held)


def _views(events: Sequence[Entry]) -> list[bytes]:
    """The keys of those that count as views."""
    return [one.call.key for one in events if one.counts and one.counts.kind == Kind.VIEW]


def _asked(sites: Mapping[str, Reception], events: Sequence[Entry]) -> dict[choices.Asked, list[str]]:
    """Who chose an answer, each with the keys of all that the question has."""
    return {
        (one.call.site_id, it.message_id, it.button_id, it.visitor): list(asked.keys.values())
        for one in events
        if (it := one.counts) and it.button_id and it.choices is not None
        for asked in [sites[one.call.site_id].messages[it.message_id].questions[it.button_id]]
    }


def _known(events: Sequence[Entry]) -> list[gains.Who]:
    """The visitors who are counted or identified."""
    counted = [(one.call.site_id, one.counts.visitor) for one in events if one.counts]
    claims = people.claims(one.call for one in events)
    return counted + [(claim.site_id, claim.anonymous_id) for claim in claims if claim.anonymous_id]


def _insert(cursor: Cursor, events: Sequence[Entry]) -> list[Entry]:
    """Store the events and return those that were new. They are numbered as received, but stored in the order of keys,
    so that two processes that store the same ones wait for each other, never in a ring. With PostgreSQL a site's calls
    are numbered by one transaction at a time, until it commits: who asks what came after a number misses nothing."""
    cursor.lock(*(("numbering", one.call.site_id) for one in events))
    numbered = dict(zip(_numbers(cursor, len(events)), events, strict=True))
    rows = sorted((_row(number, one) for number, one in numbered.items()), key=lambda row: row[1])
    return [numbered[number] for (number,) in cursor.insert_new(EVENT, rows, "seq")]


def _numbers(cursor: Cursor, count: int) -> Sequence[int]:
    if cursor.is_sqlite:
        ((last,),) = cursor.rows("SELECT coalesce(max(seq), 0) FROM event")
        return range(last + 1, last + 1 + count)
    query = "SELECT nextval(pg_get_serial_sequence('event', 'seq')) FROM generate_series(1, ?)"
    return [number for (number,) in cursor.rows(query, count)]


def _row(number: int, one: Entry) -> Row:
    call, about, fields = one.call, one.about, one.call.fields
    at = about.at if about else call.at
    names = (about.message_id, about.button_id) if about else (None, None)
    counts = (one.counts.kind, *names, one.counts.choices) if one.counts else (None, *names, None)
    return (
        *(number, call.key, call.site_id, call.type, fields.label, fields.anonymous_id or None, fields.user_id or None),
        *(at, call.received_at, *counts, one.suspect, call.body),
    )
