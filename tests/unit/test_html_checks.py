"""The check that every fetched page goes through finds what it is there to find."""

from __future__ import annotations

from uuid import uuid4

import pytest
from html5lib.html5parser import ParseError

from tests.support.html import faults, without_random

GOOD = (
    '<!doctype html><html lang="en"><head><title>Where I am</title></head>'
    "<body><main><h1>Here</h1>{}</main></body></html>"
)

FAULTY = {
    "<p id=a></p><p id=a></p>": "the id a stands 2 times",
    "<input name=q>": "<input name=q> without a label",
    "<label for=q></label><input id=q name=q>": "<input name=q> without a label",
    "<label for=other>Search</label>": "<label for=other> refers to nothing",
    "<p aria-describedby=gone>x</p>": "<p aria-describedby=gone> refers to nothing",
    "<script>x</script>": "a script without a nonce",
    '<p onclick="x()">x</p>': "<p onclick=…> is what the policy forbids",
    '<p style="color: red">x</p>': "<p style=…> is what the policy forbids",
    "<img src=a.png>": "an image without alt: a.png",
    "<a>Nowhere</a>": "a link to nowhere: Nowhere",
    "<a href=/><svg></svg></a>": "<a> without a name",
    "<button type=button></button>": "<button> without a name",
    "<form method=post action=/x></form>": "the form to /x carries no token",
    "<h1>Again</h1>": "2 × <h1>",
}


def test_it_is_content_with_a_good_page() -> None:
    good = '<label for=q>Search</label><input id=q name=q><label>Tick <input type=checkbox></label><a href="/">Home</a>'
    assert list(faults(GOOD.format(good))) == []


@pytest.mark.parametrize(("body", "fault"), FAULTY.items(), ids=list(FAULTY))
def test_it_finds(body: str, fault: str) -> None:
    assert list(faults(GOOD.format(body))) == [fault]


@pytest.mark.parametrize(
    "body", ["<p><div></p>", "<b><i></b></i>", "<table><p>x</p></table>", "&nosuch;", '<p a="1" a="2">']
)
def test_invalid_html_does_not_pass(body: str) -> None:
    with pytest.raises(ParseError):
        list(faults(GOOD.format(body)))


def test_a_page_must_say_where_it_is() -> None:
    assert list(faults(GOOD.format("").replace("Where I am", "anonmsg"))) == [
        "the title 'anonmsg' does not say where you are"
    ]


def test_pages_that_differ_in_what_is_random_alone_are_the_same_and_no_others() -> None:
    def page(nonce: str, first: object, second: object) -> str:
        return GOOD.format(f'<script nonce="{nonce}"></script><p id="a{first}"></p><p id="a{second}"></p>')

    one, other, third = uuid4(), uuid4(), uuid4()
    assert without_random(page("x+/=", one, other)) == without_random(page("y", third, one))
    assert without_random(page("x", one, other)) != without_random(page("x", one, one))
    assert without_random(page("x", one, other)) != without_random(page("x", one, "b"))
