"""What goes wrong while calls come in, and what must be true afterwards."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
from flask_migrate import downgrade, upgrade

from anonmsg.db import db, reading, utc_now
from anonmsg.intake import receipts, recount
from anonmsg.models import Site, User
from tests.conftest import CLUB
from tests.support.faults import locked
from tests.support.load import Load
from tests.support.postgres import Postgres
from tests.support.server import LiveServer


class Sent(msgspec.Struct):
    messageId: str  # noqa: N815 (the wire's name)


@dataclass
class Drill:
    """A server over its own database, with a site and a launched message."""

    server: LiveServer
    postgres: Postgres | None
    """The server of the database, where that is PostgreSQL."""
    site_id: str
    site_key: str
    message_id: str

    @classmethod
    def begin(cls, server: LiveServer, postgres: Postgres | None) -> Drill:
        with server.app.app_context():
            upgrade()
            site = Site.create("Shop", User.create("alice@shop.example", "a long enough password"))
            message = site.draft(CLUB, utc_now())
            message.launch(utc_now(), None)
            db.session.commit()
            drill = cls(server, postgres, site.id, site.key, message.id)
            db.session.remove()
            db.engine.dispose()
        server.start()
        return drill

    def load(self, clients: int, size: int) -> Load:
        return Load(self.server.port, self.site_key, self.message_id, clients, size)

    def kill(self, load: Load) -> None:
        """SIGKILL to everything that serves, while calls come in. What was acknowledged by then is there."""
        load.wait_for(1)
        acknowledged = load.acknowledged
        self.server.kill()
        assert self.stored() >= acknowledged
        self.server.start()
        load.wait_for(1)

    @contextmanager
    def outage(self) -> Iterator[None]:
        """The database takes no writes: SQLite's is locked, PostgreSQL is stopped as by a crash."""
        if self.postgres is None:
            with locked(self.server.database_url):
                yield
        else:
            self.postgres.stop()
            try:
                yield
            finally:
                self.postgres.start()

    def make_unavailable(self, load: Load) -> None:
        """For as long as it takes the clients to notice. Visitors notice nothing."""
        before = self.manifest()
        with self.outage():
            load.wait_for_answer(503)
            assert self.manifest() == before
        load.wait_for(1)

    def manifest(self) -> bytes:
        """What the snippet reads. It is kept by each process from its first request on, so all are asked."""
        url = f"{self.server.url}/v1/sites/{self.site_key}/messages.json"
        answers = set()
        for _ in range(20):
            with urllib.request.urlopen(url, timeout=10) as answer:
                answers.add(answer.read())
        (manifest,) = answers
        return bytes(manifest)

    def stored(self) -> int:
        with self.server.app.app_context(), reading(), recount.snapshot(db.engine) as cursor:
            ((stored,),) = cursor.rows("SELECT count(*) FROM event")
            return int(stored)

    def of_browsers(self) -> list[dict[str, Any]]:
        """The stored calls that came from a page: they say which library made them."""
        with self.server.app.app_context(), reading(), recount.snapshot(db.engine) as cursor:
            bodies = cursor.rows("SELECT body FROM event WHERE body LIKE ?", '%"library"%')
        return [msgspec.json.decode(body) for (body,) in bodies]

    def assert_exact(self, sent: Iterable[str]) -> None:
        """Every call sent is stored once, and nothing else; counters are what the events say; the ledger closes."""
        with self.server.app.app_context(), reading(), recount.snapshot(db.engine) as cursor:
            found = [
                msgspec.json.decode(body, type=Sent).messageId for (body,) in cursor.rows("SELECT body FROM event")
            ]
            differences, balance = recount.differences(cursor), receipts.balance(cursor, self.site_id)
        expected = set(sent)
        assert len(found) == len(set(found)), "nothing is stored twice"
        assert len(expected - set(found)) == 0, "nothing acknowledged is lost"
        assert len(set(found) - expected) == 0, "nothing comes from nowhere"
        assert differences == []
        assert (balance.difference, balance.missing) == (0, 0)
        assert balance.totals["received"] > balance.totals["accepted"] == len(found), "some were sent again"

    def assert_migrations_keep_it(self) -> None:
        """With the server down, the tables go back to the first that held events, and come again."""
        before = self.stored()
        with self.server.app.app_context():
            downgrade(revision="0002")
            upgrade()
            with reading(), recount.snapshot(db.engine) as cursor:
                differences, balance = recount.differences(cursor), receipts.balance(cursor, self.site_id)
        assert balance.kept == before
        assert (differences, balance.difference, balance.missing) == ([], 0, 0)
