"""Who is who: what identify and alias say about people (docs: Segment's identify and alias).

The rules, made so that the same calls in any order end in the same people:

- Each user id is one person, for good. An e-mail alone is a person too, until a call names a user id with that e-mail:
  then the e-mail's person is that of the user id, the earliest such call deciding between several.
- An anonymous id belongs to the person of the earliest call that named both. Its events stay as they are.
- A trait is what the latest call said. Alias makes its ``previousId`` an anonymous id of its ``userId``.
- So two user ids never become one person, whatever is sent: the site key is public, and a call proves nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from anonmsg.db import new_key
from anonmsg.intake.calls import Alias, Call, Identify
from anonmsg.intake.driver import Cursor
from anonmsg.models.person import email_key

NAMES = ("name", "firstName", "lastName", "first_name", "last_name", "username")
"""The traits that hold a name, by Segment's spec and as servers often spell them."""

WORD_LENGTH = 255

TRAITS = 200
TRAITS_BYTES = 64 * 1024
"""A person keeps this many traits, and this much of them; what was said last stays."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one call says: this user id or e-mail, and perhaps this anonymous id, are the same person."""

    site_id: str
    user_id: str | None
    email: str | None
    anonymous_id: str | None
    traits: dict[str, Any]
    at: int
    order: bytes


def claims(calls: Iterable[Call]) -> list[Claim]:
    """What the calls say about people, in a stable order, so that processes wait for each other, never in a ring."""
    found = [claim for call in calls for claim in _claim(call)]
    return sorted(found, key=lambda claim: (claim.site_id, claim.user_id or "", claim.email or "", claim.order))


def _claim(call: Call) -> Iterator[Claim]:
    fields = call.fields
    if isinstance(fields, Identify):
        traits = fields.traits or {}
        email = email_key(traits.get("email"))
        if fields.user_id or email:
            anonymous = fields.anonymous_id or None
            yield Claim(call.site_id, fields.user_id or None, email, anonymous, traits, call.at, call.claim)
    elif isinstance(fields, Alias):
        yield Claim(call.site_id, fields.user_id, None, fields.previous_id, {}, call.at, call.claim)


def settle(cursor: Cursor, claim: Claim) -> bool:
    """Write one claim into the people; whether it moved the moment at which its anonymous id was identified."""
    email_alone = None if claim.user_id else claim.email
    person = _person(cursor, claim, claim.user_id, email_alone)
    _learn(cursor, person, claim)
    if claim.user_id and claim.email:
        part = _person(cursor, claim, None, claim.email)
        cursor.insert_new(WORD, [(claim.site_id, claim.email, part)], "word")
        cursor.run(JOIN, person, claim.order, part, claim.order)
    if not claim.anonymous_id:
        return False
    return bool(cursor.rows(BELONG, claim.site_id, claim.anonymous_id, person, claim.order, claim.at))


def _person(cursor: Cursor, claim: Claim, user_id: str | None, email: str | None) -> str:
    """The id of the person known by this, made if there is none; locked until the transaction ends."""
    cursor.run(MEET_USER if user_id else MEET_EMAIL, new_key(), claim.site_id, user_id, email, claim.at)
    ((id,),) = cursor.rows(FIND + ("" if cursor.is_sqlite else " FOR UPDATE"), claim.site_id, user_id, email)
    return str(id)


def _learn(cursor: Cursor, person: str, claim: Claim) -> None:
    ((user_id, email, known),) = cursor.rows("SELECT user_id, email, traits FROM person WHERE id = ?", person)
    order = claim.order.hex()
    traits = latest(json.loads(known), {name: [value, order] for name, value in claim.traits.items()})
    if claim.traits:
        cursor.run("UPDATE person SET traits = ? WHERE id = ?", json.dumps(traits), person)
    _index(cursor, claim.site_id, person, words(user_id, email, {name: value for name, (value, _) in traits.items()}))


def _index(cursor: Cursor, site_id: str, person: str, wanted: set[str]) -> None:
    """Have the person found by these words and no others."""
    found = {word for (word,) in cursor.rows("SELECT word FROM person_word WHERE person_id = ?", person)}
    for word in sorted(found - wanted):
        cursor.run("DELETE FROM person_word WHERE site_id = ? AND word = ? AND person_id = ?", site_id, word, person)
    cursor.insert_new(WORD, [(site_id, word, person) for word in sorted(wanted - found)], "word")


def words(user_id: str | None, email: str | None, traits: dict[str, Any]) -> set[str]:
    """What a person is found by: the id, the e-mail, and each word of the name, in small letters."""
    texts = [traits[name] for name in NAMES if isinstance(traits.get(name), str)]
    whole = [user_id or "", email or "", email_key(traits.get("email")) or ""]
    return {word.strip().casefold()[:WORD_LENGTH] for word in [*whole, *" ".join(texts).split()]} - {""}


def latest(known: dict[str, list[Any]], said: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Of each trait what was said last, newest first, within the bounds."""
    both = {**known, **{name: trait for name, trait in said.items() if name not in known or trait[1] > known[name][1]}}
    kept, size = {}, 0
    for name, trait in sorted(both.items(), key=lambda item: (item[1][1], item[0]), reverse=True)[:TRAITS]:
        size += len(name) + len(json.dumps(trait[0]))
        if size > TRAITS_BYTES:
            break
        kept[name] = trait
    return kept


MEET = """
INSERT INTO person (id, site_id, user_id, email, traits, created_at) VALUES (?, ?, ?, ?, '{}', ?)
ON CONFLICT (site_id, %s) DO UPDATE SET created_at = excluded.created_at WHERE person.created_at > excluded.created_at
"""
MEET_USER, MEET_EMAIL = MEET % "user_id", MEET % "email"
WORD = "person_word (site_id, word, person_id)"
FIND = "SELECT id FROM person WHERE site_id = ? AND (user_id = ? OR email = ?)"
JOIN = "UPDATE person SET same_as_id = ?, claim = ? WHERE id = ? AND (claim IS NULL OR claim > ?)"
BELONG = """
INSERT INTO visitor (site_id, anonymous_id, person_id, claim, identified_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (site_id, anonymous_id) DO UPDATE
SET person_id = excluded.person_id, claim = excluded.claim, identified_at = excluded.identified_at
WHERE visitor.claim > excluded.claim
RETURNING anonymous_id"""
