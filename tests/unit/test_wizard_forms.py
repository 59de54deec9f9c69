# ruff: noqa: DTZ001
"""Each step's form: filled from a message, sent back untouched it changes nothing; and its lists."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from wtforms import Field

from anonmsg import markup, wizard
from anonmsg.db import utc_now
from anonmsg.forms import ContentForm, ScheduleForm, StepForm, TargetingForm, targeting
from anonmsg.forms.actions import WAYS
from anonmsg.forms.lists import Pairs, change, numbered
from anonmsg.message import (
    POSITIONS,
    AfterClick,
    Block,
    Branch,
    Button,
    ButtonStyle,
    Display,
    Divider,
    Effect,
    Email,
    Frequency,
    Going,
    GoToStep,
    Heading,
    Image,
    Limits,
    List,
    Marks,
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
    Step,
    Text,
    Track,
)
from tests.support.blocks import BLOCKS

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def pairs_of(form: StepForm) -> Pairs:
    """What a browser sends of the form as it stands."""
    return [(field.name, value) for field in form.all_fields() if not _is_off(field) for value in _values(field)]


def _values(field: Field) -> list[str]:
    """What one field sends: of several that can be ticked, each that is. Only scripts send HTML."""
    if field.type == "SelectMultipleField":
        return field.data or []
    return [] if field.short_name == "html" else [_value(field)]


def _value(field: Field) -> str:
    if field.type == "BooleanField":
        return "y"
    value = field._value() if hasattr(field, "_value") else field.data
    return "" if value is None else str(value)


def _is_off(field: Field) -> bool:
    return field.type == "BooleanField" and not field.data


def _can_be_seen(text: str) -> bool:
    return any(letter.isprintable() and not letter.isspace() for letter in text)


words = st.text(st.characters(exclude_characters="\r\x00", exclude_categories=["Cs"]), min_size=1, max_size=20)
trimmed = words.map(str.strip).filter(_can_be_seen)
runs = st.builds(
    Run, text=words, bold=st.booleans(), italic=st.booleans(), link=st.sampled_from([None, "/terms", "#a(b)"])
)
lines = (
    st.lists(st.lists(runs, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3)
    .map(markup.normal)
    .filter(lambda lines: any(_can_be_seen(run.text) for line in lines for run in line))
)
ids = st.uuids().map(lambda id: id.hex)
actions = st.sampled_from([block.action for block in BLOCKS if isinstance(block, Button)]) | st.builds(
    Track, event=trimmed, properties=st.dictionaries(words, st.integers(0, 9), max_size=2)
)
options = st.lists(trimmed, min_size=2, max_size=4, unique=True).map(tuple)
questions = st.builds(
    lambda block, id, label: replace(block, id=id, label=label),
    st.sampled_from([block for block in BLOCKS if isinstance(block, Question | Email)]),
    ids,
    trimmed,
)
simple = st.one_of(
    st.builds(Heading, text=trimmed),
    st.builds(Text, paragraphs=lines),
    st.builds(List, ordered=st.booleans(), items=lines),
    st.builds(Image, src=st.just("https://a.example/b.png"), alt=trimmed, width=st.none() | st.integers(1, 900)),
    st.builds(Button, id=ids, label=trimmed, style=st.sampled_from(ButtonStyle), action=actions),
    questions,
    st.builds(Question, id=ids, label=trimmed, options=options),
    st.just(Divider()),
    st.builds(Spacer, size=st.integers(*Limits.SPACER)),
)
blocks = simple | st.builds(
    Row, columns=st.lists(st.lists(simple, max_size=2).map(tuple), min_size=2, max_size=3).map(tuple)
)
steps = st.lists(blocks, max_size=4).map(tuple)
rules = st.builds(
    PageRule,
    st.sampled_from(Effect),
    st.sampled_from(Part),
    st.sampled_from([match for match in Match if match is not Match.REGEX]),
    trimmed,
)
displays = st.sampled_from([(kind, place) for kind, places in POSITIONS.items() for place in places]).flatmap(
    lambda found: st.builds(Display, st.just(found[0]), st.just(found[1]), st.integers(*Limits.WIDTH))
)
times = st.none() | st.datetimes(datetime(2027, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
shapes = st.builds(
    Shape,
    name=trimmed,
    description=words.map(str.strip),
    priority=st.integers(-3, 3),
    page_rules=st.lists(rules, max_size=3).map(tuple),
    frequency=st.builds(
        Frequency,
        limit=st.none() | st.integers(1, Limits.TIMES),
        gap_seconds=st.integers(0, Limits.GAP_SECONDS),
        after_click=st.sampled_from(AfterClick),
    ),
    display=displays,
    schedule=st.builds(Schedule, times, st.none(), st.sampled_from(["UTC", "Europe/Vienna", "Australia/Lord_Howe"])),
    steps=st.tuples(steps, steps).map(lambda both: (Step("s1", both[0]), Step("s2", both[1]))),
)


@given(shapes)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_form_that_is_sent_untouched_changes_nothing(shape: Shape) -> None:
    for step in wizard.STEPS:
        form = step.form.typed(pairs_of(step.form.of(shape)))
        assert form.read(shape, NOW) == shape, form.mistakes


@given(shapes)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_form_writes_its_own_fields_only(shape: Shape) -> None:
    for step in wizard.STEPS:
        read = step.form.typed(pairs_of(step.form.of(Shape(name="Other")))).draft(shape)
        assert read is not None
        others = [field for field in Shape.__struct_fields__ if field not in step.form.FIELDS]
        assert [getattr(read, field) for field in others] == [getattr(shape, field) for field in others]


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_each_block_in_each_of_its_forms_is_read_as_it_was(block: Block) -> None:
    shape = Shape(name="Club", steps=(Step("s1", (block,)),))
    assert ContentForm.typed(pairs_of(ContentForm.of(shape))).read(shape, NOW) == shape


ASKING = Question(id="q1", label="What brought you here?", options=("Search", "A friend", "9"), required=True)
RATING = Question(id="q2", kind=QuestionKind.RATING, label="How was it?", marks=Marks.NUMBERS, low="Bad", high="Good")
BRANCHING = [
    (GoToStep(to=Going.NEXT, when=(Branch("q1", ("Search", "9"), "s2"),)), ASKING),
    (GoToStep("s1", when=(Branch("q2", (1, 2), "s2"), Branch("q2", (5,), "s1"))), RATING),
    (GoToStep(to=Going.PREVIOUS), ASKING),
]


@pytest.mark.parametrize(("action", "question"), BRANCHING)
def test_answers_that_lead_elsewhere_are_read_as_the_question_has_them(action: GoToStep, question: Question) -> None:
    button = Button(id="b1", label="On", action=action)
    shape = Shape(name="Club", steps=(Step("s1", (question, button)), Step("s2", (Heading("Thanks"),))))
    assert ContentForm.typed(pairs_of(ContentForm.of(shape))).read(shape, NOW) == shape


def test_columns_that_are_taken_away_leave_their_blocks_to_the_last_one() -> None:
    row = Row(columns=tuple((Heading(text),) for text in "abc"))
    sent = dict(pairs_of(ContentForm.of(Shape(name="Club", steps=(Step("s1", (row,)),)))))
    assert sent["steps-0-blocks-0-count"] == "3"
    left = ContentForm.typed([*{**sent, "steps-0-blocks-0-count": "2"}.items()]).draft(Shape(name="Club"))
    assert left
    assert left.steps[0].blocks == (Row(columns=((Heading("a"),), (Heading("b"), Heading("c")))),)


NEW_IDS = [("button", "b"), ("question", "q"), ("email", "e")]


@pytest.mark.parametrize(("type", "prefix"), NEW_IDS)
def test_what_is_added_has_its_id_at_once_and_keeps_it(type: str, prefix: str) -> None:
    added, _ = change(pairs_of(ContentForm.of(Shape(steps=(Step("s1"),)))), f"add steps-0-blocks {type}")
    first = pairs_of(ContentForm.typed(added))
    id = dict(first)["steps-0-blocks-0-id"]
    assert id.startswith(prefix)
    assert dict(pairs_of(ContentForm.typed(first)))["steps-0-blocks-0-id"] == id


def test_a_copy_says_the_same_under_ids_of_its_own() -> None:
    button = Button(id="b1", label="On", action=OpenUrl("/on"))
    shape = Shape(name="Club", steps=(Step("s1", (ASKING, button)), Step("s2", (Heading("Thanks"),))))
    copied = ContentForm.typed(change(pairs_of(ContentForm.of(shape)), "copy steps-0")[0]).read(shape, NOW)
    assert copied
    first, second, third = copied.steps
    assert (first, third) == shape.steps
    assert [getattr(block, "label", "") for block in second.blocks] == ["What brought you here?", "On"]
    assert not {second.id, *(block.id for block in second.blocks)} & {"s1", "s2", "q1", "b1"}  # type: ignore[union-attr]


def test_the_branches_of_a_copied_step_ask_what_it_asks_itself() -> None:
    own, others = Branch("q1", ("A friend",), "s2"), Branch("q0", ("No",), "s2")
    button = Button(id="b1", label="On", action=GoToStep("s2", when=(own, others)))
    before = replace(ASKING, id="q0", options=("Yes", "No"))
    shape = Shape(name="Club", steps=(Step("s2", (before,)), Step("s1", (ASKING, button))))
    copied = ContentForm.typed(change(pairs_of(ContentForm.of(shape)), "copy steps-1")[0]).read(shape, NOW)
    assert copied
    _, original, copy = copied.steps
    assert original == shape.steps[1]
    question, onward = copy.blocks
    assert isinstance(question, Question)
    assert isinstance(onward, Button)
    assert question.id != "q1"
    assert onward.action == GoToStep("s2", when=(replace(own, question=question.id), others))


def test_a_button_is_offered_no_more_than_a_message_can_have() -> None:
    steps = [(f"steps-{at}-blocks-0-type", "button") for at in range(2 * Limits.STEPS)]
    names = [f"steps-0-blocks-{at}" for at in range(1, 2 * Limits.STEPS * Limits.BLOCKS)]
    asked = [pair for name in names for pair in ((f"{name}-type", "question"), (f"{name}-kind", "nps"))]
    form = ContentForm.typed([*steps, *asked, ("steps-0-blocks-0-action-when-0-step", "")])
    action = form.parts[0].blocks[0].action.form  # type: ignore[attr-defined]
    assert len(action.step.choices) == len(WAYS) + Limits.STEPS
    (branch,) = action.branches()
    assert len(branch.question.choices) == 1 + Limits.STEPS * Limits.BLOCKS


STEP_TITLES = [
    ((Heading(" Hi "), ASKING), "Step 1: Hi"),
    ((Divider(), Row(columns=((ASKING,), ()))), "Step 1: What brought you here?"),
    ((Heading(""), Spacer()), "Step 1"),
]


@pytest.mark.parametrize(("blocks", "title"), STEP_TITLES)
def test_a_step_is_called_after_what_it_says(blocks: tuple[Block, ...], title: str) -> None:
    assert ContentForm.of(Shape(steps=(Step("s1", blocks),))).parts[0].title(1) == title


def test_a_time_that_comes_twice_and_was_stored_as_the_later_one_is_kept_until_it_is_changed() -> None:
    later = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    shape = Shape(name="Club", schedule=Schedule(ends_at=later, zone="Europe/Vienna"))
    pairs = pairs_of(ScheduleForm.of(shape))
    assert ("schedule-ends_at", "2027-10-31T02:30") in pairs
    assert ScheduleForm.typed(pairs).draft(shape) == shape
    form = ScheduleForm.typed(pairs)
    typed_anew = form.draft(Shape(name="Club"))
    assert typed_anew
    assert typed_anew.schedule.ends_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert "the earlier is meant" in form.notes[0]


SENT: Pairs = [
    ("a", "1"),
    ("list-7-x", "p"),
    ("list-7-y", "q"),
    ("list-3-x", "r"),
    ("lister-1-x", "s"),
    ("list-5-x", "t"),
]


def test_entries_are_numbered_in_the_order_in_which_they_were_sent() -> None:
    names = [name for name, _ in numbered(SENT, "list")]
    assert names == ["a", "list-0-x", "list-0-y", "list-1-x", "lister-1-x", "list-2-x"]


ORDERS = [
    ("add list heading", "pqrt+", "list-3"),
    ("remove list-3", "pqt", "list"),
    ("up list-5", "pqtr", "list-1"),
    ("up list-7", "pqrt", "list-0"),
    ("down list-7", "rpqt", "list-1"),
    ("down list-5", "pqrt", "list-2"),
    ("down list-99", "pqrt", ""),
    ("remove list-99", "pqrt", "list"),
    ("copy list-7", "pqpqrt", "list-1"),
    ("copy list-5", "pqrtt", "list-3"),
    ("copy list-99", "pqrt", ""),
    ("explode list-3", "pqrt", ""),
    ("", "pqrt", ""),
]


@pytest.mark.parametrize(("order", "left", "focus"), ORDERS, ids=[order for order, _, _ in ORDERS])
def test_a_lists_buttons(order: str, left: str, focus: str) -> None:
    changed, at = change(SENT, order)
    values = [value if name != "list-9999-type" else "+" for name, value in changed if name.startswith("list-")]
    assert "".join(values) == left
    assert at == focus
    assert ("a", "1") in changed
    assert ("lister-1-x", "s") in changed


def test_a_new_rule_shows_on_pages_whose_path_contains_something() -> None:
    form = TargetingForm.typed(change([], "add page_rules")[0])
    assert [entry.form.rule() for entry in form.page_rules] == [PageRule()]


def test_moving_a_block_keeps_the_steps_in_their_order() -> None:
    shape = Shape(name="Club", steps=(Step("s1", (Heading("1"), Heading("2"))), Step("s2", (Heading("3"),))))
    pairs, focus = change(pairs_of(ContentForm.of(shape)), "up steps-0-blocks-1")
    moved = ContentForm.typed(pairs).draft(shape)
    assert focus == "steps-0-blocks-0"
    assert moved == msgspec.structs.replace(
        shape, steps=(Step("s1", (Heading("2"), Heading("1"))), Step("s2", (Heading("3"),)))
    )


entries = st.sampled_from(["0", "1", "\u00b2", "", "x", "9" * 30])
fields = st.sampled_from(
    [
        "type",
        "id",
        "text",
        "paragraphs",
        "items",
        "ordered",
        "src",
        "alt",
        "width",
        "height",
        "label",
        "style",
        "size",
        "html",
        "kind",
        "options-0",
        "count",
        "columns-0-0-type",
        "columns-0-0-columns-1-0-type",
        "columns-2-1-text",
        "identifies",
        "effect",
        "part",
        "match",
        "value",
        "action-type",
        "action-url",
        "action-target",
        "action-step",
        "action-when-0-question",
        "action-when-0-answers",
        "action-event",
        "action-properties",
    ]
)
names = st.one_of(
    st.builds("steps-{}-blocks-{}-{}".format, entries, entries, fields),
    st.builds("steps-{}-{}".format, entries, fields),
    st.builds("page_rules-{}-{}".format, entries, fields),
    st.builds("display-{}".format, st.sampled_from(["kind", "position", "width"])),
    st.builds("frequency-{}".format, st.sampled_from(["mode", "limit", "gap", "unit", "keep"])),
    st.builds("schedule-{}".format, st.sampled_from(["start", "starts_at", "end", "ends_at", "zone"])),
    st.sampled_from(["name", "description", "lock", "steps", "steps-", "page_rules-0"]),
)
said = st.sampled_from(
    [
        "heading",
        "text",
        "list",
        "image",
        "button",
        "divider",
        "spacer",
        "question",
        "row",
        "limit",
        "at",
        "2",
        "-1",
        "1e9",
        "{}",
        "[]",
        "null",
        "regex",
        "(",
        "track",
        "",
        "email",
        "rating",
        "3",
        "go_to_step",
        "+next",
        "+",
        "<p>a<![x<b>",
        "2027-03-28T02:30",
        "Europe/Vienna",
        "Europe",
        "١",
        "9" * 5000,
    ]
)


@given(st.lists(st.tuples(names, said | words), max_size=25), names)
@settings(max_examples=300, deadline=None)
def test_a_forged_form_is_read_or_refused_but_never_breaks(pairs: Pairs, order: str) -> None:
    for step in wizard.STEPS:
        form = step.form.typed(pairs)
        shape = form.read(Shape(name="Club"), NOW)
        assert (shape is None) == bool(form.mistakes)
        for verb in ("add", "remove", "copy", "up", "down"):
            step.form.typed(change(pairs, f"{verb} {order}")[0])


def test_of_too_many_rules_only_as_many_are_judged_as_a_message_can_have(monkeypatch: pytest.MonkeyPatch) -> None:
    """To judge a regex may take half a second, and a forged form has room for thousands."""
    judged: list[PageRule] = []
    monkeypatch.setattr(targeting, "rule_problem", judged.append)
    sent = [(f"page_rules-{n}-value", "/a") for n in range(3 * Limits.RULES)]
    assert TargetingForm.typed(sent).read(Shape(name="x"), utc_now()) is None
    assert len(judged) == Limits.RULES
