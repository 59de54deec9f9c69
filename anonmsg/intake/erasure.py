"""What is taken out again: calls after their time, and all that is known of a visitor or a person.

Counters keep their numbers: what they hold of erased calls is noted in ``erased``, without saying whose it was, so that
they can still be proved right. A visitor of whom a counter's last call is gone is not remembered among its visitors.
"""

# ruff: noqa: S608 (the SQL is put together from constants of ours)

from __future__ import annotations

import logging
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta

from sqlalchemy import Engine

from anonmsg.db import LARGEST, writing
from anonmsg.intake import choices, gains, receipts
from anonmsg.intake.choices import Asked
from anonmsg.intake.counting import ADD, Counted, cells
from anonmsg.intake.driver import Cursor, Row, read, repeated, unavailable
from anonmsg.models import Profile
from anonmsg.models.counter import ALWAYS, ANY_BUTTON, CHOICE, DAY_MS, GAIN

CHUNK = 500
"""Calls erased in one transaction: others wait for the database no longer than that takes."""

CHECKPOINTS = 5
"""Tries at emptying SQLite's write-ahead log, each as long as a busy reader is waited for."""

Condition = tuple[str, tuple[object, ...]]
"""Which of a site's calls, in SQL, with its values."""

log = logging.getLogger(__name__)


def prune(engine: Engine, site_id: str, days: int, now: datetime) -> int:
    """Erase the calls that were received more than these days ago; how many there were."""
    before = int((now - timedelta(days=days)).timestamp() * 1000)
    erased = 0
    while found := _erase(engine, site_id, ("TRUE", ()), before):
        erased += found
    leave_no_trace(engine)
    return erased


def prune_all(engine: Engine, now: datetime) -> None:
    """Prune every site as its settings say."""
    query = "SELECT id, retention_days FROM site WHERE retention_days IS NOT NULL ORDER BY id"
    for site_id, days in read(engine, query):
        prune(engine, site_id, days, now)


def forget_visitor(engine: Engine, site_id: str, anonymous_id: str) -> int:
    """Erase all that is known by this anonymous id, or by this user id where no anonymous one came with it; how many
    calls there were."""
    which = "(anonymous_id = ? OR anonymous_id IS NULL AND user_id = ?)"
    erased = _erase_all(engine, site_id, (which, (anonymous_id, anonymous_id)))
    _forget_ids(engine, site_id, [anonymous_id], [])
    leave_no_trace(engine)
    return erased


def forget_person(engine: Engine, site_id: str, person: Profile) -> int:
    """Erase a person with the anonymous past on every device; how many calls there were. What named somebody else's
    user id on the same device stays theirs."""
    erased = _erase_all(engine, site_id, _of_person(person))
    _forget_ids(engine, site_id, person.anonymous_ids, person.parts)
    leave_no_trace(engine)
    return erased


def _of_person(person: Profile) -> Condition:
    ids = person.anonymous_ids
    anonymous = f"anonymous_id IN ({', '.join('?' * len(ids))})" if ids else "FALSE"
    if person.user_id is None:
        return f"{anonymous} AND user_id IS NULL", tuple(ids)
    return f"({anonymous} AND user_id IS NULL OR user_id = ?)", (*ids, person.user_id)


def _erase_all(engine: Engine, site_id: str, which: Condition) -> int:
    erased = 0
    while found := _erase(engine, site_id, which, LARGEST):
        erased += found
    return erased


@repeated
def _erase(engine: Engine, site_id: str, which: Condition, before: int) -> int:
    """Erase the oldest of these calls, as far as they were received before, in one transaction; how many. Of several
    processes one at a time does so for a site, or two would note the same calls."""
    with unavailable(engine), writing(), engine.begin() as connection:
        cursor = Cursor(connection)
        condition, values = which
        cursor.lock(("erasing", site_id))
        rows = cursor.rows(OLDEST.format(condition=condition), site_id, *values)
        rows = [row[1:] for row in rows if row[0] < before]
        counted = [Counted(*about) for _seq, *about in rows if about[0]]
        cursor.lock(*((site_id, event.visitor) for event in counted))
        cursor.run_each("DELETE FROM event WHERE seq = ?", [(seq,) for seq, *_ in rows])
        _keep_numbers(cursor, site_id, counted)
        receipts.erase(cursor, site_id, len(rows))
        return len(rows)


def _keep_numbers(cursor: Cursor, site_id: str, events: Sequence[Counted]) -> None:
    """Note what the counters hold of these events, which are gone, and drop visitors of whom nothing is left."""
    totals = Tally(cell for event in events for cell in cells(event))
    gone: Tally[Row] = Tally()
    for cell, visitor in sorted({(cell, event.visitor) for event in events for cell in cells(event)}):
        if not _is_left(cursor, site_id, cell, visitor):
            gone[cell] += len(cursor.rows(gains.UNSEE, *cell, visitor))
    viewed = {(event.visitor, event.message_id) for event in events}
    for visitor in sorted({visitor for visitor, _message in viewed}):
        messages = sorted(message for who, message in viewed if who == visitor)
        _note_gains(cursor, gains.lost(cursor, (site_id, visitor), messages))
    cursor.run_each(ERASED, [(*cell, total, gone[cell]) for cell, total in sorted(totals.items())])
    for asked, keys in sorted(_answered(site_id, events).items()):
        _keep_choices(cursor, asked, keys)


def _answered(site_id: str, events: Sequence[Counted]) -> dict[Asked, set[str]]:
    """Whose answers are among these events, with the keys of what was chosen in them."""
    found: defaultdict[Asked, set[str]] = defaultdict(set)
    for event in events:
        if event.choices is not None and event.button_id:
            found[site_id, event.message_id, event.button_id, event.visitor].update(event.choices.split())
    return found


def _keep_choices(cursor: Cursor, asked: Asked, keys: set[str]) -> None:
    """Note what was chosen in answers that are gone. One before it that came later counts again."""
    came, went = choices.changed(cursor, asked, keys)
    for sql, changed in (ADD, came), (ERASED, went):
        cursor.run_each(sql, [(asked[1], ALWAYS, CHOICE, key, 1, 1) for key in sorted(changed)])


def _note_gains(cursor: Cursor, messages: Sequence[str]) -> None:
    cursor.run_each(ERASED, [(message, ALWAYS, GAIN, ANY_BUTTON, 1, 1) for message in messages])


def _is_left(cursor: Cursor, site_id: str, cell: tuple[str, int, str, str], visitor: str) -> bool:
    """Whether another event of the visitor still belongs to the counter."""
    message, day, kind, button = cell
    span = (0, LARGEST) if day == ALWAYS else (day * DAY_MS, (day + 1) * DAY_MS - 1)
    return bool(cursor.rows(LEFT, site_id, visitor, visitor, message, kind, button, button, *span))


@repeated
def _forget_ids(engine: Engine, site_id: str, anonymous_ids: Sequence[str], people: Sequence[str]) -> None:
    """Take anonymous ids and people out, once their calls are gone."""
    with unavailable(engine), writing(), engine.begin() as connection:
        cursor = Cursor(connection)
        cursor.lock(*((site_id, id) for id in anonymous_ids))
        for id in sorted(anonymous_ids):
            cursor.run("DELETE FROM visitor WHERE site_id = ? AND anonymous_id = ?", site_id, id)
            viewed = [message for (message,) in cursor.rows(gains.VIEWED, site_id, id)]
            _note_gains(cursor, gains.lost(cursor, (site_id, id), viewed))
        # Those that belong to another person first; what else refers to a person goes with it.
        for id in reversed(people):
            cursor.run("DELETE FROM person WHERE id = ?", id)


def leave_no_trace(engine: Engine) -> None:
    """With SQLite, empty the write-ahead log, where erased pages are still to be read. The database file itself has
    none: it overwrites what it deletes (``secure_delete``)."""
    if engine.dialect.name != "sqlite":
        return
    with closing(engine.raw_connection()) as connection:
        for _ in range(CHECKPOINTS):
            ((is_busy, *_pages),) = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            if not is_busy:
                return
    log.warning("Somebody kept reading, so erased calls stay in the write-ahead log until it is next emptied")


OLDEST = f"""
SELECT received_at, seq, kind, message_id, button_id, coalesce(anonymous_id, user_id), at, choices
FROM event WHERE site_id = ? AND {{condition}} ORDER BY seq LIMIT {CHUNK}"""
LEFT = """
SELECT 1 FROM event WHERE site_id = ? AND (anonymous_id = ? OR (anonymous_id IS NULL AND user_id = ?))
AND message_id = ? AND kind = ? AND (button_id = ? OR CAST(? AS text) = '') AND at BETWEEN ? AND ? LIMIT 1"""
ERASED = ADD.replace("counter", "erased")
