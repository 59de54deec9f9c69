"""Two states of a message side by side: what differs is marked, whatever it is, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from anonmsg.comparison import MOST, Section, compare
from anonmsg.message import (
    Branch,
    Button,
    ButtonStyle,
    Dismiss,
    Display,
    DisplayKind,
    Divider,
    Email,
    Frequency,
    Going,
    GoToStep,
    Heading,
    Image,
    List,
    OpenUrl,
    PageRule,
    Palette,
    Position,
    Question,
    QuestionKind,
    Row,
    Run,
    Schedule,
    SecondsPassed,
    Shape,
    Spacer,
    Step,
    Target,
    Text,
    Theme,
    Track,
)
from tests.conftest import CLUB
from tests.support.stage import changed

BLOCKS = (
    Heading(text="Join the club"),
    Text(paragraphs=((Run(text="10 % off"), Run(text=" your order")),)),
    List(items=((Run(text="Free shipping"),),)),
    Image(src="https://shop.example/a.png", alt="A", width=60, height=30),
    Question(id="q1", kind=QuestionKind.SINGLE, label="Who?", options=("A", "B")),
    Email(id="e1", label="E-mail", consent="We write"),
    Divider(),
    Spacer(size=8),
    Row(columns=((Heading(text="Left"),), (Button(id="b2", label="Right", action=Dismiss()),))),
    Button(
        id="b1", label="Go", action=GoToStep(to=Going.NEXT, when=(Branch(question="q1", answers=("A",), step="s2"),))
    ),
    Button(id="b3", label="Track", action=Track(event="Pressed", properties={"plan": "pro"})),
)
FULL = changed(
    CLUB,
    priority=1,
    page_rules=(PageRule(value="/pricing"),),
    conditions=(SecondsPassed(seconds=5),),
    frequency=Frequency(limit=2, gap_seconds=60),
    display=Display(kind=DisplayKind.OVERLAY, position=Position.TOP_LEFT, width=300),
    schedule=Schedule(starts_at=datetime(2030, 1, 1, tzinfo=UTC), ends_at=datetime(2030, 2, 1, tzinfo=UTC)),
    holdout=10,
    theme=Theme(light=Palette(accent="#112233"), radius=8),
    steps=(Step(id="s1", blocks=BLOCKS), Step(id="s2", blocks=(Heading(text="Thanks"),))),
)


def sections(left: Shape, right: Shape) -> dict[str, Section]:
    return {section.title: section for section in compare(left, right)}


def differing(left: Shape, right: Shape) -> list[str]:
    return [section.title for section in compare(left, right) if section.differs]


def text(side: Any) -> str:
    return "".join(piece for piece, _ in side)


def marked(side: Any) -> list[str]:
    return [piece for piece, differs in side if differs]


@pytest.mark.parametrize("shape", [Shape(), CLUB, FULL], ids=["nothing", "a small one", "a full one"])
def test_the_same_differs_in_nothing(shape: Shape) -> None:
    assert differing(shape, shape) == []


TITLES = {
    "name": "Name",
    "description": "What for",
    "page_rules": "Where",
    "conditions": "Where",
    "frequency": "How often",
    "holdout": "How often",
    "schedule": "When",
    "display": "Look",
    "steps": "Content",
}
"""Where each field of a message is told; what is not here is among the further settings."""


HELD = [field for field in Shape.__struct_fields__ if getattr(FULL, field) != getattr(Shape(), field)]


@pytest.mark.parametrize("field", HELD)
def test_every_field_that_differs_is_told_in_its_section(field: str) -> None:
    other = msgspec.structs.replace(FULL, **{field: getattr(Shape(), field)})
    title = TITLES.get(field, "Further settings")
    assert differing(FULL, other) == [title]
    assert differing(other, FULL) == [title]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, number))
    else:
        yield path, value


def other_than(value: Any) -> list[Any]:
    """What could stand in its place."""
    return [not value] if isinstance(value, bool) else [value + 1] if isinstance(value, int) else [f"{value}x", *WORDS]


WORDS = ["2031-01-01T00:00:00Z", *(ButtonStyle), *Target, "exclude", "hash", "is", "keep", "banner", "top", "multiple"]


def single_changes() -> list[tuple[str, Shape]]:
    """The full message with one value changed, for each there is that can be."""
    found = []
    for path, value in leaves(msgspec.json.decode(FULL.encode())):
        for other in other_than(value):
            raw = msgspec.json.decode(FULL.encode())
            place = raw
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = other
            try:
                shape = msgspec.convert(raw, Shape)
            except msgspec.ValidationError:
                continue
            if shape != FULL:
                found.append((".".join(map(str, path)), shape))
    return found


CHANGES = single_changes()


def test_the_changes_are_of_every_kind() -> None:
    assert len({path for path, _ in CHANGES}) > 50


def test_no_single_value_can_differ_without_a_mark() -> None:
    for path, shape in CHANGES:
        found = [pair for section in compare(FULL, shape) for pair in section.pairs if pair.how != "same"]
        assert found, path
        assert all(marked(pair.left or ()) or marked(pair.right or ()) for pair in found), path


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ((Heading("A"),), (Heading("B"),), ["changed"]),
        ((Heading("A"), Divider()), (Divider(),), ["removed", "same"]),
        ((Divider(),), (Heading("A"), Divider()), ["added", "same"]),
        ((Heading("A"),), (Divider(),), ["removed", "added"]),
        ((Button(id="a", label="1"), Button(id="b", label="2")), (Button(id="b", label="3"),), ["removed", "changed"]),
        ((Button(id="a", label="1"),), (Button(id="b", label="1"),), ["removed", "added"]),
        (BLOCKS, (Spacer(size=9), *BLOCKS), ["added"] + ["same"] * 13),
        ((), (), []),
    ],
)
def test_blocks_stand_beside_what_they_were(left: Any, right: Any, expected: list[str]) -> None:
    def shape(blocks: Any) -> Shape:
        return changed(CLUB, steps=(Step(id="s1", blocks=blocks),))

    content = sections(shape(left), shape(right)).get("Content")
    assert [pair.how for pair in (content.pairs if content else [])] == expected


def test_only_the_words_that_differ_are_marked() -> None:
    pair = sections(changed(CLUB, name="Join the club"), changed(CLUB, name="Join our club"))["Name"].pairs[0]
    assert pair.left is not None
    assert pair.right is not None
    assert (text(pair.left), marked(pair.left)) == ("Join the club", ["the"])
    assert (text(pair.right), marked(pair.right)) == ("Join our club", ["our"])


def test_what_a_sentence_leaves_out_stands_behind_it() -> None:
    def shape(**action: Any) -> Shape:
        return changed(CLUB, steps=(Step(id="s1", blocks=(Button(id="b1", label="Go", **action),)),))

    pair = sections(shape(action=OpenUrl(url="/a")), shape(action=OpenUrl(url="/a"), style=ButtonStyle.LINK))
    left, right = pair["Content"].pairs[0].left, pair["Content"].pairs[0].right
    assert text(left) == "Button “Go”: opens /a (style: primary)"
    assert text(right) == "Button “Go”: opens /a (style: link)"
    assert (marked(left), marked(right)) == (["primary)"], ["link)"])


def blocks(*blocks: Any) -> Shape:
    return changed(CLUB, steps=(Step(id="s1", blocks=blocks),))


def test_long_text_is_compared_where_it_begins_and_ends_to_differ() -> None:
    begin, end = "same " * 300, " same" * 300
    ours, theirs = (" ".join(f"{word} and" for word in range(at, at + MOST)) for at in (0, 1000))
    left, right = (blocks(Text(paragraphs=((Run(text=f"{begin}{text}{end}"),),))) for text in (ours, theirs))
    pair = sections(left, right)["Content"].pairs[0]
    assert (marked(pair.left), marked(pair.right)) == ([ours.removesuffix(" and")], [theirs.removesuffix(" and")])


@pytest.mark.parametrize(("ours", "theirs"), [("a b ", "b a c "), ("a ", "a a b "), ("", "a ")])
def test_what_repeats_itself_takes_no_longer(ours: str, theirs: str) -> None:
    """The words and blocks that take a common algorithm minutes."""
    left, right = (blocks(Text(paragraphs=((Run(text=text * 300),),))) for text in (ours, theirs))
    assert differing(left, right) == ["Content"]
    rows = [Row(columns=(tuple(each * 24), ())) for each in ((Divider(), Spacer()), (Spacer(), Divider()))]
    many, others = (changed(CLUB, steps=(Step(id="s1", blocks=tuple(rows[::way]) * 25),) * 2) for way in (1, -1))
    assert differing(many, others) == ["Content"]


def test_nothing_is_told_of_what_neither_side_has() -> None:
    assert "What for" not in sections(changed(CLUB, description=""), changed(CLUB, description=""))
    assert "Further settings" not in sections(changed(CLUB, priority=3), changed(CLUB, priority=3, holdout=UNSET))
