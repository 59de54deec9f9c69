"""Which regexes a marketer may use. tests/js/patterns.test.js runs the same table in JavaScript."""

from __future__ import annotations

import json
import re
from itertools import product
from random import Random
from typing import Any

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from anonmsg import pattern
from anonmsg.message import Limits, Match, PageRule, Part
from anonmsg.pattern.cost import bound
from anonmsg.pattern.reader import Refused, read
from anonmsg.problems import rule_problem
from tests.support.attacks import attacks
from tests.support.backtracking import AT_ONCE, Program
from tests.support.contract import CONTRACT, patterns
from tests.support.regexes import made

CASES: dict[str, Any] = json.loads((CONTRACT / "patterns.json").read_text())
GOOD: list[str] = [case["regex"] for case in CASES["good"]]


def test_the_table_is_the_one_that_javascript_runs() -> None:
    """Anew with: .venv/bin/python -m tests.support.contract"""
    assert patterns() == CASES


@pytest.mark.parametrize("regex", GOOD)
def test_what_marketers_write_is_allowed(regex: str) -> None:
    assert pattern.problem(regex) is None


def test_what_re2_says_is_passed_on_in_words() -> None:
    assert pattern.problem("a{1001}") == "This regex cannot be read: invalid repetition size: {1001}."


def test_there_are_enough_cases() -> None:
    assert len(GOOD) >= 40
    assert len(NOT_ALIKE) + len(MALFORMED) + len(ENDLESS) >= 60
    assert any(case["matches"][text] for case in CASES["good"] for text in case["matches"])
    assert not all(case["matches"][text] for case in CASES["good"] for text in case["matches"])


NOT_ALIKE = [
    r"(?i)pricing",
    r"(?s).",
    r"(?m)^a$",
    r"(?U)a+",
    r"(?i:a)",
    r"(?-i)a",
    r"(?=a)",
    r"^(?!/blog)",
    r"(?<=a)b",
    r"(?<!a)b",
    r"(?>a)b",
    r"(?|a|b)",
    r"(?#note)",
    r"(?P<lang>en)",
    r"(?P=lang)",
    r"(?P>lang)",
    r"(?R)",
    r"(a)\1",
    r"(?<x>a)\k<x>",
    r"\z",
    r"\Z",
    r"\A",
    r"\G",
    r"\Qa.b\E",
    r"\C",
    r"\R",
    r"\X",
    r"\K",
    r"\h",
    r"\N",
    r"\pN",
    r"\p{Greek}",
    r"\PL",
    r"\a",
    r"\e",
    r"\cA",
    r"\0",
    r"\012",
    r"\u0041",
    r"\x{41}",
    r"\x4",
    r"\é",
    r"[[:alpha:]]",
    r"[[:^digit:]]",
    r"[a[:digit:]]",
    r"[\pN]",
    r"[\b]",
    r"[]a]",
    r"[]",
    r"[^]",
    r"[\u0041]",
    "a++",
    "a*+",
    "a?+",
    "a**",
    "a{2}{3}",
    "a{2}+",
    "^*",
    "$+",
    r"\b?",
    "a{,3}",
    "a{",
    "{a}",
    "}",
    "a]",
]
"""Read by RE2 alone, by JavaScript alone, by neither, or by each in its own way."""

MALFORMED = ["(", ")", "a)", "(a", "[", "[a", "[a-", "\\", "a|*", "*a", "+", "?", "(?", "(?:", "(?<", "(?<>a)", "(*)",
    "[z-a]", r"[a-\d]", r"[\d-a]", "a{3,2}", "a{1001}", "(a{100}){100}", "(?<x>a)(?<x>b)"]  # fmt: skip

ENDLESS = [
    r"^\bab{0,5}(.+[^/]{0,5})|((ab*b*?.{1,20}){1,20}a{0,5}){2,}[^/]{1,20}([ab]?b+[ab]|[ab]*[a/]{0,5})*?x",
    r"(-[^a]+)*!",
    "a($|$){29}x",
    "a" + "(||)" * 20 + "$x",
    "^a*" + r"(\b|\b)" * 18 + "b",
    r"^a*((\b|)?){18}b",
    r"(-\w*[a-z-])*!",
    "(-[a-z]*[a-z]*)*!",
    "([à-ï]+[À-Ï])*x",
    r"(\s[^!-~]+)*x",
    "a{0,900}b{0,900}[ab]{0,900}x",
    r"^(\b.+)*x$",
    r"^(\ba?.{1,20}\w{0,5})*\b$",
    r"^.*\b((\ba?.{1,20}\w{0,5})*)*?\b$",
    r"^(\w*\b.?)*!$",
    "(a+)+$",
    "(a*)*b",
    "(a|a)*b",
    "(a|aa)+$",
    "(.*)*x",
    "(.+)+x",
    "(.*a){10}x",
    "(.*,){8}P",
    r"(\w+\s?)*$",
    r"(\w*)*$x",
    r"^(\d+)*$",
    r"(\d+|\d+a)*b",
    r"\d+\d+\d+\d+x",
    "a*a*a*a*b",
    "^.*.*.*.*x{2}",
    "(x+x+)+y",
    "(a?){25}a{25}",
    "(a{1,10}){1,10}b",
    "(.a|b.)*c",
    "(a|ab|b)*c",
    "([a-m]|[h-z])*!",
    "([^a]|[^b])*$x",
    "(foo|foofoo)*bar",
    r"^/(\w+/?)+$",
    "((a|b)+c?)+$",
    r"([a-z]+-?)+\.html",
    r"([a-zA-Z]+)*\.com",
    "^(?:(?:a+)+)+$",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    r"^([\w.]+)+@",
    r"(/[^?]*)*\?",
    r"^https?://([\w-]+\.?)+/x",
    "(foo).*bar.*baz.*qux",
    "shops?.*sale.*2026",
    "shop.*sale[^/]*.*2026",
    "(?<x>a+)+!",
    "([A-Z]+)+1",
    "(ä+)+x",
    r"(\s|\s\s)+x",
    r"(\W+)+a",
    r"^(.?a)*(.?a)*(.?a)*x",
]
"""Each hangs a browser on some address, or would take it more than a moment."""


OWN_STARTS = [
    ["^", "shop"],
    ["(/[^/]+)*", r"(\.[a-z]+)+", r"(-\w+)*", "([a-z]+/)*", "([/-][a-z]{1,9}){1,9}", r"(/\w+|-\d*)*"],
    ["", "$", "!", "x$"],
]

FACTOR = 8
"""The matcher counts up to five or six steps where the bound counts one."""


@pytest.mark.parametrize("regex", NOT_ALIKE + MALFORMED)
def test_what_is_not_read_alike_everywhere_is_refused(regex: str) -> None:
    text = pattern.problem(regex)
    assert text is not None
    assert text.endswith(".")
    assert "too long" not in text


@pytest.mark.parametrize("regex", ENDLESS)
def test_what_browsers_would_search_with_for_long_is_refused(regex: str) -> None:
    read(regex)
    assert re2.compile(regex) is not None
    assert "too long" in (pattern.problem(regex) or "")


@pytest.mark.parametrize("regex", ["".join(parts) for parts in product(*OWN_STARTS)])
def test_a_repetition_inside_another_is_allowed_where_it_begins_with_a_character_of_its_own(regex: str) -> None:
    assert pattern.problem(regex) is None


@pytest.mark.parametrize("seed", range(60))
def test_the_bound_is_never_passed(seed: int) -> None:
    """The strings and the matcher that counts on them know nothing of how the bound comes about."""
    random = Random(seed)
    tree = next(tree for tree in iter(lambda: read(made(random)), None) if bound(tree, 40) * FACTOR < AT_ONCE)
    program = Program(tree)
    texts = ["a" * 32] + [attack.text(length) for attack in attacks(tree)[:20] for length in (12, 32)]
    for text in texts:
        assert program.steps(text) <= FACTOR * bound(tree, len(text)), text


@pytest.mark.parametrize("regex", ["(a+)+$", "^/(\\w+/?)+$", "(.a|b.)*c", r"(\s|\s\s)+x", "(a|aa)+$"])
def test_the_strings_would_pass_a_bound_that_is_too_low(regex: str) -> None:
    """Those for an endless regex take more steps than two loops of any sort may."""
    tree = read(regex)
    two = FACTOR * bound(read("^.*.*x"), 34)
    assert any(Program(tree).steps(attack.text(32)) > two for attack in attacks(tree)[:20])


@pytest.mark.parametrize(("letters", "allowed"), [(Limits.REGEX, True), (Limits.REGEX + 1, False)])
def test_how_long_it_may_be(letters: int, allowed: bool) -> None:
    assert (pattern.problem("a" * letters) is None) == allowed


@pytest.mark.parametrize(
    ("part", "value", "allowed"),
    [
        (Part.QUERY, "utm_source=(google|bing)", True),
        (Part.QUERY, "utm_source=*", False),
        (Part.QUERY, "q=(a+)+$", False),
        (Part.QUERY, "(q=a|b)", True),
        (Part.QUERY, "[q=a]b", True),
        (Part.PATH, "q=a", True),
        (Part.PATH, "(a+)+$", False),
    ],
)
def test_on_a_query_parameter_the_rest_is_checked_alone(part: Part, value: str, allowed: bool) -> None:
    assert (rule_problem(PageRule(part=part, match=Match.REGEX, value=value)) is None) == allowed


@pytest.mark.parametrize(
    ("regex", "quicker"),
    [
        (".*pricing.*", "pricing.*"),
        ("shop.*sale", r"(?<!.)(?=(.*?shop))\1.*sale"),
        (".*shop.*?sale.*2026.*", r"(?<!.)(?=(.*?shop))\1(?=(.*?sale))\2.*2026"),
        ("^/.*/.*/edit$", r"^/(?=(.*?/))\1.*/edit$"),
        ("^.*pricing.*$", r"^(?=(.*?pricing))\1.*$"),
        ("^.*.*.*.*x", "^.*x"),
        ("/.*/\\d\\.[a-z]$", r"(?<!.)(?=(.*?/))\1.*/\d\.[a-z]$"),
        ("a.*(b|c)", "a.*(b|c)"),
        ("a.*b+", "a.*b+"),
        ("a.*b{2}", "a.*b{2}"),
        ("a.*[^b]", "a.*[^b]"),
        ("a|b.*c", "a|b.*c"),
        (r"a.*\bb", r"a.*\bb"),
        (r"a\.*b", r"a\.*b"),
        ("a[.*]b", "a[.*]b"),
        ("/.*" * 30, "/.*" * 30),
        (".*.*?.*x", "x"),
        (".+x", ".x"),
        (r"\d+$", r"\d$"),
        (r"[a-z0-9-]+\.html$", r"[a-z0-9-]\.html$"),
        (r"[^\]/]*?x", "x"),
        (r"[\]]+x", r"[\]]x"),
        (r".*\w+x", r"\wx"),
        (r"\w+\d+x", r"\w\d+x"),
        (".*", ""),
        (".*|a", "|a"),
        ("^.*x", "^.*x"),
        ("(.*)x", "(.*)x"),
        (r"\.*x", r"\.*x"),
        (r"\[a]*x", r"\[a]*x"),
        ("a{2}", "a{2}"),
        (".{2,}x", ".{2,}x"),
        ("pricing", "pricing"),
    ],
)
def test_what_may_stand_before_a_match_is_left_out(regex: str, quicker: str) -> None:
    assert pattern.searched(regex) == quicker


@given(st.from_regex(r"(\.|\\[dw]|\[[a1/]+\]|[a1/]){1,3}", fullmatch=True), st.text("a1/b", max_size=6), st.data())
def test_it_finds_the_same_in_less_time(head: str, text: str, data: st.DataObject) -> None:
    regex = re.sub(r"(?<!\\)(\.|\\[dw]|\[[a1/]+\])", lambda found: found[0] + data.draw(st.sampled_from("*+")), head)
    assert bool(re.search(regex, text)) == bool(re.search(pattern.searched(regex), text))


@given(
    st.from_regex(r"\^?(([a/.]|\[a/\]|\\w){0,3}\.\*\??){1,4}([a/.]|\\w){0,2}\$?", fullmatch=True),
    st.text("a/b\n", max_size=12),
)
def test_whoever_never_goes_back_finds_the_same_on_each_line(regex: str, text: str) -> None:
    quick = pattern.searched(regex).replace("$", r"\Z")
    assert bool(re.search(regex.replace("$", r"\Z"), text)) == bool(re.search(quick, text))


@given(st.text(alphabet=r"ab1.*+?()[]{}|^$\-,:<>=!dwsbpQé/ ", max_size=30))
def test_any_text_gets_an_answer_and_what_is_allowed_is_read_by_re2(regex: str) -> None:
    if pattern.problem(regex) is None:
        re2.compile(regex)
        assert attacks(read(regex)) is not None
    else:
        assert isinstance(pattern.problem(regex), str)


@given(st.from_regex(r"(/[a-z0-9-]{1,8}){1,4}(\.html)?/?", fullmatch=True))
def test_a_plain_path_is_allowed_and_finds_itself(path: str) -> None:
    regex = path.replace(".", r"\.")
    assert pattern.problem(regex) is None
    assert pattern.problem(f"^{regex}$") is None
    assert re2.compile(regex).search(path)


def test_the_reason_names_what_is_wrong() -> None:
    for regex, word in [("a(?!b)", "(?!"), (r"a\z", "\\z"), ("a{", "{"), ("(a", "without its )"), ("[z-a]", "range")]:
        with pytest.raises(Refused, match=re.escape(word)):
            read(regex)
