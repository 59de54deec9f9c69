"""Messages as files, and their verbs, on the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import Result
from flask import Flask

from anonmsg.db import db
from anonmsg.message import Shape, State, json_schema
from anonmsg.models import Message, Site, Version
from anonmsg.models.message import by_id
from tests.conftest import CLUB, add_user

pytestmark = pytest.mark.engines("sqlite", "postgres")

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """``run("pause", ID)`` is the command; what it should print to whom is in the result."""

    def run(*args: str | Path, given: bytes | None = None) -> Result:
        with app.app_context():
            return app.test_cli_runner().invoke(args=["messages", *map(str, args)], input=given)

    return run


@pytest.fixture
def file(tmp_path: Path) -> Callable[[Any, str], Path]:
    def write(content: Any, name: str = "club.json") -> Path:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return write


File = Callable[..., Path]

SMALL = {"name": "Small", "steps": [{"blocks": [{"type": "heading", "text": "Hi"}]}]}


def stored(app: Flask) -> list[tuple[str, str, Shape]]:
    with app.app_context():
        found = db.session.query(Message).order_by(Message.created_at, Message.id).all()
        return [(message.id, message.state, message.shape) for message in found]


def test_imports_a_message_as_a_draft_and_prints_its_id(app: Flask, run: Run, site: Site, file: File) -> None:
    result = run("import", "--site", site.key, file(SMALL))
    assert result.exit_code == 0
    ((id, state, shape),) = stored(app)
    assert result.output == f"{id}\n"
    assert (state, shape.name) == (State.DRAFT, "Small")
    assert shape.steps[0].id


def test_imports_lists_and_several_files_in_their_order(app: Flask, run: Run, site: Site, file: File) -> None:
    names = ["One", "Two", "Three"]
    listed = file([SMALL | {"name": name} for name in names[:2]], "list.json")
    result = run("import", "--site", site.key, listed, file(SMALL | {"name": "Three"}, "three.json"))
    assert result.exit_code == 0
    by_name = {shape.name: id for id, _, shape in stored(app)}
    assert result.output.split() == [by_name[name] for name in names]


def test_reads_standard_input(app: Flask, run: Run, site: Site) -> None:
    assert run("import", "--site", site.key, "-", given=json.dumps(SMALL).encode()).exit_code == 0
    assert len(stored(app)) == 1


def test_a_file_from_windows_may_begin_with_a_mark(app: Flask, run: Run, site: Site) -> None:
    given = b"\xef\xbb\xbf" + json.dumps(SMALL).encode()
    assert run("import", "--site", site.key, "-", given=given).exit_code == 0
    assert len(stored(app)) == 1


def test_an_empty_list_imports_nothing(app: Flask, run: Run, site: Site, file: File) -> None:
    result = run("import", "--site", site.key, file([]))
    assert (result.exit_code, result.output) == (0, "")


def test_launches_what_it_imports(app: Flask, run: Run, site: Site, file: File) -> None:
    assert run("import", "--site", site.key, "--launch", file([SMALL, SMALL])).exit_code == 0
    assert [state for _, state, _ in stored(app)] == [State.LAUNCHED] * 2


def test_an_id_that_is_there_gets_the_new_draft(app: Flask, run: Run, site: Site, message: Message, file: File) -> None:
    assert run("launch", message.id).exit_code == 0
    result = run("import", "--site", site.key, file(SMALL | {"id": message.id}))
    assert result.output == f"{message.id}\n"
    ((id, state, shape),) = stored(app)
    assert (id, state, shape.name) == (message.id, State.LAUNCHED, "Small")
    with app.app_context():
        live = by_id(id).live  # type: ignore[union-attr]
        assert live is not None
        assert live.shape.name == "Club"
    assert run("import", "--site", site.key, "--launch", file(SMALL | {"id": message.id})).exit_code == 0
    with app.app_context():
        assert by_id(id).live.shape.name == "Small"  # type: ignore[union-attr]


def test_an_unknown_id_is_kept(app: Flask, run: Run, site: Site, file: File) -> None:
    assert run("import", "--site", site.key, file(SMALL | {"id": "from-another-server"})).exit_code == 0
    assert [id for id, _, _ in stored(app)] == ["from-another-server"]


WRONG: dict[str, tuple[Any, str, str]] = {
    "not JSON": ("{", "$", "This is not JSON"),
    "empty": ("", "$", "This is not JSON"),
    "nested too deep": ("[" * 5_000, "$[0]", "This must be an object { }, not a list [ ]."),
    "a number": (7, "$", "This must be an object { } or a list [ ], not a whole number."),
    "an unknown key": (SMALL | {"html": "x"}, "$", "There is no field “html” here."),
    "a wrong type": (SMALL | {"priority": "high"}, "$.priority", "This must be a whole number, not a text."),
    "a wrong type in a list": (
        [SMALL, SMALL | {"display": {"width": 1}}],
        "$[1].display.width",
        "This must be a whole number, at least 240.",
    ),
    "an unknown block": (
        SMALL | {"steps": [{"blocks": [{"type": "html"}]}]},
        "$.steps[0].blocks[0].type",
        "“html” is none of the words that can stand here.",
    ),
    "no name": ({}, "$.name", "Give the message a name"),
    "a link that runs": (
        {
            "name": "x",
            "steps": [
                {"blocks": [{"type": "button", "label": "x", "action": {"type": "open_url", "url": "javascript:1"}}]}
            ],
        },
        "$.steps[0].blocks[0].action.url",
        "must start with",
    ),
    "a regex that backtracks": (
        [SMALL | {"page_rules": [{"value": "/"}, {"match": "regex", "value": "(a+)+$"}]}],
        "$[0].page_rules[1].value",
        "too long",
    ),
    "an end before the start": (
        SMALL | {"schedule": {"starts_at": "2030-01-02T00:00:00Z", "ends_at": "2030-01-01T00:00:00Z"}},
        "$.schedule.ends_at",
        "The end must come after the start",
    ),
    "a time without a zone": (
        SMALL | {"schedule": {"starts_at": "2030-01-02T00:00:00"}},
        "$.schedule",
        "“starts_at” needs its zone",
    ),
    "a zone with a time by visitors' own clocks": (
        SMALL | {"schedule": {"ends_at": "2030-01-02T00:00:00Z", "zone": "visitor"}},
        "$.schedule",
        "it must have no zone: leave out the Z",
    ),
    "an end before the start by visitors' own clocks": (
        SMALL | {"schedule": {"starts_at": "2030-01-02T00:00:00", "ends_at": "2030-01-01T23:59:59", "zone": "visitor"}},
        "$.schedule.ends_at",
        "The end must come after the start",
    ),
    "a start before all calendars": (
        SMALL | {"schedule": {"starts_at": "0001-01-01T00:00:00+14:00"}},
        "$.schedule.starts_at",
        "Choose a year from 2000 to 9998",
    ),
    "an end after all calendars": (
        SMALL | {"schedule": {"ends_at": "9999-12-31T23:59:59-12:00"}},
        "$.schedule.ends_at",
        "Choose a year from 2000 to 9998",
    ),
    "a block's id with a line end": (
        SMALL | {"steps": [{"id": "s1\n", "blocks": [{"type": "heading", "text": "Hi"}]}]},
        "$.steps[0].id",
        "An id has letters, digits",
    ),
    "an id with NUL": (SMALL | {"id": "a\0"}, "$.id", "An id has 1 to 36 letters"),
    "an odd id": (SMALL | {"id": "a b"}, "$.id", "An id has 1 to 36 letters"),
    "an empty id": (SMALL | {"id": ""}, "$.id", "An id has 1 to 36 letters"),
    "an endless id": (SMALL | {"id": "x" * 37}, "$.id", "An id has 1 to 36 letters"),
    "an id that is a number": (SMALL | {"id": 7}, "$.id", "This must be a text, not a whole number."),
    "a property that is too long": (
        {
            "name": "x",
            "steps": [{"blocks": [{"type": "button", "action": {"type": "track", "properties": {"a": "x" * 401}}}]}],
        },
        "$.steps[0].blocks[0].action.properties[...]",
        "at most 400 characters",
    ),
    "an id twice": ([SMALL | {"id": "a"}, SMALL | {"id": "a"}], "$[1].id", "more than one message"),
}


@pytest.mark.parametrize(("content", "place", "words"), WRONG.values(), ids=WRONG)
def test_says_where_and_what_and_imports_nothing(
    app: Flask, run: Run, site: Site, file: File, content: Any, place: str, words: str
) -> None:
    good, bad = file(SMALL, "good.json"), file(content, "bad.json")
    result = run("import", "--site", site.key, "--launch", good, bad)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert f"{bad}: {place}: " in result.stderr
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert stored(app) == []


def test_names_everything_that_is_wrong_at_once(run: Run, site: Site, file: File) -> None:
    result = run("import", "--site", site.key, file([{}, SMALL | {"page_rules": [{}]}]))
    assert "$[0].name: " in result.stderr
    assert "$[1].page_rules[0].value: " in result.stderr


def test_a_message_that_cannot_be_launched_keeps_all_from_being_imported(
    app: Flask, run: Run, site: Site, message: Message, file: File
) -> None:
    before = stored(app)
    given = file([SMALL, SMALL | {"id": message.id}, {"name": "Empty"}])
    result = run("import", "--site", site.key, "--launch", given)
    assert result.exit_code == 1
    assert f"{given}: $[2].steps: Add something to show" in result.stderr
    assert stored(app) == before
    assert run("import", "--site", site.key, given).exit_code == 0, "as drafts they may be imported"


def test_the_id_of_another_sites_message_is_refused(app: Flask, run: Run, message: Message, file: File) -> None:
    with app.app_context():
        other = Site.create("Bob's", add_user("bob@shop.example"))
        db.session.commit()
        key = other.key
    before = stored(app)
    result = run("import", "--site", key, file([SMALL, SMALL | {"id": message.id}]))
    assert result.exit_code == 1
    assert "$[1].id: There is a message" in result.stderr
    assert "another site" in result.stderr
    assert stored(app) == before
    result = run("export", "--site", key, message.id)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Not of this site" in result.stderr


def test_an_archived_message_is_not_edited(app: Flask, run: Run, site: Site, message: Message, file: File) -> None:
    assert run("archive", message.id).exit_code == 0
    result = run("import", "--site", site.key, file(SMALL | {"id": message.id}))
    assert result.exit_code == 1
    assert "$.id: The message" in result.stderr
    assert "is archived" in result.stderr


@pytest.mark.parametrize("command", [("import", "--site", "nobody", "-"), ("export", "--site", "nobody")])
def test_an_unknown_site_is_said_to_be_unknown(run: Run, command: tuple[str, ...]) -> None:
    result = run(*command)
    assert result.exit_code != 0
    assert "There is no site with the key nobody." in result.stderr


DOUBTFUL = {
    "name": "Doubtful",
    "steps": [{"blocks": [{"type": "image", "src": "/mug.png"}, {"type": "heading", "text": "Hi"}]}],
}


def test_a_launch_says_what_the_review_would_warn_of(app: Flask, run: Run, site: Site, file: File) -> None:
    result = run("import", "--site", site.key, "--launch", file([SMALL, DOUBTFUL]))
    assert result.exit_code == 0
    [warning] = result.stderr.splitlines()
    assert re.fullmatch(r"Warning: .*club\.json: \$\[1]\.steps\[0]\.blocks\[0]\.alt: Describe the image .*", warning)
    assert result.stdout.splitlines() == [id for id, _, _ in stored(app)]
    assert {state for _, state, _ in stored(app)} == {State.LAUNCHED}


def test_a_draft_that_is_launched_is_warned_of_and_one_that_is_imported_is_not(
    app: Flask, run: Run, site: Site, file: File
) -> None:
    result = run("import", "--site", site.key, file(DOUBTFUL))
    assert result.stderr == ""
    result = run("launch", result.stdout.strip())
    assert (result.exit_code, result.stdout) == (0, "“Doubtful” is live.\n")
    assert result.stderr == "Warning: Describe the image for those who cannot see it.\n"


@pytest.mark.parametrize("verb", ["launch", "pause", "resume", "stop", "archive"])
def test_an_unknown_message_is_said_to_be_unknown(run: Run, verb: str) -> None:
    result = run(verb, "nothing")
    assert result.exit_code != 0
    assert "There is no message with the id nothing." in result.stderr


def test_a_missing_file_is_said_to_be_missing(run: Run, site: Site) -> None:
    result = run("import", "--site", site.key, "missing.json")
    assert result.exit_code != 0
    assert "missing.json" in result.stderr


def test_export_is_what_import_reads(app: Flask, run: Run, site: Site, file: File) -> None:
    full = json.loads(msgspec.json.encode(CLUB)) | {"schedule": {"ends_at": "2031-01-31T23:00:00Z"}}
    run("import", "--site", site.key, "--launch", file([SMALL, full]))
    before = stored(app)
    exported = run("export", "--site", site.key)
    assert [entry["id"] for entry in json.loads(exported.output)] == [id for id, _, _ in before]
    with app.app_context():
        db.session.query(Message).delete()
        db.session.query(Version).delete()
        db.session.commit()
    assert stored(app) == []
    assert run("import", "--site", site.key, "-", given=exported.stdout_bytes).exit_code == 0
    assert [(id, shape) for id, _, shape in stored(app)] == [(id, shape) for id, _, shape in before]
    assert run("export", "--site", site.key).output == exported.output


def test_exports_the_draft_of_those_that_are_named(run: Run, site: Site, message: Message, file: File) -> None:
    (other,) = run("import", "--site", site.key, file(SMALL)).output.split()
    run("archive", message.id)
    for ids, names in [([], ["Small"]), ([message.id], ["Club"]), ([other, message.id], ["Small", "Club"])]:
        exported = json.loads(run("export", "--site", site.key, *ids).output)
        assert [entry["name"] for entry in exported] == names


def test_the_verbs_one_after_the_other(app: Flask, run: Run, message: Message) -> None:
    for verb, words in [
        ("launch", "“Club” is live."),
        ("pause", "“Club” is paused."),
        ("resume", "“Club” is live."),
        ("stop", "“Club” is ended."),
        ("archive", "“Club” is archived."),
    ]:
        result = run(verb, message.id)
        assert (result.exit_code, result.output) == (0, f"{words}\n")


@pytest.mark.parametrize(
    ("before", "verb", "words"),
    [
        ([], "pause", "Draft messages cannot be paused."),
        ([], "resume", "Draft messages cannot be resumed."),
        (["launch"], "resume", "Launched messages cannot be resumed."),
        (["launch", "stop"], "resume", "Stopped messages cannot be resumed."),
        (["archive"], "launch", "Archived messages cannot be launched."),
    ],
)
def test_a_verb_that_does_not_fit_is_refused(
    app: Flask, run: Run, message: Message, before: list[str], verb: str, words: str
) -> None:
    for earlier in before:
        assert run(earlier, message.id).exit_code == 0
    kept = stored(app)
    result = run(verb, message.id)
    assert (result.exit_code, result.stdout) == (1, "")
    assert words in result.stderr
    assert stored(app) == kept


def test_an_unfinished_draft_is_not_launched(run: Run, site: Site, file: File) -> None:
    (id,) = run("import", "--site", site.key, file({"name": "Empty"})).output.split()
    result = run("launch", id)
    assert result.exit_code == 1
    assert "Add something to show" in result.stderr


def test_prints_the_schema(run: Run) -> None:
    assert json.loads(run("schema").output) == json.loads(msgspec.json.encode(json_schema()))
