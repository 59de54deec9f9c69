"""The list of messages, one message's page, and the verbs: what each does, and when it may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from flask import Flask
from sqlalchemy import select

from anonmsg.db import db, utc_now
from anonmsg.message import Heading, Row, Schedule, Shape, State, Status, Step
from anonmsg.models import Counter, Kind, Message, Site, User
from anonmsg.models.counter import ALWAYS, ANY_BUTTON
from tests.conftest import CLUB
from tests.support.client import Client

Make = Callable[..., str]


def changed(**changes: object) -> Shape:
    return msgspec.structs.replace(CLUB, **changes)


@pytest.fixture
def make(app: Flask, site: Site) -> Make:
    """A message of Alice's site in a state; its id."""

    def make(state: State = State.DRAFT, **changes: object) -> str:
        now = utc_now()
        with app.app_context():
            message = db.session.merge(site).draft(changed(**changes), now)
            if state is not State.DRAFT:
                message.launch(now)
            if state is State.PAUSED:
                message.pause()
            if state is State.STOPPED:
                message.stop(now)
            if state is State.ARCHIVED:
                message.archive(now)
            db.session.commit()
            assert message.state == state
            return message.id

    return make


def url(site: Site, *parts: str) -> str:
    return "/".join([f"/sites/{site.key}/messages", *parts])


def stored(app: Flask, id: str) -> tuple[str, int]:
    """State of the message and revision of its site."""
    with app.app_context():
        message = db.session.get(Message, id)
        assert message
        return message.state, message.site.revision


# The list


def test_the_list_shows_each_message_with_what_matters(site: Site, make: Make, client: Client) -> None:
    id = make(State.LAUNCHED)
    page = client.get(url(site)).text
    for part in ("Club", "Sign-up nudge", "Live", "Appears on every page", "never ends", f'href="{url(site, id)}"'):
        assert part in page
    assert 'href="' + url(site, "new") + '"' in page
    assert "Create Anonymous Message" in page


def test_an_empty_list_leads_to_the_first_message(site: Site, client: Client) -> None:
    page = client.get(url(site)).text
    assert "Create your first message" in page
    assert "<table" not in page
    assert 'type="search"' not in page


SCHEDULED = Schedule(starts_at=utc_now() + timedelta(days=1))

TABS = {
    Status.LIVE: (State.LAUNCHED, Schedule()),
    Status.SCHEDULED: (State.LAUNCHED, SCHEDULED),
    Status.DRAFT: (State.DRAFT, Schedule()),
    Status.PAUSED: (State.PAUSED, Schedule()),
    Status.ENDED: (State.STOPPED, Schedule()),
    Status.ARCHIVED: (State.ARCHIVED, Schedule()),
}


def make_one_of_each(make: Make) -> None:
    assert set(TABS) == set(Status)
    for status, (state, schedule) in TABS.items():
        make(state, name=f"A {status.value} one", schedule=schedule)


@pytest.mark.parametrize("status", Status)
def test_a_tab_holds_its_status_only(site: Site, make: Make, client: Client, status: Status) -> None:
    make_one_of_each(make)
    page = client.get(url(site), query_string={"status": status.value}).text
    assert [other for other in Status if f">A {other.value} one<" in page] == [status]


def test_the_first_tab_holds_all_but_the_archived(site: Site, make: Make, client: Client) -> None:
    make_one_of_each(make)
    page = client.get(url(site)).text
    assert {status for status in Status if f"A {status.value} one" in page} == set(Status) - {Status.ARCHIVED}
    assert 'All <span class="tab-count">5</span>' in page
    assert 'Archived <span class="tab-count">1</span>' in page


@pytest.mark.parametrize("status", ["", "nonsense", "LIVE", "launched"])
def test_an_unknown_tab_is_the_first(site: Site, make: Make, client: Client, status: str) -> None:
    make(State.LAUNCHED)
    assert "Club" in client.get(url(site), query_string={"status": status}).text


@pytest.mark.parametrize(
    ("words", "found"),
    [("club", True), ("CLUB", True), ("cl\x00ub\u200b", True), ("nudge", True), ("nudge club", True), ("lub", True),
     ("", True), ("club sale", False), ("%", False), ("_", False), ("<script>alert(1)</script>", False),
     ("x" * 5_000, False)],
)  # fmt: skip
def test_search_looks_for_every_word_in_name_and_description(
    site: Site, make: Make, client: Client, words: str, found: bool
) -> None:
    id = make(State.LAUNCHED)
    page = client.get(url(site), query_string={"q": words}).text
    assert (f'id="message-{id}"' in page) is found
    assert ("No message fits" in page) is not found
    assert "<script>alert" not in page


def test_tabs_count_what_the_search_finds(site: Site, make: Make, client: Client) -> None:
    make(State.LAUNCHED)
    make(State.LAUNCHED, name="Sale")
    page = client.get(url(site), query_string={"q": "sale"}).text
    assert 'Live <span class="tab-count">1</span>' in page
    assert f'href="{url(site)}?status=live&amp;q=sale"' in page


def test_a_long_list_comes_in_pages(site: Site, make: Make, client: Client) -> None:
    for number in range(51):
        make(name=f"Number {number}.")
    first, second = (client.get(url(site), query_string={"q": "number", "page": page}).text for page in (1, 2))
    assert "Number 50." in first
    assert "Number 0." not in first
    assert f'href="{url(site)}?q=number&amp;page=2" rel="next"' in first
    assert "Number 0." in second
    assert "Number 1." not in second
    assert f'href="{url(site)}?q=number" rel="prev"' in second
    assert "Page 2 of 2" in second
    assert 'All <span class="tab-count">51</span>' in second


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "", "1.5", "9" * 50])
def test_an_odd_page_is_no_error(site: Site, make: Make, client: Client, page: str) -> None:
    id = make()
    assert f'id="message-{id}"' in client.get(url(site), query_string={"page": page}).text


def test_htmx_gets_the_list_alone(site: Site, make: Make, client: Client) -> None:
    make(State.LAUNCHED)
    part = client.get(url(site), headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    assert part.strip().startswith('<div id="list"')
    assert "<html" not in part
    assert "Club" in part


def test_the_list_takes_as_many_queries_for_many_messages_as_for_one(
    app: Flask, site: Site, make: Make, client: Client
) -> None:
    from sqlalchemy import event

    statements: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    make(State.LAUNCHED)
    client.get(url(site))
    statements.clear()
    client.get(url(site))
    with_one = len(statements)
    for _ in range(5):
        make(State.LAUNCHED)
    statements.clear()
    client.get(url(site))
    assert 0 < len(statements) == with_one


# Verbs

VERBS = ("pause", "resume", "stop", "archive", "duplicate")

FITS = {
    State.DRAFT: {"archive": State.ARCHIVED, "duplicate": State.DRAFT},
    State.LAUNCHED: {
        "pause": State.PAUSED,
        "stop": State.STOPPED,
        "archive": State.ARCHIVED,
        "duplicate": State.LAUNCHED,
    },
    State.PAUSED: {
        "resume": State.LAUNCHED,
        "stop": State.STOPPED,
        "archive": State.ARCHIVED,
        "duplicate": State.PAUSED,
    },
    State.STOPPED: {"archive": State.ARCHIVED, "duplicate": State.STOPPED},
    State.ARCHIVED: {"duplicate": State.ARCHIVED},
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", State)
def test_a_verb_works_where_it_fits_and_changes_nothing_elsewhere(
    app: Flask, site: Site, make: Make, client: Client, state: State, verb: str
) -> None:
    id = make(state)
    before = stored(app, id)
    answer = client.post(url(site, id, verb))
    after = stored(app, id)
    if verb in FITS[state]:
        assert answer.status_code == 303
        assert after[0] == FITS[state][verb]
        assert (after[1] > before[1]) is (verb != "duplicate")
    else:
        assert answer.status_code == 409
        assert f"{state.label} messages cannot be " in answer.text
        assert after == before


@pytest.mark.parametrize("state", State)
def test_a_button_is_there_exactly_where_its_verb_fits(site: Site, make: Make, client: Client, state: State) -> None:
    id = make(state)
    for page in (client.get(url(site, id)).text, client.get(url(site), query_string={"status": _tab(state)}).text):
        assert {verb for verb in VERBS if f'action="{url(site, id, verb)}"' in page} == set(FITS[state])
        assert (f'href="{url(site, id, "edit")}"' in page) is (state is not State.ARCHIVED)


def _tab(state: State) -> str:
    return {State.LAUNCHED: "live", State.STOPPED: "ended"}.get(state, state.value)


@pytest.mark.parametrize(
    ("verb", "state", "words"),
    [("pause", State.LAUNCHED, "“Club” is paused"), ("resume", State.PAUSED, "“Club” is on again"),
     ("stop", State.LAUNCHED, "“Club” is stopped. To start it again, edit it and launch it."),
     ("archive", State.STOPPED, "“Club” is archived")],
)  # fmt: skip
def test_it_says_what_it_did(site: Site, make: Make, client: Client, verb: str, state: State, words: str) -> None:
    answer = client.post(url(site, make(state), verb), follow_redirects=True)
    assert words in answer.text
    assert words not in client.get(url(site)).text


def test_a_stopped_message_starts_again_by_edit_and_launch(app: Flask, site: Site, make: Make, client: Client) -> None:
    id = make(State.STOPPED)
    assert client.get(url(site, id, "edit"), follow_redirects=True).status_code == 200
    with app.app_context():
        message = db.session.get(Message, id)
        assert message
        message.launch(utc_now())
        db.session.commit()
    assert stored(app, id)[0] == State.LAUNCHED


def test_a_verb_leads_back_to_where_its_button_stood(site: Site, make: Make, client: Client) -> None:
    id = make(State.LAUNCHED)
    back = url(site) + "?status=live&q=club"
    assert client.post(url(site, id, "pause"), {"back": back}).location == back
    assert client.post(url(site, id, "resume")).location == url(site, id)


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"])
def test_a_verb_leads_nowhere_else(site: Site, make: Make, client: Client, back: str) -> None:
    id = make(State.LAUNCHED)
    assert client.post(url(site, id, "pause"), {"back": back}).location == url(site, id)


def test_a_duplicate_is_a_draft_of_its_own(app: Flask, site: Site, make: Make, client: Client) -> None:
    id = make(State.LAUNCHED)
    answer = client.post(url(site, id, "duplicate"))
    with app.app_context():
        copy = db.session.scalars(select(Message).where(Message.id != id)).one()
        assert (copy.name, copy.state, copy.number) == ("Club (copy)", State.DRAFT, 0)
        assert copy.shape.steps == CLUB.steps
    assert answer.location == url(site, copy.id, "edit")
    assert stored(app, id)[0] == State.LAUNCHED


@pytest.mark.parametrize("verb", ["launch", "delete", "PAUSE", "pause/x", ""])
def test_there_is_no_other_verb(app: Flask, site: Site, make: Make, client: Client, verb: str) -> None:
    id = make(State.LAUNCHED)
    before = stored(app, id)
    assert client.post(url(site, id, verb)).status_code in (404, 405)
    assert stored(app, id) == before


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_never_done_by_a_link(app: Flask, site: Site, make: Make, client: Client, verb: str) -> None:
    id = make(State.LAUNCHED)
    before = stored(app, id)
    assert client.get(url(site, id, verb)).status_code == 405
    assert stored(app, id) == before


# One message


def count(
    app: Flask, id: str, kind: Kind, total: int, visitors: int, *, button: str = ANY_BUTTON, day: int = ALWAYS
) -> None:
    with app.app_context():
        row = Counter(message_id=id, kind=kind, button_id=button, day=day, total=total, visitors=visitors)
        db.session.add(row)
        db.session.commit()


def test_a_draft_says_that_nobody_sees_it(site: Site, make: Make, client: Client) -> None:
    page = client.get(url(site, make())).text
    assert "nobody sees it" in page
    assert "data-metric" not in page


def test_what_it_says_is_told_step_by_step(site: Site, make: Make, client: Client) -> None:
    def told(*steps: Step) -> str:
        page = client.get(url(site, make(steps=steps))).text
        [words] = re.findall(r'<dl class="in-words">.*?</dl>', page, re.DOTALL)
        return " ".join(re.sub("<[^>]*>", " ", words).split())

    ask, row = Step("s1", (Heading("Ask"),)), Row(((Heading("Left"),), (Heading("Right"),)))
    assert told(ask).endswith("Content Heading “Ask”")
    assert told(ask, Step("s2", (row,)), Step("s3", ())).endswith(
        "Step 1 Heading “Ask” Step 2 Heading “Left” Heading “Right” Step 3 Nothing yet"
    )
    assert told().endswith("Content Nothing yet")


@pytest.mark.parametrize("part", ["", "numbers"])
def test_the_numbers_of_a_message(app: Flask, site: Site, make: Make, client: Client, part: str) -> None:
    id = make(State.LAUNCHED)
    for day in (ALWAYS, 20_000):
        count(app, id, Kind.VIEW, 1_234, 1_000, day=day)
        count(app, id, Kind.CLICK, 300, 250, day=day)
        count(app, id, Kind.DISMISSAL, 77, 70, day=day)
    count(app, id, Kind.CLICK, 300, 250, button="b1")
    page = "".join(client.get(url(site, id, part).rstrip("/")).text.split())
    for name, number in {
        "views": "1,234", "unique_viewers": "1,000", "clicks": "300", "click_rate": "25.0%", "dismissals": "77",
    }.items():  # fmt: skip
        assert f'data-metric="{name}">{number}</dd>' in page
    assert '<timedatetime="2024-10-04">Fri4Oct2024</time>' in page
    button = page[page.index("Signup</th>") :]
    assert button.index(">300<") < button.index(">250<") < button.index("100.0%")


@pytest.mark.parametrize("part", ["", "numbers"])
@pytest.mark.parametrize(
    ("span", "days", "rows", "again", "is_more"),
    [(90, "", 90, "2", False), (91, "", 90, "2", True), (91, "all", 91, "60", False), (91, "<b>", 90, "2", True)],
)
def test_of_very_many_days_the_last_are_sent_again_and_again(
    app: Flask, site: Site, make: Make, client: Client, part: str, span: int, days: str, rows: int, again: str,
    is_more: bool,
) -> None:  # fmt: skip
    id = make(State.LAUNCHED)
    for day in (ALWAYS, 20_000, 20_000 + span - 1):
        count(app, id, Kind.VIEW, 5, 5, day=day)
    page = client.get(url(site, id, part).rstrip("/"), query_string={"days": days}).text
    assert page.count('<th scope="row"><time datetime=') == rows
    assert ('datetime="2024-10-04"' in page) == (rows == span)
    assert f'data-polls="{again}" hx-get="{url(site, id, "numbers")}{"?days=all" if days == "all" else ""}"' in page
    assert ("The last 90 of 91 days" in page) == is_more
    assert (f'href="{url(site, id)}?days=all#by-day"' in page) == is_more


@pytest.mark.parametrize(
    ("holdout", "held_out", "is_shown"), [(0, 0, False), (50, 0, True), (50, 1_234, True), (0, 1_234, True)]
)
def test_where_a_control_group_is_or_was_its_number_is_shown(
    app: Flask, site: Site, make: Make, client: Client, holdout: int, held_out: int, is_shown: bool
) -> None:
    id = make(State.LAUNCHED, **({"holdout": holdout} if holdout else {}))
    if held_out:
        count(app, id, Kind.HELD_OUT, held_out * 2, held_out)
    page = "".join(client.get(url(site, id)).text.split())
    assert ('data-metric="held_out"' in page) == is_shown
    assert (f'data-metric="held_out">{held_out:,}</dd>' in page) == is_shown
    assert 'data-metric="views">0</dd>' in page
    assert "Nobodyhasseenityet" in page


def test_before_the_first_view_it_says_so(site: Site, make: Make, client: Client) -> None:
    page = client.get(url(site, make(State.LAUNCHED))).text
    assert "Nobody has seen it yet" in page
    assert "<canvas" not in page


def test_each_number_says_what_it_means(site: Site, make: Make, client: Client) -> None:
    page = client.get(url(site, make(State.LAUNCHED))).text
    for name in ("views", "unique_viewers", "clicks", "click_rate", "dismissals"):
        assert f'aria-describedby="{name}-means"' in page


def test_edits_that_are_not_launched_are_told_apart(app: Flask, site: Site, make: Make, client: Client) -> None:
    id = make(State.LAUNCHED)
    assert "edits that are not launched" not in client.get(url(site, id)).text
    with app.app_context():
        message = db.session.get(Message, id)
        assert message
        message.save(changed(description="Edited words"), utc_now())
        db.session.commit()
    page = client.get(url(site, id)).text
    assert "Visitors get version 1 until then" in page
    assert "Edited words" not in page
    assert "Edits not launched" in client.get(url(site)).text


def test_versions_name_who_launched_them(app: Flask, site: Site, message: Message, alice: User, client: Client) -> None:
    with app.app_context():
        own = db.session.merge(message)
        own.launch(utc_now(), db.session.merge(alice))
        db.session.commit()
    page = client.get(url(site, message.id)).text
    assert "Version 1" in page
    assert "by alice@shop.example" in page


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><svg onload=alert(1)>', "{{ 7 * 7 }}", "\u202eevil", "🙂" * 60]
)
def test_a_name_is_text_wherever_it_stands(site: Site, make: Make, client: Client, name: str) -> None:
    id = make(State.LAUNCHED, name=name, description=name)
    for page in (client.get(url(site)).text, client.get(url(site, id)).text):
        assert "<script>alert" not in page
        assert "<svg onload" not in page
        assert ">49<" not in page
