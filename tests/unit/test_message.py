"""What a message is: its JSON shape, its limits, its words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonmsg.message import (
    POSITIONS,
    AfterClick,
    Button,
    ButtonStyle,
    Dismiss,
    Display,
    DisplayKind,
    Divider,
    Effect,
    Email,
    Frequency,
    GoToStep,
    Heading,
    Image,
    Limits,
    List,
    Match,
    OpenUrl,
    PageRule,
    Part,
    Question,
    QuestionKind,
    Row,
    Run,
    Schedule,
    Shape,
    Spacer,
    State,
    Status,
    Step,
    Target,
    Text,
    Track,
    json_schema,
    status,
)

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)

CLUB = """
{"name": "Club", "description": "Sign-up nudge", "priority": 0,
 "page_rules": [{"effect": "include", "part": "path", "match": "starts_with", "value": "/pricing"}],
 "frequency": {"limit": 2, "gap_seconds": 0, "after_click": "end"},
 "display": {"kind": "overlay", "position": "bottom-right", "width": 360},
 "schedule": {"starts_at": null, "ends_at": "2027-01-31T23:00:00Z", "zone": "Europe/Vienna"},
 "steps": [{"id": "s1", "blocks": [
   {"type": "heading", "text": "Join the club"},
   {"type": "text", "paragraphs": [
     [{"text": "10 % off", "bold": true}, {"text": " your first order. "}, {"text": "Terms", "link": "/terms"}]]},
   {"type": "list", "ordered": false, "items": [[{"text": "Free shipping"}]]},
   {"type": "image", "src": "https://shop.example/mug.png", "alt": "A mug", "width": 600, "height": 300},
   {"type": "button", "id": "b1", "label": "Sign up", "style": "primary",
    "action": {"type": "open_url", "url": "/signup", "target": "same"}}]}]}
"""
"""The example of the contract (DESIGN §5)."""


def test_the_contracts_example_is_read_and_written_as_it_is() -> None:
    assert json.loads(Shape.decode(CLUB).encode()) == json.loads(CLUB)


def test_everything_may_be_left_out() -> None:
    assert Shape.decode("{}") == Shape()
    assert Shape().frequency == Frequency(limit=None, gap_seconds=0, after_click=AfterClick.END)
    assert Shape().display == Display(DisplayKind.MODAL, POSITIONS[DisplayKind.MODAL][0], 480)


WRONG: list[tuple[str, str, str]] = [
    # where, what stands there, the place that the error names
    ("", "[]", ""),
    ("", "7", ""),
    ("nmae", '"x"', ""),
    ("name", "7", "$.name"),
    ("name", json.dumps("x" * (Limits.NAME + 1)), "$.name"),
    ("description", json.dumps("x" * (Limits.DESCRIPTION + 1)), "$.description"),
    ("priority", '"0"', "$.priority"),
    ("priority", "1.5", "$.priority"),
    ("priority", str(Limits.PRIORITY + 1), "$.priority"),
    ("page_rules", "{}", "$.page_rules"),
    ("page_rules", '[{"effect":"maybe"}]', "$.page_rules[0].effect"),
    ("page_rules", '[{},{"match":"sounds_like"}]', "$.page_rules[1].match"),
    ("page_rules", '[{"part":"port"}]', "$.page_rules[0].part"),
    ("page_rules", json.dumps([{"value": "x" * (Limits.RULE_VALUE + 1)}]), "$.page_rules[0].value"),
    ("page_rules", json.dumps([{}] * (Limits.RULES + 1)), "$.page_rules"),
    ("frequency", '{"limit":0}', "$.frequency.limit"),
    ("frequency", '{"limit":"2"}', "$.frequency.limit"),
    ("frequency", f'{{"limit":{Limits.TIMES + 1}}}', "$.frequency.limit"),
    ("frequency", '{"gap_seconds":-1}', "$.frequency.gap_seconds"),
    ("frequency", f'{{"gap_seconds":{Limits.GAP_SECONDS + 1}}}', "$.frequency.gap_seconds"),
    ("frequency", '{"after_click":"ask"}', "$.frequency.after_click"),
    ("frequency", "null", "$.frequency"),
    ("display", '{"kind":"tooltip"}', "$.display.kind"),
    ("display", '{"position":"middle"}', "$.display.position"),
    ("display", f'{{"width":{Limits.WIDTH[0] - 1}}}', "$.display.width"),
    ("display", f'{{"width":{Limits.WIDTH[1] + 1}}}', "$.display.width"),
    ("schedule", '{"starts_at":"tomorrow"}', "$.schedule.starts_at"),
    ("schedule", '{"starts_at":"2030-01-01T12:00:00"}', "$.schedule"),
    ("schedule", '{"starts_at":"2030-01-01T12:00:00Z","zone":"visitor"}', "$.schedule"),
    ("schedule", '{"ends_at":"2030-01-01T12:00:00+14:00","zone":"visitor"}', "$.schedule"),
    ("schedule", '{"ends_at":"0001-01-01T00:00:00","zone":"visitor"}', "$.schedule"),
    ("schedule", '{"ends_at":7}', "$.schedule.ends_at"),
    ("steps", '[{"blocks":[{"type":"html"}]}]', "$.steps[0].blocks[0].type"),
    ("steps", '[{"blocks":[{}]}]', "$.steps[0].blocks[0]"),
    ("steps", '[{"blocks":[{"type":"heading","html":"x"}]}]', "$.steps[0].blocks[0]"),
    ("steps", '[{"id":"a b"}]', "$.steps[0].id"),
    ("steps", '[{"blocks":[{"type":"button","action":{"type":"buy"}}]}]', "$.steps[0].blocks[0].action.type"),
    ("steps", '[{"blocks":[{"type":"button","action":{"url":"/x"}}]}]', "$.steps[0].blocks[0].action"),
    ("steps", '[{"blocks":[{"type":"button","style":"huge"}]}]', "$.steps[0].blocks[0].style"),
    ("steps", '[{"blocks":[{"type":"row","columns":[[]]}]}]', "$.steps[0].blocks[0].columns"),
    ("steps", '[{"blocks":[{"type":"row","columns":[[{"type":"row","columns":[]}],[]]}]}]', "columns[0][0].type"),
    ("steps", json.dumps([{}] * (Limits.STEPS + 1)), "$.steps"),
    ("steps", json.dumps([{"blocks": [{"type": "divider"}] * (Limits.BLOCKS + 1)}]), "$.steps[0].blocks"),
    ("steps", '[{"blocks":[{"type":"spacer","size":1}]}]', "$.steps[0].blocks[0].size"),
    ("steps", '[{"blocks":[{"type":"image","width":0}]}]', "$.steps[0].blocks[0].width"),
]


@pytest.mark.parametrize(("key", "value", "place"), WRONG)
def test_an_error_names_its_place(key: str, value: str, place: str) -> None:
    raw = f'{{"{key}":{value}}}' if key else value
    with pytest.raises(msgspec.ValidationError) as error:
        Shape.decode(raw)
    assert place in str(error.value)


@pytest.mark.parametrize("raw", ["", "{", '{"name":}', "nul", '{"name":"\\ud800"}', b'{"name":"\xff"}', "[" * 5_000])
def test_what_is_no_json_is_refused(raw: str | bytes) -> None:
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError, RecursionError)):
        Shape.decode(raw)


words = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ids = st.from_regex(r"[A-Za-z0-9_-]{0,12}", fullmatch=True)
times = st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
runs = st.lists(
    st.builds(Run, text=words, bold=st.booleans(), italic=st.booleans(), link=st.none() | words), max_size=3
)
lines = st.lists(runs.map(tuple), max_size=3).map(tuple)
values = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | words | st.floats(allow_nan=False, allow_infinity=False)
)
actions = st.one_of(
    st.builds(OpenUrl, url=words, target=st.sampled_from(Target)),
    st.builds(Dismiss),
    st.builds(GoToStep, step=ids),
    st.builds(Track, event=words, properties=st.dictionaries(words, values, max_size=3)),
)
pixels = st.none() | st.integers(1, Limits.PIXELS)
simple = st.one_of(
    st.builds(Heading, text=words),
    st.builds(Text, paragraphs=lines),
    st.builds(List, ordered=st.booleans(), items=lines),
    st.builds(Image, src=words, alt=words, width=pixels, height=pixels),
    st.builds(Button, id=ids, label=words, style=st.sampled_from(ButtonStyle), action=actions),
    st.builds(
        Question,
        id=ids,
        kind=st.sampled_from(QuestionKind),
        label=words,
        options=st.lists(words, max_size=3).map(tuple),
        required=st.booleans(),
    ),
    st.builds(Email, id=ids, label=words, consent=words, identifies=st.booleans()),
    st.builds(Divider),
    st.builds(Spacer, size=st.integers(*Limits.SPACER)),
)
columns = st.lists(st.lists(simple, max_size=2).map(tuple), min_size=2, max_size=3).map(tuple)
blocks = st.lists(simple | st.builds(Row, columns=columns), max_size=4).map(tuple)
shapes = st.builds(
    Shape,
    name=words,
    description=words,
    priority=st.integers(-Limits.PRIORITY, Limits.PRIORITY),
    page_rules=st.lists(
        st.builds(
            PageRule,
            effect=st.sampled_from(Effect),
            part=st.sampled_from(Part),
            match=st.sampled_from(Match),
            value=words,
        ),
        max_size=3,
    ).map(tuple),
    frequency=st.builds(
        Frequency,
        limit=st.none() | st.integers(1, Limits.TIMES),
        gap_seconds=st.integers(0, Limits.GAP_SECONDS),
        after_click=st.sampled_from(AfterClick),
    ),
    display=st.builds(Display, kind=st.sampled_from(DisplayKind), width=st.integers(*Limits.WIDTH)),
    schedule=st.builds(Schedule, starts_at=times, ends_at=times, zone=words),
    steps=st.lists(st.builds(Step, id=ids, blocks=blocks), max_size=3).map(tuple),
)


@given(shapes)
def test_what_is_written_is_read_again(shape: Shape) -> None:
    assert Shape.decode(shape.encode()) == shape
    assert Shape.decode(shape.encode()).encode() == shape.encode()


@given(shapes)
def test_ids_are_made_once(shape: Shape) -> None:
    named = shape.with_ids()
    assert named.with_ids() == named
    assert all(step.id for step in named.steps)
    assert all(block.id for block in named.blocks() if isinstance(block, Button | Question | Email))
    for before, after in zip(shape.buttons(), named.buttons(), strict=True):
        assert after.id == (before.id or after.id)
        assert (after.label, after.action) == (before.label, before.action)


def test_blocks_inside_rows_are_found_in_reading_order() -> None:
    row = Row(columns=((Heading(text="1"), Button(id="b1")), (Heading(text="2"),)))
    shape = Shape(steps=(Step(blocks=(row, Button(id="b2"))), Step(blocks=(Button(id="b3"),))))
    assert [getattr(block, "text", getattr(block, "id", None)) for block in shape.blocks()] == [
        "1",
        "b1",
        "2",
        "b2",
        "b3",
    ]
    assert [button.id for button in shape.buttons()] == ["b1", "b2", "b3"]


STATUSES = [
    (State.DRAFT, None, None, Status.DRAFT),
    (State.DRAFT, -1, 1, Status.DRAFT),
    (State.LAUNCHED, None, None, Status.LIVE),
    (State.LAUNCHED, 1, None, Status.SCHEDULED),
    (State.LAUNCHED, 0, None, Status.LIVE),
    (State.LAUNCHED, None, 1, Status.LIVE),
    (State.LAUNCHED, None, 0, Status.ENDED),
    (State.LAUNCHED, -2, -1, Status.ENDED),
    (State.LAUNCHED, 1, 2, Status.SCHEDULED),
    (State.PAUSED, -1, 1, Status.PAUSED),
    (State.STOPPED, -1, 1, Status.ENDED),
    (State.ARCHIVED, -1, 1, Status.ARCHIVED),
]


@pytest.mark.parametrize(("state", "starts", "ends", "expected"), STATUSES)
def test_status_is_state_and_schedule(state: State, starts: int | None, ends: int | None, expected: Status) -> None:
    schedule = Schedule(
        starts_at=None if starts is None else NOW + starts * SECOND,
        ends_at=None if ends is None else NOW + ends * SECOND,
    )
    assert status(state, schedule, NOW) is expected


def test_the_schema_knows_every_word_and_every_block() -> None:
    known = json.dumps(json_schema())
    for words_of in (Effect, Part, Match, AfterClick, DisplayKind, ButtonStyle, Target, QuestionKind):
        for word in words_of:
            assert json.dumps(word.value) in known
    for tag in ("heading", "text", "list", "image", "button", "question", "email", "divider", "spacer", "row"):
        assert json.dumps(tag) in known
    for key in json.loads(CLUB):
        assert key in json_schema()["$defs"]["Shape"]["properties"]


def test_the_schema_carries_the_limits() -> None:
    properties = json_schema()["$defs"]["Shape"]["properties"]
    assert properties["name"]["maxLength"] == Limits.NAME
    assert properties["page_rules"]["maxItems"] == Limits.RULES
    width = json_schema()["$defs"]["Display"]["properties"]["width"]
    assert (width["minimum"], width["maximum"]) == Limits.WIDTH
    assert json_schema()["$defs"]["Display"]["additionalProperties"] is False


def test_every_word_has_a_label() -> None:
    for words_of in (Effect, Part, Match, AfterClick, DisplayKind, ButtonStyle, Target, QuestionKind, State, Status):
        choices = words_of.choices()
        assert len({label for _, label in choices}) == len(choices) > 1
        assert all(value and label for value, label in choices)
