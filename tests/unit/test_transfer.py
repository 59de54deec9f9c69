"""Messages on their way to another site: as copies, and as files."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from anonmsg.db import db
from anonmsg.message import Shape, State
from anonmsg.models import Message, Site, User
from tests.conftest import CLUB
from tests.support.client import Client
from tests.support.routes import dump

pytestmark = pytest.mark.engines("sqlite", "postgres")


def add_site(app: Flask, owner: User, name: str) -> Site:
    with app.app_context():
        site = Site(name=name, owner_id=owner.id)
        db.session.add(site)
        db.session.commit()
        return site


@pytest.fixture
def second(app: Flask, site: Site, alice: User) -> Site:
    """Another site of Alice's."""
    return add_site(app, alice, "Second")


@pytest.fixture
def charlies(app: Flask, charlie: User) -> Site:
    return add_site(app, charlie, "Charlie's shop")


def url(site: Site, *parts: str) -> str:
    return "/".join([f"/sites/{site.key}/messages", *parts])


def on(app: Flask, site: Site) -> list[tuple[str, str, Shape]]:
    """The messages of a site: name, state, draft."""
    with app.app_context():
        found = db.session.scalars(select(Message).where(Message.site_id == site.id).order_by(Message.created_at))
        return [(message.name, message.state, message.shape) for message in found]


def test_a_copy_on_another_site_is_a_draft_of_its_own(
    app: Flask, site: Site, second: Site, message: Message, client: Client
) -> None:
    for page in (url(site), url(site, message.id)):
        assert f'href="{url(site, message.id, "elsewhere")}"' in client.get(page).text
    asked = client.get(url(site, message.id, "elsewhere")).text
    assert f'<option value="{second.key}">Second</option>' in asked
    assert f'value="{site.key}"' not in asked
    answer = client.post(url(site, message.id, "duplicate"), {"to": second.key})
    assert answer.status_code == 303
    assert [(name, state) for name, state, _ in on(app, second)] == [("Club", State.DRAFT)]
    assert on(app, second)[0][2].steps == CLUB.steps, "the ids of buttons are as before: they are the message's own"
    with app.app_context():
        copy = db.session.scalars(select(Message).where(Message.site_id == second.id)).one()
        assert copy.id != message.id
        assert answer.location == url(second, copy.id, "edit")
    assert len(on(app, site)) == 1
    assert "a draft of its own of Second" in client.get(url(second)).text


def test_the_site_itself_is_no_other_site(
    app: Flask, site: Site, second: Site, message: Message, client: Client
) -> None:
    assert client.post(url(site, message.id, "duplicate"), {"to": site.key}).status_code == 303
    assert sorted(name for name, *_ in on(app, site)) == ["Club", "Club (copy)"]


@pytest.mark.parametrize("to", ["charlies", "f" * 20, "%00", "<script>", "../second", "x" * 5_000])
def test_sites_of_others_cannot_be_named(
    app: Flask, site: Site, second: Site, charlies: Site, message: Message, client: Client, to: str
) -> None:
    before = dump(app)
    answer = client.post(url(site, message.id, "duplicate"), {"to": charlies.key if to == "charlies" else to})
    assert answer.status_code == 404
    assert charlies.name not in client.get(url(site, message.id, "elsewhere")).text
    assert dump(app) == before


def test_who_has_one_site_is_not_asked(site: Site, charlies: Site, message: Message, client: Client) -> None:
    for page in (url(site), url(site, message.id)):
        assert "another site" not in client.get(page).text
    assert client.get(url(site, message.id, "elsewhere")).status_code == 409
