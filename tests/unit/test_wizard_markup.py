"""Rich text: what marketers type, the runs that it stands for, and back without loss."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonmsg import markup
from anonmsg.message import Limits, Run

READ = [
    ("", ()),
    ("plain", ((Run("plain"),),)),
    ("**10 % off** now", ((Run("10 % off", bold=True), Run(" now")),)),
    ("_soon_", ((Run("soon", italic=True),),)),
    ("**a _b_ c**", ((Run("a ", bold=True), Run("b", bold=True, italic=True), Run(" c", bold=True)),)),
    ("[Terms](/terms) apply", ((Run("Terms", link="/terms"), Run(" apply")),)),
    ("[**Now**](https://x.example/a(b\\))", ((Run("Now", bold=True, link="https://x.example/a(b)"),),)),
    ("one\n\n  \r\ntwo", ((Run("one"),), (Run("two"),))),
    ("one\\\ntwo", ((Run("one\ntwo"),),)),
    ("2 ** 3", ((Run("2 ** 3"),),)),
    ("snake_case", ((Run("snake_case"),),)),
    (r"\*\*stars\*\* \_ \[no\](link)", ((Run("**stars** _ [no](link)"),),)),
    ("[no link", ((Run("[no link"),),)),
    ("a](b)", ((Run("a](b)"),),)),
    ("[a [b](c)", ((Run("[a "), Run("b", link="c")),)),
    (r"C:\dir", ((Run(r"C:\dir"),),)),
]


@pytest.mark.parametrize(("text", "lines"), READ, ids=[text for text, _ in READ])
def test_what_typed_text_stands_for(text: str, lines: tuple[markup.Line, ...]) -> None:
    assert markup.read(text) == lines


def test_only_what_would_be_misread_is_escaped() -> None:
    assert markup.write([[Run("5 * 3 and snake_case [sic]")]]) == "5 * 3 and snake_case [sic]"
    assert markup.write([[Run("_a_")]]) == r"\_a\_"


texts = st.text(
    st.one_of(st.sampled_from("\\*_[]() \nab"), st.characters(exclude_characters="\r", exclude_categories=["Cs"])),
    max_size=12,
)
runs = st.builds(Run, text=texts, bold=st.booleans(), italic=st.booleans(), link=st.none() | texts)
lines = st.lists(st.lists(runs, max_size=5), max_size=4)


@given(lines)
@settings(deadline=None)
def test_runs_survive_the_way_to_text_and_back(lines: list[list[Run]]) -> None:
    assert markup.read(markup.write(lines)) == markup.normal(lines)


@given(texts)
@settings(deadline=None)
def test_text_settles_after_one_round(text: str) -> None:
    once = markup.write(markup.read(text))
    assert markup.read(once) == markup.read(text)
    assert markup.write(markup.read(once)) == once


def test_a_run_never_grows_longer_than_a_message_may_hold() -> None:
    (line,) = markup.read("x" * (Limits.TEXT + 1))
    assert [len(run.text) for run in line] == [Limits.TEXT, 1]


HTML = [
    ("", ()),
    ("<div>one<br>two</div>", ((Run("one"),), (Run("two"),))),
    ("<div>10&nbsp;<strong>% off</strong></div>", ((Run("10 "), Run("% off", bold=True)),)),
    ("a&nbsp; b", ((Run("a  b"),),)),
    ("10&nbsp;%", ((Run("10\xa0%"),),)),
    ("<b>a<i>b</i></b>", ((Run("a", bold=True), Run("b", bold=True, italic=True)),)),
    ("<ul><li>one</li><li>two</li></ul>", ((Run("one"),), (Run("two"),))),
    ('<a href="/terms">Terms</a>', ((Run("Terms", link="/terms"),),)),
    ('<a href="//evil.example">a</a>', ((Run("a", link="//evil.example"),),)),
    ('<a href="javascript:alert(1)">a</a>', ((Run("a"),),)),
    ("<img src=x onerror=alert(1)>a<script>alert(1)</script>", ((Run("a"),),)),
    ("1 &lt; 2 <![if x]> **3**", ((Run("1 < 2  **3**"),),)),
    ("<h1>Big</h1><table><tr><td>cell</td></tr></table>", ((Run("Big"),), (Run("cell"),))),
]


@pytest.mark.parametrize(("html", "lines"), HTML, ids=[html for html, _ in HTML])
def test_what_html_of_an_editor_stands_for(html: str, lines: tuple[markup.Line, ...]) -> None:
    assert markup.from_html(html) == lines


of_an_editor = st.text(st.sampled_from("<>&\"'*_a b"), min_size=1, max_size=12)
typed = st.lists(
    st.lists(st.builds(Run, text=of_an_editor, bold=st.booleans(), italic=st.booleans()), max_size=5), max_size=4
)


@given(typed)
@settings(max_examples=100, deadline=None)
def test_no_text_is_lost_on_the_way_through_an_editor(lines: list[list[Run]]) -> None:
    assert markup.from_html(markup.to_html(lines)) == markup.normal(lines)
