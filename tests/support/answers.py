"""What can be answered and how long that may be: Python says it, JavaScript is tried (tests/js/answers.test.js)."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from anonmsg.message import Limits, Question, QuestionKind


def answers() -> dict[str, Any]:
    """``cases``: a question of each kind with what it offers; nothing where the visitor types, at most ``longest``."""
    asked = [Question(id="q1", kind=kind, label="Why?", options=("An ad", "A friend")) for kind in QuestionKind]
    cases = [{"question": json.loads(msgspec.json.encode(each)), "choices": list(each.choices())} for each in asked]
    return {"longest": Limits.ANSWER, "cases": cases}
