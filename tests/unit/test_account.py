"""Signing in and out: who gets in, where to, and what a copied cookie is worth."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from anonmsg.db import db
from anonmsg.forgery import local_path
from anonmsg.models import Site, User
from tests.conftest import PASSWORD, PASSWORD_HASH
from tests.support.client import Client

WRONG = "not her password"

LOCAL = [
    "/", "/sites", "/sites/0a1b/messages?status=live&q=caf%C3%A9", "/a//b", "/.//b", "/%2F%2Fevil.example",
    "/@evil.example", "/a:b",
]  # fmt: skip

ELSEWHERE = [
    "//evil.example", "///evil.example", "////evil.example", "//evil.example/%2f..", "//evil.example@shop.example",
    "http://evil.example", "https://evil.example", "HTTPS://evil.example", "https:evil.example",
    "https:/evil.example", "https:///evil.example", "http:\\\\evil.example", "https:\\evil.example",
    "ftp://evil.example", "ws://evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
    "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "mailto:a@evil.example",
    "blob:https://evil.example/x", "evil.example", "evil.example/path", ".evil.example", "@evil.example", ":80",
    "?next=//evil.example", "#//evil.example", "", " ", " //evil.example", "\t//evil.example", "\n//evil.example",
    "\x00//evil.example", "/\\evil.example", "/\\/evil.example", "\\/evil.example", "\\\\evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "/\x0b/evil.example", "/ /evil.example",
    "/\u200b/evil.example", "/\u3000/evil.example", "／／evil.example", "/／evil.example",
    "/a\r\nLocation: //evil.example", "/a\\b", "/" + "a" * 3_000,
]  # fmt: skip


@pytest.fixture(autouse=True)
def cheap_hash_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anonmsg.models.user._NOBODY", PASSWORD_HASH)


def sign_in(client: Client, email: str, password: str, url: str = "/sign-in") -> TestResponse:
    return client.post(url, {"email": email, "password": password})


def test_it_works(app: Flask, site: Site, stranger: Client) -> None:
    answer = sign_in(stranger, "alice@shop.example", PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")
    assert stranger.get("/").location == f"/sites/{site.key}/messages"


@pytest.mark.parametrize(
    "email", [" ALICE@Shop.example ", "alice@shop.example\x00", "\u200balice@shop.example\t"], ids=ascii
)
def test_the_email_is_read_without_regard_to_case_and_what_is_invisible(
    alice: User, stranger: Client, email: str
) -> None:
    assert sign_in(stranger, email, PASSWORD).status_code == 303


def test_who_signs_in_waits_for_no_writer_and_keeps_none_waiting(app: Flask, alice: User, stranger: Client) -> None:
    """A password is hashed slowly on purpose, and guesses must not keep what visitors send from being stored."""
    with app.app_context(), db.engine.connect() as writer:
        writer.exec_driver_sql("UPDATE site SET name = name")
        answers = [stranger.post("/sign-in", {"email": alice.email, "password": word}) for word in (WRONG, PASSWORD)]
        writer.rollback()
    assert [answer.status_code for answer in answers] == [422, 303]


def test_home_offers_the_choice_among_several_sites_or_none(
    app: Flask, site: Site, client: Client, charlie: User
) -> None:
    with app.app_context():
        Site.create("Second", db.session.merge(User(id=site.owner_id), load=True))
        db.session.commit()
    assert client.get("/").location == "/sites"
    assert app.test_client().sign_in(charlie).get("/").location == "/sites"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("email", "password"),
    [("alice@shop.example", WRONG), ("alice@shop.example", ""), ("", PASSWORD), ("nobody@shop.example", PASSWORD),
     ("alice@shop.example' OR 1=1 --", PASSWORD), ("alice@shop.example", PASSWORD + " ")],
)  # fmt: skip
def test_nobody_else_gets_in(alice: User, stranger: Client, email: str, password: str) -> None:
    assert sign_in(stranger, email, password).status_code == 422
    assert stranger.get("/sites").status_code == 303


def without_what_differs_by_request(text: str) -> str:
    return re.sub(r'(nonce|csrf_token)(=|" value=)"[^"]+"', r"\1", text)


def test_an_unknown_email_and_a_wrong_password_are_answered_alike(alice: User, stranger: Client) -> None:
    sign_in(stranger, "first@shop.example", WRONG)
    known = sign_in(stranger, "alice@shop.example", WRONG)
    unknown = sign_in(stranger, "nobody@shop.example", WRONG)
    known_text = without_what_differs_by_request(known.text).replace("alice@shop.example", "E-MAIL")
    assert "do not belong together" in known_text
    assert known_text == without_what_differs_by_request(unknown.text).replace("nobody@shop.example", "E-MAIL")
    assert {name for name, _ in known.headers} == {name for name, _ in unknown.headers}


def test_an_unknown_email_costs_a_hash_as_well(app: Flask, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    hasher = "anonmsg.models.user._hasher"
    from anonmsg.models import user

    real = user._hasher

    class Counting:
        def verify(self, hashed: str, password: str) -> bool:
            verified.append(password)
            return real.verify(hashed, password)

    monkeypatch.setattr(hasher, Counting())
    with app.app_context():
        assert User.sign_in("alice@shop.example", WRONG) is None
        assert User.sign_in("nobody@shop.example", WRONG) is None
    assert verified == [WRONG, WRONG]


def test_what_is_missing_is_said_next_to_its_field_and_what_was_typed_stays(stranger: Client) -> None:
    page = sign_in(stranger, "alice@shop.example", "").text
    assert "Type your password." in page
    assert 'aria-describedby="password-error"' in page
    assert 'value="alice@shop.example"' in page
    assert WRONG not in sign_in(stranger, "alice@shop.example", WRONG).text


def test_a_page_that_needs_a_user_is_what_follows_signing_in(site: Site, stranger: Client) -> None:
    asked = f"/sites/{site.key}/messages?status=live"
    to_sign_in = stranger.get(asked)
    assert to_sign_in.status_code == 303
    assert urlsplit(to_sign_in.location).path == "/sign-in"
    assert sign_in(stranger, "alice@shop.example", PASSWORD, to_sign_in.location).location == asked


def test_what_would_write_is_not_repeated_after_signing_in(site: Site, stranger: Client) -> None:
    assert stranger.post("/sites/new", {"name": "X"}).location == "/sign-in"


def test_htmx_loads_the_sign_in_page_instead_of_swapping_it_in(site: Site, stranger: Client) -> None:
    answer = stranger.get(f"/sites/{site.key}/messages", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"], answer.data) == (401, "/sign-in", b"")


@pytest.mark.parametrize("target", LOCAL)
def test_a_page_of_ours_may_follow(target: str) -> None:
    assert local_path(target) == target


@pytest.mark.parametrize("target", ELSEWHERE, ids=ascii)
def test_no_other_place_may_follow(target: str) -> None:
    assert local_path(target) is None


def test_there_are_at_least_forty_ways_out_and_none_is_taken_over_http(alice: User, app: Flask) -> None:
    assert len(ELSEWHERE) >= 40
    for target in ELSEWHERE:
        client = app.test_client()
        client.sign_in(alice)  # type: ignore[attr-defined]
        answer = client.get("/sign-in", query_string={"next": target})
        assert (answer.status_code, answer.location) == (303, "/"), target


def test_signing_in_starts_a_new_session(alice: User, app: Flask, stranger: Client) -> None:
    """What an attacker planted or copied before signing in is worth nothing after it."""
    stranger.get("/sign-in")
    with stranger.session_transaction() as session:
        session["planted"] = "by an attacker"
    before = stranger.get_cookie("session")
    assert before
    sign_in(stranger, "alice@shop.example", PASSWORD)
    after = stranger.get_cookie("session")
    assert after
    assert after.value != before.value
    with stranger.session_transaction() as session:
        assert "planted" not in session
    replayed = app.test_client()
    replayed.set_cookie("session", before.value)
    assert replayed.get("/sites").status_code == 303


def test_a_cookie_copied_before_signing_out_does_not_work_after_it(alice: User, app: Flask, stranger: Client) -> None:
    sign_in(stranger, "alice@shop.example", PASSWORD)
    copied = stranger.get_cookie("session")
    assert copied
    thief = app.test_client()
    thief.set_cookie("session", copied.value)
    assert thief.get("/sites").status_code == 200
    assert stranger.post("/sign-out").location == "/sign-in"
    assert stranger.get("/sites").status_code == 303
    thief.set_cookie("session", copied.value)
    assert thief.get("/sites").status_code == 303


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_websites(alice: User, stranger: Client) -> None:
    cookies = sign_in(stranger, "alice@shop.example", PASSWORD).headers.getlist("Set-Cookie")
    assert sorted(cookie.split("=")[0] for cookie in cookies) == ["device", "session"]
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


def test_who_is_signed_in_need_not_do_it_again(client: Client) -> None:
    assert client.get("/sign-in").location == "/"


def test_ten_wrong_tries_a_minute_and_then_even_the_right_one_waits(alice: User, stranger: Client) -> None:
    answers = [sign_in(stranger, f"user-{n}@shop.example", WRONG).status_code for n in range(10)]
    assert answers == [422] * 10
    refused = sign_in(stranger, "alice@shop.example", PASSWORD)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "Wait a minute" in refused.text
    assert stranger.get("/sites").status_code == 303


def test_right_tries_are_not_counted(alice: User, stranger: Client) -> None:
    for _ in range(12):
        assert sign_in(stranger, "alice@shop.example", PASSWORD).status_code == 303
        stranger.post("/sign-out")


def test_guesses_from_elsewhere_do_not_keep_the_owner_out(alice: User, app: Flask, stranger: Client) -> None:
    """Same address, as behind one proxy: Alice's browser has signed in before, so its tries are counted apart."""
    sign_in(stranger, "alice@shop.example", PASSWORD)
    stranger.post("/sign-out")
    attacker = app.test_client()
    assert isinstance(attacker, Client)
    answers = [sign_in(attacker, "alice@shop.example", WRONG).status_code for _ in range(12)]
    assert answers[-1] == 429
    assert sign_in(stranger, "alice@shop.example", PASSWORD).status_code == 303


def test_a_known_browser_is_known_for_one_email_only_and_cannot_be_made_up(
    alice: User, app: Flask, stranger: Client
) -> None:
    sign_in(stranger, "alice@shop.example", PASSWORD)
    stranger.post("/sign-out")
    answers = [sign_in(stranger, "bob@shop.example", WRONG).status_code for _ in range(11)]
    assert answers[-1] == 429
    assert sign_in(stranger, "alice@shop.example", PASSWORD).status_code == 303
    forger = app.test_client()
    assert isinstance(forger, Client)
    for n in range(3):
        forger.set_cookie("device", f'["alice@shop.example", "{n}"].forged', path="/sign-in")
        assert sign_in(forger, "alice@shop.example", WRONG).status_code == 429


@pytest.mark.parametrize("email", ["alice@shop.example", "nobody@shop.example"])
def test_the_limit_says_nothing_about_who_exists(alice: User, app: Flask, email: str) -> None:
    client = app.test_client()
    assert isinstance(client, Client)
    assert [sign_in(client, email, WRONG).status_code for _ in range(11)] == [422] * 10 + [429]
