"""Who fetches scripts is noted beside the requests: bounded, seldom, and never in their way."""

from __future__ import annotations

import itertools
import threading
import time
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from anonmsg.db import db, reading
from anonmsg.delivery import fetches
from anonmsg.delivery.fetches import MOST, MOST_SEARCHED, Fetches
from anonmsg.delivery.shelf import Shelf
from anonmsg.intake import sightings
from anonmsg.intake.sightings import EVERY_SECONDS
from anonmsg.models import Sighting, Site
from anonmsg.setup import Setup


@pytest.fixture
def noted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> tuple[Fetches, list[list[str]], list[float]]:
    """With no wait, what each writing held, and a clock to be moved on."""
    written: list[list[str]] = []
    clock = [1000.0]
    monkeypatch.setattr(fetches, "time", SimpleNamespace(monotonic=lambda: clock[0], time_ns=time.time_ns))
    monkeypatch.setattr(sightings, "site_of", lambda _engine, key: key)
    monkeypatch.setattr(sightings, "sites_meant", lambda _engine, _key, _host: ["meant"])
    monkeypatch.setattr(sightings, "write", lambda _engine, seen: written.append([one.host for one in seen]))
    with app.app_context():
        return Fetches(db.engine, wait=0), written, clock


def note(fetches: Fetches, host: str, key: str = "key", *, is_known: bool = True) -> None:
    fetches.note(key, {"HTTP_REFERER": f"https://{host}/page"}, is_known=is_known)


def timers_of(it: Fetches) -> list[threading.Thread]:
    """Those that wait to write, at least one. Those that count failed sign-ins have timers too."""
    works = [(each, getattr(each, "function", None)) for each in threading.enumerate()]
    timers = [each for each, work in works if getattr(work, "__self__", None) is it]
    assert timers
    return timers


def test_a_website_is_written_once_in_a_while(noted: Any) -> None:
    it, written, clock = noted
    for moved, host in [(0, "a"), (0, "a"), (EVERY_SECONDS - 1, "a"), (0, "b"), (1, "a"), (0, "b")]:
        clock[0] += moved
        note(it, host)
    assert written == [["a"], ["b"], ["a"], ["b"]]


@pytest.mark.parametrize(("is_known", "most"), [(True, MOST), (False, MOST_SEARCHED)])
def test_invented_ones_are_bounded_until_the_next_while(noted: Any, is_known: bool, most: int) -> None:
    it, written, clock = noted
    for number in range(most + 50):
        note(it, f"h{number}", is_known=is_known)
    assert len(written) == most
    clock[0] += EVERY_SECONDS
    note(it, "late", is_known=is_known)
    assert written[-1] == ["late"]


@pytest.mark.parametrize(("found", "noted"), [({}, []), (None, [False])])
def test_a_key_that_cannot_be_looked_up_is_not_taken_for_known(
    app: Flask, monkeypatch: pytest.MonkeyPatch, found: Any, noted: list[bool]
) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(Shelf, "responses", lambda _shelf, _key: found)
    monkeypatch.setattr(Fetches, "note", lambda _self, _key, _environ, *, is_known: seen.append(is_known))
    app.test_client().get(f"/v1/sites/{'0' * 20}/site.js", headers={"Referer": "https://shop.example/"})
    assert seen == noted


def test_the_right_key_after_a_wrong_one_is_news(noted: Any) -> None:
    it, written, _clock = noted
    for is_known in (True, False, True, True):
        note(it, "a", is_known=is_known)
    assert written == [["a"]] * 3


@pytest.mark.parametrize(("keys", "is_lost"), [(["right", "wrong"], True), (["wrong", "right"], False)])
def test_of_a_right_key_and_a_wrong_one_within_one_writing_the_last_counts(
    app: Flask, site: Site, monkeypatch: pytest.MonkeyPatch, keys: list[str], is_lost: bool
) -> None:
    moments = itertools.count(time.time_ns(), 1_000_000)
    clock = SimpleNamespace(monotonic=time.monotonic, time_ns=lambda: next(moments))
    monkeypatch.setattr(fetches, "time", clock)
    with app.app_context():
        it = Fetches(db.engine, wait=0.2)
    for key in keys:
        note(it, "a.example", site.key if key == "right" else site.key[:-1], is_known=key == "right")
    for timer in timers_of(it):
        timer.join()

    with app.app_context(), reading():
        found = Setup.of(site, [], datetime.now(UTC))
    (website,) = found.websites
    assert website.fetched_at
    assert website.wrong_key_at
    assert found.is_lost is is_lost


def test_an_unknown_key_is_logged_once(noted: Any, caplog: pytest.LogCaptureFixture) -> None:
    it, _written, clock = noted
    for _ in range(3):
        note(it, "a", "nobody", is_known=False)
        clock[0] += EVERY_SECONDS
    assert caplog.text.count("A page of a asks with the site key nobody, which no site has") == 1


@pytest.mark.parametrize(
    "environ", [{}, {"HTTP_REFERER": ""}, {"HTTP_ORIGIN": "null"}, {"HTTP_REFERER": "about:blank"}]
)
def test_who_does_not_say_from_where_is_not_noted(noted: Any, environ: dict[str, str]) -> None:
    it, written, _clock = noted
    it.note("key", environ, is_known=True)
    assert written == []


def test_no_request_fails_when_it_cannot_be_written(
    noted: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(sightings, "write", fail)
    note(noted[0], "a")
    assert "disk full" in caplog.text


def test_with_a_wait_several_are_written_together_beside_the_requests(app: Flask, site: Site) -> None:
    with app.app_context():
        it = Fetches(db.engine, wait=0.3)
    for host in ("a.example", "b.example", "a.example"):
        note(it, host, site.key)
    timers = timers_of(it)
    assert all(timer.daemon for timer in timers)
    for timer in timers:
        timer.join()
    with app.app_context(), reading():
        assert sorted(one.host for one in Sighting.of_site(site)) == ["a.example", "b.example"]


@pytest.mark.usefixtures("noted")
def test_without_a_thread_to_write_in_the_next_one_is_written_all_the_same(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def exhausted(_self: object) -> None:
        raise RuntimeError("can't start new thread")

    started: list[list[str]] = []
    with app.app_context():
        it = Fetches(db.engine, wait=60)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Timer, "start", exhausted)
        note(it, "a")
    assert "can't start new thread" in caplog.text
    monkeypatch.setattr(threading.Timer, "start", lambda _timer: started.append([host for _, host, _ in it._fresh]))
    for host in ("b", "c"):
        note(it, host)
    assert started == [["b"]]
