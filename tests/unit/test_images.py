"""Uploads from the browser's request to what websites fetch, with files in a directory and in a bucket."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from anonmsg import create_app
from anonmsg.db import db, utc_now
from anonmsg.images import MOST_BYTES, Remade, StorageFailure, name_of, remake, storage
from anonmsg.message import Image as ImageBlock
from anonmsg.message import Shape, Step
from anonmsg.models import Image, Message, Site, User
from anonmsg.models import image as image_module
from anonmsg.settings import S3, Settings
from anonmsg.views import images as view
from tests.conftest import CLUB
from tests.support import bucket
from tests.support.client import Client
from tests.support.pictures import POLYGLOT, SVG, claiming, moving, noise, opened, png
from tests.support.routes import dump
from tests.support.server import free_port
from tests.support.stage import changed

SRC = re.compile(r"http://localhost/v1/(images/[0-9a-f]{20}/[0-9a-f]{32}-(\d+)\.webp)")


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    with bucket.running() as url:
        yield url


@pytest.fixture(params=["directory", "bucket"])
def settings(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    if request.param == "directory":
        return settings
    return replace(settings, s3=bucket.new(request.getfixturevalue("s3_server")))


in_a_directory = pytest.mark.parametrize("settings", ["directory"], indirect=True)
"""For what has nothing to do with where files lie."""


def upload(client: Client, site: Site, content: bytes, **headers: str) -> TestResponse:
    """As the page does: the file itself is the body."""
    sent = {"X-CSRFToken": client.token(), "Content-Type": "image/png", **headers}
    return client.open(f"/sites/{site.key}/images", method="POST", data=content, headers=sent)


def names(app: Flask) -> list[str]:
    """Of all files that are kept."""
    return sorted(name for name, _ in storage(app.config["SETTINGS"]).names())


def rows(app: Flask) -> list[Any]:
    return dump(app)["image"]


def test_an_upload_is_kept_in_every_width_and_served_to_anybody(
    app: Flask, site: Site, client: Client, stranger: Client
) -> None:
    answer = upload(client, site, png(700, 350))
    assert answer.status_code == 201
    assert answer.json
    assert {name: answer.json[name] for name in ("width", "height", "note")} == {
        "width": 700,
        "height": 350,
        "note": "",
    }
    found = SRC.fullmatch(answer.json["src"])
    assert found
    assert found[2] == "700"
    assert names(app) == sorted(found[1].replace("-700", f"-{width}") for width in (320, 640, 700))
    assert len(rows(app)) == 1
    for width in (320, 640, 700):
        got = stranger.get("/v1/" + found[1].replace("-700", f"-{width}"))
        assert got.status_code == 200
        assert opened(got.data).size == (width, width // 2)


HEADERS = {
    "Content-Type": "image/webp",
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Timing-Allow-Origin": "*",
}


def test_it_is_served_as_a_picture_that_never_changes(site: Site, client: Client, stranger: Client) -> None:
    src = upload(client, site, POLYGLOT).get_json()["src"]
    for browser in (stranger, client):
        answer = browser.get(src)
        assert answer.status_code == 200
        sent = dict(answer.headers)
        assert sent == {**HEADERS, "ETag": sent["ETag"], "Content-Length": str(len(answer.data))}
        assert b"<" not in answer.data or b"script" not in answer.data
        again = browser.get(src, headers={"If-None-Match": sent["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert browser.get(src, headers={"If-None-Match": '"another"'}).status_code == 200
        head = browser.head(src)
        assert (dict(head.headers), head.data) == (sent, b"")
        assert browser.options(src).status_code == 204
        assert browser.open(src, method="PUT").status_code == 405


def test_it_is_the_content_that_counts_not_what_it_is_called(site: Site, client: Client) -> None:
    sources = {
        upload(client, site, png(40, 30), **{"Content-Type": kind}).get_json()["src"]
        for kind in ("image/gif", "text/html", "image/svg+xml", "application/octet-stream", "")
    }
    assert len(sources) == 1


def test_uploaded_again_it_is_the_same_image(app: Flask, site: Site, client: Client) -> None:
    first, second = (upload(client, site, png(700, 350)) for _ in range(2))
    assert first.json == second.json
    assert (len(names(app)), len(rows(app))) == (3, 1)


@in_a_directory
def test_a_picture_may_be_larger_than_any_form(app: Flask, site: Site, client: Client) -> None:
    photo = png(10, 10) + bytes(3 * 1024**2)
    assert app.config["MAX_CONTENT_LENGTH"] < len(photo) < MOST_BYTES
    assert upload(client, site, photo).status_code == 201
    form = client.post(f"/sites/{site.key}/messages/new", {"name": "x" * len(photo)})
    assert form.status_code == 413


@in_a_directory
def test_of_an_animation_it_says_what_is_kept(site: Site, client: Client) -> None:
    assert "first picture" in upload(client, site, moving("GIF")).get_json()["note"]


REFUSED = {
    "nothing": (b"", 422),
    "a text": (b"Hello", 415),
    "a program": (SVG, 415),
    "cut off": (png(300, 300)[:400], 422),
    "a bomb": (claiming(50_000, 50_000), 422),
    "11 MB": (png(10, 10) + bytes(MOST_BYTES + 1), 413),
}


@in_a_directory
@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_leaves_nothing(app: Flask, site: Site, client: Client, case: str) -> None:
    content, status = REFUSED[case]
    before = dump(app)
    answer = upload(client, site, content)
    assert answer.status_code == status
    assert len(answer.get_json()["error"]) > 20
    assert (dump(app), names(app)) == (before, [])


def test_only_the_owner_uploads(app: Flask, site: Site, charlie: User, client: Client, stranger: Client) -> None:
    charlies = app.test_client()
    assert isinstance(charlies, Client)
    before = dump(app)
    refused = {
        "not signed in": upload(stranger, site, png(40, 30)),
        "an outsider": upload(charlies.sign_in(charlie), site, png(40, 30)),
        "without a token": upload(client, site, png(40, 30), **{"X-CSRFToken": ""}),
        "with somebody else's": upload(client, site, png(40, 30), **{"X-CSRFToken": stranger.token()}),
        "from another website": upload(client, site, png(40, 30), Origin="https://evil.example"),
    }
    assert [answer.status_code for answer in refused.values()] == [303, 404, 400, 400, 403]
    assert (dump(app), names(app)) == (before, [])
    assert upload(client, site, png(40, 30)).status_code == 201


ODD = [
    "images/../secret_key", "images/%2e%2e/secret_key", "images/..%2fsecret_key", "images/shop/../../secret_key",
    "images/shop/%2e%2e%2f%2e%2e%2fsecret_key", "images/shop/..%5c..%5csecret_key", "images//etc/passwd", "images/",
    "images/SITE/", "images/SITE/x.webp", "images/SITE/HASH-41.webp", "images/SITE/HASH-040.webp",
    "images/SITE/HASH-40.png", "images/SITE/HASH-40.webp/x", "images/SITE/HASH-40.webp%00",
    "images/SITE/HASH-40.webp%0a", "images/SITE/" + "x" * 500, "images/f00/HASH-40.webp",
    "images/SITE/HASH-40.WEBP", "images/SITE/%ff-40.webp", "IMAGES/SITE/HASH-40.webp",
]  # fmt: skip


def test_no_other_name_leads_anywhere(app: Flask, site: Site, client: Client, stranger: Client) -> None:
    src = upload(client, site, png(40, 30)).get_json()["src"]
    (app.config["SETTINGS"].instance / "secret_key").write_text("a secret")
    hash = src.rpartition("/")[2].partition("-")[0]
    for odd in ODD:
        answer = stranger.get("/v1/" + odd.replace("SITE", site.key).replace("HASH", hash))
        assert answer.status_code == 404, odd
        assert b"a secret" not in answer.data
    assert stranger.get(src).status_code == 200


@in_a_directory
def test_a_site_has_as_many_images_as_it_may(
    app: Flask, site: Site, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_module, "MOST_IMAGES", 2)
    assert [upload(client, site, png(40, height)).status_code for height in (30, 31, 32)] == [201, 201, 409]
    said = upload(client, site, png(40, 33)).get_json()["error"]
    assert "2 images" in said
    assert "address of an image on the web" in said
    assert (len(names(app)), len(rows(app))) == (2, 2)


@in_a_directory
def test_a_site_has_as_many_bytes_as_it_may(
    app: Flask, site: Site, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        assert view._most_bytes() == 500 * 1024**2
    monkeypatch.setattr(view, "_most_bytes", lambda: 40_000)
    small, large = noise(150), noise(400)
    assert remake(small).size < 20_000 < 40_000 < remake(large).size
    assert [upload(client, site, each).status_code for each in (large, small)] == [409, 201]
    assert (len(names(app)), len(rows(app))) == (1, 1), "nothing is kept that nobody counts"
    assert upload(client, site, small).status_code == 201, "what is there takes no more room"


@in_a_directory
@pytest.mark.engines("sqlite", "postgres")
def test_two_at_once_do_not_exceed_it(
    app: Flask, site: Site, client: Client, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    monkeypatch.setattr(image_module, "MOST_IMAGES", 1)
    both = threading.Barrier(2)

    def together(content: bytes) -> Remade:
        both.wait(60)
        return remake(content)

    monkeypatch.setattr(view, "remake", together)
    statuses: list[int] = []
    headers = {"X-CSRFToken": client.token(), "Cookie": f"session={client.get_cookie('session').value}"}  # type: ignore[union-attr]

    def send(height: int) -> None:
        one = app.test_client(use_cookies=False)
        url = f"/sites/{site.key}/images"
        statuses.append(one.open(url, method="POST", data=png(40, height), headers=headers).status_code)

    threads = [threading.Thread(target=send, args=(height,)) for height in (30, 31)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 409]
    assert len(rows(app)) == 1


@in_a_directory
def test_calls_are_stored_while_a_picture_is_made_ready(
    app: Flask, site: Site, client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written: list[str] = []

    def meanwhile(content: bytes) -> Remade:
        with sqlite3.connect(tmp_path / "anonmsg.sqlite3", timeout=0) as other:
            written.append(other.execute("UPDATE site SET revision = revision + 1 RETURNING key").fetchone()[0])
        return remake(content)

    monkeypatch.setattr(view, "remake", meanwhile)
    assert upload(client, site, png(40, 30)).status_code == 201
    assert written == [site.key]


@in_a_directory
def test_a_full_disk_is_said_and_the_next_try_succeeds(
    app: Flask, site: Site, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = storage(app.config["SETTINGS"])
    put, full = kept.put, {"is": True}

    def until_full(name: str, content: bytes) -> None:
        if full["is"] and "-640" in name:
            raise StorageFailure("No space left on device")
        put(name, content)

    monkeypatch.setattr(kept, "put", until_full)
    answer = upload(client, site, png(700, 350))
    assert answer.status_code == 503
    assert "Try again" in answer.get_json()["error"]
    assert rows(app) == []
    full["is"] = False
    assert upload(client, site, png(700, 350)).status_code == 201
    assert (len(names(app)), len(rows(app))) == (3, 1)


@in_a_directory
def test_a_bucket_that_is_away_is_said(app: Flask, site: Site, client: Client) -> None:
    broken = create_app(bucket_settings(app))
    broken.test_client_class = Client
    browser = broken.test_client()
    assert isinstance(browser, Client)
    with client.session_transaction() as known, browser.session_transaction() as session:
        session.update(known)
    assert upload(browser, site, png(40, 30)).status_code == 503
    answer = browser.get(f"/v1/{name_of(site.key, 'a' * 32, 320)}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
    assert rows(app) == []


def bucket_settings(app: Flask) -> Settings:
    """With a service that nobody runs."""
    settings: Settings = app.config["SETTINGS"]
    away = S3(bucket="pictures", key="k", secret="s", region="eu-1", endpoint=f"http://127.0.0.1:{free_port()}")
    return replace(settings, s3=away)


@in_a_directory
@pytest.mark.parametrize(
    ("more", "start"),
    [
        ({"public_url": "https://messages.example"}, "https://messages.example/v1/images/"),
        ({"images_url": "https://cdn.example"}, "https://cdn.example/images/"),
        (
            {"public_url": "https://messages.example", "images_url": "https://cdn.example/a"},
            "https://cdn.example/a/images/",
        ),
    ],
)
def test_its_address_is_where_websites_reach_it(
    app: Flask, site: Site, client: Client, more: dict[str, str], start: str
) -> None:
    other = create_app(replace(app.config["SETTINGS"], **more))
    other.test_client_class = Client
    browser = other.test_client()
    assert isinstance(browser, Client)
    with client.session_transaction() as known, browser.session_transaction() as session:
        session.update(known)
    assert upload(browser, site, png(40, 30)).get_json()["src"].startswith(start)


def prune(app: Flask, *words: str) -> str:
    result = app.test_cli_runner().invoke(args=["images", "prune", *words])
    assert result.exit_code == 0, result.output
    return result.output.strip()


def shows(src: str) -> Shape:
    return changed(CLUB, steps=(Step("s1", (*CLUB.steps[0].blocks, ImageBlock(src=src, alt="A mug"))),))


def drafted(site: Site, src: str) -> None:
    site.draft(shows(src), utc_now())


def launched_and_taken_out_of_the_draft(site: Site, src: str) -> None:
    message = site.draft(shows(src), utc_now())
    message.launch(utc_now())
    message.save(CLUB, utc_now())


def archived(site: Site, src: str) -> None:
    message = site.draft(shows(src), utc_now())
    message.archive(utc_now())


def in_the_theme(site: Site, src: str) -> None:
    site.theme_json = f'{{"logo": "{src}"}}'


def on_another_site(site: Site, src: str) -> None:
    other = Site(name="Other", owner_id=site.owner_id)
    db.session.add(other)
    db.session.flush()
    other.draft(shows(src), utc_now())


def in_a_narrower_width(site: Site, src: str) -> None:
    site.draft(shows(src.replace("-700", "-320")), utc_now())


NAMED: list[Callable[[Site, str], None]] = [
    drafted, launched_and_taken_out_of_the_draft, archived, in_the_theme, on_another_site, in_a_narrower_width
]  # fmt: skip


@pytest.mark.engines("sqlite", "postgres")
@in_a_directory
@pytest.mark.parametrize("name", NAMED, ids=lambda name: name.__name__)
def test_what_anything_names_is_kept(app: Flask, site: Site, client: Client, name: Callable[[Site, str], None]) -> None:
    src = upload(client, site, png(700, 350)).get_json()["src"]
    with app.app_context():
        name(db.session.get_one(Site, site.id), src)
        db.session.commit()
    with time_machine.travel(utc_now() + timedelta(days=400)):
        assert prune(app) == "0 images removed, and 0 leftovers."
    assert (len(names(app)), len(rows(app))) == (3, 1)


def test_what_nothing_names_is_removed_once_it_is_a_day_old(app: Flask, site: Site, client: Client) -> None:
    upload(client, site, png(700, 350))
    with time_machine.travel(utc_now() + timedelta(hours=23)):
        assert prune(app) == "0 images removed, and 0 leftovers."
        assert len(names(app)) == 3
    with time_machine.travel(utc_now() + timedelta(hours=25)):
        assert prune(app, "--days", "2") == "0 images removed, and 0 leftovers."
        assert prune(app) == "1 images removed, and 3 leftovers."
        assert (names(app), rows(app)) == ([], [])
        assert prune(app) == "0 images removed, and 0 leftovers."


def test_uploaded_again_it_is_new_again(app: Flask, site: Site, client: Client) -> None:
    upload(client, site, png(40, 30))
    with app.app_context():
        db.session.scalars(db.select(Image)).one().created_at = utc_now() - timedelta(days=3)
        db.session.commit()
    upload(client, site, png(40, 30))
    assert prune(app) == "0 images removed, and 0 leftovers."


def test_leftovers_are_removed_once_they_are_a_day_old(app: Flask, site: Site, client: Client) -> None:
    upload(client, site, png(40, 30))
    kept, (own,) = storage(app.config["SETTINGS"]), names(app)
    for name in (
        name_of(site.key, "a" * 32, 320),
        name_of("a-site-that-is-gone", "b" * 32, 320),
        "images/x/.unfinished",
    ):
        kept.put(name, b"x")
    with app.app_context():
        drafted(db.session.get_one(Site, site.id), f"https://messages.example/v1/{own}")
        db.session.commit()
    assert prune(app) == "0 images removed, and 0 leftovers."
    with time_machine.travel(utc_now() + timedelta(days=2)):
        assert prune(app) == "0 images removed, and 3 leftovers."
    assert names(app) == [own]


def test_an_upload_puts_back_what_was_tidied_up_meanwhile(
    app: Flask, site: Site, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files are there before its row, so that for a moment they are leftovers to whoever looks."""
    keep = Image.keep

    def too_late(*args: Any) -> Image:
        for name in names(app):
            storage(app.config["SETTINGS"]).delete(name)
        return keep(*args)

    monkeypatch.setattr(Image, "keep", too_late)
    src = upload(client, site, png(700, 350)).get_json()["src"]
    assert len(names(app)) == 3
    assert client.get(src).status_code == 200


def test_whether_images_can_be_kept_can_be_asked(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["images", "check"])
    assert (result.exit_code, result.output) == (0, "Images can be kept.\n")
    assert names(app) == []


@in_a_directory
def test_why_they_cannot_is_said(app: Flask) -> None:
    result = create_app(bucket_settings(app)).test_cli_runner().invoke(args=["images", "check"])
    assert result.exit_code == 1
    assert "Images cannot be kept" in result.output


def test_a_copy_and_an_export_name_the_same_image(app: Flask, site: Site, client: Client) -> None:
    src = upload(client, site, png(40, 30)).get_json()["src"]
    with app.app_context():
        message: Message = db.session.get_one(Site, site.id).draft(shows(src), utc_now())
        copy = message.duplicate(utc_now())
        db.session.commit()
        assert src in copy.draft
    exported = app.test_cli_runner().invoke(args=["messages", "export", "--site", site.key])
    assert exported.output.count(src) == 2
