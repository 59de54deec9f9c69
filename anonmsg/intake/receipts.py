"""The ledger's balance: received = accepted + duplicate + rejected, and accepted = kept + erased, for each site.

Receipts are written in the transaction that stores the calls, so a killed process loses at most what it had not yet
answered, all of it together. Calls are counted of requests whose site key is known and whose envelope can be read; what
is refused before (too large, unknown key, no JSON) holds no calls. So does, while the database takes no writes, a
request with nothing but rejected calls: it is answered all the same.
"""

from __future__ import annotations

import os
from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass, field

from anonmsg.intake.driver import Cursor
from anonmsg.models.receipt import Outcome

SHARDS = 16
"""Rows of each count with PostgreSQL: more than a machine has processes."""


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A call that was received and is rejected, for the reason of this code."""

    site_id: str
    code: str


@dataclass(slots=True)
class Balance:
    """What a site's receipts say, and how many calls it really keeps."""

    kept: int
    totals: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    """By reason."""

    @property
    def difference(self) -> int:
        """Calls received of which nobody knows what became of them."""
        ends = (Outcome.ACCEPTED, Outcome.DUPLICATE, Outcome.REJECTED)
        return self.totals[Outcome.RECEIVED] - sum(self.totals[end] for end in ends)

    @property
    def missing(self) -> int:
        """Calls accepted that are not there, though nobody erased them."""
        return self.totals[Outcome.ACCEPTED] - self.kept - self.totals[Outcome.ERASED]


def enter(cursor: Cursor, received: Iterable[str], accepted: Iterable[str], spoiled: Iterable[Spoiled]) -> None:
    """Note the site of every call received, the sites of those that were new, and those rejected; the rest were here
    before."""
    all_of, new, bad = Tally(received), Tally(accepted), Tally(spoiled)
    notes = Tally({(site, Outcome.RECEIVED, ""): total for site, total in all_of.items()})
    notes.update({(site, Outcome.ACCEPTED, ""): total for site, total in new.items()})
    notes.update({(one.site_id, Outcome.REJECTED, one.code): total for one, total in bad.items()})
    rejected = Tally(one.site_id for one in bad.elements())
    notes.update({(site, Outcome.DUPLICATE, ""): all_of[site] - new[site] - rejected[site] for site in all_of})
    _add(cursor, notes)


def erase(cursor: Cursor, site_id: str, calls: int) -> None:
    """Note that so many of the site's calls are taken out."""
    _add(cursor, Tally({(site_id, Outcome.ERASED, ""): calls}))


def _add(cursor: Cursor, notes: Tally[tuple[str, Outcome, str]]) -> None:
    shard = 0 if cursor.is_sqlite else os.getpid() % SHARDS
    cursor.run_each(ADD, [(*note, shard, total) for note, total in sorted(notes.items()) if total])


def balance(cursor: Cursor, site_id: str) -> Balance:
    """The site's balance at the cursor's moment."""
    ((kept,),) = cursor.rows("SELECT count(*) FROM event WHERE site_id = ?", site_id)
    found = Balance(kept, dict.fromkeys(Outcome, 0))
    for outcome, reason, total in cursor.rows(SUMS, site_id):
        found.totals[outcome] += total
        if outcome == Outcome.REJECTED:
            found.rejected[reason] = total
    return found


ADD = """
INSERT INTO receipt (site_id, outcome, reason, shard, total) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (site_id, outcome, reason, shard) DO UPDATE SET total = receipt.total + excluded.total"""
SUMS = """
SELECT outcome, reason, CAST(sum(total) AS bigint) FROM receipt WHERE site_id = ?
GROUP BY outcome, reason ORDER BY outcome, reason"""
