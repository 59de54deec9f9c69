"""Many messages: the order that somebody gives them, and a limit for all of them together."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from anonmsg.db import db, utc_now
from anonmsg.manifest import build, launched
from anonmsg.models import Message, Site, User
from tests.conftest import CLUB
from tests.support.client import Client
from tests.support.stage import changed

pytestmark = pytest.mark.engines("sqlite", "postgres")

Ids = dict[str, str]


@pytest.fixture
def ids(app: Flask, site: Site) -> Ids:
    """Four launched messages, a to d, and a draft; c has a priority of its own."""
    with app.app_context():
        here, found = db.session.merge(site), {}
        for at, name in enumerate("abcd"):
            message = here.draft(changed(CLUB, name=name, priority=-1 if name == "c" else 0), utc_now())
            message.launch(utc_now() + timedelta(seconds=at))
            found[name] = message.id
        found["draft"] = here.draft(changed(CLUB, name="draft"), utc_now()).id
        db.session.commit()
        return found


@pytest.fixture
def order(app: Flask, site: Site, ids: Ids) -> Callable[[], str]:
    """The names of the launched messages in the order in which visitors' browsers decide them."""
    names = {id: name for name, id in ids.items()}

    def read() -> str:
        with app.app_context():
            found = launched(db.session.connection(), site.id, utc_now())
            return "".join(names.get(message.id, "?") for message in found)

    return read


@pytest.fixture
def url(site: Site) -> str:
    return f"/sites/{site.key}/messages"


MOVES = [
    ([], "cabd"),
    ([("d", "c")], "dcab"),
    ([("c", "b")], "acbd"),
    ([("c", "")], "abdc"),
    ([("a", "a")], "cbda"),
    ([("d", "c"), ("a", "c"), ("d", "")], "acbd"),
]


@pytest.mark.parametrize(("moves", "expected"), MOVES)
def test_a_message_is_moved(
    client: Client, url: str, ids: Ids, order: Callable[[], str], moves: list[tuple[str, str]], expected: str
) -> None:
    for name, before in moves:
        answer = client.post(
            f"{url}/{ids[name]}/move", data={"before": ids.get(before, ""), "back": f"{url}?status=live"}
        )
        assert (answer.status_code, answer.location) == (303, f"{url}?status=live#menu-{ids[name]}")
        assert f'<summary class="btn btn-icon btn-ghost" id="menu-{ids[name]}"' in client.get(answer.location).text
    assert order() == expected


def test_moving_reaches_visitors_and_disturbs_no_draft(
    app: Flask, client: Client, site: Site, url: str, ids: Ids
) -> None:
    def state() -> tuple[int, dict[str, tuple[int, str]]]:
        with app.app_context():
            found = {each.id: (each.lock, each.draft) for each in db.session.query(Message)}
            return db.session.get_one(Site, site.id).revision, found

    revision, messages = state()
    client.post(f"{url}/{ids['d']}/move", data={"before": ids["a"]})
    assert state() == (revision + 1, messages)


def test_a_message_that_is_new_comes_last(
    app: Flask, client: Client, site: Site, url: str, ids: Ids, order: Callable[[], str]
) -> None:
    client.post(f"{url}/{ids['d']}/move", data={"before": ids["c"]})
    with app.app_context():
        message = db.session.merge(site).draft(changed(CLUB, name="new"), utc_now())
        message.launch(utc_now() + timedelta(seconds=9))
        db.session.commit()
    assert order() == "dcab?"


def test_what_is_not_there_or_not_yours_is_no_place(
    app: Flask, client: Client, charlie: User, url: str, ids: Ids, order: Callable[[], str]
) -> None:
    with app.app_context():
        other = Site(name="Charlie's", owner_id=db.session.merge(charlie).id)
        db.session.add(other)
        db.session.flush()
        theirs = other.draft(CLUB, utc_now()).id
        db.session.commit()
    for before in ("no-such-message", theirs):
        assert client.post(f"{url}/{ids['d']}/move", data={"before": before}).status_code == 404
    assert order() == "cabd"


def listed(client: Client, url: str) -> list[str]:
    return re.findall(r'<th role="rowheader".*?<a href="[^"]*">([^<]*)</a>', client.get(url).text, re.DOTALL)


def test_the_list_stands_in_that_order_and_offers_to_move(client: Client, url: str, ids: Ids) -> None:
    assert listed(client, url) == ["draft", "d", "c", "b", "a"]
    assert "data-move" not in client.get(url).text
    assert listed(client, f"{url}?status=live") == ["c", "a", "b", "d"]
    page = client.get(f"{url}?status=live").text
    offers = re.findall(r'messages/([^/"]*)/move" data-move="(\w+)">.*?name="before" value="([^"]*)"', page, re.DOTALL)
    a, b, c, d = (ids[name] for name in "abcd")
    assert offers == [(c, "down", b), (a, "up", c), (a, "down", d), (b, "up", a), (b, "down", ""), (d, "up", b)]


@pytest.mark.parametrize(
    ("typed", "kept", "said"),
    [("3", 3, ""), ("", None, ""), ("0", 2, "from 1 to 100"), ("101", 2, "from 1 to 100"), ("many", 2, "")],
)
def test_a_limit_for_all_messages_together(
    app: Flask, client: Client, site: Site, ids: Ids, typed: str, kept: int | None, said: str
) -> None:
    with app.app_context():
        db.session.get_one(Site, site.id).limit_views(2)
        db.session.commit()
        before = db.session.get_one(Site, site.id).revision
    answer = client.post(f"/sites/{site.key}/settings", data={"name": "Shop", "daily_limit": typed})
    assert answer.status_code == (303 if kept != 2 else 422)
    assert said in answer.text
    with app.app_context():
        found = db.session.get_one(Site, site.id)
        assert (found.daily_limit, found.revision) == (kept, before + (kept != 2))
        entries = json.loads(build("k", 1, launched(db.session.connection(), site.id, utc_now()), utc_now()).body)[
            "messages"
        ]
    assert [entry.get("daily") for entry in entries] == [kept] * 4
    assert all(("daily" in entry["parts"]) == (kept is not None) for entry in entries)
    assert all("frequency" in entry["parts"] for entry in entries)


def test_saving_the_same_settings_changes_nothing_for_visitors(app: Flask, client: Client, site: Site) -> None:
    client.post(f"/sites/{site.key}/settings", data={"name": "Shop", "daily_limit": "2"})
    client.post(f"/sites/{site.key}/settings", data={"name": "Shop 2", "daily_limit": "2"})
    with app.app_context():
        assert db.session.get_one(Site, site.id).revision == site.revision + 1
