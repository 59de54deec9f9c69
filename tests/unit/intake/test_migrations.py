"""Migrations: they end where the models are, and down and up again changes neither tables nor what is in older ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import MetaData

from anonmsg.db import db
from anonmsg.delivery.fetches import Fetches
from anonmsg.message import Shape, Theme
from anonmsg.models import Image, Message, Site, Template
from anonmsg.settings import ROOT
from tests.unit.intake.test_answers import SCORE, USES, WHY, WORDS, answer, launch
from tests.unit.intake.world import LAUNCHED, World

REVISIONS = [script.revision for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()][::-1]
"""From the first to the head."""

DERIVED = {"erased", "person_word"}
"""What follows from other tables, or begins when something is forgotten."""


@pytest.fixture
def migrations(app: Flask) -> Iterator[None]:
    """The app's context, in which migrations run; in the end the database is whole again for the next test."""
    with app.app_context():
        yield
        db.session.remove()
        upgrade()


def reflected() -> MetaData:
    found = MetaData()
    with db.engine.connect() as connection:
        found.reflect(connection)
    found.remove(found.tables["alembic_version"])
    return found


def described() -> dict[str, list[str]]:
    """Every table with its columns, constraints and indexes as the database tells them."""
    return {
        table.name: sorted(
            [f"{column.name} {column.type!r} {column.nullable}" for column in table.columns]
            + [f"{type(each).__name__} {each.name}" for each in table.constraints]
            + [f"{index.name} {index.unique} {[column.name for column in index.columns]}" for index in table.indexes]
        )
        for table in reflected().sorted_tables
    }


def contents() -> dict[str, list[dict[str, Any]]]:
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(dict, connection.execute(table.select()).mappings()), key=repr)
            for table in reflected().sorted_tables
        }


def narrowed(rows: list[dict[str, Any]], to: MetaData, table: str) -> list[dict[str, Any]]:
    """The rows without the columns that the table does not have yet."""
    columns = to.tables[table].columns.keys()
    return sorted(({name: row[name] for name in columns} for row in rows), key=repr)


LATER: dict[str, dict[str, str | None]] = {
    "site": {"theme": "{}", "websites": ""},
    "sighting": {"levelled_at": None},
    "event": {"suspect": None},
    "message": {"acknowledged": ""},
}
"""Columns that came to older tables, and what they hold where nothing is."""


def fill_later_columns(world: World) -> None:
    """After a call from the shop's website."""
    site = db.session.get_one(Site, world.site.id)
    site.restyle(Theme(radius=3))
    site.websites = "shop.example"
    db.session.get_one(Message, world.message.id).acknowledged = "covered.a"
    db.session.commit()
    forged = {"batch": [world.happened("Viewed", "eve")], "writeKey": site.key}
    assert world.post("/v1/b", forged, headers={"Origin": "https://evil.example"}).status_code == 200
    Fetches(db.engine, wait=0).note("", {"HTTP_ORIGIN": "https://shop.example"}, is_known=False)


def empty_columns(held: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Those of :data:`LATER` that nothing is in."""
    columns = [(table, name, nothing) for table, names in LATER.items() for name, nothing in names.items()]
    return [f"{table}.{name}" for table, name, nothing in columns if all(row[name] == nothing for row in held[table])]


def add_image(world: World) -> None:
    db.session.add(Image(site_id=world.site.id, hash="0" * 32, widths="320", height=200, size=1, created_at=LAUNCHED))
    db.session.commit()


def add_template(world: World) -> None:
    content = Shape(name="Ours").encode()
    db.session.add(Template(site_id=world.site.id, name="Ours", content=content, created_at=LAUNCHED))
    db.session.commit()


def test_the_head_is_what_the_models_are(migrations: None) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, db.metadata) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_goes_up_and_down_and_up_again(migrations: None, revision: str) -> None:
    downgrade(revision=revision)
    after = described()
    downgrade()
    before = described()
    assert before != after, "it changes something"

    upgrade(revision=revision)
    assert described() == after
    downgrade()

    assert described() == before


def test_what_older_tables_hold_survives_down_and_up(world: World, migrations: None) -> None:
    world.send(world.happened("Viewed"), world.call("identify", anonymousId="ben", userId="u1"))
    page = {**world.call("page"), "writeKey": world.site.key}
    assert world.post("/v1/page", page, headers={"Origin": "https://shop.example"}).status_code == 200
    add_image(world)
    add_template(world)
    assert len(empty_columns(contents())) == 5
    fill_later_columns(world)
    held = contents()
    assert empty_columns(held) == []
    assert all(rows for name, rows in held.items() if name not in DERIVED), "there is something in every table"

    for _ in REVISIONS[1:]:
        downgrade()
        kept, tables = contents(), reflected()
        assert kept
        assert kept == {name: narrowed(held[name], tables, name) for name in kept}
    upgrade()

    made = contents()
    assert {name: narrowed(made[name], tables, name) for name in kept} == kept
    assert len(empty_columns(made)) == 5, "what a column held went with it"


def test_what_follows_from_older_tables_is_made_of_what_they_hold(world: World, migrations: None) -> None:
    traits = {"name": "Ann Lee", "email": "ann@mail.example"}
    world.send(world.happened("Viewed"), world.call("identify", anonymousId="phone", userId="u1"))
    world.send(world.call("identify", userId="u1", traits=traits, timestamp="2026-11-25T12:00:00Z"))
    held = contents()
    assert world.totals().people_gained == 1
    assert len(held["person_word"]) == 5

    downgrade(revision="0002")
    upgrade()

    made = contents()
    assert {name: made[name] for name in ("person_word", "visitor", "seen", "counter")} == {
        name: held[name] for name in ("person_word", "visitor", "seen", "counter")
    }
    assert world.differences() == []


def test_what_was_chosen_survives_down_and_up(world: World, migrations: None) -> None:
    launch(world, WHY, USES, SCORE, WORDS)
    given = [("why", "a friend"), ("why", "an ad"), ("uses", ["work", "art"]), ("score", 0), ("words", "an ad")]
    world.send(*(answer(world, question, said, minute=minute) for minute, (question, said) in enumerate(given)))
    world.send(answer(world, "why", "an ad", "ben"), answer(world, "uses", [], "ben"))
    held, numbers = contents(), world.numbers()
    assert {row["kind"] for row in held["seen"]} == {"answer", "choice"}

    downgrade(revision="0004")
    assert {row["kind"] for row in contents()["seen"]} == {"answer"}
    upgrade()

    made = contents()
    assert {name: made[name] for name in ("event", "seen", "counter")} == {
        name: held[name] for name in ("event", "seen", "counter")
    }
    assert world.numbers() == numbers
    assert world.differences() == []
