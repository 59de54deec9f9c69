"""People gained: visitors who were identified within the attribution window after a view of a message.

A view and the call that identifies may come in any order, and an earlier such call may come later. So for each visitor
whom a transaction makes known, or who is known and turns out to have viewed before, what is true is read anew and what
is kept is changed by the difference.
"""

# ruff: noqa: S608 (the SQL is put together from constants of ours)

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from anonmsg.intake.counting import ADD, SEEN, Counted
from anonmsg.intake.driver import CHUNK, Cursor, Row
from anonmsg.models.counter import ALWAYS, ANY_BUTTON, ATTRIBUTION_MS, GAIN, Kind

Who = tuple[str, str]
"""A visitor: the site's id and the anonymous id."""


def late(cursor: Cursor, views: Iterable[tuple[str, Counted]]) -> set[Who]:
    """Those of these views' visitors, each with its site's id, who were identified after they viewed."""
    first: dict[Who, int] = {}
    for site_id, view in views:
        first[site_id, view.visitor] = min(view.at, first.get((site_id, view.visitor), view.at))
    return {who for who, identified_at in _identified(cursor, sorted(first)) if first[who] <= identified_at}


def _identified(cursor: Cursor, visitors: Sequence[Who]) -> Iterator[tuple[Who, int]]:
    """Those of the visitors who are identified, and when."""
    for site_id, group in groupby(visitors, key=lambda who: who[0]):
        ids = [anonymous_id for _site_id, anonymous_id in group]
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            for anonymous_id, at in cursor.rows(f"{IDENTIFIED} ({', '.join('?' * len(chunk))})", site_id, *chunk):
                yield (site_id, anonymous_id), at


def settle(cursor: Cursor, visitors: Iterable[Who]) -> None:
    """Keep what is true now of what these visitors gained their messages."""
    changes = [change for who in sorted(set(visitors)) for change in _changes(cursor, who)]
    cursor.run_each(ADD, [(message, ALWAYS, GAIN, ANY_BUTTON, by, by) for message, by in sorted(changes)])


def _changes(cursor: Cursor, who: Who) -> list[tuple[str, int]]:
    """Write who was gained; by how much each message's number changes."""
    true = {message for (message,) in cursor.rows(TRUE, *who)}
    found = []
    for (message,) in cursor.rows(VIEWED, *who):
        row: Row = (message, ALWAYS, GAIN, ANY_BUTTON, who[1])
        if message in true:
            found += [(message, 1)] * len(cursor.insert_new(SEEN, [row], "message_id"))
        else:
            found += [(message, -1)] * len(cursor.rows(UNSEE, *row))
    return found


def lost(cursor: Cursor, who: Who, messages: Iterable[str]) -> list[str]:
    """Those of the messages of which it can no longer be told that they gained this visitor, who was erased. The
    visitor is taken out; the counters keep their numbers."""
    true = {message for (message,) in cursor.rows(TRUE, *who)}
    rows: list[Row] = [(message, ALWAYS, GAIN, ANY_BUTTON, who[1]) for message in messages if message not in true]
    return [message for row in rows for (message,) in cursor.rows(UNSEE, *row)]


IDENTIFIED = "SELECT anonymous_id, identified_at FROM visitor WHERE site_id = ? AND anonymous_id IN"
VIEWED = f"""
SELECT DISTINCT message_id FROM event WHERE site_id = ? AND anonymous_id = ? AND kind = '{Kind.VIEW}' ORDER BY 1"""
GAINED = f"""
FROM visitor v JOIN event e ON e.site_id = v.site_id AND e.anonymous_id = v.anonymous_id AND e.kind = '{Kind.VIEW}'
AND e.at BETWEEN v.identified_at - {ATTRIBUTION_MS} AND v.identified_at"""
TRUE = f"SELECT DISTINCT e.message_id {GAINED} WHERE v.site_id = ? AND v.anonymous_id = ?"
UNSEE = """
DELETE FROM seen WHERE message_id = ? AND day = ? AND kind = ? AND button_id = ? AND visitor = ? RETURNING message_id"""
