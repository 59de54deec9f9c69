"""People, visitors, activity and settings as the owner sees them, on both engines; export and being forgotten."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from anonmsg import people
from anonmsg.db import db, reading
from anonmsg.models import Person, Site
from tests.support.client import Client
from tests.unit.intake.world import NOW, World

ODD_IDS = ["ann", "a/b//c", "../..", "~ann", "Ünï cöde", "a?b#c", "x" * 255]


def url(world: World, *parts: str) -> str:
    return "/".join([f"/sites/{world.site.key}", *parts])


def person_id(world: World, user_id: str) -> str:
    with world.app.app_context(), reading():
        return db.session.query(Person.id).filter_by(user_id=user_id).scalar()  # type: ignore[no-any-return]


def known(world: World, user_id: str, anonymous_id: str = "ann", **traits: Any) -> dict[str, Any]:
    return world.call("identify", userId=user_id, anonymousId=anonymous_id, traits=traits)


def listed(client: Client, world: World, query: str = "") -> list[str]:
    """The names in the list of people."""
    text = client.get(url(world, f"people{query}")).text
    return re.findall(r'/people/[\w-]+">([^<]+)</a>', text)


def links(text: str, label: str) -> list[str]:
    return [each.replace("&amp;", "&") for each in re.findall(rf'href="([^"]+)">{label}<', text)]


def test_the_newest_people_first_each_once_over_pages(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "PAGE", 2)
    world.send(*(known(world, f"u{n}", f"a{n}") | {"timestamp": f"2026-11-24T12:0{n % 3}:00Z"} for n in range(5)))

    found, page = [], url(world, "people")
    while page:
        text = client.get(page).text
        found.append(re.findall(r'/people/[\w-]+">([^<]+)</a>', text))
        page = next(iter(links(text, "More people")), "")

    assert [len(names) for names in found] == [2, 2, 1]
    everybody = [name for names in found for name in names]
    assert everybody[0] == "u2"
    assert set(everybody[1:3]) == {"u1", "u4"}
    assert set(everybody[3:]) == {"u0", "u3"}


SEARCHES = [
    ("u1", ["Ann Lee"]),
    ("U1", ["Ann Lee"]),
    ("ann@", ["Ann Lee"]),
    ("ANN", ["Ann Lee", "anne@mail.example"]),
    ("lee", ["Ann Lee", "Ben Lee"]),
    ("lee ben", ["Ben Lee"]),
    ("ann ben", []),
    ("ee", []),
    ("old@mail.example", ["Ben Lee"]),
    ("%", []),
    ("", ["Ann Lee", "Ben Lee", "anne@mail.example"]),
]


@pytest.mark.parametrize(("words", "names"), SEARCHES)
def test_search(world: World, client: Client, other_site_key: str, words: str, names: list[str]) -> None:
    world.send(
        known(world, "u1", "a1", name="Ann Lee", email="ann@mail.example"),
        world.call("identify", anonymousId="a2", traits={"email": "old@mail.example", "name": "Old Name"}),
        known(world, "u2", "a3", email="old@mail.example") | {"timestamp": "2026-11-25T12:00:00Z"},
        known(world, "u2", "a3", firstName="Ben", lastName="Lee", name=None) | {"timestamp": "2026-11-26T12:00:00Z"},
        world.call("identify", anonymousId="a4", traits={"email": "anne@mail.example"}),
    )
    theirs = known(world, "u1", "a1", name="Ann Elsewhere") | {"writeKey": other_site_key}
    assert world.post("/v1/identify", theirs).status_code == 200

    assert sorted(listed(client, world, f"?q={words.replace('%', '%25')}")) == names


def test_a_search_goes_on_over_pages_without_listing_anybody_twice(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "PAGE", 2)
    calls = [known(world, f"ann{n}", f"a{n}", name=f"Ann Annson{n}", email=f"ann{n}@x.example") for n in range(5)]
    world.send(*calls)

    found, page = [], url(world, "people?q=ann")
    while page:
        text = client.get(page).text
        found += re.findall(r'/people/[\w-]+">([^<]+)</a>', text)
        page = next(iter(links(text, "More people")), "")

    assert sorted(found) == [f"Ann Annson{n}" for n in range(5)]


def test_a_person_page_tells_the_whole_story(world: World, client: Client) -> None:
    world.send(
        world.call("page", name="Pricing", timestamp="2026-11-24T10:00:00Z"),
        world.happened("Viewed") | {"timestamp": "2026-11-24T10:01:00Z"},
        world.happened("Clicked", button_id="b1") | {"timestamp": "2026-11-24T10:02:00Z"},
        known(world, "u1", name="Ann Lee", plan={"tier": "pro"}) | {"timestamp": "2026-11-24T10:03:00Z"},
        known(world, "u1", "phone") | {"timestamp": "2026-11-24T10:04:00Z"},
    )

    text = client.get(url(world, "people", person_id(world, "u1"))).text

    assert re.search(r"Converted on</dt>\s*<dd>\s*<a [^>]*>Club</a>, viewed", text)
    assert "<h1>Ann Lee</h1>" in text
    assert re.findall(r'facts-id">([^<]+)<', text) == ["ann", "phone"]
    happened = re.findall(r'<span class="log-what">(.*?)</span>\s*<details', text, re.DOTALL)
    plain = [" ".join(re.sub(r"<[^>]+>", "", each).split()) for each in happened]
    assert [each.partition(" ·")[0] for each in plain] == [
        "stopped being anonymous, identified as u1",
        "stopped being anonymous, identified as u1",
        "clicked “Sign up” in Club",
        "viewed Club",
        "opened the page Pricing",
    ]
    assert text.count("is-turning-point") == 2
    assert "{&#34;tier&#34;: &#34;pro&#34;}" in text


def test_no_conversion_without_a_view_in_the_week_before(world: World, client: Client) -> None:
    world.send(
        world.happened("Viewed") | {"timestamp": "2026-11-20T10:00:00Z"},
        known(world, "u1") | {"timestamp": "2026-11-27T10:01:00Z"},
        world.happened("Viewed") | {"timestamp": "2026-11-27T10:02:00Z"},
    )

    assert "no message</span>" in client.get(url(world, "people", person_id(world, "u1"))).text


@pytest.mark.parametrize("anonymous_id", ODD_IDS)
def test_a_visitor_has_a_page_but_is_not_among_the_people(world: World, client: Client, anonymous_id: str) -> None:
    world.send(world.call("page", name="Pricing", anonymousId=anonymous_id))
    log = client.get(url(world, "activity")).text
    (page,) = set(re.findall(r'href="(/sites/\w+/visitors/[^"]+)"', log))

    answer = client.get(page)

    assert answer.status_code == 200
    assert "opened the page Pricing" in answer.text
    assert listed(client, world) == []
    world.send(known(world, "u1", anonymous_id))
    moved = client.get(page)
    assert (moved.status_code, moved.location) == (303, url(world, "people", person_id(world, "u1")))


def test_whom_a_server_named_without_identifying_has_a_page_and_is_forgotten(world: World, client: Client) -> None:
    server = {"anonymousId": None, "userId": "u9"}
    world.send(world.call("track", event="Paid", **server), world.happened("Viewed") | server)
    (page,) = set(re.findall(r'href="(/sites/\w+/visitors/[^"]+)"', client.get(url(world, "activity")).text))
    assert "did <strong>Paid" in client.get(page).text

    assert client.post(f"{page}/forget", {"confirmed": "yes"}).status_code == 303

    assert world.events() == []
    assert world.totals().views == world.totals().unique_viewers == 1
    assert world.differences() == []


def test_a_users_id_in_place_of_a_visitors_leads_to_the_person(world: World, client: Client) -> None:
    world.send(known(world, "u1"), world.call("track", event="Paid", anonymousId=None, userId="u1"))

    answer = client.get(url(world, "visitors", "u1"))

    assert (answer.status_code, answer.location) == (303, url(world, "people", person_id(world, "u1")))


@pytest.mark.parametrize("path", ["visitors/nobody", "visitors/~", "visitors/~___", "visitors/~AA", "people/nobody"])
def test_whom_the_site_never_met_is_not_found(world: World, client: Client, path: str) -> None:
    assert client.get(url(world, path)).status_code == 404


def test_an_e_mails_own_person_leads_to_who_it_turned_out_to_be(world: World, client: Client) -> None:
    mail = {"email": "ann@mail.example"}
    world.send(world.call("identify", traits=mail), known(world, "u1", "phone", **mail))
    with world.app.app_context(), reading():
        part = db.session.query(Person.id).filter_by(email="ann@mail.example").scalar()

    answer = client.get(url(world, "people", part))

    assert (answer.status_code, answer.location) == (303, url(world, "people", person_id(world, "u1")))


def test_a_person_is_exported_whole(world: World, client: Client) -> None:
    later = {"timestamp": "2026-11-24T13:00:00Z"}
    calls = [world.call("page"), known(world, "u1", name="Ünï"), known(world, "u1", "phone") | later]
    world.send(*calls, world.call("page", anonymousId="other"))

    answer = client.get(url(world, "people", person_id(world, "u1"), "export"))

    assert "attachment" in answer.headers["Content-Disposition"]
    found = json.loads(answer.text)
    assert [call["messageId"] for call in found.pop("calls")] == [call["messageId"] for call in calls]
    traits = {"name": "Ünï"}
    assert found == {"user_id": "u1", "email": None, "traits": traits, "anonymous_ids": ["ann", "phone"]}
    result = world.app.test_cli_runner().invoke(args=["people", "export", "--site", world.site.key, "u1"])
    assert json.loads(result.output) == json.loads(answer.text)


def test_a_person_is_forgotten_after_a_question(world: World, client: Client) -> None:
    world.send(world.happened("Viewed"), known(world, "u1"))
    page = url(world, "people", person_id(world, "u1"), "forget")
    assert "Forget for good" in client.get(page).text
    assert client.post(page).status_code == 422
    assert len(world.people()) == 1

    answer = client.post(page, {"confirmed": "yes"})

    assert (answer.status_code, answer.location) == (303, url(world, "people"))
    assert world.people() == []
    assert world.events() == []
    assert world.totals().views == 1
    assert "They are forgotten" in client.get(answer.location).text


def test_a_visitor_is_forgotten_after_a_question(world: World, client: Client) -> None:
    world.send(world.call("page"), world.call("page", anonymousId="ben"))
    page = url(world, "visitors", "ann", "forget")
    assert client.get(page).status_code == 200
    assert client.post(page).status_code == 422
    assert len(world.events()) == 2

    assert client.post(page, {"confirmed": "yes"}).status_code == 303

    assert [event.anonymous_id for event in world.events()] == ["ben"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["people", "forget", "u1"], "u1 is forgotten, and 2 calls with them.\n"),
        (["people", "forget", "ann@mail.example"], "ann@mail.example is forgotten, and 2 calls with them.\n"),
        (["visitors", "forget", "ann"], "The visitor is forgotten, and 2 calls.\n"),
    ],
)
def test_commands_forget(world: World, words: list[str], said: str) -> None:
    world.send(world.call("page"), known(world, "u1", email="ann@mail.example"))
    noun, verb, name = words

    result = world.app.test_cli_runner().invoke(args=[noun, verb, "--site", world.site.key, name])

    assert (result.exit_code, result.output) == (0, said)
    assert world.events() == []
    assert world.people() == [] or noun == "visitors"


def test_to_forget_nobody_is_a_clear_error(world: World) -> None:
    result = world.app.test_cli_runner().invoke(args=["people", "forget", "--site", world.site.key, "nobody"])

    assert (result.exit_code, result.output) == (1, "Error: Nobody is known by the user id or e-mail nobody.\n")


def test_activity_prune_does_what_the_settings_or_the_command_say(
    world: World, other_site_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = world.call("page", name="theirs") | {"writeKey": other_site_key}
    assert world.post("/v1/page", theirs).status_code == 200
    world.send(world.call("page", name="old"))
    monkeypatch.setattr("anonmsg.intake._now", lambda: int((NOW + timedelta(days=4)).timestamp() * 1_000_000))
    world.send(world.call("page", name="new"))
    monkeypatch.setattr("anonmsg.cli.activity.utc_now", lambda: NOW + timedelta(days=5))

    def prune(*words: str) -> str:
        return world.app.test_cli_runner().invoke(args=["activity", "prune", *words]).output

    def keep_for(days: int) -> None:
        with world.app.app_context():
            db.session.get_one(Site, world.site.id).retention_days = days
            db.session.commit()

    assert prune() == "", "nobody asked for it"
    keep_for(3650)
    assert prune() == "Shop: 0 calls older than 3650 days were erased.\n"
    assert [event.name for event in world.events()] == ["theirs", "old", "new"]
    keep_for(3)
    assert prune() == "Shop: 1 calls older than 3 days were erased.\n"
    assert [event.name for event in world.events()] == ["theirs", "new"], "others keep theirs"
    assert prune("--site", other_site_key, "--days", "1").endswith(": 1 calls older than 1 days were erased.\n")
    assert [event.name for event in world.events()] == ["new"]


SETTINGS: list[tuple[dict[str, str], int, tuple[str, int | None, str]]] = [
    (
        {"name": " New ", "retention_days": "30", "stripped_parameters": "Token\n?email, x"},
        303,
        ("New", 30, "email token x"),
    ),
    ({"name": "New", "retention_days": "", "stripped_parameters": ""}, 303, ("New", None, "")),
    ({"name": "", "retention_days": "30"}, 422, ("Shop", None, "")),
    ({"name": "New", "retention_days": "0"}, 422, ("Shop", None, "")),
    ({"name": "New", "retention_days": "3651"}, 422, ("Shop", None, "")),
    ({"name": "New", "retention_days": "soon"}, 422, ("Shop", None, "")),
    ({"name": "New", "stripped_parameters": "x" * 65}, 422, ("Shop", None, "")),
    ({"name": "New", "stripped_parameters": " ".join(f"p{n}" for n in range(51))}, 422, ("Shop", None, "")),
]


@pytest.mark.parametrize(("sent", "status", "stored"), SETTINGS)
def test_settings(
    world: World, client: Client, sent: dict[str, str], status: int, stored: tuple[str, int | None, str]
) -> None:
    answer = client.post(url(world, "settings"), sent)

    assert answer.status_code == status
    with world.app.app_context(), reading():
        site = db.session.get_one(Site, world.site.id)
        assert (site.name, site.retention_days, site.stripped_parameters) == stored
    if status == 303:
        page = client.get(url(world, "settings")).text
        assert "The settings are saved." in page
        assert stored[2].replace(" ", "\n") in page


ADDRESSES = ["before=x", "before=-1", "before=99999999999999999999", "since=x&until=%00", "who=%00", "page=%FF", "q=1"]


@pytest.mark.parametrize("query", ADDRESSES)
def test_odd_addresses_of_the_log(world: World, client: Client, query: str) -> None:
    world.send(world.call("page"))

    assert client.get(url(world, f"activity?{query}")).status_code in (200, 400, 404)


@pytest.mark.parametrize(
    "query", ["after=x", "after=1", "after=1%20", "q=%00", "q=a&after=%F0", "after=9e9%20x", "q=%20"]
)
def test_odd_addresses_of_the_people(world: World, client: Client, query: str) -> None:
    world.send(known(world, "u1"))

    assert client.get(url(world, f"people?{query}")).status_code in (200, 400, 404)
    page = url(world, "people", person_id(world, "u1"))
    assert client.get(f"{page}?before=99999999999999999999-1").status_code == 200


def test_the_log_shows_only_what_is_newer_to_those_who_look_on(world: World, client: Client) -> None:
    assert "Nothing has happened yet" in client.get(url(world, "activity")).text
    world.send(world.call("page", name="old"))
    page = client.get(url(world, "activity")).text
    (newer,) = re.findall(r'hx-get="([^"]+)"', page)
    world.send(world.call("page", name="new"))

    fragment = client.get(newer.replace("&amp;", "&")).text

    assert "the page new" in fragment
    assert "the page old" not in fragment
    assert "the page old" in page


def test_what_a_website_sends_is_never_markup(world: World, client: Client) -> None:
    canary = "<img src=x onerror=alert(1)>"
    world.send(
        world.call("page", name=canary, context={"page": {"url": f"https://x.example/{canary}"}}),
        world.call("track", event=canary, anonymousId=canary),
        known(world, canary, name=canary, email=f"{canary}@x.example"),
    )
    person = person_id(world, canary)

    for path in ("activity", "people", f"people/{person}", f"people/{person}/forget"):
        text = client.get(url(world, path)).text
        assert canary not in text
        assert "&lt;img src=x" in text
