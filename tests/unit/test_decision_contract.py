"""The cases that the snippet's decisions are tested with are made of what Python stores."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from anonmsg.message import Match, PageRule, Part
from anonmsg.settings import ROOT

CONTRACT = json.loads((ROOT / "tests" / "contract" / "decision.json").read_text())


def rules() -> list[dict[str, Any]]:
    alone = [
        {"effect": "include", **{key: case[key] for key in ("part", "match", "value")}} for case in CONTRACT["rules"]
    ]
    return alone + [rule for case in CONTRACT["pages"] for rule in case["rules"]]


def test_every_rule_of_the_contract_can_be_saved() -> None:
    assert msgspec.convert(rules(), list[PageRule])


@pytest.mark.parametrize("match", Match)
@pytest.mark.parametrize("part", Part)
def test_every_match_is_decided_on_every_part(part: Part, match: Match) -> None:
    tried = {(case["part"], case["match"]) for case in CONTRACT["rules"]}
    assert (part, match) in tried
