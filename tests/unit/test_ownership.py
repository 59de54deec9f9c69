"""Who reaches what: every route for everybody. What is not yours is as if it were not there."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from anonmsg.db import db, new_key, utc_now
from anonmsg.models import Event, Message, Person, Site, Template, User
from tests.conftest import CLUB
from tests.support.client import Client
from tests.support.routes import VISITOR, Route, dump, routes

pytestmark = pytest.mark.engines("sqlite", "postgres")

ANYBODY = {
    "account.sign_in": 200,
    "demo.home": 200,
    "demo.page": 200,
    "demo.product": 200,
    "demo.shop": 200,
    "public.healthz": 200,
    "static": 200,
}
"""Open to those who are not signed in, and what a GET of theirs is answered."""

SIGNED_IN = {"account.home", "account.sign_out", "sites.index", "sites.new"}
"""Open to whoever is signed in."""

OWNERS = {
    "activity.index",
    "activity.new",
    "addresses.index",
    "answers.index",
    "images.create",
    "messages.change",
    "messages.duplicate",
    "messages.index",
    "messages.move",
    "messages.numbers",
    "messages.show",
    "people.export",
    "people.export_visitor",
    "people.forget",
    "people.forget_visitor",
    "people.index",
    "people.show",
    "people.visitor",
    "preview.link",
    "settings.edit",
    "sites.install",
    "sites.install_state",
    "sites.show",
    "templates.create",
    "templates.delete",
    "templates.index",
    "templates.rename",
    "theme.edit",
    "theme.look",
    "theme.save",
    "transfer.download",
    "transfer.elsewhere",
    "transfer.export",
    "transfer.import_",
    "versions.index",
    "versions.restore",
    "wizard.edit",
    "wizard.keep",
    "wizard.new",
    "wizard.preview",
    "wizard.save",
}
"""Open to the owner of the site alone."""


def add_past(site: Site) -> str:
    """Somebody who was identified, whose id is returned, and the visitor whom :mod:`tests.support.routes` names."""
    person = Person(id=new_key(), site_id=site.id, user_id="u1", traits="{}", created_at=1)
    visit = Event(key=new_key().encode()[:24], site_id=site.id, type="page", at=1, received_at=1, body="{}")
    visit.anonymous_id = VISITOR
    db.session.add_all([person, visit])
    db.session.commit()
    return person.id


@pytest.fixture
def person(app: Flask, site: Site) -> str:
    """Somebody known to Alice's site."""
    with app.app_context():
        return add_past(site)


def add_template(message: Message) -> str:
    """One that was kept of the message; its id."""
    kept = Template.keep(db.session.get_one(Message, message.id), utc_now())
    db.session.commit()
    return kept.id


@pytest.fixture
def template(app: Flask, message: Message) -> str:
    with app.app_context():
        return add_template(message)


@pytest.fixture
def charlies(app: Flask, charlie: User) -> tuple[Site, Message]:
    """Charlie has a site and a message of his own."""
    with app.app_context():
        site = Site(name="Charlie's", owner_id=charlie.id)
        db.session.add(site)
        db.session.flush()
        message = site.draft(CLUB, utc_now())
        db.session.commit()
        return site, message


@pytest.fixture
def outsider(app: Flask, charlie: User) -> Client:
    client = app.test_client()
    assert isinstance(client, Client)
    return client.sign_in(charlie)


def send(client: Client, route: Route) -> TestResponse:
    return client.get(route.url) if route.method == "GET" else client.post(route.url)


def of_owners(app: Flask, key: str, id: str, *others: str) -> list[Route]:
    """``others``: the ids of a person and of a template, where there are any."""
    return [route for route in routes(app, key, id, *others) if route.endpoint in OWNERS]


def test_every_route_is_in_this_table(app: Flask) -> None:
    assert {route.endpoint for route in routes(app)} == ANYBODY.keys() | SIGNED_IN | OWNERS


def test_whoever_is_not_signed_in_is_asked_to(app: Flask, site: Site, message: Message, stranger: Client) -> None:
    before = dump(app)
    asked = [route for route in routes(app, site.key, message.id) if route.endpoint not in ANYBODY]
    assert len(asked) > 15
    for route in asked:
        answer = send(stranger, route)
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in"), route
        assert message.name not in answer.text
    assert dump(app) == before


def test_what_is_open_to_anybody(app: Flask, site: Site, stranger: Client) -> None:
    for route in routes(app):
        if route.endpoint in ANYBODY and route.method == "GET":
            assert stranger.get(route.url).status_code == ANYBODY[route.endpoint], route


def test_the_owner_reaches_all_of_it(
    app: Flask, site: Site, message: Message, person: str, template: str, client: Client
) -> None:
    # What is deleted is there no more for what comes after it.
    for route in sorted(of_owners(app, site.key, message.id, person, template), key=lambda one: "delete" in one.url):
        assert send(client, route).status_code in (200, 303, 409, 422), route


def test_an_outsider_finds_nothing_of_it(
    app: Flask,
    site: Site,
    message: Message,
    person: str,
    template: str,
    charlies: tuple[Site, Message],
    outsider: Client,
) -> None:
    before = dump(app)
    for route in of_owners(app, site.key, message.id, person, template):
        answer = send(outsider, route)
        assert answer.status_code == 404, route
        assert message.name not in answer.text
    assert dump(app) == before
    own_site, own_message = charlies
    with app.app_context():
        own_person, own_template = add_past(own_site), add_template(own_message)
    own = of_owners(app, own_site.key, own_message.id, own_person, own_template)
    for route in sorted(own, key=lambda one: "delete" in one.url):
        assert send(outsider, route).status_code in (200, 303, 409, 422), route


def test_ones_own_key_with_somebody_elses_message_is_refused(
    app: Flask, site: Site, message: Message, charlies: tuple[Site, Message], outsider: Client, client: Client
) -> None:
    before = dump(app)
    own_site, own_message = charlies
    with_id = [route for route in of_owners(app, own_site.key, message.id) if message.id in route.url]
    assert len(with_id) > 8
    for route in with_id:
        assert send(outsider, route).status_code == 404, route
    for route in of_owners(app, site.key, own_message.id):
        assert own_message.id not in route.url or send(client, route).status_code == 404, route
    assert dump(app) == before


def test_somebody_elses_person_is_not_found_under_ones_own_key(
    app: Flask, person: str, charlies: tuple[Site, Message], outsider: Client
) -> None:
    before = dump(app)
    with_person = [route for route in of_owners(app, charlies[0].key, charlies[1].id, person) if person in route.url]
    assert with_person
    for route in with_person:
        assert send(outsider, route).status_code == 404, route
    assert dump(app) == before


def test_somebody_elses_template_is_not_found_under_ones_own_key(
    app: Flask, template: str, charlies: tuple[Site, Message], outsider: Client
) -> None:
    before = dump(app)
    own_site, own_message = charlies
    with_template = [
        route for route in of_owners(app, own_site.key, own_message.id, "nobody", template) if template in route.url
    ]
    assert with_template
    for route in with_template:
        assert send(outsider, route).status_code == 404, route
    answer = outsider.post(f"/sites/{own_site.key}/messages/new", data={"name": "Mine", "template": template})
    assert answer.status_code == 422, "nor can it be started from"
    assert dump(app) == before


def test_ones_other_site_does_not_hold_the_message_either(
    app: Flask, site: Site, message: Message, alice: User, client: Client
) -> None:
    with app.app_context():
        second = Site(name="Second", owner_id=alice.id)
        db.session.add(second)
        db.session.commit()
    for route in of_owners(app, second.key, message.id):
        assert message.id not in route.url or send(client, route).status_code == 404, route


def same_everywhere(text: str) -> str:
    return re.sub(r'nonce="[^"]+"', "", text)


def test_not_yours_and_not_there_cannot_be_told_apart(
    app: Flask, site: Site, message: Message, outsider: Client
) -> None:
    outsider.get("/sites")  # the session's first answer sets its cookie anew
    theirs = of_owners(app, site.key, message.id)
    missing = of_owners(app, "f" * len(site.key), "0" * len(message.id))
    assert len(theirs) == len(missing) > 15
    for real, made_up in zip(theirs, missing, strict=True):
        one, other = send(outsider, real), send(outsider, made_up)
        assert one.status_code == other.status_code == 404, real
        assert same_everywhere(one.text) == same_everywhere(other.text), real
        assert {name for name, _ in one.headers} == {name for name, _ in other.headers}, real


@pytest.mark.parametrize("key", ["%00", "%27%20OR%201=1", "..", "%2e%2e%2f", "x" * 65, "%F0%9F%99%82", "%ED%A0%80"])
def test_odd_keys_and_ids_are_not_found(site: Site, client: Client, key: str) -> None:
    for url in (f"/sites/{key}/messages", f"/sites/{site.key}/messages/{key}", f"/demo/?site={key}"):
        assert client.get(url).status_code in (404, 308), url


def test_a_user_who_is_gone_is_signed_out(app: Flask, charlie: User, outsider: Client) -> None:
    assert outsider.get("/sites").status_code == 200
    with app.app_context():
        db.session.delete(db.session.get(User, charlie.id))
        db.session.commit()
    assert outsider.get("/sites").status_code == 303
