"""People gained: visitors who were identified within the attribution window after a view of a message.

A view and the call that identifies may come in any order, and an earlier such call may come later. That call moves the
moment at which its visitor was identified: what is true of them is read anew, and what is kept is changed by the
difference. A view moves nothing, so one that comes late can only gain its own message, and is read alone: anybody can
send views of a visitor with many.
"""

# ruff: noqa: S608 (the SQL is put together from constants of ours)

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from anonmsg.intake.counting import ADD, SEEN
from anonmsg.intake.driver import CHUNK, Cursor, Row
from anonmsg.models.counter import ALWAYS, ANY_BUTTON, ATTRIBUTION_MS, GAIN, Kind

Who = tuple[str, str]
"""A visitor: the site's id and the anonymous id."""


def settle(cursor: Cursor, identified: Iterable[Who], views: Sequence[bytes]) -> None:
    """Keep what is true now: of visitors who were identified at another moment than was known, of all that they
    viewed; and of the views with these keys, which are new."""
    changes = [change for who in sorted(set(identified)) for change in _changes(cursor, who)]
    changes += [(message, 1) for (message,) in cursor.insert_new(SEEN, sorted(set(_late(cursor, views))), "message_id")]
    cursor.run_each(ADD, [(message, ALWAYS, GAIN, ANY_BUTTON, by, by) for message, by in sorted(changes)])


def _late(cursor: Cursor, views: Sequence[bytes]) -> Iterator[Row]:
    """Whom these views gained, since their visitors are identified already."""
    for start in range(0, len(views), CHUNK):
        chunk = views[start : start + CHUNK]
        for message, visitor in cursor.rows(f"{LATE} ({', '.join('?' * len(chunk))})", *chunk):
            yield message, ALWAYS, GAIN, ANY_BUTTON, visitor


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


VIEWED = f"""
SELECT DISTINCT message_id FROM event WHERE site_id = ? AND anonymous_id = ? AND kind = '{Kind.VIEW}' ORDER BY 1"""
GAINED = f"""
FROM visitor v JOIN event e ON e.site_id = v.site_id AND e.anonymous_id = v.anonymous_id AND e.kind = '{Kind.VIEW}'
AND e.at BETWEEN v.identified_at - {ATTRIBUTION_MS} AND v.identified_at"""
TRUE = f"SELECT DISTINCT e.message_id {GAINED} WHERE v.site_id = ? AND v.anonymous_id = ?"
LATE = f"SELECT e.message_id, e.anonymous_id {GAINED} WHERE e.key IN"
UNSEE = """
DELETE FROM seen WHERE message_id = ? AND day = ? AND kind = ? AND button_id = ? AND visitor = ? RETURNING message_id"""
