"""The proof that the counters are right: the events counted once more, by the database alone.

Of events that were erased, the numbers stay, apart from the counters (``erased``); they are added to what is counted.
"""

# ruff: noqa: S608 (the SQL is put together from constants of ours)

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from anonmsg.intake.driver import Cursor
from anonmsg.intake.gains import GAINED
from anonmsg.message import Limits
from anonmsg.models.counter import ALWAYS, ANY_BUTTON, CHOICE, DAY_MS, GAIN, KEY_LENGTH, Kind

PLACES = " UNION ALL ".join(f"SELECT {1 + n * (KEY_LENGTH + 1)} AS at" for n in range(Limits.OPTIONS))
"""Where keys stand in ``choices``, with a blank between them."""

FACTS = f"""
WITH counts AS (
    SELECT message_id, kind, button_id, at / {DAY_MS} AS day, coalesce(anonymous_id, user_id) AS visitor
    FROM event WHERE kind IS NOT NULL
), of_message AS (
    SELECT message_id, kind, '{ANY_BUTTON}' AS button_id, day, visitor FROM counts
    UNION ALL SELECT * FROM counts WHERE button_id IS NOT NULL
), answer AS (
    SELECT message_id, choices, coalesce(anonymous_id, user_id) AS visitor, row_number() OVER (
        PARTITION BY message_id, button_id, coalesce(anonymous_id, user_id) ORDER BY at DESC, key DESC
    ) AS newness FROM event WHERE kind = '{Kind.ANSWER}' AND choices IS NOT NULL
), place AS ({PLACES}), fact AS (
    SELECT * FROM of_message
    UNION ALL SELECT message_id, kind, button_id, {ALWAYS}, visitor FROM of_message
    UNION ALL SELECT message_id, '{CHOICE}', substr(choices, at, {KEY_LENGTH}), {ALWAYS}, visitor
    FROM answer JOIN place ON at <= length(choices) WHERE newness = 1
    UNION ALL SELECT DISTINCT e.message_id, '{GAIN}', '{ANY_BUTTON}', {ALWAYS}, v.anonymous_id {GAINED}
), number AS (
    SELECT message_id, kind, button_id, day, count(*) AS total, count(DISTINCT visitor) AS visitors
    FROM fact GROUP BY 1, 2, 3, 4
    UNION ALL SELECT message_id, kind, button_id, day, total, visitors FROM erased
)"""
TRUE = f"""{FACTS}
SELECT message_id, kind, button_id, day, CAST(sum(total) AS bigint), CAST(sum(visitors) AS bigint)
FROM number GROUP BY 1, 2, 3, 4"""
VISITORS = f"{FACTS} SELECT DISTINCT message_id, kind, button_id, day, visitor FROM fact"
KEPT = "SELECT message_id, kind, button_id, day, total, visitors FROM counter WHERE total > 0"
SEEN = """
SELECT message_id, kind, button_id, day, CAST(sum(visitors) AS bigint) FROM (
    SELECT message_id, kind, button_id, day, count(*) AS visitors FROM seen GROUP BY 1, 2, 3, 4
    UNION ALL SELECT message_id, kind, button_id, day, visitors FROM erased
) AS number GROUP BY 1, 2, 3, 4"""


@contextmanager
def snapshot(engine: Engine) -> Iterator[Cursor]:
    """All queries see the same moment, whatever is stored meanwhile. SQLite's transactions do so by themselves."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield Cursor(connection)


def differences(cursor: Cursor) -> list[str]:
    """Where the counters kept are not what the events say; empty when all is well."""
    true = {row[:4]: row[4:] for row in cursor.rows(TRUE)}
    kept = {row[:4]: row[4:] for row in cursor.rows(KEPT)}
    seen = {row[:4]: row[4] for row in cursor.rows(SEEN)}
    return [
        f"{' '.join(map(str, cell))}: events say {true.get(cell)}, kept are {kept.get(cell)}, seen {seen.get(cell)}"
        for cell in sorted({*true, *kept, *seen})
        if true.get(cell) != kept.get(cell) or seen.get(cell) != kept.get(cell, (0, 0))[1]
    ]


def rebuild(cursor: Cursor) -> None:
    """Make the counters anew from the events. Writers wait, or what they counted would be lost."""
    if not cursor.is_sqlite:
        cursor.run("LOCK TABLE seen, counter IN EXCLUSIVE MODE")
    cursor.run("DELETE FROM counter")
    cursor.run("DELETE FROM seen")
    cursor.run(f"INSERT INTO counter (message_id, kind, button_id, day, total, visitors) {TRUE}")
    cursor.run(f"INSERT INTO seen (message_id, kind, button_id, day, visitor) {VISITORS}")
