"""A request that another website makes a signed-in browser send changes nothing, whichever route it goes to."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

from anonmsg import create_app
from anonmsg.db import db, utc_now
from anonmsg.forgery import csrf
from anonmsg.models import Message, Site, User
from anonmsg.settings import Settings
from tests.support.client import Client
from tests.support.routes import WRITES, Route, dump, routes

BODIES = {
    "sites.new": {"name": "A new site"},
    "account.sign_in": {"email": "alice@shop.example", "password": "wrong"},
    "wizard.new": {"name": "A new message", "description": "", "go": "targeting"},
}
"""What our own form would send, where a bare token would not do."""

CHANGES = ("sites.new", "wizard.new", "messages.change", "messages.duplicate", "account.sign_out")
"""Where the honest request surely changes the database, so that the forged one's failure means something."""

FORGED = {
    "no token": (False, {}),
    "another website's page": (True, {"Origin": "https://evil.example"}),
    "a port beside ours": (True, {"Origin": "http://localhost:8080"}),
    "a name that begins like ours": (True, {"Origin": "http://localhost.evil.example"}),
    "a name that ends like ours": (True, {"Origin": "http://evil-localhost"}),
    "a sandboxed frame": (True, {"Origin": "null"}),
    "an empty origin": (True, {"Origin": ""}),
    "cross-site": (True, {"Sec-Fetch-Site": "cross-site"}),
    "same-site": (True, {"Sec-Fetch-Site": "same-site"}),
    "cross-site that says it is ours": (True, {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"}),
}


def writes(app: Flask, site: Site, message: Message) -> list[Route]:
    return [route for route in routes(app, site.key, message.id) if route.method in WRITES]


@pytest.fixture
def message(app: Flask, message: Message) -> Message:
    """Launched, so that pausing, stopping and archiving it would change something."""
    with app.app_context():
        launched = db.session.merge(message)
        launched.launch(utc_now())
        db.session.commit()
        return launched


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_request_leaves_the_database_as_it_is(
    app: Flask, site: Site, message: Message, client: Client, forgery: str
) -> None:
    with_token, headers = FORGED[forgery]
    before = dump(app)
    crawled = writes(app, site, message)
    assert len(crawled) > 10
    for route in crawled:
        body = {**BODIES.get(route.endpoint, {}), **({"csrf_token": client.token()} if with_token else {})}
        answer = client.post(route.url, body, forged=True, headers=headers)
        assert answer.status_code == (403 if with_token else 400), route
        assert dump(app) == before, route
    assert client.get("/sites").status_code == 200, "still signed in"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "0" * 200])
def test_a_made_up_token_is_worth_nothing(app: Flask, site: Site, message: Message, client: Client, token: str) -> None:
    before = dump(app)
    for route in writes(app, site, message):
        body = {**BODIES.get(route.endpoint, {}), "csrf_token": token}
        assert client.post(route.url, body, forged=True).status_code == 400, route
    assert dump(app) == before


def test_somebody_elses_token_is_worth_nothing(
    app: Flask, site: Site, message: Message, client: Client, charlie: User
) -> None:
    charlies = app.test_client()
    assert isinstance(charlies, Client)
    token = charlies.sign_in(charlie).token()
    before = dump(app)
    for route in writes(app, site, message):
        assert client.post(route.url, {"csrf_token": token}, forged=True).status_code == 400, route
    assert dump(app) == before


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://localhost"}, {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
     {"Sec-Fetch-Site": "none"}],
    ids=str,
)  # fmt: skip
def test_our_own_forms_do_work(
    app: Flask, site: Site, message: Message, client: Client, headers: dict[str, str]
) -> None:
    changed: set[str] = set()
    for route in sorted(writes(app, site, message), key=lambda route: route.endpoint == "account.sign_out"):
        before = dump(app)
        answer = client.post(route.url, dict(BODIES.get(route.endpoint, {})), headers=headers)
        assert answer.status_code not in (400, 403), route
        changed |= {route.endpoint} if dump(app) != before else set()
    assert changed >= set(CHANGES)


def test_behind_a_public_address_its_origin_is_ours(settings: Settings, site: Site, alice: User) -> None:
    app = create_app(replace(settings, public_url="https://messages.example"))
    app.test_client_class = Client
    client = app.test_client()
    assert isinstance(client, Client)
    client.sign_in(alice)
    for origin, status in (
        ("https://messages.example", 303),
        ("http://localhost", 303),
        ("https://evil.example", 403),
        ("null", 403),
    ):
        assert client.post("/sites/new", {"name": "New"}, headers={"Origin": origin}).status_code == status, origin


def test_no_view_goes_without_a_token() -> None:
    """What websites send to us is answered in front of Flask, without a session."""
    assert vars(csrf)["_exempt_views"] == vars(csrf)["_exempt_blueprints"] == set()


def test_a_token_is_not_read_from_the_address(client: Client) -> None:
    """It would end up in logs and Referer headers."""
    answer = client.post(f"/sites/new?csrf_token={client.token()}", {"name": "New"}, forged=True)
    assert answer.status_code == 400


def test_get_never_writes(app: Flask, site: Site, message: Message, client: Client, stranger: Client) -> None:
    asked = [route for route in routes(app, site.key, message.id) if route.method == "GET"]
    assert len(asked) > 15
    before = dump(app)
    assert before["message"]
    for route in asked:
        for browser in (client, stranger):
            for method in (browser.get, browser.head, browser.options):
                method(route.url)
                assert dump(app) == before, route


def test_get_takes_no_write_lock(app: Flask, site: Site, message: Message, client: Client) -> None:
    """Somebody who writes for long does not keep others from reading."""
    with app.app_context(), db.engine.connect() as writer:
        writer.exec_driver_sql("UPDATE site SET revision = revision + 1")
        for route in routes(app, site.key, message.id):
            if route.method == "GET":
                assert client.get(route.url).status_code < 500, route


def test_each_form_of_each_page_carries_a_token(app: Flask, site: Site, message: Message, client: Client) -> None:
    """The client checks the forms of every page it fetches; this fetches all pages, and there are forms."""
    forms = [
        re.findall(r"<form[^>]*method=\"post\"", client.get(route.url).text)
        for route in routes(app, site.key, message.id)
        if route.method == "GET"
    ]
    assert sum(map(len, forms)) > 20
