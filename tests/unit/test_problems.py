"""What is wrong with a message, rule by rule: the code, the place, and whether it stops a save or a launch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from anonmsg.message import (
    POSITIONS,
    Block,
    Branch,
    Button,
    Dismiss,
    Display,
    DisplayKind,
    Divider,
    Effect,
    Email,
    Going,
    GoToStep,
    Heading,
    Image,
    List,
    Match,
    OpenUrl,
    PageRule,
    Palette,
    Part,
    Position,
    Question,
    QuestionKind,
    Row,
    Run,
    Schedule,
    Shape,
    Step,
    Submit,
    Text,
    Theme,
    Track,
)
from anonmsg.problems import errors, problems, rule_problem
from anonmsg.wizard import STEPS, owner
from tests.unit.test_message import shapes

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def go(**fields: object) -> Button:
    return Button(**{"id": "b1", "label": "Go", "action": OpenUrl(url="/signup")} | fields)  # type: ignore[arg-type]


def shape(*blocks: Block, **fields: object) -> Shape:
    """A message without any problem but for what is given."""
    rules = (PageRule(value="/pricing"),)
    steps = (Step(id="s1", blocks=blocks or (go(),)),)
    return Shape(**{"name": "Club", "page_rules": rules, "steps": steps} | fields)  # type: ignore[arg-type]


def warnings(*blocks: Block, **fields: object) -> set[str]:
    """Their keys."""
    return {problem.key for problem in problems(shape(*blocks, **fields), NOW) if problem.warns}


def show_always(shape: Shape) -> set[tuple[str, str, str]]:
    """The problems but for the one that every message of these tests has: it is shown always."""
    found = {(str(problem.level), problem.code, problem.where) for problem in problems(shape, NOW)}
    always = ("advice", "show_always", "frequency.limit")
    assert always in found
    return found - {always}


def text(link: str | None) -> Text:
    return Text(paragraphs=((Run(text="Terms", link=link),),))


def rules(*given: PageRule) -> Shape:
    return shape(page_rules=given)


WHY = Question(id="q1", label="Why?", options=("a friend", "an ad"))


def branching(*when: Branch) -> Shape:
    score = Question(id="q2", label="How likely?", kind=QuestionKind.NPS)
    text = Question(id="q3", label="What for?", kind=QuestionKind.TEXT)
    return shape(WHY, score, go(action=GoToStep(step="s1", when=when)), text)


UNREACHED = ("warning", "step_unreached", "steps.1.blocks")

FOUND: dict[str, tuple[Shape, set[tuple[str, str, str]]]] = {
    "nothing": (shape(), set()),
    "no name": (shape(name=""), {("error", "name_missing", "name")}),
    "a blank name": (shape(name=" \t"), {("error", "name_missing", "name")}),
    "a name that nobody can see": (shape(name="\u200b\xa0\u2060"), {("error", "name_missing", "name")}),
    "a label that nobody can see": (shape(go(label="\ufeff")), {("error", "label_empty", "steps.0.blocks.0.label")}),
    "no page rule": (rules(), {("advice", "no_page_rule", "page_rules")}),
    "only excluding rules": (
        rules(PageRule(effect=Effect.EXCLUDE, value="/x")),
        {("advice", "no_page_rule", "page_rules")},
    ),
    "an empty rule": (rules(PageRule(value="a"), PageRule()), {("error", "rule_invalid", "page_rules.1.value")}),
    "a regex that backtracks": (
        rules(PageRule(match=Match.REGEX, value="(a+)+$")),
        {("error", "rule_invalid", "page_rules.0.value")},
    ),
    "a wildcard is no regex": (rules(PageRule(match=Match.WILDCARD, value="(a+)+$*[")), set()),
    "no step": (shape(steps=()), {("incomplete", "no_content", "steps")}),
    "an empty step": (
        shape(steps=(Step(id="s1"),)),
        {("incomplete", "step_empty", "steps.0.blocks"), ("incomplete", "no_content", "steps")},
    ),
    "a second step that is empty": (
        shape(steps=(Step(id="s1", blocks=(go(),)), Step(id="s2"))),
        {("incomplete", "step_empty", "steps.1.blocks"), UNREACHED},
    ),
    "no button": (shape(Heading(text="Hi")), {("advice", "no_button", "steps")}),
    "an empty heading": (shape(Heading(text=" "), go()), {("error", "heading_empty", "steps.0.blocks.0.text")}),
    "an empty text": (shape(go(), Text()), {("error", "text_empty", "steps.0.blocks.1.paragraphs")}),
    "a blank text": (
        shape(go(), Text(paragraphs=((Run(text=" "),),))),
        {("error", "text_empty", "steps.0.blocks.1.paragraphs")},
    ),
    "an empty list": (shape(go(), List()), {("error", "text_empty", "steps.0.blocks.1.items")}),
    "a link that runs": (
        shape(go(), text("javascript:alert(1)")),
        {("error", "url_invalid", "steps.0.blocks.1.paragraphs")},
    ),
    "another website's page without its scheme": (
        shape(go(), text("shop.example/signup")),
        {("warning", "url_doubtful", "steps.0.blocks.1.paragraphs")},
    ),
    "another website without its scheme": (
        shape(go(action=OpenUrl(url="www.shop.example"))),
        {("warning", "url_doubtful", "steps.0.blocks.0.action.url")},
    ),
    "a file of one's own": (shape(go(action=OpenUrl(url="prices.html#top")), text("../shop.example/")), set()),
    "an e-mail to a host": (shape(go(action=OpenUrl(url="mailto:anna@shop.example"))), set()),
    "a link that was torn": (
        shape(go(), text("http//shop")),
        {("incomplete", "url_dead", "steps.0.blocks.1.paragraphs")},
    ),
    "a button that mails nobody": (
        shape(go(action=OpenUrl(url="mailto:"))),
        {("incomplete", "url_dead", "steps.0.blocks.0.action.url")},
    ),
    "a button to the top": (
        shape(go(action=OpenUrl(url="#"))),
        {("warning", "url_doubtful", "steps.0.blocks.0.action.url")},
    ),
    "a button to an example": (
        shape(go(action=OpenUrl(url="https://example.com/signup"))),
        {("advice", "url_placeholder", "steps.0.blocks.0.action.url")},
    ),
    "the same mistake twice": (
        shape(go(), List(items=((Run(text="a", link="#"),), (Run(text="b", link="#"),)))),
        {("warning", "url_doubtful", "steps.0.blocks.1.items")},
    ),
    "a link in a column": (
        shape(Row(((), (go(), text("#"))))),
        {("warning", "url_doubtful", "steps.0.blocks.0.columns.1.1.paragraphs")},
    ),
    "an image from nowhere": (
        shape(go(), Image(src="https//shop.example/mug.png", alt="x")),
        {("incomplete", "url_dead", "steps.0.blocks.1.src")},
    ),
    "an image that comes unencrypted": (
        shape(go(), Image(src="http://shop.example/mug.png", alt="x")),
        {("warning", "image_insecure", "steps.0.blocks.1.src")},
    ),
    "an empty link": (shape(go(), text("")), {("error", "url_invalid", "steps.0.blocks.1.paragraphs")}),
    "no link": (shape(go(), text(None)), set()),
    "an image without a source": (shape(go(), Image(alt="x")), {("error", "image_missing", "steps.0.blocks.1.src")}),
    "an image without words": (shape(go(), Image(src="/mug.png")), {("warning", "no_alt", "steps.0.blocks.1.alt")}),
    "an image by e-mail": (
        shape(go(), Image(src="mailto:a@b.example", alt="x")),
        {("error", "url_invalid", "steps.0.blocks.1.src")},
    ),
    "an image that runs": (
        shape(go(), Image(src="data:image/svg+xml,<svg>", alt="x")),
        {("error", "url_invalid", "steps.0.blocks.1.src")},
    ),
    "a button without words": (shape(go(label=" ")), {("error", "label_empty", "steps.0.blocks.0.label")}),
    "a button to nowhere": (shape(go(action=OpenUrl())), {("error", "url_missing", "steps.0.blocks.0.action.url")}),
    "a button that runs": (
        shape(go(action=OpenUrl(url="javascript:alert(1)"))),
        {("error", "url_invalid", "steps.0.blocks.0.action.url")},
    ),
    "a button to no step": (
        shape(go(action=GoToStep(step="s9"))),
        {("error", "step_unknown", "steps.0.blocks.0.action.step")},
    ),
    "a button to a step": (shape(go(action=GoToStep(step="s1"))), set()),
    "a button that tracks nothing": (
        shape(go(action=Track(event=" "))),
        {("error", "event_missing", "steps.0.blocks.0.action.event")},
    ),
    "a button in a row": (
        shape(Row(columns=((go(),), (Heading(text="x"), go(id="b2", label=""))))),
        {("error", "label_empty", "steps.0.blocks.0.columns.1.1.label")},
    ),
    "a question without words": (
        shape(go(), Question(id="q1", kind=QuestionKind.TEXT)),
        {("error", "label_empty", "steps.0.blocks.1.label")},
    ),
    "a question with one choice": (
        shape(go(), Question(id="q1", label="Why?", options=("only", " "))),
        {("incomplete", "options_missing", "steps.0.blocks.1.options")},
    ),
    "a question with an empty choice": (
        shape(go(), Question(id="q1", label="Why?", options=("one", " ", "two"))),
        {("incomplete", "option_empty", "steps.0.blocks.1.options")},
    ),
    "a question with a choice twice": (
        shape(go(), Question(id="q1", label="Why?", kind=QuestionKind.MULTIPLE, options=("one", "two", "one"))),
        {("incomplete", "option_twice", "steps.0.blocks.1.options")},
    ),
    "a rating needs no choices": (shape(go(), Question(id="q1", label="Why?", kind=QuestionKind.RATING)), set()),
    "an e-mail without words": (
        shape(go(), Email(id="e1", consent="Write to me.")),
        {("error", "label_empty", "steps.0.blocks.1.label")},
    ),
    "an e-mail without consent": (
        shape(go(), Email(id="e1", label="Your e-mail")),
        {("advice", "no_consent", "steps.0.blocks.1.consent")},
    ),
    "a question without a button": (
        shape(WHY),
        {("incomplete", "not_sent", "steps.0.blocks"), ("advice", "no_button", "steps")},
    ),
    "a question that can only be dismissed": (
        shape(Row(columns=((WHY,), (go(action=Dismiss()),)))),
        {("incomplete", "not_sent", "steps.0.blocks")},
    ),
    "a question that only leads to the step before": (
        shape(steps=(Step("s1", (go(),)), Step("s2", (WHY, go(id="b2", action=GoToStep(to=Going.PREVIOUS)))))),
        {("incomplete", "not_sent", "steps.1.blocks"), UNREACHED},
    ),
    "a question that leads to a step above": (
        shape(steps=(Step("s1", (go(),)), Step("s2", (WHY, go(id="b2", action=GoToStep(step="s1")))))),
        {UNREACHED},
    ),
    "a question that is sent": (shape(WHY, go(action=Submit())), set()),
    "nothing before the first step": (
        shape(go(action=GoToStep(to=Going.PREVIOUS))),
        {("incomplete", "step_unknown", "steps.0.blocks.0.action.to")},
    ),
    "nothing after the last step": (
        shape(steps=(Step("s1", (Divider(),)), Step("s2", (go(action=GoToStep(to=Going.NEXT)),)))),
        {("incomplete", "step_unknown", "steps.1.blocks.0.action.to"), UNREACHED},
    ),
    "to the next step": (
        shape(steps=(Step("s1", (go(action=GoToStep(to=Going.NEXT)),)), Step("s2", (Divider(),)))),
        set(),
    ),
    "a branch": (branching(Branch("q1", ("an ad",), "s1"), Branch("q2", (0, 10), "s1")), set()),
    "a branch that asks nothing": (
        branching(Branch("q9", ("an ad",), "s1")),
        {("incomplete", "branch_question", "steps.0.blocks.2.action.when.0.question")},
    ),
    "a branch on what is typed": (
        branching(Branch("q3", ("an ad",), "s1")),
        {("incomplete", "branch_question", "steps.0.blocks.2.action.when.0.question")},
    ),
    "a branch without an answer": (
        branching(Branch("q1", (), "s1")),
        {("incomplete", "branch_answer", "steps.0.blocks.2.action.when.0.answers")},
    ),
    "a branch on what cannot be answered": (
        branching(Branch("q1", ("an ad",), "s1"), Branch("q2", (11,), "s1")),
        {("incomplete", "branch_answer", "steps.0.blocks.2.action.when.1.answers")},
    ),
    "a branch to nowhere": (
        branching(Branch("q1", ("an ad",))),
        {("incomplete", "step_unknown", "steps.0.blocks.2.action.when.0.step")},
    ),
    "a button's id twice": (shape(go(), go(label="Again")), {("error", "id_twice", "steps")}),
    "a step's id twice": (
        shape(steps=(Step(id="s1", blocks=(go(),)), Step(id="s1", blocks=(Heading(text="x"),)))),
        {("error", "id_twice", "steps"), UNREACHED},
    ),
    "a step that nothing leads to": (
        shape(steps=(Step("s1", (go(),)), Step("s2", (Heading(text="Thanks"),)))),
        {UNREACHED},
    ),
    "an event without a name": (
        shape(go(action=Track(event=" "))),
        {("error", "event_missing", "steps.0.blocks.0.action.event")},
    ),
    "an e-mail address that nothing sends": (
        shape(Email(id="e1", label="E-mail", consent="Yes"), go(action=Dismiss())),
        {("incomplete", "not_sent", "steps.0.blocks")},
    ),
    "no ids yet": (shape(go(id=""), go(id="")), set()),
    "an unknown zone": (
        shape(schedule=Schedule(zone="Europe/Atlantis")),
        {("error", "zone_unknown", "schedule.zone")},
    ),
    "an end before the start": (
        shape(schedule=Schedule(NOW + 2 * HOUR, NOW + HOUR)),
        {("error", "ends_before_start", "schedule.ends_at")},
    ),
    "an end at the start": (
        shape(schedule=Schedule(NOW + HOUR, NOW + HOUR)),
        {("error", "ends_before_start", "schedule.ends_at")},
    ),
    "an end in the past": (
        shape(schedule=Schedule(None, NOW - HOUR)),
        {("incomplete", "ends_in_past", "schedule.ends_at")},
    ),
    "an end right now": (shape(schedule=Schedule(None, NOW)), {("incomplete", "ends_in_past", "schedule.ends_at")}),
    "an end to come": (shape(schedule=Schedule(NOW - HOUR, NOW + HOUR)), set()),
    "NUL": (shape(description="a\0b"), {("error", "text_invalid", "description")}),
    "half a character": (
        shape(Heading(text="\ud800"), go()),
        {("error", "text_invalid", "steps.0.blocks.0.text")},
    ),
}


@pytest.mark.parametrize(("given", "expected"), FOUND.values(), ids=FOUND)
def test_what_is_wrong_and_where(given: Shape, expected: set[tuple[str, str, str]]) -> None:
    assert show_always(given) == expected


@pytest.mark.parametrize("kind", DisplayKind)
@pytest.mark.parametrize("position", Position)
def test_where_each_display_can_stand(kind: DisplayKind, position: Position) -> None:
    found = show_always(shape(display=Display(kind=kind, position=position)))
    wrong = {("error", "position_invalid", "display.position")}
    assert found == (set() if position in POSITIONS[kind] else wrong)


def test_what_stops_comes_first() -> None:
    everything = Shape(schedule=Schedule(None, NOW), page_rules=(PageRule(),), steps=(Step("s1"), Step("s2")))
    levels = [problem.level for problem in problems(everything, NOW)]
    assert levels == sorted(levels, key=["error", "incomplete", "warning", "advice"].index)
    assert set(levels) == {"error", "incomplete", "warning", "advice"}
    assert [problem.level for problem in errors(everything, NOW)] == ["error"] * levels.count("error")
    stopping = [level in ("error", "incomplete") for level in levels]
    assert [problem.stops for problem in problems(everything, NOW)] == stopping
    assert [problem.warns for problem in problems(everything, NOW)] == [level == "warning" for level in levels]


@given(shapes)
def test_every_problem_is_a_sentence_with_a_step_of_the_wizard(shape: Shape) -> None:
    for problem in problems(shape, NOW):
        assert owner(problem) in STEPS
        assert problem.text[0].isupper() or problem.text[0] in "“‘(\\"
        assert problem.text.rstrip("”").endswith((".", "?"))


@pytest.mark.parametrize("match", Match)
@pytest.mark.parametrize("part", Part)
def test_a_rule_needs_a_value(part: Part, match: Match) -> None:
    assert rule_problem(PageRule(part=part, match=match, value=" "))
    assert rule_problem(PageRule(part=part, match=match, value="x")) is None


PALE = Theme(light=Palette(surface="#ffffff", text="#eeeeee"))
PALER = Theme(light=Palette(surface="#ffffff", text="#f0f0f0"))
LINK = OpenUrl(url="www.shop.example")

OTHERS: dict[str, tuple[set[str], set[str]]] = {
    "another link": (warnings(go(action=LINK)), warnings(go(action=OpenUrl(url="www.shop.example/b")))),
    "another place": (warnings(go(action=LINK)), warnings(Divider(), go(action=LINK))),
    "another image": (warnings(Image(src="/mug.png")), warnings(Image(src="/cup.png"))),
    "another address of an image": (
        warnings(Image(src="http://a.example/x", alt="x")),
        warnings(Image(src="http://b.example/x", alt="x")),
    ),
    "other colours": (warnings(theme=PALE), warnings(theme=PALER)),
    "another step": (
        warnings(steps=(Step("s1", (go(),)), Step("s2", (Divider(),)))),
        warnings(steps=(Step("s1", (go(),)), Step("s3", (Divider(),)))),
    ),
}


@pytest.mark.parametrize(("one", "other"), OTHERS.values(), ids=OTHERS)
def test_a_warning_of_something_else_is_another(one: set[str], other: set[str]) -> None:
    assert len(one) == len(other) == 1
    assert one != other


def test_a_warning_stays_the_same_while_what_it_is_about_does() -> None:
    pale, image = warnings(theme=PALE), Image(src="/mug.png")
    assert pale == warnings(Heading(text="Hi"), go(), theme=PALE, name="Other")
    assert warnings(image, go()) == warnings(image, go(label="Other")) != set()
