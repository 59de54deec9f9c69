"""Invented events: which are suspect, that those count nowhere, and that nobody else loses anything by them."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from anonmsg import metrics
from anonmsg.db import db, reading
from anonmsg.intake import recount, suspicion
from anonmsg.intake.driver import Cursor
from anonmsg.intake.senders import Sender, Senders, address_of
from anonmsg.intake.suspicion import MINUTE, Buckets
from anonmsg.intake.websites import NoWebsite, Website, allows
from anonmsg.metrics import Totals
from anonmsg.models import Event, Message, Site
from anonmsg.models.event import Suspicion
from anonmsg.settings import Caps, Settings
from tests.support.client import Client
from tests.unit.intake.test_answers import WHY, WORDS, answer, launch
from tests.unit.intake.world import World

CAPS = Caps(address=50, visitor=10, site=70)
FLOOD = {"X-Forwarded-For": "203.0.113.9"}
HONEST = {"X-Forwarded-For": "198.51.100.7"}
once = pytest.mark.engines("sqlite")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, caps=CAPS, proxies=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nanoseconds that go on only when a test says so."""
    now = [0]
    monkeypatch.setattr(suspicion, "time", SimpleNamespace(monotonic_ns=lambda: now[0]))
    return now


def send(world: World, calls: list[dict[str, Any]], headers: dict[str, str]) -> None:
    """Taken in whole, whoever sends them."""
    for start in range(0, len(calls), 1_000):
        body = {"batch": calls[start : start + 1_000], "writeKey": world.site.key}
        answer = world.post("/v1/b", body, headers=headers)
        assert (answer.status_code, answer.json) == (200, {"success": True, "rejected": []})


def websites(world: World, *names: str) -> None:
    with world.app.app_context():
        db.session.get_one(Site, world.site.id).websites = " ".join(names)
        db.session.commit()


def marks(world: World) -> dict[str | None, int]:
    found = [event.suspect for event in world.events()]
    return {mark: found.count(mark) for mark in found}


def proved(world: World) -> metrics.MessageMetrics:
    """The numbers, once they are what the events say, before and after they are made anew from them, and the ledger
    closes."""
    numbers = world.numbers()
    assert world.differences() == []
    with world.app.app_context(), db.engine.begin() as connection:
        recount.rebuild(Cursor(connection))
    assert (world.differences(), world.numbers()) == ([], numbers)
    assert (world.balance().difference, world.balance().missing, world.balance().kept) == (0, 0, len(world.events()))
    return numbers


def test_of_ten_thousand_invented_events_no_more_count_than_a_crowd_could_make(world: World) -> None:
    forged = [world.happened("Viewed", f"invented{number}") for number in range(10_000)]
    honest = [world.happened(what, "ann", button_id="b1") for what in ("Viewed", "Clicked", "Dismissed")]
    send(world, forged[:5_000], FLOOD)
    send(world, honest[:1], HONEST)
    send(world, forged[5_000:], FLOOD)
    send(world, honest[1:], HONEST)

    assert len(world.events()) == 10_003
    assert marks(world) == {None: 50 + 3, "address": 10_000 - 50}
    found = proved(world)
    assert (found.totals, found.suspects) == (
        Totals(views=51, unique_viewers=51, clicks=1, unique_clickers=1, dismissals=1),
        {Suspicion.ADDRESS: 9_950},
    )
    assert [each.suspect for each in world.events() if each.anonymous_id == "ann"] == [None] * 3


def test_what_is_more_counts_again_as_time_goes_by(world: World, clock: list[int]) -> None:
    def views(number: int) -> int:
        send(world, [world.happened("Viewed", f"v{at}") for at in range(number)], FLOOD)
        return world.totals().views

    assert views(60) == 50
    clock[0] += MINUTE // 5
    assert views(60) == 60
    clock[0] += 5 * MINUTE
    assert views(60) == 110, "never more than a minute's at once"


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ([("v", 11, FLOOD)], {None: 10, "visitor": 1}),
        ([("v", 10, FLOOD), ("w", 10, FLOOD), ("v", 5, HONEST)], {None: 20, "visitor": 5}),
        ([(f"v{at}", 1, FLOOD) for at in range(51)], {None: 50, "address": 1}),
        ([("v", 100, FLOOD), *((f"v{at}", 1, FLOOD) for at in range(40))], {None: 50, "visitor": 90}),
        ([(f"v{at}", 1, {"X-Forwarded-For": f"203.0.113.{at}"}) for at in range(75)], {None: 70, "site": 5}),
        ([(f"v{at}", 1, FLOOD if at < 60 else HONEST) for at in range(80)], {None: 70, "address": 10}),
        # Where the address is not known, the other two hold.
        ([(f"v{at}", 1, {}) for at in range(70)], {None: 70}),
    ],
)
def test_each_cap_holds_by_itself_and_what_one_holds_back_takes_nothing_from_the_others(
    world: World, calls: list[tuple[str, int, dict[str, str]]], expected: dict[str | None, int]
) -> None:
    for who, number, headers in calls:
        options = {} if headers else {"environ_base": {"REMOTE_ADDR": ""}}
        batch = [world.happened("Viewed", who) for _ in range(number)]
        world.post("/v1/b", {"batch": batch, "writeKey": world.site.key}, headers=headers, **options)

    assert marks(world) == expected
    assert proved(world).totals.views == expected[None]


def test_other_calls_are_not_counted_among_them_and_always_believed(world: World) -> None:
    identify = [world.call("identify", userId=f"u{number}") for number in range(100)]
    other = [world.call("page"), world.call("track", event="Bought"), world.happened("Viewed", message_id="nope")]
    send(world, [*identify, *other * 100], FLOOD)
    send(world, [world.happened("Viewed")], FLOOD)

    assert marks(world) == {None: 100 + 3 + 1}
    assert proved(world).totals.views == 1


def test_a_copy_keeps_what_was_decided_first_and_takes_nothing(world: World, clock: list[int]) -> None:
    calls = [world.happened("Viewed", "ann") for _ in range(12)]
    send(world, calls, FLOOD)
    assert (first := marks(world)) == {None: 10, "visitor": 2}
    kept = [(event.key, event.suspect) for event in world.events()]
    clock[0] += MINUTE
    send(world, calls * 3, FLOOD)

    assert marks(world) == first
    assert [(event.key, event.suspect) for event in world.events()] == kept
    send(world, [world.happened("Viewed", "ann") for _ in range(10)], FLOOD)
    assert proved(world).totals.views == 20, "the copies took nothing of the next minute's"


def test_what_could_not_be_stored_took_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = [world.happened("Viewed", "ann") for _ in range(10)]
    with monkeypatch.context() as broken:
        broken.setattr("anonmsg.intake.receipts.enter", lambda *_: 1 / 0)
        for _ in range(3):
            assert world.post("/v1/b", {"batch": calls, "writeKey": world.site.key}).status_code == 500
    assert world.events() == []

    send(world, calls, FLOOD)

    assert marks(world) == {None: 10}


ORIGINS = [
    # websites, what the browser says, whether it counts
    ("", "https://evil.example", True),
    ("", "null", True),
    ("shop.example", "", True),
    ("shop.example", "https://shop.example", True),
    ("shop.example", "http://shop.example", True),
    ("shop.example", "https://shop.example:8443", True),
    ("shop.example", "https://www.shop.example", False),
    ("shop.example", "https://shop.example.evil.example", False),
    ("shop.example", "https://evilshop.example", False),
    ("shop.example", "https://evil.example", False),
    ("shop.example", "null", False),
    ("shop.example", "https://evil.example/shop.example", False),
    ("shop.example", "https://shop.example@evil.example", False),
    ("shop.example", "https://[", False),
    ("shop.example", "https://shop.example:99999", False),
    ("*.shop.example", "https://www.shop.example", True),
    ("*.shop.example", "https://a.b.shop.example", True),
    ("*.shop.example", "https://shop.example", True),
    ("*.shop.example", "https://evilshop.example", False),
    ("shop.example:8443", "https://shop.example:8443", True),
    ("shop.example:8443", "https://shop.example", False),
    ("shop.example:443", "https://shop.example", True),
    ("shop.example:443", "http://shop.example", False),
    ("localhost:3000", "http://localhost:3000", True),
    ("localhost:3000", "http://localhost:3001", False),
    ("[::1]:3000", "http://[::1]:3000", True),
    ("xn--bcher-kva.example", "https://xn--bcher-kva.example", True),
    ("a.example b.example", "https://b.example", True),
    ("a.example b.example", "https://c.example", False),
]


@once
@pytest.mark.parametrize(("websites", "origin", "counts"), ORIGINS)
def test_which_origins_a_site_allows(websites: str, origin: str, counts: bool) -> None:
    assert allows(websites, origin) is counts


WRITTEN = [
    ("shop.example", "shop.example"),
    ("  Shop.Example. ", "shop.example"),
    ("https://shop.example/pricing?a=b#c", "shop.example"),
    ("http://shop.example:8080/", "shop.example:8080"),
    ("*.shop.example", "*.shop.example"),
    ("https://*.shop.example", "*.shop.example"),
    ("bücher.example", "xn--bcher-kva.example"),
    ("*.Bücher.example:8443", "*.xn--bcher-kva.example:8443"),
    ("straße.example", "xn--strae-oqa.example"),
    ("localhost:5000", "localhost:5000"),
    ("192.0.2.1", "192.0.2.1"),
    ("[0:0::1]:5000", "[::1]:5000"),
    ("my_shop.example", "my_shop.example"),
]


@once
@pytest.mark.parametrize(("written", "kept"), WRITTEN)
def test_a_website_is_kept_as_browsers_name_it(written: str, kept: str) -> None:
    website = Website.read(written)
    assert str(website) == kept
    assert Website.read(kept) == Website.read(website.label) == website


@once
@pytest.mark.parametrize(
    "written",
    [
        *("", "*", "*.", "https://", "ftp://shop.example", "user@shop.example", "https://user:pw@shop.example/"),
        *("shop.*", "a.*.example", "**.shop.example", "shop.example:0", "shop.example:99999", "shop.example:x"),
        *("shop..example", "-shop.example", "shop example", "<script>", "[::1", "[:::]", "shop.example:80:80"),
        *("x" * 254, "\u2024.example", "a://https://shop.example"),
    ],
)
def test_what_names_no_website_is_refused_with_a_sentence(written: str) -> None:
    with pytest.raises(NoWebsite, match=r"^“.*[.]$"):
        Website.read(written)


@pytest.mark.parametrize(
    ("headers", "is_believed"),
    [
        ({"Origin": "https://shop.example"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({}, True),
        ({"Referer": "https://evil.example/"}, True),
        ({"Origin": "http://localhost"}, True),
        ({"Origin": "http://localhost", "Host": "messages.example"}, False),
    ],
)
def test_what_comes_from_another_website_counts_nowhere(
    world: World, headers: dict[str, str], is_believed: bool
) -> None:
    websites(world, "shop.example")
    deeds = [world.happened(what, button_id="b1") for what in ("Viewed", "Clicked", "Dismissed")]
    send(world, [*deeds, world.call("identify", userId="u1", timestamp="2026-11-24T13:00:00Z")], headers)

    assert marks(world) == {None: 4} if is_believed else {"website": 3, None: 1}
    found = proved(world)
    counted = Totals(views=1, unique_viewers=1, clicks=1, unique_clickers=1, dismissals=1, people_gained=1)
    assert found.totals == (counted if is_believed else Totals())
    assert found.suspects == ({} if is_believed else {Suspicion.WEBSITE: 3})
    assert [person["user_id"] for person in world.people()] == ["u1"], "what is no message event is as ever"


def test_a_change_of_the_websites_holds_at_once_and_for_what_comes_then(world: World) -> None:
    evil = {"Origin": "https://evil.example"}
    send(world, [world.happened("Viewed")], evil)
    websites(world, "shop.example")
    send(world, [world.happened("Viewed")], evil)
    websites(world)
    send(world, [world.happened("Viewed")], evil)

    assert [event.suspect for event in world.events()] == [None, "website", None]
    assert proved(world).totals.views == 2


@once
@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "expected"),
    [
        ("8.8.8.8", None, None, "8.8.8.8"),
        ("8.8.8.8", "9.9.9.9", None, "8.8.8.8"),
        ("::ffff:8.8.8.8", None, None, "8.8.8.8"),
        ("127.0.0.1", "9.9.9.9", None, None),
        ("10.0.0.7", None, None, None),
        ("10.0.0.7", "9.9.9.9", 0, "10.0.0.7"),
        ("127.0.0.1", "1.1.1.1, 9.9.9.9", 1, "9.9.9.9"),
        ("127.0.0.1", "1.1.1.1, 9.9.9.9", 2, "1.1.1.1"),
        ("127.0.0.1", "1.1.1.1,9.9.9.9", 3, "127.0.0.1"),
        ("127.0.0.1", None, 1, "127.0.0.1"),
        ("127.0.0.1", "9.9.9.9:4711", 1, "9.9.9.9"),
        ("127.0.0.1", "[2606:4700::1]:4711", 1, "2606:4700::1"),
        ("127.0.0.1", "2606:4700::1", 1, "2606:4700::1"),
        ("127.0.0.1", "unknown", 1, None),
        ("", None, None, None),
        ("no address", None, 0, None),
    ],
)
def test_whose_address_it_is(remote: str, forwarded: str | None, proxies: int | None, expected: str | None) -> None:
    environ = {"REMOTE_ADDR": remote, **({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})}
    found = address_of(environ, proxies)
    assert (found and str(found)) == expected


@once
def test_who_guesses_passwords_is_told_apart_by_the_same_address(app: Flask) -> None:
    def guess(address: str) -> int:
        form = {"email": "alice@shop.example", "password": "wrong"}
        headers = {"X-Forwarded-For": f"192.0.2.66, {address}"}
        return app.test_client().post("/sign-in", data=form, headers=headers).status_code

    assert [guess("203.0.113.9") for _ in range(11)] == [422] * 10 + [429]
    assert guess("198.51.100.7") == 422


@once
def test_an_address_is_known_by_a_hash_that_no_other_process_makes() -> None:
    def hashed(senders: Senders, address: str) -> bytes:
        return senders.of({"REMOTE_ADDR": address}).address

    senders = Senders(0)
    assert hashed(senders, "203.0.113.9") == hashed(senders, "::ffff:203.0.113.9")
    assert hashed(senders, "203.0.113.9") != hashed(senders, "203.0.113.8")
    assert hashed(senders, "2001:db8:1:2::1") == hashed(senders, "2001:db8:1:2:ffff::9"), "one sender has all of a /64"
    assert hashed(senders, "2001:db8:1:2::1") != hashed(senders, "2001:db8:1:3::1")
    assert hashed(senders, "203.0.113.9") != hashed(Senders(0), "203.0.113.9")
    assert Senders(None).of({"REMOTE_ADDR": "127.0.0.1"}) == Sender()


def test_no_address_is_kept_anywhere(world: World, caplog: pytest.LogCaptureFixture) -> None:
    send(world, [world.happened("Viewed") for _ in range(12)], FLOOD)
    with world.app.app_context(), reading():
        rows = [tuple(row) for row in db.session.execute(select(*Event.__table__.columns))]
    assert "visitor" in repr(rows)
    assert "203.0.113" not in repr(rows) + caplog.text


@once
def test_buckets_are_bounded_and_forget_who_was_not_here_for_longest() -> None:
    buckets = Buckets(2, most=100)
    for who in range(1_000):
        buckets.take(who, 0)
        buckets.take("busy", who * MINUTE)
    assert len(buckets) == 100
    assert [buckets.has(who, 0) for who in ("new", 0, 999)] == [True] * 3
    buckets.take(999, 0)
    assert not buckets.has(999, 0)
    assert not buckets.has("busy", 0)


@once
@pytest.mark.parametrize("cap", [1, 7, 120, 3_000, 100_000])
def test_a_bucket_holds_its_cap_and_no_more(cap: int) -> None:
    buckets, taken = Buckets(cap), 0
    while buckets.has("who", 0):
        buckets.take("who", 0)
        taken += 1
    assert taken == cap
    buckets.give_back("who")
    assert buckets.has("who", 0)


@once
def test_without_a_cap_however_many_come_and_nothing_is_kept() -> None:
    buckets = Buckets(0)
    for _ in range(1_000):
        buckets.take("who", 0)
    assert buckets.has("who", 0)
    assert len(buckets) == 0


@once
def test_what_is_suspect_is_seen_and_said_why(world: World, client: Client) -> None:
    url = f"/sites/{world.site.key}"
    send(world, [world.happened("Viewed")], HONEST)
    for page in (f"{url}/messages/{world.message.id}", f"{url}/activity"):
        assert "suspect" not in client.get(page).text

    send(world, [world.happened("Viewed", "ben") for _ in range(12)], FLOOD)
    websites(world, "shop.example")
    send(world, [world.happened("Clicked", "cem", button_id="b1")], {"Origin": "https://evil.example"})

    page = " ".join(client.get(f"{url}/messages/{world.message.id}").text.split())
    assert "3 suspect events of the last 30 days are in none of these numbers" in page
    assert f"2 {Suspicion.VISITOR.label}; 1 {Suspicion.WEBSITE.label}." in page
    log = client.get(f"{url}/activity").text
    assert log.count(f"suspect, not counted: {Suspicion.VISITOR.label}") == 2
    assert log.count(f"suspect, not counted: {Suspicion.WEBSITE.label}") == 1
    shown = world.app.test_cli_runner().invoke(args=["metrics", "show", "--site", world.site.key, "--json"]).output
    assert '"suspect": {\n      "visitor": 2,\n      "website": 1\n    }' in shown
    exported = world.app.test_cli_runner().invoke(args=["activity", "export", "--site", world.site.key]).output
    assert [exported.count(f'"suspect": "{why}"') for why in ("visitor", "website")] == [2, 1]


@once
def test_an_answer_that_is_suspect_is_no_answer(app: Flask, world: World, client: Client) -> None:
    launch(world, WHY, WORDS)
    websites(world, "shop.example")
    evil = {"Origin": "https://evil.example"}
    send(world, [answer(world, "why", "an ad"), answer(world, "words", "forged", "ben")], evil)

    found = proved(world)
    assert (found.totals.answers, [each.visitors for each in found.questions]) == (0, [0, 0])
    page = f"/sites/{world.site.key}/messages/{world.message.id}/answers?question=words"
    assert "forged" not in client.get(page).text
    send(world, [answer(world, "words", "meant", "ben")], {})
    assert "meant" in client.get(page).text


@once
@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("", "", ""),
        ("shop.example", "shop.example", "shop.example"),
        (
            " https://Shop.example/a, *.bücher.example\nshop.example ",
            "shop.example *.xn--bcher-kva.example",
            "shop.example\n*.bücher.example",
        ),
        ("shop.*", None, "a * stands only at the start"),
        ("shop.example\nhttps://", None, "is no website"),
        ("<script>", None, "is no host that a website can have"),
        (" ".join(f"h{at}.example" for at in range(101)), None, "At most 100 websites."),
    ],
)
def test_websites_are_set_in_the_settings(
    app: Flask, site: Site, client: Client, typed: str, kept: str | None, shown: str
) -> None:
    answer = client.post(f"/sites/{site.key}/settings", data={"name": "Shop", "websites": typed})
    assert answer.status_code == (422 if kept is None else 303)
    page = answer if kept is None else client.get(f"/sites/{site.key}/settings")
    assert shown in page.text
    with app.app_context(), reading():
        assert db.session.get_one(Site, site.id).websites == (kept or "")


@once
def test_a_website_that_was_forgotten_is_named(world: World, client: Client) -> None:
    for host in ("https://shop.example", "https://www.shop.example", "http://localhost:3000"):
        send(world, [world.call("page")], {"Origin": host})
    url = f"/sites/{world.site.key}/settings"
    assert "www.shop.example" in client.get(url).text

    page = client.post(url, data={"name": "Shop", "websites": "shop.example localhost:3000"}, follow_redirects=True)
    assert "What comes from www.shop.example does not count from now on." in page.text
    page = client.post(url, data={"name": "Shop", "websites": "*.shop.example localhost"}, follow_redirects=True)
    assert "does not count" not in page.text


@once
def test_events_of_a_message_are_found_by_the_index_alone(world: World) -> None:
    with world.app.app_context(), reading():
        asked: list[tuple[str, Any]] = []
        event.listen(db.engine, "before_cursor_execute", lambda _c, _cursor, *sql: asked.append(sql[:2]))
        metrics.of(db.session.get_one(Message, world.message.id))
        ((sql, values),) = [one for one in asked if "event.suspect" in one[0]]
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
    assert "COVERING INDEX ix_event_site_id_message_id_received_at_suspect" in str(plan)
