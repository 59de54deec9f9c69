"""The activity log and the people at five million events against the same at five thousand: both should cost alike.

The events are made by the database itself, so that this takes a minute and not an hour. What is timed is the request.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text

from anonmsg import create_app
from anonmsg.db import db, utc_now
from anonmsg.models import Site, User
from anonmsg.settings import Settings
from bench import Result
from tests.conftest import CLUB

FEW, MANY = 5_000, 5_000_000
VISITORS = 250
"""Each has made this part of the few events; with many events there are more visitors, each as busy as before."""

ROUNDS = 15
SECOND_MS = 1_000

MAKE = """
WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :count)
INSERT INTO event
    (seq, key, site_id, type, name, anonymous_id, user_id, at, received_at, kind, message_id, button_id, body)
SELECT n, CAST(printf('%024d', n) AS blob), :site,
    CASE WHEN n % 5 = 0 THEN 'track' ELSE 'page' END,
    CASE WHEN n % 5 = 0 THEN 'Message Viewed' WHEN n % 71 = 0 THEN 'Rare' ELSE 'Pricing' END,
    printf('visitor-%08d', n % :visitors), NULL, :start + n * 100, :start + n * 100,
    CASE WHEN n % 5 = 0 THEN 'view' END, CASE WHEN n % 5 = 0 THEN :message END, NULL,
    '{"messageId":"m' || n || '","context":{"page":{"url":"https://shop.example/pricing","title":"Pricing"}}}'
FROM number"""
PEOPLE = """
INSERT INTO person (id, site_id, user_id, email, traits, created_at)
SELECT 'person-' || anonymous_id, :site, 'user-' || anonymous_id, NULL, '{}', min(at) FROM event
WHERE anonymous_id < printf('visitor-%08d', :visitors / 2) GROUP BY anonymous_id"""
WORDS = "INSERT INTO person_word (site_id, word, person_id) SELECT site_id, user_id, id FROM person"
VISITS = """
INSERT INTO visitor (site_id, anonymous_id, person_id, claim, identified_at)
SELECT site_id, substr(user_id, 6), id, CAST(printf('%024d', created_at) AS blob), created_at FROM person"""

PAGES = {
    "the activity log": "activity",
    "activity of an event": "activity?event=Rare",
    "activity of a message": "activity?message={message}",
    "activity of a visitor": "activity?who=visitor-00000007",
    "activity by type": "activity?type=track",
    "activity of an hour": "activity?since=2026-11-01T00:02&until=2026-11-01T00:04",
    "what is newer": "activity/new?after={last}",
    "the people": "people",
    "a search of people": "people?q=user-visitor-0000000",
    "a person's page": "people/person-visitor-00000007",
}


@contextmanager
def site_with(events: int) -> Iterator[tuple[FlaskClient, str, dict[str, object]]]:
    """A server's app over a database with so many events; its owner's client, the site's address, and what is in it."""
    with tempfile.TemporaryDirectory(prefix="anonmsg-bench-") as name:
        url = f"sqlite:///{Path(name) / 'bench.sqlite3'}"
        app = create_app(Settings(database_url=url, secret_key="bench", instance=Path(name)))
        with app.app_context():
            upgrade()
            user = User.create("bench@shop.example", "a long enough password")
            site = Site.create("Shop", user)
            message = site.draft(CLUB, utc_now())
            db.session.commit()
            fill(events, site.id, message.id)
            client = app.test_client()
            with client.session_transaction() as session:
                session["_user_id"] = user.get_id()
            yield client, f"/sites/{site.key}", {"message": message.id, "last": events - 10}
            db.session.remove()
            db.engine.dispose()


def fill(count: int, site: str, message: str) -> None:
    """Make the events of so many tenths of a second from 1 November 2026 on, and the people of half the visitors."""
    start = 1_793_491_200_000
    visitors = VISITORS * count // FEW
    with db.engine.connect() as connection:
        indexes = list(db.metadata.tables["event"].indexes)
        for index in indexes:
            index.drop(connection)
        values = {"count": count, "site": site, "message": message, "start": start, "visitors": visitors}
        connection.execute(text(MAKE), values)
        for index in indexes:
            index.create(connection)
        for statement in (PEOPLE, WORDS, VISITS):
            connection.execute(text(statement), {k: v for k, v in values.items() if f":{k}" in statement})
        connection.commit()


def seconds(client: FlaskClient, url: str) -> float:
    """The median time of the page, warm."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        answer = client.get(url)
        times.append(time.perf_counter() - start)
        assert answer.status_code == 200, (url, answer.status_code)
    return statistics.median(times)


def measured(events: int) -> dict[str, float]:
    with site_with(events) as (client, site, known):
        return {name: seconds(client, f"{site}/{path.format(**known)}") for name, path in PAGES.items()}


def run() -> list[Result]:
    few, many = measured(FEW), measured(MANY)
    return [
        Result(
            f"{name}: {MANY:,} events / {FEW:,}",
            many[name] / few[name],
            2,
            at_most=True,
            detail=f"{many[name] * 1000:.1f} ms / {few[name] * 1000:.1f} ms",
        )
        for name in PAGES
    ]
