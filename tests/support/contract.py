"""What Python and JavaScript must agree on, in files that both run; python -m tests.support.contract writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import product
from typing import Any

import msgspec
import re2

from anonmsg.manifest import Launched, build
from anonmsg.message import (
    POSITIONS,
    AfterClick,
    Button,
    Display,
    Divider,
    Effect,
    Frequency,
    Going,
    GoToStep,
    Heading,
    Match,
    PageRule,
    Part,
    Question,
    QuestionKind,
    Schedule,
    Shape,
    Step,
)
from anonmsg.pattern import searched
from anonmsg.pattern.reader import read
from anonmsg.settings import ROOT
from tests.support.answers import answers
from tests.support.attacks import attacks
from tests.support.blocks import BLOCKS
from tests.support.clocks import clocks
from tests.support.conditions import conditions
from tests.support.holdout import holdout
from tests.support.theme import looks

CONTRACT = ROOT / "tests" / "contract"
NOW = "2030-01-01T12:00:00Z"
PAGE = "https://shop.example/pricing/?plan=pro#top"

REGEXES = [
    r"pricing",
    r"^/$",
    r"^$",
    r"^/pricing$",
    r"^/pricing/?$",
    r"\/pricing\/?$",
    r"pricing|plans",
    r"^/blog/.+",
    r"^/blog/.*",
    r"/product/\d+",
    r"\.html$",
    r"\.(html?|php)$",
    r"utm_source=(google|bing)",
    r"(^|&)utm_campaign=spring",
    r"[?&]gclid=",
    r"^/(en|de|fr)/",
    r"^/(?:en|de|fr)(?:/|$)",
    r"^/[a-z]{2}(-[a-z]{2})?/",
    r"^/(?<lang>en|de)/",
    r"/p-\d{4,6}",
    r"product-[0-9]{3}",
    r"foo\-bar",
    r"\bsale\b",
    r"\Bsale",
    r".*pricing.*",
    r"^.*pricing.*$",
    r".*?shop.*sale",
    r".*foo.*bar.*",
    r"^/shop.*sale.*2026",
    r"shop[^/]*/sale[^/]*/2026",
    r"\w+\.pdf",
    r"\d*?x|y",
    r"[^/]+$",
    r".*",
    r".+?",
    r"^/shop/[^/]+/[^/]+$",
    r"^/shop/.*/sale",
    r"^/.*/.*/edit$",
    r"/docs/v\d+\.\d+/",
    r"^https?://(www\.)?shop\.example/",
    r"^/category/(shoes|bags|hats)(/.*)?$",
    r"/20\d\d/(0[1-9]|1[0-2])/",
    r"/(\d{4})-(\d{2})-(\d{2})",
    r"\d+$",
    r"[a-z0-9-]+\.html$",
    r"[\w.]+@[\w.]+\.com",
    r"^[\w-]+(\.[\w-]+)*$",
    r"^/([a-z]+/)*edit$",
    r"^/(?:[\w-]+/)+$",
    r"utm_source=.*utm_medium=.*utm_campaign=",
    r"\$\d+(\.\d\d)?",
    r"^/?(index\.(html?|php))?$",
    r"^/search\?q=.+&page=\d+",
    r"^.{3,}$",
    r"^.{0,9}$",
    r"user/\w+/profile",
    r"\D\d\D",
    r"[^\w/]",
    r"[\d-]+",
    r"[-a]x",
    r"[a-]x",
    r"[.*+?^${}()|\[\]\\]",
    r"\x2fpricing",
    r"(a|b|)c",
    r"()",
    r"a{2}b{0,1}c{1,}",
    r"café",
    r"^/über-uns",
    r"é+$",
]
"""What marketers write, and every construct that is allowed."""

TEXTS = [
    "",
    "/",
    "/pricing",
    "/Pricing/",
    "/en/pricing/plans",
    "/de",
    "/blog/",
    "/blog/a-post",
    "/shop/shoes/sale",
    "/shop/summer/sale/2026/06/",
    "/product/4711",
    "/p-12345/x",
    "/product-123-foo-bar",
    "/a/b/edit",
    "/ab/cd/edit",
    "index.html",
    "/index.php",
    "/docs/v1.2/x",
    "/category/bags/small",
    "/über-uns",
    "/CAFÉ",
    "/user/alice_1/profile",
    "sale wholesale",
    "a.b@shop.com",
    "utm_source=bing&utm_medium=cpc&utm_campaign=spring",
    "https://www.shop.example/search?q=mug&page=2#top",
    "/search?q=mug&page=2",
    "?gclid=1",
    "$10.50",
    "2026-11-24/2026-11-24",
    "aabc",
    "\\^[x]",
    "line\nend",
]


def patterns() -> dict[str, Any]:
    """Each allowed regex with what RE2 finds; a text of each kind comes from the regex itself."""
    return {"good": [{"regex": regex, "searched": searched(regex), "matches": _matches(regex)} for regex in REGEXES]}


def _matches(regex: str) -> dict[str, bool]:
    own = [attack.text(12) for attack in attacks(read(regex))][:12]
    found = re2.compile(f"(?i){regex}")
    return {text: found.search(text) is not None for text in dict.fromkeys(TEXTS + own) if _alike(text)}


def _alike(text: str) -> bool:
    """Without the characters that the two are allowed to see differently."""
    return text in TEXTS or text.isalpha() or (text.isascii() and not set(text) & {"\r", "\v"})


RULES = {
    (Part.URL, Match.IS): PAGE,
    (Part.URL, Match.CONTAINS): "shop.example/PRICING",
    (Part.URL, Match.STARTS_WITH): "https://shop",
    (Part.URL, Match.ENDS_WITH): "#top",
    (Part.URL, Match.WILDCARD): "https://*/pricing/*",
    (Part.URL, Match.REGEX): r"^https?://shop\.",
    (Part.HOST, Match.IS): "SHOP.example",
    (Part.HOST, Match.CONTAINS): "shop",
    (Part.HOST, Match.STARTS_WITH): "shop.",
    (Part.HOST, Match.ENDS_WITH): ".example",
    (Part.HOST, Match.WILDCARD): "*.example",
    (Part.HOST, Match.REGEX): r"\.example$",
    (Part.PATH, Match.IS): "/pricing",
    (Part.PATH, Match.CONTAINS): "pric",
    (Part.PATH, Match.STARTS_WITH): "/pricing",
    (Part.PATH, Match.ENDS_WITH): "/",
    (Part.PATH, Match.WILDCARD): "/*/",
    (Part.PATH, Match.REGEX): "^/(pricing|plans)/?$",
    (Part.QUERY, Match.IS): "plan=pro",
    (Part.QUERY, Match.CONTAINS): "plan=ro",
    (Part.QUERY, Match.STARTS_WITH): "plan=p",
    (Part.QUERY, Match.ENDS_WITH): "plan=o",
    (Part.QUERY, Match.WILDCARD): "plan=p*",
    (Part.QUERY, Match.REGEX): "plan=^(free|pro)$",
    (Part.HASH, Match.IS): "top",
    (Part.HASH, Match.CONTAINS): "TO",
    (Part.HASH, Match.STARTS_WITH): "t",
    (Part.HASH, Match.ENDS_WITH): "p",
    (Part.HASH, Match.WILDCARD): "t*",
    (Part.HASH, Match.REGEX): "^top$",
}
"""A value for each part and match that fits :data:`PAGE`."""


def messages() -> dict[str, Any]:
    """Entries of a manifest, each with the gates that keep it from being shown on :data:`PAGE`."""
    cases = [{"name": name, "fails": fails, "message": _entry(shape)} for name, fails, shape in shapes()]
    schedule = Schedule(ends_at=_time("2030-01-01T12:00:00.001Z"))
    rating = Question(id="q1", kind=QuestionKind.RATING, label="How so?")
    on = Button(id="b2", label="On", action=GoToStep(to=Going.NEXT))
    steps = (_step(Divider(), BLOCKS[9], rating, on),)
    plain = _entry(Shape(name="x", page_rules=(PageRule(value="/"),), schedule=schedule, steps=steps))
    return {"now": NOW, "page": PAGE, "cases": cases + list(_unknown(plain))}


def shapes() -> list[tuple[str, list[str], Shape]]:
    return [
        *(
            (f"{kind} {position}", [], _shape(display=Display(kind=kind, position=position)))
            for kind, positions in POSITIONS.items()
            for position in positions
        ),
        *((_named(block), [], _shape(block)) for block in BLOCKS),
        *(
            (
                f"{effect} {part} {match}",
                ["page"] if effect is Effect.EXCLUDE else [],
                _shape(page_rules=(PageRule(effect=effect, part=part, match=match, value=RULES[part, match]),)),
            )
            for effect, part, match in product(Effect, Part, Match)
        ),
        ("two steps", [], _shape(steps=(_step(Divider(), id="s1"), _step(Heading(text="Two"), id="s2")))),
        ("no step", ["content"], _shape(steps=())),
        ("Show always", [], _shape(frequency=Frequency())),
        *((f"after a click {word}", [], _shape(frequency=Frequency(limit=1, after_click=word))) for word in AfterClick),
        ("limit and gap", [], _shape(frequency=Frequency(limit=2, gap_seconds=3600))),
        ("has started", [], _shape(schedule=Schedule(starts_at=_time(NOW)))),
        ("starts later", ["schedule"], _shape(schedule=Schedule(starts_at=_time("2030-01-01T12:00:01Z")))),
        ("ends later", [], _shape(schedule=Schedule(ends_at=_time("2030-01-01T12:00:00.001Z")))),
        ("has ended", ["schedule"], _shape(schedule=Schedule(ends_at=_time(NOW)))),
    ]


def _shape(*blocks: Any, **fields: Any) -> Shape:
    return Shape(**{"name": "x", "steps": (_step(*(blocks or (Divider(),))),)} | fields)


def _step(*blocks: Any, id: str = "s1") -> Step:
    return Step(id=id, blocks=blocks)


def _named(block: Any) -> str:
    return json.dumps(msgspec.to_builtins(block), ensure_ascii=False)[:70]


def _entry(shape: Shape) -> Any:
    """As the manifest has it a second before NOW, so that what ends just then is still in."""
    messages = [Launched("m1", 1, _time("2029-12-31T00:00:00Z"), shape)]
    made = build("shop", 1, messages, _time(NOW) - timedelta(seconds=1))
    return json.loads(made.body)["messages"][0]


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


WORDS = {
    "display.kind": "slot",
    "display.position": "slot",
    "page_rules.0.effect": "page",
    "page_rules.0.part": "page",
    "page_rules.0.match": "page",
    "frequency.after_click": "frequency",
    "schedule.starts_at": "schedule",
    "schedule.ends_at": "schedule",
    "steps.0.blocks.0.type": "content",
    "steps.0.blocks.1.style": "content",
    "steps.0.blocks.1.action.type": "content",
    "steps.0.blocks.1.action.target": "content",
    "steps.0.blocks.2.kind": "content",
    "steps.0.blocks.2.marks": "content",
    "steps.0.blocks.3.action.to": "content",
}
"""Where an unknown word can stand, and the gate that then fails."""

UNKNOWN = ["unheard_of", "", "constructor", "__proto__", "toString", True, {}]


def _unknown(plain: Any) -> Iterator[dict[str, Any]]:
    for (where, gate), word in product(WORDS.items(), UNKNOWN):
        yield {"name": f"{where} is {word!r}", "fails": [gate], "message": _changed(plain, where.split("."), word)}


def _changed(value: Any, where: list[str], word: Any) -> Any:
    if not where:
        return word
    key, *rest = where
    if isinstance(value, list):
        return [_changed(inner, rest, word) if str(at) == key else inner for at, inner in enumerate(value)]
    return value | {key: _changed(value[key], rest, word)}


def write() -> None:
    CONTRACT.mkdir(exist_ok=True)
    for name, made in (
        ("patterns", patterns()),
        ("messages", messages()),
        ("conditions", conditions()),
        ("holdout", holdout()),
        ("answers", answers()),
        ("theme", looks()),
        ("clocks", clocks()),
    ):
        (CONTRACT / f"{name}.json").write_text(_lines(made))


def _lines(made: dict[str, Any]) -> str:
    """JSON with a line for each case, so that a change shows as the lines that changed."""
    dump = partial(json.dumps, ensure_ascii=False)
    parts = [
        f"{dump(key)}: [\n" + ",\n".join(dump(case) for case in value) + "\n]"
        if isinstance(value, list)
        else f"{dump(key)}: {dump(value)}"
        for key, value in made.items()
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    write()
