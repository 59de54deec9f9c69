"""Answers: which count, that the last one of a visitor does, and that the counters can be proved from the events."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from anonmsg.db import db, utc_now
from anonmsg.intake import erasure, recount
from anonmsg.intake.driver import Cursor
from anonmsg.message import Button, Email, Limits, Question, QuestionKind, Step, Submit
from anonmsg.models import Message
from tests.conftest import CLUB
from tests.unit.intake.world import NOW, World

WHY = Question(id="why", label="Why?", options=("a friend", "an ad"))
USES = Question(id="uses", kind=QuestionKind.MULTIPLE, label="What for?", options=("work", "fun", "art"))
STARS = Question(id="stars", kind=QuestionKind.RATING, label="How is it?")
SCORE = Question(id="score", kind=QuestionKind.NPS, label="Would you say so?")
WORDS = Question(id="words", kind=QuestionKind.TEXT, label="What else?")
EMAIL = Email(id="mail", label="E-mail")
ASKED = (WHY, USES, STARS, SCORE, WORDS, EMAIL)


def launch(world: World, *asked: Question | Email) -> None:
    with world.app.app_context():
        message = db.session.get_one(Message, world.message.id)
        steps = (Step("s1", (*asked, Button(id="b1", label="Send", action=Submit()))),)
        message.save(msgspec.structs.replace(CLUB, steps=steps), utc_now())
        message.launch(utc_now(), None)
        db.session.commit()


@pytest.fixture
def survey(world: World) -> World:
    launch(world, *ASKED)
    return world


def answer(world: World, question: Any, answer: Any, who: str = "ann", minute: int = 0) -> dict[str, Any]:
    call = world.happened("Answered", who, question_id=question, answer=answer)
    return {**call, "timestamp": f"2026-11-24T12:{minute:02}:00Z"}


def counts(world: World, question: str) -> tuple[int, dict[str | int, int]]:
    """How many visitors answered, and what they chose, without the zeros."""
    found = next(each for each in world.numbers().questions if each.asked.id == question)
    return found.visitors, {it.choice: it.visitors for it in found.choices if it.visitors}


TAKEN: dict[str, tuple[str, Any, dict[str | int, int]]] = {
    "an option": ("why", "an ad", {"an ad": 1}),
    "several": ("uses", ["art", "work"], {"work": 1, "art": 1}),
    "one of several": ("uses", ["fun"], {"fun": 1}),
    "one twice": ("uses", ["fun", "fun"], {"fun": 1}),
    "none any more": ("uses", [], {}),
    "stars": ("stars", 5, {5: 1}),
    "nought of ten": ("score", 0, {0: 1}),
    "ten of ten": ("score", 10, {10: 1}),
    "words": ("words", "Nice <b>", {}),
    "an address": ("mail", "ann@mail.example", {}),
    "an address that stands elsewhere": ("mail", None, {}),
}
REFUSED: dict[str, tuple[Any, Any]] = {
    "no question": ("nope", "an ad"),
    "a list for a name": (["why"], "an ad"),
    "an option that never was": ("why", "a dream"),
    "two where one is asked for": ("why", ["a friend", "an ad"]),
    "more than there can be": ("uses", ["art"] * (Limits.OPTIONS + 1)),
    "no option": ("why", None),
    "a number for an option": ("why", 1),
    "six stars": ("stars", 6),
    "no star": ("stars", 0),
    "true is no star": ("stars", True),
    "half a star": ("stars", 4.5),
    "a word for a number": ("score", "10"),
    "an object": ("uses", [{}]),
    "a number for words": ("words", 5),
    "a list for words": ("words", ["a"]),
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_counts(survey: World, case: str) -> None:
    question, given, chosen = TAKEN[case]

    survey.send(answer(survey, question, given))

    assert counts(survey, question) == (1, chosen)
    assert survey.totals().answers == 1
    assert survey.differences() == []


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_kept_and_counts_nowhere(survey: World, case: str) -> None:
    survey.send(answer(survey, *REFUSED[case]))

    assert len(survey.events()) == 1
    assert survey.totals().answers == 0
    assert [each.visitors for each in survey.numbers().questions] == [0] * len(ASKED)
    assert survey.differences() == []


CHANGES: list[tuple[str, Any, str, int]] = [
    ("why", "a friend", "ann", 0),
    ("why", "an ad", "ann", 5),
    ("why", "an ad", "ben", 1),
    ("uses", ["work", "fun"], "ann", 0),
    ("uses", ["fun", "art"], "ann", 9),
    ("uses", ["fun"], "ben", 2),
    ("score", 3, "ann", 1),
    ("score", 10, "ann", 2),
    ("score", 7, "ben", 2),
]


@pytest.mark.parametrize("seed", range(4))
def test_the_last_answer_counts_whatever_comes_first(survey: World, seed: int) -> None:
    calls = [answer(survey, *change) for change in CHANGES]
    random.Random(seed).shuffle(calls)

    for call in calls:
        survey.send(call, call)
        assert survey.differences() == []
    survey.send(*calls)

    assert counts(survey, "why") == (2, {"an ad": 2})
    assert counts(survey, "uses") == (2, {"fun": 2, "art": 1})
    assert counts(survey, "score") == (2, {10: 1, 7: 1})


def test_all_in_one_batch(survey: World) -> None:
    survey.send(*(answer(survey, *change) for change in reversed(CHANGES)))

    assert counts(survey, "why") == (2, {"an ad": 2})
    assert survey.differences() == []


def test_a_server_answers_for_somebody_without_an_anonymous_id(survey: World) -> None:
    for chosen, minute in (("a friend", 1), ("an ad", 2)):
        survey.send({**answer(survey, "why", chosen, minute=minute), "anonymousId": None, "userId": "u1"})

    assert counts(survey, "why") == (1, {"an ad": 1})
    assert survey.differences() == []


def test_counters_of_answers_are_made_anew_from_the_events(survey: World) -> None:
    survey.send(*(answer(survey, *change) for change in CHANGES))
    kept = survey.numbers()
    for damage in (
        "UPDATE counter SET total = total + 1 WHERE kind = 'choice'",
        "DELETE FROM counter WHERE kind = 'choice'",
        "DELETE FROM seen WHERE kind = 'choice' AND visitor = 'ben'",
    ):
        with survey.app.app_context(), db.engine.begin() as connection:
            connection.exec_driver_sql(damage)
        assert survey.differences()

        with survey.app.app_context(), db.engine.begin() as connection:
            recount.rebuild(Cursor(connection))

        assert survey.differences() == []
        assert survey.numbers() == kept


def test_the_numbers_stay_when_the_calls_are_too_old(survey: World) -> None:
    survey.send(*(answer(survey, *change) for change in CHANGES))
    kept = survey.numbers()

    with survey.app.app_context():
        assert erasure.prune(db.engine, survey.site.id, 1, NOW + timedelta(days=9)) == len(CHANGES)

    assert survey.numbers() == kept
    assert survey.differences() == []


def test_the_numbers_stay_when_a_visitor_is_forgotten(survey: World) -> None:
    survey.send(*(answer(survey, *change) for change in CHANGES))
    kept = survey.numbers()

    with survey.app.app_context():
        assert erasure.forget_visitor(db.engine, survey.site.id, "ann") == 6

    assert survey.numbers() == kept
    assert {event.anonymous_id for event in survey.events()} == {"ben"}
    assert survey.differences() == []
    survey.send(answer(survey, "why", "a friend", "ann", 30))
    assert counts(survey, "why") == (3, {"a friend": 1, "an ad": 2}), "somebody new, as far as anybody can tell"
    assert survey.differences() == []


def test_the_score_and_the_average(survey: World) -> None:
    survey.send(
        *(answer(survey, "score", score, f"v{n}") for n, score in enumerate([10, 9, 9, 8, 7, 6, 0])),
        *(answer(survey, "stars", star, f"v{n}") for n, star in enumerate([5, 5, 2])),
    )
    found = {each.asked.id: each for each in survey.numbers().questions}

    assert found["score"].nps == round(100 * (3 - 2) / 7)
    assert found["score"].average == 7
    assert (found["stars"].nps, found["stars"].average) == (None, 4)
    assert (found["why"].nps, found["why"].average) == (None, None)
    assert [it.share for it in found["stars"].choices] == [0, 1 / 3, 0, 0, 2 / 3]
    assert {it.share for it in found["why"].choices} == {None}


def test_a_choice_of_an_earlier_version_is_told_after_those_of_the_newest(survey: World) -> None:
    survey.send(answer(survey, "why", "a friend"), answer(survey, "why", "an ad", "ben"))
    launch(survey, msgspec.structs.replace(WHY, label="How so?", options=("an ad", "a film")))
    survey.send(answer(survey, "why", "a film", "cat"), answer(survey, "why", "a friend", "dan"))

    found = survey.numbers().questions[0]

    assert found.asked.label == "How so?"
    assert [(it.choice, it.visitors) for it in found.choices] == [("an ad", 1), ("a film", 1), ("a friend", 2)]
    assert survey.differences() == []
