"""The cases that JavaScript runs are those that Python makes."""

from __future__ import annotations

import json

import msgspec

from anonmsg.db import utc_now
from anonmsg.message import Block, ConditionType, Effect, Match, Part, Shape
from anonmsg.problems import errors
from tests.support import contract
from tests.support.answers import answers
from tests.support.blocks import BLOCKS
from tests.support.clocks import clocks
from tests.support.conditions import conditions, every
from tests.support.holdout import FOOBAR, fnv1a, holdout


def test_the_cases_are_fresh() -> None:
    """Anew with: .venv/bin/python -m tests.support.contract"""
    assert json.loads((contract.CONTRACT / "messages.json").read_text()) == contract.messages()


def test_the_cases_of_conditions_are_fresh_and_can_be_saved() -> None:
    assert json.loads((contract.CONTRACT / "conditions.json").read_text()) == conditions()
    for condition in every():
        shape = Shape(name="x", conditions=(condition,))
        assert errors(shape, utc_now()) == [], condition
        assert Shape.decode(shape.encode()) == shape


def test_the_cases_of_control_groups_are_fresh_and_of_the_known_hash() -> None:
    assert json.loads((contract.CONTRACT / "holdout.json").read_text()) == holdout()
    assert fnv1a(b"foobar") == FOOBAR


def test_the_cases_of_answers_are_fresh() -> None:
    assert json.loads((contract.CONTRACT / "answers.json").read_text()) == answers()


def test_the_cases_of_visitors_own_clocks_are_fresh() -> None:
    assert json.loads((contract.CONTRACT / "clocks.json").read_text()) == clocks()


def test_every_type_of_condition_is_met_in_some_case_and_not_in_another() -> None:
    found = {(row["condition"]["type"], row["met"]) for row in conditions()["cases"]}
    assert found == {(type.value, met) for type in ConditionType for met in (True, False)}


def test_every_block_has_a_case() -> None:
    assert {type(block) for block in BLOCKS} == set(Block.__args__)


def test_every_part_has_a_case_for_every_match() -> None:
    assert len(contract.RULES) == len(Part) * len(Match)


def test_every_case_can_be_saved_and_read_again() -> None:
    for name, _, shape in contract.shapes():
        assert errors(shape, utc_now()) == [], name
        assert Shape.decode(shape.encode()) == shape
        assert msgspec.convert(msgspec.to_builtins(shape), type=Shape) == shape


def test_an_excluding_rule_is_the_opposite_of_an_including_one() -> None:
    by_name = {name: fails for name, fails, _ in contract.shapes()}
    for part, match in contract.RULES:
        assert by_name[f"{Effect.INCLUDE} {part} {match}"] == []
        assert by_name[f"{Effect.EXCLUDE} {part} {match}"] == ["page"]
