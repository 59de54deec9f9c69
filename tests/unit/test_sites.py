"""Sites: the list, a new one, and the install tag that goes into a website."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from flask import Flask

from anonmsg import create_app
from anonmsg.db import db
from anonmsg.models import Message, Site, User
from anonmsg.settings import Settings
from anonmsg.views.typed import visible
from tests.support.client import Client
from tests.support.website import REFERENCE_TAG, install_tag

pytestmark = pytest.mark.engines("sqlite", "postgres")


def names(app: Flask) -> list[str]:
    with app.app_context():
        return [site.name for site in db.session.query(Site).order_by(Site.created_at)]


def tag_on(page: str) -> str:
    found = re.search(r'<pre[^>]*id="install-tag"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def without_blanks(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_it_works(app: Flask, client: Client) -> None:
    answer = client.post("/sites/new", {"name": "  Shop  "})
    assert names(app) == ["Shop"]
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Shop is ready" in page
    assert tag_on(page).startswith("<script>")


def test_the_list_holds_ones_own_sites_only(app: Flask, site: Site, charlie: User, client: Client) -> None:
    with app.app_context():
        Site.create("Charlie's secret site", db.session.merge(charlie))
        db.session.commit()
    page = client.get("/sites").text
    assert f'href="/sites/{site.key}/messages"' in page
    assert "secret" not in page


def test_the_list_counts_the_messages_of_each(app: Flask, site: Site, message: Message, client: Client) -> None:
    client.post("/sites/new", {"name": "Second"})
    page = " ".join(client.get("/sites").text.split())
    assert re.findall(r"(\d+ messages?)\b", page) == ["1 message", "0 messages"]


def test_without_a_site_the_list_leads_to_the_first(client: Client) -> None:
    page = client.get("/sites").text
    assert "Your first site" in page
    assert 'href="/sites/new"' in page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Give the site a name"),
        ("   ", "Give the site a name"),
        ("\x00\u200b", "Give the site a name"),
        ("x" * 121, "at most 120 characters"),
    ],
)
def test_a_bad_name_is_said_next_to_the_field_and_nothing_is_made(
    app: Flask, client: Client, name: str, words: str
) -> None:
    answer = client.post("/sites/new", {"name": name})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'aria-describedby="name-help name-error"' in answer.text
    assert visible(name) in answer.text
    assert names(app) == []


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "Ä&Ö 日本"]
)
def test_a_name_is_text_wherever_it_stands(client: Client, name: str) -> None:
    location = client.post("/sites/new", {"name": name}).location
    for url in ("/sites", location, location.replace("install", "messages")):
        page = client.get(url).text
        assert html.escape(name, quote=False) in page.replace("&#34;", '"')
        assert "<script>alert" not in page
        assert "<img" not in page


def test_home_of_a_site_is_its_messages(site: Site, client: Client) -> None:
    assert client.get(f"/sites/{site.key}").location == f"/sites/{site.key}/messages"


def test_the_install_tag_is_the_references_own_with_host_and_keys_changed(site: Site, client: Client) -> None:
    tag = tag_on(client.get(f"/sites/{site.key}/install").text)
    assert "YOUR_WRITE_KEY" in REFERENCE_TAG
    assert "anonymousInApp: true" in tag
    assert without_blanks(tag) == without_blanks(install_tag("http://localhost", site.key))


@pytest.mark.engines("sqlite")
def test_the_tag_points_to_the_public_address_where_there_is_one(settings: Settings, site: Site, alice: User) -> None:
    app = create_app(replace(settings, public_url="https://messages.example"))
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = alice.get_id()
    page = client.get(f"/sites/{site.key}/install").text
    assert without_blanks(tag_on(page)) == without_blanks(install_tag("https://messages.example", site.key))
    assert f"https://messages.example/v1/sites/{site.key}/site.js" in page
    assert f"https://messages.example/v1/analytics-js/snippet/{site.key}/analytics.min.js" in page
    assert "localhost" not in page


def test_an_odd_host_stays_inside_the_tag(site: Site, client: Client) -> None:
    answer = client.get(f"/sites/{site.key}/install", headers={"Host": 'a"</script><script>alert(1)//'})
    assert "<script>alert" not in answer.text
    assert answer.status_code in (200, 400)


def test_what_the_tag_names_is_there(site: Site, client: Client) -> None:
    page = client.get(f"/sites/{site.key}/install").text
    for path in (f"/v1/analytics-js/snippet/{site.key}/analytics.min.js", f"/v1/sites/{site.key}/site.js"):
        assert path in page
        assert client.get(path).status_code == 200
