"""The message's page and the page of what was typed: numbers by question, and each visitor's last words."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from anonmsg import answers
from anonmsg.db import db, reading
from anonmsg.models import Message
from tests.support.client import Client
from tests.unit.intake.test_answers import EMAIL, SCORE, STARS, WHY, WORDS, answer, launch
from tests.unit.intake.world import World


def read(client: Client, url: str) -> str:
    """The words of a page, without its markup."""
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


@pytest.fixture
def survey(world: World) -> World:
    launch(world, WHY, SCORE, STARS, WORDS, EMAIL)
    return world


def test_before_anybody_has_answered_nothing_is_to_be_read(survey: World, client: Client) -> None:
    page = read(client, f"/sites/{survey.site.key}/messages/{survey.message.id}")
    assert "What else? 0 visitors Nobody has answered yet." in page
    assert "E-mail 0 visitors Nobody has answered yet." in page


def test_the_numbers_of_each_question(survey: World, client: Client) -> None:
    for who, why, score, stars in (("ann", "an ad", 10, 5), ("ben", "an ad", 9, 4), ("cat", "a friend", 0, 5)):
        given = (("why", why), ("score", score), ("stars", stars))
        survey.send(*(answer(survey, question, said, who) for question, said in given))
    survey.send(answer(survey, "mail", None), answer(survey, "words", "Nice"))

    page = read(client, f"/sites/{survey.site.key}/messages/{survey.message.id}")

    assert "Why? 3 visitors Why? Answer Visitors Share a friend 1 33.3% an ad 2 66.7%" in page
    assert "Would you say so? 3 visitors · NPS +33 · Average 6.3" in page
    assert "How is it? 3 visitors · Average 4.7" in page
    assert "What else? 1 visitor Read what they typed" in page
    assert "E-mail 1 visitor They are among the people" in page


def test_the_numbers_of_the_command(survey: World) -> None:
    survey.send(answer(survey, "why", "an ad"), answer(survey, "score", 9, "ben"), answer(survey, "words", "Nice"))

    shown = survey.app.test_cli_runner().invoke(args=["metrics", "show", "--site", survey.site.key, "--json"])

    numbers = json.loads(shown.output)[survey.message.id]
    assert numbers.keys() == {"views", "unique_viewers", "clicks", "dismissals", "answers"}
    assert numbers["answers"] == {
        "why": {"visitors": 1, "choices": {"a friend": 0, "an ad": 1}},
        "score": {"visitors": 1, "choices": {str(n): int(n == 9) for n in range(11)}},
        "stars": {"visitors": 0, "choices": {str(n): 0 for n in range(1, 6)}},
        "words": {"visitors": 1},
        "mail": {"visitors": 0},
    }
    said = survey.app.test_cli_runner().invoke(args=["metrics", "show", "--site", survey.site.key]).output
    assert "1 visitors answered “Why?” (why)" in said


def test_before_anybody_answered(survey: World, client: Client) -> None:
    page = read(client, f"/sites/{survey.site.key}/messages/{survey.message.id}")
    assert "Why? 0 visitors Why? Answer Visitors Share a friend 0 – an ad 0 –" in page
    assert "NPS" not in page
    assert "No answers yet" in read(client, f"/sites/{survey.site.key}/messages/{survey.message.id}/answers")


def test_a_message_that_asks_nothing_has_no_answers(world: World, client: Client) -> None:
    assert 'id="answers"' not in client.get(f"/sites/{world.site.key}/messages/{world.message.id}").text


def test_what_was_typed_is_text_and_each_visitors_last(survey: World, client: Client) -> None:
    survey.send(answer(survey, "words", "too dear", "ann", 1), answer(survey, "words", "<b>fine</b>\nreally", "ann", 2))
    survey.send(answer(survey, "words", "ok", "ben", 1))

    url = f"/sites/{survey.site.key}/messages/{survey.message.id}/answers?question=words"

    assert "&lt;b&gt;fine&lt;/b&gt;\nreally" in client.get(url).text
    page = read(client, url)
    assert "ok Anonymous visitor ben" in page
    assert "too dear" not in page


def test_of_two_answers_at_once_one_is_listed_and_of_a_visitor_whom_a_server_names_the_last(
    survey: World, client: Client
) -> None:
    survey.send(*(answer(survey, "words", f"at once {n}") for n in range(3)))
    by_server = {"anonymousId": None, "userId": "u1"}
    survey.send(*({**answer(survey, "words", f"by server {n}", minute=n), **by_server} for n in (1, 0)))
    survey.send({**answer(survey, "words", "in the browser", "ben", 2), "userId": "u1"})

    page = read(client, f"/sites/{survey.site.key}/messages/{survey.message.id}/answers?question=words")

    assert page.count("at once") == 1
    assert "by server 1" in page
    assert "by server 0" not in page
    assert "in the browser" in page


def test_what_was_typed_comes_in_pages(survey: World, client: Client) -> None:
    survey.send(*(answer(survey, "words", f"word {n}", f"v{n}") for n in range(answers.PAGE + 2)))

    with survey.app.app_context(), reading():
        message = db.session.get_one(Message, survey.message.id)
        newest = answers.page(survey.site, message, "words")
        assert newest.older is not None
        rest = answers.page(survey.site, message, "words", newest.older)

    said = [line.event.answer for line in (*newest.lines, *rest.lines)]
    assert said == [f"word {n}" for n in reversed(range(answers.PAGE + 2))]
    assert rest.older is None
    assert f"before={newest.older}" in client.get(f"/sites/{survey.site.key}/messages/{survey.message.id}/answers").text


def test_what_is_no_key_is_no_place_to_go_on_from(survey: World, client: Client) -> None:
    survey.send(answer(survey, "words", "Nice"))
    url = f"/sites/{survey.site.key}/messages/{survey.message.id}/answers"
    for before in ("", "x", "-1", "1.5", "٣", str(2**63 - 1), str(2**63), "9" * 30):
        assert "Nice" in read(client, f"{url}?before={before}"), before
    assert "No answers yet" in read(client, f"{url}?before=0")


def test_the_activity_says_what_was_answered(survey: World, client: Client) -> None:
    survey.send(answer(survey, "why", "an ad"))
    assert "answered “Why?”: an ad in" in read(client, f"/sites/{survey.site.key}/activity")
