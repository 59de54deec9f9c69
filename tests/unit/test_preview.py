"""Preview links: who gets a draft, who does not, and that nothing of it is written down (THREATS §3)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from anonmsg.db import db, utc_now
from anonmsg.message import Button as ButtonBlock
from anonmsg.message import Heading, OpenUrl, Step
from anonmsg.models import Message, Site, User
from anonmsg.preview import LIFE, Link
from tests.conftest import CLUB
from tests.support.client import Client
from tests.support.routes import dump

SECRET = "a secret draft"
DRAFT = msgspec.structs.replace(CLUB, steps=(Step(id="s1", blocks=(Heading(text=SECRET),)),))


@pytest.fixture
def draft(app: Flask, site: Site) -> Message:
    """Of Alice's site."""
    with app.app_context():
        message = db.session.merge(site).draft(DRAFT, utc_now())
        db.session.commit()
        return message


def by_id(id: str) -> Message:
    found = db.session.get(Message, id)
    assert found
    return found


def key_of(app: Flask) -> str:
    key: str = app.config["SETTINGS"].secret_key
    return key


def token_of(app: Flask, message: Message, at: datetime | None = None) -> str:
    with app.app_context():
        return Link.to(by_id(message.id), at or utc_now()).token(key_of(app))


def ask(browser: Client, site: str, token: Any, **more: Any) -> TestResponse:
    """As the snippet asks: from another website, with no cookie and no type of its own."""
    body = json.dumps({"site": site, "token": token})
    headers = {"Origin": "https://shop.example", "Content-Type": "text/plain;charset=UTF-8"}
    return browser.open("/v1/preview", method="POST", data=body, headers=headers, **more)


@pytest.mark.engines("sqlite", "postgres")
def test_whoever_holds_the_token_gets_the_draft_as_it_is_then(
    app: Flask, site: Site, draft: Message, stranger: Client
) -> None:
    token = token_of(app, draft)
    answer = ask(stranger, site.key, token)
    assert answer.status_code == 200
    sent = answer.get_json()["message"]
    assert sent["id"] == draft.id
    assert sent["steps"] == [{"id": "s1", "blocks": [{"type": "heading", "text": SECRET}]}]
    assert sent["version"] == 0
    assert "explain" not in sent["parts"]
    assert {"name", "description"}.isdisjoint(sent)
    with app.app_context():
        db.session.merge(draft).save(CLUB, utc_now())
        db.session.commit()
    assert ask(stranger, site.key, token).get_json()["message"]["steps"][0]["blocks"][0]["text"] == "Join the club"


def test_the_answer_is_kept_by_nobody_and_read_by_any_page(
    app: Flask, site: Site, draft: Message, client: Client
) -> None:
    for answer in (ask(client, site.key, token_of(app, draft)), ask(client, site.key, "forged")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        assert "Vary" not in answer.headers, "it depends on no cookie"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_nothing_is_written(app: Flask, site: Site, draft: Message, stranger: Client, client: Client) -> None:
    token, before = token_of(app, draft), dump(app)
    for _ in range(3):
        assert ask(stranger, site.key, token).status_code == 200
    assert (
        client.post(
            f"/sites/{site.key}/messages/{draft.id}/preview-link", {"address": "https://a.example/"}
        ).status_code
        == 200
    )
    assert dump(app) == before


def signed_elsewhere(app: Flask, draft: Message) -> str:
    with app.app_context():
        return Link.to(db.session.merge(draft), utc_now()).token("another key")


def swapped(app: Flask, draft: Message) -> str:
    """The payload of one link with the signature of another."""
    with app.app_context():
        other = db.session.merge(draft).site.draft(CLUB, utc_now())
        db.session.commit()
        payload, other_payload = token_of(app, draft), token_of(app, other)
    return payload.rpartition(".")[0] + "." + other_payload.rpartition(".")[2]


NO_TOKENS: dict[str, Callable[[Flask, Message], Any]] = {
    "nothing": lambda app, draft: "",
    "no text": lambda app, draft: None,
    "made up": lambda app, draft: "W10.c2VjcmV0",
    "signed with another key": signed_elsewhere,
    "the signature of another message's": swapped,
    "cut": lambda app, draft: token_of(app, draft)[:-1],
    "changed": lambda app, draft: token_of(app, draft).replace("a", "b", 1)[::1].swapcase(),
    "not text": lambda app, draft: "\ud800",
    "long": lambda app, draft: "a" * 5_000,
}


@pytest.mark.parametrize("which", NO_TOKENS)
def test_what_is_no_token_gets_one_and_the_same_answer(
    app: Flask, site: Site, draft: Message, stranger: Client, which: str
) -> None:
    answer = ask(stranger, site.key, NO_TOKENS[which](app, draft))
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    assert answer.text == ask(stranger, site.key, "x").text
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"token": "x"}', b"\xff", b"[" * 1_500, b'{"site":1,"token":2}'], ids=repr
)
def test_what_is_no_question_is_answered_alike(stranger: Client, body: bytes) -> None:
    assert stranger.open("/v1/preview", method="POST", data=body).status_code == 404


@pytest.mark.parametrize(
    ("method", "status"), [("GET", 405), ("HEAD", 405), ("PUT", 405), ("DELETE", 405), ("OPTIONS", 204)]
)
def test_other_methods_get_no_draft(
    app: Flask, site: Site, draft: Message, stranger: Client, method: str, status: int
) -> None:
    body = json.dumps({"site": site.key, "token": token_of(app, draft)})
    answer = stranger.open("/v1/preview", method=method, data=body)
    assert answer.status_code == status
    assert SECRET not in answer.text


def test_a_link_lasts_an_hour(app: Flask, site: Site, draft: Message, stranger: Client) -> None:
    made = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    token = token_of(app, draft, made)
    for moved, status in [
        (timedelta(), 200),
        (LIFE - timedelta(seconds=1), 200),
        (LIFE, 410),
        (timedelta(days=400), 410),
    ]:
        with time_machine.travel(made + moved, tick=False):
            answer = ask(stranger, site.key, token)
        assert answer.status_code == status, moved
        assert (SECRET in answer.text) == (status == 200)


def test_a_token_is_good_for_one_site_and_one_message(
    app: Flask, site: Site, draft: Message, charlie: User, stranger: Client
) -> None:
    with app.app_context():
        theirs = Site(name="Charlie's", owner_id=charlie.id)
        db.session.add(theirs)
        db.session.flush()
        other = theirs.draft(CLUB, utc_now())
        db.session.commit()
    charlies = token_of(app, other)
    assert ask(stranger, theirs.key, charlies).status_code == 200, "his own is good for his own"
    assert ask(stranger, site.key, charlies).status_code == 404
    answer = ask(stranger, theirs.key, token_of(app, draft))
    assert answer.status_code == 404
    assert SECRET not in answer.text


def archive(app: Flask, draft: Message) -> None:
    with app.app_context():
        db.session.merge(draft).archive(utc_now())
        db.session.commit()


def delete(app: Flask, draft: Message) -> None:
    with app.app_context():
        db.session.delete(db.session.merge(draft))
        db.session.commit()


def sign_out(app: Flask, draft: Message) -> None:
    with app.app_context():
        db.session.merge(draft).site.owner.end_sessions()
        db.session.commit()


def spoil(app: Flask, draft: Message) -> None:
    """A row that was written past the app."""
    with app.app_context():
        evil = ButtonBlock(id="b1", label=SECRET, action=OpenUrl(url="javascript:alert(1)"))
        db.session.merge(draft).draft = msgspec.structs.replace(DRAFT, steps=(Step(id="s1", blocks=(evil,)),)).encode()
        db.session.commit()


@pytest.mark.parametrize("end", [archive, delete, sign_out, spoil])
def test_what_ends_a_link_at_once(
    app: Flask, site: Site, draft: Message, stranger: Client, end: Callable[[Flask, Message], None]
) -> None:
    token = token_of(app, draft)
    assert ask(stranger, site.key, token).status_code == 200
    end(app, draft)
    answer = ask(stranger, site.key, token)
    assert (answer.status_code, answer.get_json()["code"]) == (410, "gone")
    assert SECRET not in answer.text


@pytest.mark.parametrize("state", ["launched", "paused", "stopped"])
def test_the_draft_of_what_is_launched_can_be_looked_at_too(
    app: Flask, site: Site, message: Message, stranger: Client, state: str
) -> None:
    with app.app_context():
        launched = db.session.merge(message)
        launched.launch(utc_now())
        if state == "paused":
            launched.pause()
        if state == "stopped":
            launched.stop(utc_now())
        launched.save(DRAFT, utc_now())
        db.session.commit()
    assert SECRET in ask(stranger, site.key, token_of(app, message)).text
    assert SECRET not in stranger.get(f"/v1/sites/{site.key}/messages.json").text


def test_whoever_previews_is_in_no_control_group_and_under_no_daily_limit(
    app: Flask, site: Site, stranger: Client
) -> None:
    with app.app_context():
        owned = db.session.merge(site)
        owned.limit_views(1)
        message = owned.draft(msgspec.structs.replace(DRAFT, holdout=50), utc_now())
        db.session.commit()
    sent = ask(stranger, site.key, token_of(app, message)).get_json()["message"]
    assert {"holdout", "daily"}.isdisjoint(sent)
    assert {"holdout", "daily"}.isdisjoint(sent["parts"])


def test_a_draft_is_handed_out_so_often_only(app: Flask, site: Site, draft: Message, stranger: Client) -> None:
    token = token_of(app, draft)
    with time_machine.travel(utc_now(), tick=False) as clock:
        statuses = [ask(stranger, site.key, token).status_code for _ in range(125)]
        assert statuses == [200] * 120 + [429] * 5
        assert ask(stranger, site.key, token).headers["Retry-After"] == "60"
        clock.shift(61)
        assert ask(stranger, site.key, token).status_code == 200
        assert [ask(stranger, site.key, "forged").status_code for _ in range(200)] == [404] * 200


def link_in(answer: TestResponse) -> str:
    found = re.search(r'id="preview-open" href="([^"]+)"', answer.text)
    return found[1] if found else ""


GOOD_PAGES = {
    "https://shop.example/pricing?a=1": "https://shop.example/pricing?a=1",
    "http://localhost:8080/": "http://localhost:8080/",
    "https://shop.example/#about": "https://shop.example/",
    "  https://shop.example  ": "https://shop.example",
    "https://bücher.example/": "https://bücher.example/",
}


@pytest.mark.parametrize("page", GOOD_PAGES)
def test_the_link_leads_to_the_page_with_the_token_in_its_fragment(
    app: Flask, site: Site, draft: Message, client: Client, stranger: Client, page: str
) -> None:
    answer = client.post(f"/sites/{site.key}/messages/{draft.id}/preview-link", {"address": page})
    assert answer.status_code == 200
    address, _, fragment = link_in(answer).replace("&amp;", "&").partition("#")
    assert address == GOOD_PAGES[page]
    name, _, token = fragment.partition("=")
    assert name == "anonmsg-preview"
    assert re.fullmatch(r"[\w.-]+", token, re.ASCII), "as the snippet reads it"
    assert SECRET in ask(stranger, site.key, token).text


BAD_PAGES = [
    "",
    "shop.example/pricing",
    "/pricing",
    "//shop.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://shop.example/",
    "https://",
    "https://alice:secret@shop.example/",
    "https://shop.example:99999/",
    "https://[::1",
    "https://shop.example/ x",
    'https://shop.example/"x',
    "https:\\\\shop.example",
    "https://shop.example/" + "a" * 2_000,
]


@pytest.mark.parametrize("page", BAD_PAGES)
def test_no_link_to_what_is_no_page(site: Site, draft: Message, client: Client, page: str) -> None:
    answer = client.post(f"/sites/{site.key}/messages/{draft.id}/preview-link", {"address": page})
    assert answer.status_code == 422
    assert link_in(answer) == ""
    assert 'id="preview-address-error"' in answer.text


def test_what_is_archived_has_no_link(app: Flask, site: Site, draft: Message, client: Client) -> None:
    url = f"/sites/{site.key}/messages/{draft.id}/preview-link"
    assert client.get(url).status_code == 200
    archive(app, draft)
    assert client.get(url).status_code == client.post(url, {"address": "https://a.example/"}).status_code == 409
    assert "preview-link" not in client.get(f"/sites/{site.key}/messages/{draft.id}").text


def test_the_pages_with_the_field(site: Site, draft: Message, client: Client) -> None:
    base = f"/sites/{site.key}/messages/{draft.id}"
    for path, has_it in {"": True, "/edit/content": True, "/edit/review": True, "/edit/schedule": False}.items():
        answer = client.get(base + path)
        assert ('id="preview-address"' in answer.text) == has_it, path
        assert ('<form id="preview-link"' in answer.text) == has_it, path


def test_the_field_suggests_the_website_where_there_is_but_one(
    site: Site, draft: Message, client: Client, stranger: Client
) -> None:
    url = f"/sites/{site.key}/messages/{draft.id}/preview-link"
    assert f'value="http://localhost/demo/?site={site.key}"' in client.get(url).text, (
        "the demo shop, before there is one"
    )
    stranger.get(f"/v1/sites/{site.key}/site.js", headers={"Referer": "https://www.shop.example/pricing"})
    assert 'value="https://www.shop.example/"' in client.get(url).text
    stranger.get(f"/v1/sites/{site.key}/site.js", headers={"Referer": "https://thief.example/"})
    answer = client.get(url).text
    assert "https://thief.example/" not in answer
    assert "https://www.shop.example/" not in answer, "it may be the one that is invented"
    assert "/demo/" not in re.findall(r'<input[^>]* id="preview-address"[^>]*>', answer)[0]


def test_a_token_says_nothing_of_the_draft(app: Flask, draft: Message) -> None:
    token = token_of(app, draft)
    link = Link.read(token, key_of(app))
    assert link
    assert link.message == draft.id
    with app.app_context():
        assert db.session.merge(draft).site.owner.session_key not in repr(link)
