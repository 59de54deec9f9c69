"""What visitors chose: the last answer of each visitor to a question counts, however often and on how many pages.

Calls come in any order, so the last answer is looked for among the events, by its own time, and what is kept is changed
by the difference.
"""

# ruff: noqa: S608 (the SQL is put together from constants of ours)

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Collection, Mapping

from anonmsg.intake.counting import ADD, SEEN
from anonmsg.intake.driver import Cursor
from anonmsg.models.counter import ALWAYS, CHOICE, Kind

Asked = tuple[str, str, str, str]
"""A site, a message, one of its questions, and a visitor who answered it."""


def settle(cursor: Cursor, asked: Mapping[Asked, Collection[str]]) -> None:
    """Keep what is true now; each with the keys of all that could ever be chosen (:func:`choice_key`)."""
    changes: Tally[tuple[str, str]] = Tally()
    for who, keys in sorted(asked.items()):
        came, went = changed(cursor, who, keys)
        changes.update((who[1], key) for key in came)
        changes.subtract((who[1], key) for key in went)
    cursor.run_each(ADD, [(message, ALWAYS, CHOICE, key, by, by) for (message, key), by in sorted(changes.items())])


def changed(cursor: Cursor, asked: Asked, keys: Collection[str]) -> tuple[list[str], list[str]]:
    """Write down what the visitor chose last; which of these keys came and which went."""
    site_id, message, question, visitor = asked
    last = cursor.rows(LAST, site_id, visitor, visitor, message, question)
    true = {key for (chosen,) in last for key in chosen.split()}
    rows = [(message, ALWAYS, CHOICE, key, visitor) for key in sorted(true)]
    came = [key for (key,) in cursor.insert_new(SEEN, rows, "button_id")]
    gone = sorted({*keys} - true)
    went = cursor.rows(f"{UNSEE} ({', '.join('?' * len(gone))}) RETURNING button_id", message, visitor, *gone)
    return came, [key for (key,) in went]


LAST = f"""
SELECT choices FROM event WHERE site_id = ? AND (anonymous_id = ? OR anonymous_id IS NULL AND user_id = ?)
AND message_id = ? AND kind = '{Kind.ANSWER}' AND button_id = ? AND choices IS NOT NULL
ORDER BY at DESC, key DESC LIMIT 1"""
UNSEE = f"""
DELETE FROM seen WHERE message_id = ? AND day = {ALWAYS} AND kind = '{CHOICE}' AND visitor = ? AND button_id IN"""
