"""What websites fetch: the bytes, the headers, how fresh they are, and what does not bring them down."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import msgspec
import pytest
import time_machine
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from anonmsg import assets, create_app, manifest
from anonmsg.db import db, utc_now
from anonmsg.delivery import Delivery, bundle
from anonmsg.delivery.shelf import DAY, Shelf
from anonmsg.message import (
    Button,
    Display,
    DisplayKind,
    Heading,
    Position,
    Run,
    Schedule,
    Shape,
    Step,
    Text,
    Track,
)
from anonmsg.models import Message, Site
from anonmsg.models.message import by_id
from tests.conftest import CLUB
from tests.support.client import Client

pytestmark = pytest.mark.engines("sqlite", "postgres")

SNIPPET = "function(e){console.log(e)}"
STRICT = '"use strict";'
HEAD = f"//# allFunctionsCalledOnLoad\n{STRICT}"
PARTS = {"draw": "e=>{1}", "modal": "e=>{2}", "float": "e=>{3}", "rich": "e=>{4}"}

ANSWERS = {
    "snippet": ("/v1/analytics-js/snippet/{key}/analytics.min.js", "text/javascript; charset=utf-8"),
    "neutral name": ("/v1/sites/{key}/site.js", "text/javascript; charset=utf-8"),
    "manifest": ("/v1/sites/{key}/messages.json", "application/json"),
    "settings": ("/v1/projects/{key}/settings", "application/json"),
}

everything = pytest.mark.parametrize(("path", "kind"), ANSWERS.values(), ids=ANSWERS)


@pytest.fixture(autouse=True)
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A build of the snippet that these tests can change."""
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps(assets.built()))
    monkeypatch.setattr(assets, "DIST", folder)
    build(folder, SNIPPET)
    yield folder
    assets.built.cache_clear()
    bundle._load.cache_clear()


def build(folder: Path, snippet: str, **head: str) -> None:
    listing = folder / "manifest.json"
    name = f"snippet-{hash(snippet) & 0xFFFFFF:X}.json"
    (folder / name).write_text(json.dumps({"core": snippet, "parts": PARTS} | head))
    listing.write_text(json.dumps(json.loads(listing.read_text()) | {"snippet.json": name}))
    bundle._load.cache_clear()


@pytest.fixture
def launched(app: Flask, message: Message) -> Message:
    with app.app_context():
        do(message.id, lambda message: message.launch(utc_now()))
    return message


def do(id: str, verb: Callable[[Message], None]) -> None:
    message = by_id(id)
    assert message is not None
    verb(message)
    db.session.commit()


def delivery(app: Flask) -> Delivery:
    assert isinstance(app.wsgi_app, Delivery)
    return app.wsgi_app


def fetch(client: Client, path: str, **headers: str) -> Any:
    return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def ids(client: Client, site: Site) -> list[str]:
    answer = client.get(f"/v1/sites/{site.key}/messages.json")
    assert answer.status_code == 200
    return [message["id"] for message in answer.get_json()["messages"]]


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that reach the database."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


@everything
def test_answers_with_the_headers_that_let_every_website_read_it(
    stranger: Client, site: Site, path: str, kind: str
) -> None:
    answer = fetch(stranger, path.format(key=site.key))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Timing-Allow-Origin"] == "*"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    for absent in ("Set-Cookie", "Access-Control-Allow-Credentials", "Content-Security-Policy"):
        assert absent not in answer.headers


def test_the_snippet_has_the_manifest_inside(stranger: Client, site: Site, launched: Message) -> None:
    manifest = fetch(stranger, f"/v1/sites/{site.key}/messages.json").get_data(as_text=True)
    assert launched.id in manifest
    for path in ("/v1/analytics-js/snippet/{}/analytics.min.js", "/v1/sites/{}/site.js"):
        script = fetch(stranger, path.format(site.key)).get_data(as_text=True)
        assert script == wrapped(manifest[manifest.index("[{") : -1], "draw", "modal")


def wrapped(messages: str, *parts: str) -> str:
    inside = ",".join(f"{part}:{PARTS[part]}" for part in parts)
    return f'{STRICT}({SNIPPET})({messages},{{{inside}}},"{bundle.Bundle.current().hash}")'


@pytest.mark.parametrize(
    ("displays", "parts"),
    [
        ([], []),
        ([Display()], ["draw", "modal"]),
        ([Display(), Display(kind=DisplayKind.OVERLAY, position=Position.TOP_LEFT)], ["draw", "modal", "float"]),
    ],
)
def test_the_snippet_has_the_parts_that_the_messages_need(
    app: Flask, stranger: Client, site: Site, displays: list[Display], parts: list[str]
) -> None:
    for display in displays:
        launch(app, site, msgspec.structs.replace(CLUB, display=display))
    script = fetch(stranger, f"/v1/sites/{site.key}/site.js").get_data(as_text=True)
    assert [part for part, text in PARTS.items() if text in script] == parts


def test_each_part_of_a_build_has_an_address_that_never_changes(stranger: Client) -> None:
    for part, text in PARTS.items():
        answer = fetch(stranger, f"/v1/snippet/{bundle.Bundle.current().hash}/{part}.js")
        assert answer.get_data(as_text=True) == f"export default {text};"
        assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    for name in ("sketch.js", ".js", "draw", "draw.js/", "DRAW.js", "core.js"):
        assert fetch(stranger, f"/v1/snippet/{bundle.Bundle.current().hash}/{name}").status_code == 404, name


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--<script>", "a\u2028b\u2029c"])
def test_no_text_of_a_message_ends_the_script(app: Flask, stranger: Client, site: Site, text: str) -> None:
    launch(app, site, Shape(name="Odd", steps=(Step(blocks=(Heading(text=text),)),)))
    manifest = fetch(stranger, f"/v1/sites/{site.key}/messages.json")
    assert manifest.get_json()["messages"][0]["steps"][0]["blocks"][0]["text"] == text
    script = fetch(stranger, f"/v1/sites/{site.key}/site.js").get_data(as_text=True)
    for odd in ("</script", "<!--", "\u2028", "\u2029"):
        assert odd not in script


def test_a_property_named_proto_stays_a_property(app: Flask, stranger: Client, site: Site) -> None:
    button = Button(label="Go", action=Track(event="Gone", properties={"__proto__": None}))
    launch(app, site, Shape(name="Odd", steps=(Step(blocks=(button,)),)))
    assert b'"__proto__":null' in fetch(stranger, f"/v1/sites/{site.key}/messages.json").data
    script = fetch(stranger, f"/v1/sites/{site.key}/site.js").data
    assert b'["__proto__"]:null' in script
    assert b'"__proto__":' not in script


def launch(app: Flask, site: Site, shape: Shape) -> str:
    with app.app_context():
        message = db.session.merge(site).draft(shape, utc_now())
        db.session.flush()
        message.launch(utc_now())
        db.session.commit()
        return message.id


def test_settings_send_unmodified_analytics_js_here(stranger: Client, site: Site) -> None:
    settings = fetch(stranger, f"/v1/projects/{site.key}/settings").get_json()
    here = {"apiKey": site.key, "apiHost": "127.0.0.1:5000/v1", "protocol": "http"}
    assert settings == {
        "integrations": {"Segment.io": here, "Customer.io Data Pipelines": here},
        "metrics": {"sampleRate": 0},
    }


ENCODINGS = [
    ("", None),
    ("br", "br"),
    ("gzip", "gzip"),
    ("gzip, deflate, br, zstd", "br"),
    ("GZIP", "gzip"),
    ("x-gzip", "gzip"),
    ("br;q=0, gzip", "gzip"),
    ("br;q=0.0,gzip;q=0", None),
    ("br;q=0.5, gzip;q=0.8", "gzip"),
    ("br;q=0.8 , gzip ; q=0.8", "br"),
    ("identity", None),
    ("identity, gzip;q=0.5", None),
    ("*", "br"),
    ("*;q=0", None),
    ("br;q=0, *", "gzip"),
    ("gzip;q=0.001", "gzip"),
    ("gzip;q=2", None),
    ("gzip;q=nan", None),
    ("gzip;q=", None),
    ("deflate", None),
    ("brotli", None),
    (",,;;q=1,", None),
]


def test_the_encoding_is_the_one_the_client_likes_best(stranger: Client, site: Site, launched: Message) -> None:
    path = f"/v1/sites/{site.key}/site.js"
    plain = fetch(stranger, path).data
    for accepted, sent in ENCODINGS:
        answer = fetch(stranger, path, Accept_Encoding=accepted)
        assert answer.headers.get("Content-Encoding") == sent, accepted
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[sent]
        assert unpack(answer.data) == plain
        assert (len(answer.data) < len(plain)) == (sent is not None)


def test_each_encoding_has_its_own_tag(stranger: Client, site: Site, launched: Message) -> None:
    tags = {
        fetch(stranger, f"/v1/sites/{site.key}/site.js", Accept_Encoding=accepted).headers["ETag"]
        for accepted in ("br", "gzip", "identity")
    }
    assert len(tags) == 3


KNOWN = [
    ("{tag}", 304),
    ("W/{tag}", 304),
    ('"other", {tag}', 304),
    ('"other",W/{tag} ,"more"', 304),
    ("*", 304),
    ('"other"', 200),
    ('W/"other"', 200),
    ("", 200),
    ("{bare}", 200),
]


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
@everything
def test_what_is_known_is_not_sent_again(
    stranger: Client, site: Site, launched: Message, path: str, kind: str, encoding: str
) -> None:
    path = path.format(key=site.key)
    first = fetch(stranger, path, Accept_Encoding=encoding)
    tag = first.headers["ETag"]
    for header, status in KNOWN:
        known = header.format(tag=tag, bare=tag.strip('"'))
        answer = fetch(stranger, path, Accept_Encoding=encoding, If_None_Match=known)
        assert answer.status_code == status, known
        assert answer.data == (b"" if status == 304 else first.data)
        for kept in ("ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin"):
            assert answer.headers[kept] == first.headers[kept]


def test_a_tag_of_another_encoding_is_not_known(stranger: Client, site: Site, launched: Message) -> None:
    path = f"/v1/sites/{site.key}/site.js"
    tag = fetch(stranger, path, Accept_Encoding="br").headers["ETag"]
    assert fetch(stranger, path, Accept_Encoding="br", If_None_Match=tag).status_code == 304
    assert fetch(stranger, path, Accept_Encoding="gzip", If_None_Match=tag).status_code == 200


@everything
def test_head_tells_what_get_would_send(stranger: Client, site: Site, path: str, kind: str) -> None:
    path = path.format(key=site.key)
    got, told = fetch(stranger, path), stranger.head(path)
    assert got.data
    assert told.data == b""
    assert dict(told.headers) == dict(got.headers)


@everything
def test_a_preflight_is_allowed(stranger: Client, site: Site, path: str, kind: str) -> None:
    answer = stranger.options(path.format(key=site.key))
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Credentials" not in answer.headers


@everything
def test_nothing_can_be_written(stranger: Client, site: Site, path: str, kind: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "BREW"):
        answer = stranger.open(path.format(key=site.key), method=method)
        assert answer.status_code == 405, method
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


ODD_HEADERS = [
    ("Host", "evil.example"),
    ("Host", "evil.example:1"),
    ("Accept", "text/html"),
    ("Accept-Charset", "utf-7"),
    ("Accept-Language", "de"),
    ("Authorization", "Basic YTpi"),
    ("Cache-Control", "no-cache"),
    ("CF-Connecting-IP", "1.2.3.4"),
    ("Client-IP", "1.2.3.4"),
    ("Content-Length", "0"),
    ("Content-Type", "text/html"),
    ("Cookie", "session=abc"),
    ("DNT", "1"),
    ("Expect", "x"),
    ("Forwarded", "host=evil.example;proto=https"),
    ("From", "a@b.example"),
    ("Front-End-Https", "on"),
    ("If-Match", '"x"'),
    ("If-Modified-Since", "Wed, 21 Oct 2015 07:28:00 GMT"),
    ("If-Range", '"x"'),
    ("If-Unmodified-Since", "Wed, 21 Oct 2015 07:28:00 GMT"),
    ("Max-Forwards", "1"),
    ("Origin", "https://evil.example"),
    ("Pragma", "no-cache"),
    ("Proxy-Authorization", "Basic YTpi"),
    ("Range", "bytes=0-1"),
    ("Referer", "https://evil.example/"),
    ("Save-Data", "on"),
    ("Sec-CH-UA", "x"),
    ("Sec-Fetch-Mode", "navigate"),
    ("Sec-Fetch-Site", "cross-site"),
    ("Sec-GPC", "1"),
    ("TE", "trailers"),
    ("True-Client-IP", "1.2.3.4"),
    ("Upgrade", "h2c"),
    ("Upgrade-Insecure-Requests", "1"),
    ("User-Agent", "curl"),
    ("Via", "1.1 evil"),
    ("X-Api-Version", "2"),
    ("X-Forwarded-For", "1.2.3.4"),
    ("X-Forwarded-Host", "evil.example"),
    ("X-Forwarded-Port", "1"),
    ("X-Forwarded-Prefix", "/evil"),
    ("X-Forwarded-Proto", "https"),
    ("X-Forwarded-Scheme", "https"),
    ("X-Host", "evil.example"),
    ("X-HTTP-Method-Override", "DELETE"),
    ("X-Original-URL", "/evil"),
    ("X-Real-IP", "1.2.3.4"),
    ("X-Requested-With", "XMLHttpRequest"),
    ("X-Rewrite-URL", "/evil"),
    ("X-Wap-Profile", "https://evil.example/x"),
]


@everything
def test_no_header_changes_the_bytes(stranger: Client, site: Site, launched: Message, path: str, kind: str) -> None:
    path = path.format(key=site.key)
    plain = fetch(stranger, path)
    assert len(ODD_HEADERS) >= 50
    for name, value in ODD_HEADERS:
        answer = stranger.get(path, headers={name: value})
        assert (answer.status_code, answer.data, dict(answer.headers)) == (200, plain.data, dict(plain.headers)), name


@everything
def test_neither_query_nor_session_changes_the_bytes(
    stranger: Client, client: Client, site: Site, path: str, kind: str
) -> None:
    path = path.format(key=site.key)
    plain = fetch(stranger, path)
    for answer in (fetch(client, path), fetch(stranger, path + "?callback=evil&key=x"), fetch(stranger, path + "?")):
        assert (answer.data, dict(answer.headers)) == (plain.data, dict(plain.headers))


ODD_KEYS = ["nobody", "x" * 41, "a%00b", "%F0%9F%98%80", "..", "'or'1'='1", "*", "%0d%0aX: 1"]


@everything
def test_an_unknown_key_is_said_to_be_unknown(stranger: Client, site: Site, path: str, kind: str) -> None:
    for key in ODD_KEYS:
        answer = fetch(stranger, path.format(key=key))
        assert answer.status_code == 404, key
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Cache-Control"] == "public, max-age=5"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        if kind == "application/json":
            assert answer.get_json()["code"] == "unknown_site"
        else:
            text = answer.get_data(as_text=True)
            assert text.startswith('console.warn("anonmsg: There is no site with this key')
            assert "\n" not in text


ELSEWHERE = ["/healthz", "/v1/sites/{key}", "/v1/sites/{key}/other.js", "/v1/sites/{key}/messages.json/", "/v2"]


@pytest.mark.parametrize("path", ELSEWHERE)
def test_everything_else_is_the_apps(stranger: Client, site: Site, path: str) -> None:
    answer = fetch(stranger, path.format(key=site.key))
    assert "Content-Security-Policy" in answer.headers
    assert "Timing-Allow-Origin" not in answer.headers


def test_each_verb_reaches_the_next_page_view(app: Flask, stranger: Client, site: Site, message: Message) -> None:
    steps: list[tuple[Callable[[Message], None], bool]] = [
        (lambda message: message.launch(utc_now()), True),
        (Message.pause, False),
        (Message.resume, True),
        (lambda message: message.stop(utc_now()), False),
        (lambda message: message.launch(utc_now()), True),
        (lambda message: message.archive(utc_now()), False),
    ]
    assert ids(stranger, site) == []
    for verb, shown in steps:
        with app.app_context():
            do(message.id, verb)
        assert ids(stranger, site) == ([message.id] if shown else [])


def test_an_edit_is_not_shown_before_it_is_launched(
    app: Flask, stranger: Client, site: Site, launched: Message
) -> None:
    edited = msgspec.structs.replace(CLUB, steps=(Step(id="s1", blocks=(Heading(text="Edited"),)),))
    path = f"/v1/sites/{site.key}/messages.json"
    before = fetch(stranger, path).data
    with app.app_context():
        do(launched.id, lambda message: message.save(edited, utc_now()))
    assert fetch(stranger, path).data == before
    with app.app_context():
        do(launched.id, lambda message: message.launch(utc_now()))
    assert b"Edited" in fetch(stranger, path).data


def test_starts_and_ends_by_itself(app: Flask, stranger: Client, site: Site) -> None:
    starts_at = datetime(2030, 1, 1, 12, tzinfo=UTC)
    schedule = Schedule(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    with time_machine.travel(starts_at - timedelta(days=1), tick=False) as clock:
        id = launch(app, site, msgspec.structs.replace(CLUB, schedule=schedule))
        for minutes, shown in [(-24 * 60, False), (-11, False), (-10, True), (0, True), (59, True), (60, False)]:
            clock.move_to(starts_at + timedelta(minutes=minutes))
            assert ids(stranger, site) == ([id] if shown else []), minutes


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shelf(app: Flask, clock: Clock) -> Shelf:
    """As it is outside tests, but for the clock."""
    with app.app_context():
        return Shelf(db.engine, "http://127.0.0.1:5000", clock=clock)


def test_looks_at_the_revision_once_a_second(
    app: Flask, shelf: Shelf, clock: Clock, site: Site, launched: Message
) -> None:
    first = shelf.responses(site.key)
    assert first
    with counted(app) as statements:
        for _ in range(100):
            assert shelf.responses(site.key) is first
        assert statements == []
        clock.now += 1
        for _ in range(100):
            assert shelf.responses(site.key) is first
        assert len([statement for statement in statements if "revision" in statement]) == 1


def test_sees_what_another_process_did_within_a_second(
    app: Flask, shelf: Shelf, clock: Clock, site: Site, launched: Message
) -> None:
    before = shelf.responses(site.key)
    assert before
    other = create_app(app.config["SETTINGS"])
    with other.app_context():
        assert other.test_cli_runner().invoke(args=["messages", "pause", launched.id]).exit_code == 0
        db.engine.dispose()
    clock.now += 0.9
    assert shelf.responses(site.key) is before
    clock.now += 0.1
    assert shelf.responses(site.key) is not before


def test_invented_keys_neither_fill_the_memory_nor_keep_the_database_busy(
    app: Flask, shelf: Shelf, clock: Clock, site: Site, launched: Message
) -> None:
    ready = shelf.responses(site.key)
    with counted(app) as statements:
        for number in range(3_000):
            assert not shelf.responses(f"invented{number}")
        clock.now += 0.5
        assert shelf.responses(site.key) is ready
    looks = [statement for statement in statements if "FROM site" in statement]
    assert 0 < len(looks) <= 200
    assert len(shelf._strangers) <= 200
    assert len(shelf._sites) == 1


def test_an_invented_key_is_looked_for_once_a_second(app: Flask, shelf: Shelf, clock: Clock, site: Site) -> None:
    with counted(app) as statements:
        assert [shelf.responses("invented") for _ in range(50)] == [None] * 50
        assert len([statement for statement in statements if "FROM site" in statement]) == 1


def test_only_the_sites_asked_for_lately_are_kept(app: Flask, clock: Clock, site: Site) -> None:
    with app.app_context():
        shelf = Shelf(db.engine, "http://127.0.0.1:5000", sites=3, clock=clock)
        keys = [Site.create(f"Site {number}", db.session.merge(site).owner).key for number in range(5)]
        db.session.flush()
        keys = [kept.key for kept in db.session.query(Site)]
        db.session.commit()
    for key in keys:
        assert shelf.responses(key)
    assert list(shelf._sites) == keys[-3:]


@pytest.mark.parametrize("known", [True, False], ids=["a site that changed", "a site nobody asked for yet"])
def test_many_at_once_make_the_bytes_once(
    shelf: Shelf, clock: Clock, site: Site, launched: Message, app: Flask, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    made: list[object] = []
    read = manifest.launched

    def noted(*args: Any) -> list[manifest.Launched]:
        made.append(args)
        return read(*args)

    monkeypatch.setattr(manifest, "launched", noted)
    if known:
        assert shelf.responses(site.key)
        with app.app_context():
            do(launched.id, Message.pause)
        clock.now += 1
        made.clear()
    together = threading.Barrier(8)

    def ask(_number: int) -> bool:
        together.wait(5)
        return bool(shelf.responses(site.key))

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(8)))
    assert len(made) == 1


def test_nobody_waits_while_new_bytes_are_made(
    app: Flask, shelf: Shelf, clock: Clock, site: Site, launched: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shelf.responses(site.key)
    with app.app_context():
        do(launched.id, Message.pause)
    clock.now += 1
    making, go_on = threading.Event(), threading.Event()
    build = manifest.build

    def slow(*args: Any) -> manifest.Manifest:
        making.set()
        assert go_on.wait(5)
        return build(*args)

    monkeypatch.setattr(manifest, "build", slow)
    with ThreadPoolExecutor(1) as thread:
        maker = thread.submit(shelf.responses, site.key)
        assert making.wait(5)
        assert shelf.responses(site.key) is before
        go_on.set()
        after = maker.result(5)
    assert after is not before
    assert shelf.responses(site.key) is after


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Takes the database away."""

    def no_connection(_shelf: Shelf) -> Any:
        raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))

    return lambda: monkeypatch.setattr(Shelf, "_connection", no_connection)


def test_the_last_bytes_outlive_the_database_by_a_day(
    shelf: Shelf,
    clock: Clock,
    site: Site,
    launched: Message,
    broken: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = shelf.responses(site.key)
    assert before
    broken()
    clock.now += 60
    assert shelf.responses(site.key) is before
    clock.now += DAY - 61
    assert shelf.responses(site.key) is before
    clock.now += 10
    assert shelf.responses(site.key) == {}
    monkeypatch.undo()
    clock.now += 1
    assert sorted(shelf.responses(site.key) or ()) == ["messages.json", "settings", "site.js"]


@everything
def test_without_a_database_and_without_last_bytes_it_says_so(
    stranger: Client, site: Site, broken: Callable[[], None], path: str, kind: str
) -> None:
    broken()
    answer = fetch(stranger, path.format(key=site.key))
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_site_that_was_deleted_is_unknown(app: Flask, stranger: Client, site: Site) -> None:
    path = f"/v1/sites/{site.key}/site.js"
    assert fetch(stranger, path).status_code == 200
    with app.app_context():
        db.session.delete(db.session.merge(site))
        db.session.commit()
    assert fetch(stranger, path).status_code == 404


def test_what_does_not_fit_has_an_address_that_never_changes(app: Flask, stranger: Client, site: Site) -> None:
    id = launch_many(app, site, 60)[-1]
    listed = fetch(stranger, f"/v1/sites/{site.key}/messages.json").get_json()["messages"]
    assert "steps" in listed[0]
    address = next(message["content"] for message in listed if message["id"] == id)
    answer = fetch(stranger, address)
    assert answer.get_json() == {
        "steps": [{"id": "s1", "blocks": [{"type": "text", "paragraphs": [[{"text": noise(59)}]]}]}]
    }
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with app.app_context():
        do(id, Message.pause)
    assert id not in ids(stranger, site)
    assert fetch(stranger, address).status_code == 200, "a page that just got the manifest still finds it"
    with app.app_context():
        do(id, Message.resume)
        do(id, lambda message: message.save(CLUB, utc_now()))
    for _ in range(3):
        with app.app_context():
            do(id, lambda message: message.launch(utc_now()))
            do(id, Message.pause)
            do(id, Message.resume)
        ids(stranger, site)
    gone = fetch(stranger, address)
    assert gone.status_code == 404
    assert gone.headers["Cache-Control"] == "no-store"


def noise(seed: int) -> str:
    """Text that does not compress well."""
    return "".join(chr(0x4E00 + (seed * 7919 + place * place * 104729) % 20000) for place in range(300))


def launch_many(app: Flask, site: Site, count: int) -> list[str]:
    """One after the other in order of priority."""
    with app.app_context():
        owner = db.session.merge(site)
        messages = [owner.draft(noisy(number), utc_now()) for number in range(count)]
        db.session.flush()
        for message in messages:
            message.launch(utc_now())
        db.session.commit()
        return [message.id for message in messages]


def noisy(number: int) -> Shape:
    text = Text(paragraphs=((Run(text=noise(number)),),))
    return Shape(name=f"Number {number}", priority=number, steps=(Step(id="s1", blocks=(text,)),))


PINNED = "/v1/snippet/{}/site.js"


def test_a_pinned_build_stays_the_same_after_the_next(app: Flask, stranger: Client, dist: Path) -> None:
    first = bundle.Bundle.current().hash
    pinned = fetch(stranger, PINNED.format(first))
    assert pinned.get_data(as_text=True) == wrapped("null", *PARTS)
    assert pinned.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    build(dist, "console.log('next')")
    second = bundle.Bundle.current().hash
    assert second != first
    assert fetch(stranger, PINNED.format(second)).status_code == 200
    delivery(app)._builds.clear()
    assert fetch(stranger, PINNED.format(first)).data == pinned.data


@pytest.mark.parametrize(("head", "begins"), [({}, STRICT), ({"head": HEAD}, HEAD)], ids=["an old one", "a new one"])
def test_a_script_begins_as_its_build_says(
    stranger: Client, site: Site, dist: Path, head: dict[str, str], begins: str
) -> None:
    build(dist, "console.log('next')", **head)
    for path in (f"/v1/sites/{site.key}/site.js", PINNED.format(bundle.Bundle.current().hash)):
        assert fetch(stranger, path).get_data(as_text=True).startswith(f"{begins}(console")


@pytest.mark.parametrize("hash", ["0" * 12, "x", "", "..", "%2e%2e", "../secret_key", "0" * 64])
def test_a_build_that_never_was_is_not_found(stranger: Client, app: Flask, hash: str) -> None:
    assert (app.config["SETTINGS"].instance).exists()
    answer = fetch(stranger, PINNED.format(hash))
    assert answer.status_code == 404


def test_the_next_build_reaches_websites_without_a_launch(stranger: Client, site: Site, dist: Path) -> None:
    path = f"/v1/sites/{site.key}/site.js"
    assert SNIPPET in fetch(stranger, path).get_data(as_text=True)
    build(dist, "console.log('next')")
    assert "console.log('next')" in fetch(stranger, path).get_data(as_text=True)
