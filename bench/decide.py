"""Deciding, by the snippet's own code in the engine that Chromium has: 1,000 messages, and the worst addresses."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from anonmsg import pattern
from anonmsg.pattern.reader import read
from anonmsg.settings import ROOT
from bench import Result
from tests.support.attacks import attacks
from tests.support.backtracking import Program
from tests.support.contract import REGEXES

MESSAGES = 1_000
PROCESSES = 5
PAGE = "https://shop.example/shoes/running/4711?utm_source=newsletter&size=43#reviews"

RULES = [
    ("path", "starts_with", "/pricing"),
    ("path", "contains", "/checkout"),
    ("path", "is", "/plans/"),
    ("url", "wildcard", "https://*/blog/*/comments"),
    ("query", "is", "utm_source=ads"),
    ("path", "regex", r"^/(en|de)/product-\d+$"),
    ("host", "ends_with", ".example.org"),
    ("path", "starts_with", "/shoes"),
]
"""What marketers write. Each message has three of them, so that a few of the messages fit the page."""

LENGTHS = (512, 2_048)
"""Characters: of an address that is long already, and of the longest one that the snippet tries a regex on."""


def run() -> list[Result]:
    runs = [decided() for _ in range(PROCESSES)]
    cold, warm = (min(run[kind] for run in runs) for kind in ("cold", "warm"))
    shown = runs[0]["shown"]
    long, longest = (min(run["rules"][str(length)] for run in runs) for length in LENGTHS)
    return [
        Result(f"ms to decide {MESSAGES:,} messages", warm, 1, at_most=True, detail=f"three rules each, {shown} fit"),
        Result(f"ms to decide {MESSAGES:,} messages, nothing compiled yet", cold, detail="once, in a new process"),
        Result("ms for 100 regexes on the worst address", long, 2, at_most=True, detail=f"{LENGTHS[0]} characters"),
        Result(
            "ms for 100 regexes on the worst longest address",
            longest,
            1.7,
            at_most=True,
            detail=f"{LENGTHS[1]:,} characters",
        ),
    ]


def decided() -> Any:
    """What one process measures; of several the quickest was disturbed the least."""
    regexes = [pattern.searched(regex) for regex in REGEXES]
    texts = {length: [text for regex in REGEXES for text in worst(regex, length)] for length in LENGTHS}
    given = {"messages": messages(), "page": PAGE, "regexes": regexes, "texts": texts}
    command = [ROOT / ".venv" / "bin" / "node", ROOT / "bench" / "decide.js"]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def worst(regex: str, length: int) -> list[str]:
    """The text of this length that takes the regex the most steps, if there is one."""
    tree = read(regex)
    program = Program(tree)
    ranked = sorted(attacks(tree), key=lambda attack: program.steps(attack.text(64)))
    return [attack.text(length)[:length] for attack in ranked[-1:]]


def messages() -> list[dict[str, Any]]:
    return [
        {
            "id": f"m{number:04}",
            "version": 1,
            "priority": number % 10,
            "launched_at": f"2026-01-01T00:00:{number % 60:02}.000Z",
            "schedule": {"starts_at": None, "ends_at": "2100-01-01T00:00:00Z"},
            "page_rules": [rule(number * 3 + place) for place in range(3)],
            "frequency": {"limit": 2, "gap_seconds": 3600, "after_click": "end"},
            "display": {"kind": "modal", "position": "center", "width": 480},
            "steps": [],
        }
        for number in range(MESSAGES)
    ]


def rule(number: int) -> dict[str, str]:
    """Every value differs, as it does between a thousand messages; only a regex is often the same."""
    part, match, value = RULES[number % len(RULES)]
    fits = number % 50 == 7
    return {"effect": "include", "part": part, "match": match, "value": value if fits else _unlike(value, number)}


def _unlike(value: str, number: int) -> str:
    return value if value.endswith("$") else f"{value}-{number}"
