"""Messages on their way to another site: as copies, and as files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from anonmsg.db import db, utc_now
from anonmsg.message import Shape, State
from anonmsg.models import Message, Site, User
from anonmsg.views.transfer import MOST_BYTES, MOST_COMPARED, MOST_COMPLAINTS, MOST_MESSAGES
from tests.conftest import CLUB
from tests.support.client import Client
from tests.support.routes import dump
from tests.support.stage import changed

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


# Files

SMALL: dict[str, Any] = {"name": "Small", "steps": [{"blocks": [{"type": "heading", "text": "Hi"}]}]}

Upload = Callable[..., TestResponse]


def send(client: Client, site: Site, *parts: tuple[str, str | bytes]) -> TestResponse:
    """As a browser sends the form; a part that is bytes is a file."""
    body = b""
    for name, value in (("csrf_token", client.token()), *parts):
        raw, file = (value.encode(), "") if isinstance(value, str) else (value, '; filename="messages.json"')
        body += f'--x--x\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + raw + b"\r\n"
    kind = "multipart/form-data; boundary=x--x"
    return client.open(f"/sites/{site.key}/import", method="POST", data=body + b"--x--x--\r\n", content_type=kind)


@pytest.fixture
def upload(site: Site, client: Client) -> Upload:
    """Choose a file with this content, given as bytes or as what becomes JSON."""

    def upload(content: Any, on: Site = site, **more: str) -> TestResponse:
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        return send(client, on, ("file", raw), *more.items())

    return upload


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page that asks."""
    found = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found if name != "csrf_token"}


def confirm(client: Client, site: Site, page: str, **more: str) -> TestResponse:
    return send(client, site, *(hidden(page) | more).items())


def test_a_file_is_shown_before_it_is_stored(app: Flask, site: Site, client: Client, upload: Upload) -> None:
    assert f'href="/sites/{site.key}/import"' in client.get(url(site)).text
    before = dump(app)
    asked = upload([SMALL, SMALL | {"name": "<b>Second</b>"}])
    assert asked.status_code == 200
    assert asked.text.count("New message") == 2
    assert "&lt;b&gt;Second&lt;/b&gt;" in asked.text
    assert "Import 2 messages" in asked.text
    assert dump(app) == before
    answer = confirm(client, site, asked.text)
    assert (answer.status_code, answer.location) == (303, url(site))
    assert [(name, state) for name, state, _ in on(app, site)] == [("Small", "draft"), ("<b>Second</b>", "draft")]
    assert "Imported as drafts: 2 new, 0 that were there already." in client.get(url(site)).text


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_mark_of_windows_are_fine(
    app: Flask, site: Site, client: Client, upload: Upload, mark: bytes
) -> None:
    raw = mark + json.dumps(SMALL | {"name": "Größe 🙂"}, indent=2, ensure_ascii=False).replace("\n", "\r\n").encode()
    assert confirm(client, site, upload(raw).text).status_code == 303
    assert [name for name, *_ in on(app, site)] == ["Größe 🙂"]


def test_a_file_as_large_as_may_be_comes_back_from_the_page_that_shows_it(
    site: Site, client: Client, upload: Upload
) -> None:
    """Browsers send every line end of a field as two characters."""
    lines = "\n" * 50_000
    raw = json.dumps(SMALL | {"description": ""})[:-1] + lines + "}"
    raw = raw.replace(lines, lines + " " * (MOST_BYTES - len(raw)))
    asked = upload(raw.encode())
    assert (len(raw), asked.status_code) == (MOST_BYTES, 200)
    text = hidden(asked.text)["text"].replace("\n", "\r\n")
    assert len(text) > MOST_BYTES
    assert confirm(client, site, asked.text, text=text).status_code == 303


def test_a_message_that_is_there_gets_it_as_its_draft(
    app: Flask, site: Site, message: Message, client: Client, upload: Upload
) -> None:
    with app.app_context():
        db.session.merge(site).message(message.id).launch(utc_now())
        db.session.commit()
    asked = upload(SMALL | {"id": message.id})
    assert "Replaces a draft" in asked.text
    assert "The draft now and The file side by side" in asked.text
    assert "never launched" not in asked.text, "what visitors get is the draft: nothing is lost"
    assert confirm(client, site, asked.text).status_code == 303
    with app.app_context():
        stored = db.session.get_one(Message, message.id)
        assert stored.live
        assert (stored.shape.name, stored.live.shape.name, stored.state) == ("Small", "Club", State.LAUNCHED)
    assert "As it is already" in upload([json.loads(exported(client, site))[0]]).text


def test_changes_that_were_never_launched_are_shown_before_they_are_lost(
    app: Flask, site: Site, message: Message, client: Client, upload: Upload
) -> None:
    asked = upload(SMALL | {"id": message.id})
    assert "Changes that were never launched would be lost." in asked.text
    assert "Club" in asked.text
    with app.app_context():
        db.session.merge(site).message(message.id).save(changed(CLUB, name="A colleague's"), utc_now())
        db.session.commit()
    before = dump(app)
    for seen in (hidden(asked.text)["seen"], "", "-", "nonsense"):
        again = confirm(client, site, asked.text, seen=seen)
        assert again.status_code == 409
        assert "Changed elsewhere" in again.text
        assert "A colleague&#39;s" in again.text
        assert dump(app) == before
    assert confirm(client, site, again.text).status_code == 303
    assert [name for name, *_ in on(app, site)] == ["Small"]


def test_whoever_comes_between_is_noticed(app: Flask, site: Site, client: Client, upload: Upload) -> None:
    """The id was free when the file was shown."""
    asked = upload(SMALL | {"id": "mine"})
    with app.app_context():
        db.session.merge(site).draft(changed(CLUB, id="mine"), utc_now())
        db.session.commit()
    assert confirm(client, site, asked.text).status_code == 409
    assert [name for name, *_ in on(app, site)] == ["Club"]


def block(**fields: Any) -> dict[str, Any]:
    return SMALL | {"steps": [{"blocks": [fields]}]}


HOSTILE: dict[str, tuple[Any, str]] = {
    "nothing": (b"", "Choose a file that is not empty."),
    "no JSON": (b"{", "This is not JSON"),
    "HTML": (b"<!doctype html><script>alert(1)</script>", "This is not JSON"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "This is not JSON"),
    "Latin-1": (json.dumps(SMALL | {"name": "Größe"}, ensure_ascii=False).encode("latin-1"), "This is not JSON"),
    "UTF-16": (json.dumps(SMALL).encode("utf-16"), "This is not JSON in UTF-8. Save it with that encoding."),
    "NUL": (json.dumps(SMALL).encode() + b"\0", "This is not JSON"),
    "a NUL in a name": (SMALL | {"name": "a\0b"}, "There is a character here that no text can hold."),
    "half a character": (SMALL | {"name": "a\ud800b"}, ""),
    "nested deep": (b"[" * 200_000, ""),
    "objects nested deep": (b'{"name":' * 100_000, ""),
    "a deep property": (
        block(type="button", action={"type": "track", "properties": {"a": {"b": 1}}}),
        "Step 1, block 1, action, properties: ",
    ),
    "an endless number": (b'{"priority": ' + b"9" * 100_000 + b"}", ""),
    "too large": (b'{"name": "' + b"x" * MOST_BYTES + b'"}', "The file is larger than 1 MB."),
    "too many": ([{"name": "x"}] * (MOST_MESSAGES + 1), f"The file holds {MOST_MESSAGES + 1} messages."),
    "too many regexes": (
        [SMALL | {"page_rules": [{"match": "regex", "value": "a"}] * 50}] * 11,
        "The file holds 550 regexes.",
    ),
    "none": ([], "The file holds 0 messages."),
    "a word": ("x", "This must be an object { } or a list [ ], not a text."),
    "an unknown field": ([SMALL, SMALL | {"html": "<b>"}], "Message 2: There is no field “html” here."),
    "an unknown block": (block(type="html"), "“html” is none of the words that can stand here."),
    "script in a link": (block(type="button", label="x", action={"type": "open_url", "url": "javascript:1"}), "start"),
    "the same id twice": ([SMALL | {"id": "a"}, SMALL | {"id": "a"}], "is given to more than one message"),
    "an odd id": (SMALL | {"id": "../x"}, "An id has 1 to 36 letters"),
    "an id that is no text": (SMALL | {"id": {}}, "This must be a text, not an object { }."),
    "a regex without end": (SMALL | {"page_rules": [{"match": "regex", "value": "(a+)+$"}]}, "too long"),
    "a time of nowhere": (SMALL | {"schedule": {"starts_at": "2030-01-01T00:00:00"}}, "“starts_at” needs its zone"),
}


@pytest.mark.parametrize(("content", "words"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_wrong_is_said_and_nothing_is_stored(app: Flask, upload: Upload, content: Any, words: str) -> None:
    before = dump(app)
    answer = upload(content)
    assert answer.status_code == 422
    assert "Nothing was imported." in answer.text
    assert words in unescape(answer.text) or words in answer.text
    for trace in ("Traceback", "<script>alert", "msgspec"):
        assert trace not in answer.text
    assert dump(app) == before


def test_a_file_beyond_all_bounds_is_not_even_read(upload: Upload) -> None:
    assert upload(b"x" * (3 * MOST_BYTES)).status_code == 413


def test_every_mistake_is_listed_with_its_message_and_its_path(app: Flask, site: Site, upload: Upload) -> None:
    bad = SMALL | {"page_rules": [{"value": "/"}, {"match": "regex", "value": "("}], "display": {"position": "top"}}
    page = upload([SMALL, bad, {}]).text
    assert "<li>Page rule 2, value: " in page
    assert "<li>Display, position: " in page
    assert 'A message without a name <span class="quiet">Message 3</span>' in page
    assert 'Small <span class="quiet">Message 2</span>' in page
    assert "Message 1" not in page
    assert "$" not in page.partition('id="mistakes"')[2].partition("</form>")[0], "no place is said as JSON"
    assert on(app, site) == []


def test_of_very_many_mistakes_the_first_are_listed(upload: Upload) -> None:
    page = upload([{}] * MOST_MESSAGES).text
    assert page.count("<li>Name: ") == MOST_COMPLAINTS
    assert f"These are the first {MOST_COMPLAINTS}." in page


def test_what_goes_back_and_forth_is_judged_again(app: Flask, site: Site, client: Client) -> None:
    """The page that asks carries the file, and somebody may change it there."""
    before = dump(app)
    for text in ("{", "[]", json.dumps(SMALL | {"html": "x"}), "x" * (MOST_BYTES + 1)):
        assert send(client, site, ("text", text), ("seen", "-")).status_code == 422
    assert dump(app) == before


@pytest.mark.parametrize("whose", ["another site's", "a stranger's", "nobody's"])
def test_an_id_that_this_site_does_not_have_reads_like_nobodys(
    app: Flask, site: Site, second: Site, message: Message, charlies: Site, client: Client, upload: Upload, whose: str
) -> None:
    with app.app_context():
        theirs = db.session.merge(charlies).draft(CLUB, utc_now())
        theirs.archive(utc_now())
        db.session.commit()
        id = {"another site's": message.id, "a stranger's": theirs.id, "nobody's": "n" * 36}[whose]
    before = on(app, site), on(app, charlies)
    asked = upload(SMALL | {"id": id}, second)
    assert asked.status_code == 200
    assert "New message" in asked.text
    assert hidden(asked.text)["seen"] == "-"
    answer = confirm(client, second, asked.text)
    assert (answer.status_code, answer.location) == (303, url(second))
    assert "Imported as drafts: 1 new, 0 that were there already." in client.get(url(second)).text
    with app.app_context():
        (made,) = db.session.scalars(select(Message).where(Message.site_id == second.id))
        assert (made.name, made.state) == ("Small", State.DRAFT)
        assert made.id != id
    assert (on(app, site), on(app, charlies)) == before


def test_an_archived_message_is_refused(
    app: Flask, site: Site, message: Message, client: Client, upload: Upload
) -> None:
    with app.app_context():
        db.session.merge(site).message(message.id).archive(utc_now())
        db.session.commit()
    assert "is archived. Leave the id out" in upload(SMALL | {"id": message.id}).text


def test_a_draft_that_cannot_be_read_is_replaced(
    app: Flask, site: Site, message: Message, client: Client, upload: Upload
) -> None:
    with app.app_context():
        db.session.execute(update(Message).values(draft='{"sound": "bell"}'))
        db.session.commit()
    asked = upload(SMALL | {"id": message.id})
    assert "What it replaces cannot be read." in asked.text
    assert confirm(client, site, asked.text).status_code == 303
    assert [name for name, *_ in on(app, site)] == ["Small"]


def test_of_very_many_messages_the_first_are_compared(app: Flask, site: Site, client: Client, upload: Upload) -> None:
    with app.app_context():
        here = db.session.merge(site)
        ids = [here.draft(CLUB, utc_now()).id for _ in range(MOST_COMPARED + 1)]
        db.session.commit()
    page = upload([SMALL | {"id": id} for id in ids]).text
    assert page.count("side by side") == MOST_COMPARED
    assert page.count("the differences are not shown") == 1


def exported(client: Client, site: Site, **query: Any) -> str:
    answer = client.get(f"/sites/{site.key}/export.json", query_string=query or {"which": "all"})
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    return answer.text


@pytest.fixture
def three(app: Flask, site: Site) -> list[str]:
    """The ids of a draft, a live message and an archived one."""
    with app.app_context():
        here, now = db.session.merge(site), utc_now()
        made = [here.draft(changed(CLUB, name=name), now) for name in ("A draft", "Live!", "Gone")]
        made[1].launch(now)
        made[2].archive(now)
        db.session.commit()
        return [message.id for message in made]


def test_all_some_or_one_are_exported(app: Flask, site: Site, client: Client, three: list[str]) -> None:
    assert f'href="/sites/{site.key}/export"' in client.get(url(site)).text
    page = client.get(f"/sites/{site.key}/export").text
    assert all(f'value="{id}"' in page for id in three)
    draft, live, gone = three
    cases: list[tuple[dict[str, Any], list[str], str]] = [
        ({"which": "all", "id": [gone]}, [draft, live], "anonymous-messages"),
        ({"which": "chosen", "id": [gone, live, gone]}, [gone, live], "anonymous-messages"),
        ({"id": live}, [live], "live"),
    ]
    for query, ids, name in cases:
        answer = client.get(f"/sites/{site.key}/export.json", query_string=query)
        assert [each["id"] for each in json.loads(answer.text)] == ids
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}.json"'
    with app.app_context():
        command = app.test_cli_runner().invoke(args=["messages", "export", "--site", site.key])
    assert command.stdout.strip() == exported(client, site).strip(), "the same file as the command's"


def test_each_message_can_be_exported_where_it_stands(site: Site, message: Message, client: Client) -> None:
    for page in (url(site), url(site, message.id)):
        assert f'href="/sites/{site.key}/export.json?id={message.id}"' in client.get(page).text


def test_messages_of_others_are_not_exported(
    app: Flask, site: Site, second: Site, message: Message, charlies: Site, client: Client
) -> None:
    with app.app_context():
        theirs = db.session.merge(charlies).draft(CLUB, utc_now())
        db.session.commit()
        foreign = theirs.id
    for ids in ([foreign], [message.id, foreign], ["nothing"], ["%00"]):
        answer = client.get(f"/sites/{site.key}/export.json", query_string={"id": ids})
        assert answer.status_code == 404
    assert client.get(f"/sites/{second.key}/export.json", query_string={"id": message.id}).status_code == 404
    assert client.get(f"/sites/{charlies.key}/export.json?which=all").status_code == 404


def test_to_choose_nothing_exports_nothing(site: Site, message: Message, client: Client) -> None:
    answer = client.get(f"/sites/{site.key}/export.json", query_string={"which": "chosen"})
    assert answer.status_code == 422
    assert "choose at least one message" in answer.text


def test_what_cannot_be_read_is_named_and_left_out(app: Flask, site: Site, three: list[str], client: Client) -> None:
    with app.app_context():
        db.session.execute(update(Message).where(Message.id == three[0]).values(draft="{"))
        db.session.commit()
    page = client.get(f"/sites/{site.key}/export").text
    assert "1 of the drafts cannot be read" in page
    assert f'value="{three[0]}"' not in page
    assert [each["id"] for each in json.loads(exported(client, site))] == [three[1]]
    assert client.get(f"/sites/{site.key}/export.json", query_string={"id": three[0]}).status_code == 422


def test_a_file_goes_out_and_comes_in_again(
    app: Flask, site: Site, second: Site, three: list[str], client: Client, upload: Upload
) -> None:
    before = on(app, site)
    asked = upload(exported(client, site).encode())
    assert asked.text.count("As it is already") == 2
    assert confirm(client, site, asked.text).status_code == 303
    assert on(app, site) == before
