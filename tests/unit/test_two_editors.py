"""Two edit the same draft at once, a thousand times: whoever is overtaken is told, and nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import msgspec
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm.exc import StaleDataError

from anonmsg.db import db, reading, utc_now
from anonmsg.models import Message

ROUNDS = 500
"""Of two saves each."""


def test_nothing_is_lost_in_a_thousand_saves(app: Flask, message: Message) -> None:
    """Each counts its saves in the draft that it read: one that overwrote the other's unnoticed would take one away."""
    both = Barrier(2)

    def read() -> Message:
        with reading():
            draft = db.session.get_one(Message, message.id)
            db.session.commit()
        return draft

    def save(draft: Message, place: int) -> bool:
        """Whether nobody had saved since it was read."""
        counts = [int(word) for word in draft.shape.description.split()]
        counts[place] += 1
        draft.save(msgspec.structs.replace(draft.shape, description="{} {}".format(*counts)), utc_now())
        try:
            db.session.commit()
        except StaleDataError:
            db.session.rollback()
            return False
        finally:
            db.session.expunge_all()
        return True

    def edit(place: int) -> int:
        """How often it was told."""
        told = 0
        with app.app_context():
            for _ in range(ROUNDS):
                draft = read()
                both.wait(60)
                while not save(draft, place):
                    told += 1
                    draft = read()
                both.wait(60)
        return told

    with app.app_context():
        # Power does not fail here.
        event.listen(db.engine, "checkout", lambda connection, *_: connection.execute("PRAGMA synchronous=OFF"))
        first = read()
        first.save(msgspec.structs.replace(first.shape, description="0 0"), utc_now())
        db.session.commit()
    with ThreadPoolExecutor(2) as editors:
        told = list(editors.map(edit, (0, 1)))

    assert sum(told) == ROUNDS, "of each two one"
    with app.app_context():
        assert read().shape.description == f"{ROUNDS} {ROUNDS}"
