"""Starting from the command line."""

from __future__ import annotations

import socket
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from anonmsg import create_app
from anonmsg.serve import refuse_taken, serve
from anonmsg.settings import BadSetting, Caps, Settings


def test_a_taken_port_stops_the_start_with_a_sentence(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as other:
        taken = replace(settings, port=other.getsockname()[1])
        with pytest.raises(BadSetting, match=rf"Cannot serve on 127.0.0.1:{taken.port}.*set PORT"):
            refuse_taken(taken)


def test_a_free_port_is_fine(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        free = other.getsockname()[1]
    refuse_taken(replace(settings, port=free))


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("sqlite:////nowhere/at/all.sqlite3", "unable to open database file"),
        ("sqlite://", "Run: .venv/bin/flask --app app db upgrade"),
        ("postgresql+psycopg://u:p@127.0.0.1:1/x", "The database does not answer as it should: .*127.0.0.1"),
    ],
)
def test_a_database_that_fails_stops_the_start_with_a_sentence(settings: Settings, url: str, problem: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        free = other.getsockname()[1]
    with pytest.raises(BadSetting, match=problem) as stopped:
        serve(create_app(replace(settings, port=free, database_url=url)))
    assert "\n" not in str(stopped.value)


def test_migrations_of_a_database_that_fails_stop_with_a_sentence(settings: Settings) -> None:
    app = create_app(replace(settings, database_url="sqlite:////nowhere/at/all.sqlite3"))
    result = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert "unable to open database file" in str(result.exception)
    assert isinstance(result.exception, SystemExit)


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    keys = {Settings.from_environment({"ANONMSG_INSTANCE": str(tmp_path)}).secret_key for _ in range(2)}
    assert len(keys) == 1
    assert len(keys.pop()) > 40
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_start_that_was_interrupted_leaves_no_empty_key(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    assert len(Settings.from_environment({"ANONMSG_INSTANCE": str(tmp_path)}).secret_key) > 40


POSTGRES = "postgresql://shop@db.example/shop"


@pytest.mark.parametrize(
    ("url", "processes", "problem"),
    [
        ("", "2", "ANONMSG_PROCESSES is 2, but with SQLite one process serves"),
        ("sqlite:///shop.sqlite3", "3", "Set DATABASE_URL to a PostgreSQL database"),
        (POSTGRES, "0", "must be a number from 1 to 64, not '0'"),
        (POSTGRES, "65", "must be a number from 1 to 64"),
        (POSTGRES, "many", "must be a number from 1 to 64, not 'many'"),
    ],
)
def test_several_processes_need_a_database_for_several(tmp_path: Path, url: str, processes: str, problem: str) -> None:
    environ = {"DATABASE_URL": url, "ANONMSG_PROCESSES": processes, "ANONMSG_INSTANCE": str(tmp_path)}
    with pytest.raises(BadSetting, match=problem):
        Settings.from_environment(environ)


@pytest.mark.parametrize(
    ("url", "processes", "expected"), [("", "", 1), ("", "1", 1), (POSTGRES, "", 1), (POSTGRES, "3", 3)]
)
def test_one_process_serves_where_nothing_is_said(tmp_path: Path, url: str, processes: str, expected: int) -> None:
    environ = {"DATABASE_URL": url, "ANONMSG_PROCESSES": processes, "ANONMSG_INSTANCE": str(tmp_path)}
    assert Settings.from_environment(environ).processes == expected


BAD = {
    "an address with half a bracket": ({"ANONMSG_URL": "http://["}, "ANONMSG_URL must look like"),
    "an address without a host": ({"ANONMSG_URL": "http://:80"}, "ANONMSG_URL must look like"),
    "an address with a port that is none": ({"ANONMSG_URL": "https://shop.example:x"}, "ANONMSG_URL must look like"),
    "an address of another kind": ({"ANONMSG_URL": "ftp://shop.example"}, "ANONMSG_URL must look like"),
    "a database with half a bracket": ({"DATABASE_URL": "postgresql://[:x/"}, "DATABASE_URL must look like"),
    "a database of another kind": ({"DATABASE_URL": "mysql://shop"}, "DATABASE_URL must start with"),
    "a port that is none": ({"PORT": "http"}, "PORT must be a number"),
    "a port out of range": ({"PORT": "65536"}, "PORT must be a number"),
    "a file for a directory": ({"ANONMSG_INSTANCE": __file__}, "ANONMSG_INSTANCE must be a directory"),
    "a cap that is none": ({"ANONMSG_ADDRESS_EVENTS": "many"}, "ANONMSG_ADDRESS_EVENTS must be a number from 0 to"),
    "a cap below nothing": ({"ANONMSG_VISITOR_EVENTS": "-1"}, "ANONMSG_VISITOR_EVENTS must be a number from 0"),
    "a cap beyond all": (
        {"ANONMSG_SITE_EVENTS": "10000001"},
        "ANONMSG_SITE_EVENTS must be .* 10000000, not '10000001'",
    ),
    "proxies that are none": (
        {"ANONMSG_PROXIES": "nginx"},
        "ANONMSG_PROXIES must be a number from 0 to 9, not 'nginx'",
    ),
    "more proxies than there are": ({"ANONMSG_PROXIES": "10"}, "ANONMSG_PROXIES must be a number from 0 to 9"),
    "no key beyond loopback": ({"ANONMSG_HOST": "0.0.0.0"}, "Set SECRET_KEY to a random text of at least 32"),
    "a short key beyond loopback": ({"ANONMSG_HOST": "0.0.0.0", "SECRET_KEY": "x" * 31}, "at least 32 characters"),
}


@pytest.mark.parametrize(("environ", "problem"), BAD.values(), ids=BAD)
def test_a_setting_that_cannot_be_used_stops_the_start_with_a_sentence(
    tmp_path: Path, environ: dict[str, str], problem: str
) -> None:
    with pytest.raises(BadSetting, match=problem):
        Settings.from_environment({"ANONMSG_INSTANCE": str(tmp_path), **environ})


@pytest.mark.parametrize(
    ("environ", "caps", "proxies"),
    [
        ({}, Caps(address=3_000, visitor=120, site=100_000), None),
        ({"ANONMSG_ADDRESS_EVENTS": "", "ANONMSG_PROXIES": ""}, Caps(), None),
        ({"ANONMSG_ADDRESS_EVENTS": "0", "ANONMSG_PROXIES": "0"}, Caps(address=0), 0),
        (
            {"ANONMSG_VISITOR_EVENTS": "7", "ANONMSG_SITE_EVENTS": "9", "ANONMSG_PROXIES": "2"},
            Caps(visitor=7, site=9),
            2,
        ),
    ],
)
def test_what_is_believed_is_set(tmp_path: Path, environ: dict[str, str], caps: Caps, proxies: int | None) -> None:
    settings = Settings.from_environment({"ANONMSG_INSTANCE": str(tmp_path), **environ})
    assert (settings.caps, settings.proxies) == (caps, proxies)


@pytest.mark.parametrize("environ", [{"SECRET_KEY": "short"}, {"ANONMSG_HOST": "0.0.0.0", "SECRET_KEY": "x" * 32}])
def test_a_key_is_long_enough_for_where_it_is_used(tmp_path: Path, environ: dict[str, str]) -> None:
    settings = Settings.from_environment({"ANONMSG_INSTANCE": str(tmp_path), **environ})
    assert settings.secret_key == environ["SECRET_KEY"]
