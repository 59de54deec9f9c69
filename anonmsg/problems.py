"""What is wrong with a message: errors, which stop a save or a launch, warnings, which wait for somebody who has looked
at them, and advice, which never stops anything.

A well-formed :class:`~anonmsg.message.Shape` can still be incomplete, unsafe or pointless. Every rule about that
stands here once; forms, the import command, the review and the launch ask :func:`problems`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

import msgspec

from anonmsg import links, pattern, wallclock
from anonmsg.acknowledgement import key_of
from anonmsg.links import url_problem
from anonmsg.message import (
    CHOICES,
    POSITIONS,
    AboutToLeave,
    Action,
    Block,
    Branch,
    Button,
    Comparison,
    Condition,
    Device,
    DeviceIs,
    Dismiss,
    Effect,
    ElementClicked,
    ElementPresent,
    Email,
    EventTracked,
    Going,
    GoToStep,
    Heading,
    Image,
    LanguageIs,
    Limits,
    List,
    Match,
    OpenUrl,
    PageRule,
    Question,
    ReferrerIs,
    Row,
    Run,
    Shape,
    Step,
    Text,
    Theme,
    Track,
    UtmIs,
    anywhere,
    flat,
)
from anonmsg.reach import unreached
from anonmsg.theme import faults, weak_contrasts

Level = Literal["error", "incomplete", "warning", "advice"]
"""``error`` stops a save, ``incomplete`` only a launch. A ``warning`` is of what harms visitors or is most likely a
mistake: the review launches once somebody has looked at it. ``advice`` is a choice that is as good as another."""


@dataclass(frozen=True)
class Problem:
    """One thing to put right. ``where`` is a path in the shape (``page_rules.0.value``), ``code`` is for machines.

    ``about`` is what a warning is about, where its text does not say it: of another it is asked again.
    """

    level: Level
    code: str
    where: str
    text: str
    about: str = ""

    @property
    def stops(self) -> bool:
        """Whether it stops a launch."""
        return self.level in ("error", "incomplete")

    @property
    def warns(self) -> bool:
        """Whether somebody must have looked at it."""
        return self.level == "warning"

    @property
    def key(self) -> str:
        return key_of(self.code, self.where, self.about or self.text)


_EARLIEST = datetime(Limits.YEARS[0], 1, 1, tzinfo=UTC) - timedelta(days=1)
_LATEST = datetime(Limits.YEARS[1] + 1, 1, 1, tzinfo=UTC) + timedelta(days=1)
"""Clocks are up to 14 hours ahead of UTC or 12 behind."""


def _is_blank(text: str) -> bool:
    """Whether there is nothing to see, though perhaps something that is invisible."""
    return all(unicodedata.category(letter) in ("Cc", "Cf", "Zs", "Zl", "Zp") for letter in text)


def problems(shape: Shape, now: datetime, site: Theme | None = None) -> list[Problem]:
    """Everything to put right before a launch at ``now`` (aware UTC) on a site of this theme, what stops first."""
    found = [
        *_details(shape),
        *_rules(shape),
        *_conditions(shape),
        *_frequency(shape),
        *_content(shape),
        *_display(shape),
        *_theme(shape, site or Theme()),
    ]
    found += _schedule(shape, now)
    found += _odd_text(shape)
    return sorted(dict.fromkeys(found), key=lambda problem: get_args(Level).index(problem.level))


def errors(shape: Shape, now: datetime) -> list[Problem]:
    """Only what stops a save."""
    return [problem for problem in problems(shape, now) if problem.level == "error"]


def _details(shape: Shape) -> Iterator[Problem]:
    if _is_blank(shape.name):
        yield Problem("error", "name_missing", "name", "Give the message a name, so that colleagues find it.")


def _rules(shape: Shape) -> Iterator[Problem]:
    for index, rule in enumerate(shape.page_rules):
        if text := rule_problem(rule):
            yield Problem("error", "rule_invalid", f"page_rules.{index}.value", text)
    if not any(rule.effect is Effect.INCLUDE for rule in shape.page_rules):
        yield Problem(
            "advice",
            "no_page_rule",
            "page_rules",
            "Appears on every page of your site. A page rule shows it only where it is useful.",
        )


def rule_problem(rule: PageRule) -> str | None:
    """Why this page rule cannot work, as a sentence, or None."""
    if not rule.value.strip():
        return "Type what the address should be compared with, or remove the rule."
    _, regex = rule.compared()
    return pattern.problem(regex) if rule.match is Match.REGEX else None


_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def _conditions(shape: Shape) -> Iterator[Problem]:
    for index, condition in enumerate(shape.conditions or ()):
        if found := condition_problem(condition):
            yield Problem("error", "condition_invalid", f"conditions.{index}.{found[0]}", found[1])
    asked = shape.conditions or ()
    leaving = any(isinstance(each, AboutToLeave) for each in asked)
    without_mouse = any(isinstance(each, DeviceIs) and Device.DESKTOP not in each.devices for each in asked)
    if leaving and without_mouse:
        text = "Nobody sees it: the mouse tells that somebody is about to leave, and phones and tablets have none."
        yield Problem("warning", "never_leaving", "conditions", text)


def condition_problem(condition: Condition) -> tuple[str, str] | None:
    """The field of this condition that cannot work, and why, or None. A selector is for browsers to judge."""
    match condition:
        case DeviceIs(devices=()):
            return "devices", "Choose at least one device."
        case LanguageIs(languages=()):
            return "languages", "Type at least one language, e.g. de."
        case LanguageIs(languages=languages):
            odd = next((each for each in languages if not _LANGUAGE.fullmatch(each)), None)
            if odd is not None:
                return "languages", f"“{odd}” names no language. Type codes such as de or en-GB."
        case ReferrerIs(match=match, value=value) if not value.strip() and match is not Comparison.IS:
            return "value", "Type part of the website's address, or choose “is” and leave it empty for none."
        case UtmIs(value=value) if not value.strip():
            return "value", "Type what the parameter should say."
        case ElementPresent(selector=selector) | ElementClicked(selector=selector) if not selector.strip():
            return "selector", "Type a CSS selector, e.g. .cart-item."
        case EventTracked(event=event) if not event.strip():
            return "event", "Type the event's name, as the website tracks it."
    return None


def _frequency(shape: Shape) -> Iterator[Problem]:
    if shape.frequency.limit is None:
        yield Problem(
            "advice",
            "show_always",
            "frequency.limit",
            "Shows on every matching page until the visitor interacts with it. A limit spares visitors.",
        )


def _content(shape: Shape) -> Iterator[Problem]:
    ids = [step.id for step in shape.steps]
    for index, step in enumerate(shape.steps):
        yield from _step(step, f"steps.{index}", shape)
        yield from _sends(step, f"steps.{index}.blocks")
    yield from _twice(ids, "steps")
    yield from _twice([block.id for block in [*shape.buttons(), *shape.questions()]], "steps")
    if not any(True for _ in shape.blocks()):
        yield Problem("incomplete", "no_content", "steps", "Add something to show, for example a heading and a button.")
    elif not shape.buttons():
        yield Problem(
            "advice",
            "no_button",
            "steps",
            "There is no button. One that leads to your sign-up page turns visitors into people you know.",
        )
    for at in unreached(shape):
        text = f"Nobody sees step {at + 1}: no button leads to it."
        yield Problem("warning", "step_unreached", f"steps.{at}.blocks", text, about=shape.steps[at].id)


def _twice(ids: list[str], where: str) -> Iterator[Problem]:
    given = [id for id in ids if id]
    for id in sorted({id for id in given if given.count(id) > 1}):
        yield Problem("error", "id_twice", where, f"The id “{id}” is used twice.")


def _step(step: Step, where: str, shape: Shape) -> Iterator[Problem]:
    if not step.blocks:
        yield Problem("incomplete", "step_empty", f"{where}.blocks", "This step is empty.")
    for index, block in enumerate(step.blocks):
        yield from _block(block, f"{where}.blocks.{index}", shape)


def _sends(step: Step, where: str) -> Iterator[Problem]:
    """A step that asks something needs a button that sends it: one that neither dismisses nor goes back."""
    blocks = [inner for block in step.blocks for inner in flat(block)]
    actions = [block.action for block in blocks if isinstance(block, Button)]
    if any(isinstance(block, Question | Email) for block in blocks) and all(map(_is_way_out, actions)):
        text = "Nothing sends what this step asks. Add a button that goes on, for example “Send the answers and close”."
        yield Problem("incomplete", "not_sent", where, text)


def _is_way_out(action: Action) -> bool:
    return isinstance(action, Dismiss) or (isinstance(action, GoToStep) and action.to is Going.PREVIOUS)


def _block(block: Block, where: str, shape: Shape) -> Iterator[Problem]:
    match block:
        case Row():
            for at, column in enumerate(block.columns):
                for index, inner in enumerate(column):
                    yield from _block(inner, f"{where}.columns.{at}.{index}", shape)
        case Heading() if _is_blank(block.text):
            yield Problem("error", "heading_empty", f"{where}.text", "Type the heading, or remove it.")
        case Text():
            yield from _lines(block.paragraphs, f"{where}.paragraphs", "Type the text, or remove it.")
        case List():
            yield from _lines(block.items, f"{where}.items", "Type the list, one item a line, or remove it.")
        case Image():
            yield from _image(block, where)
        case Button():
            yield from _button(block, where, shape)
        case Question() | Email():
            yield from _field(block, where)


def _lines(lines: tuple[tuple[Run, ...], ...], where: str, empty: str) -> Iterator[Problem]:
    if all(_is_blank(run.text) for line in lines for run in line):
        yield Problem("error", "text_empty", where, empty)
    for line in lines:
        for run in line:
            if run.link is not None:
                yield from _link(run.link, where)


def _link(url: str, where: str) -> Iterator[Problem]:
    if text := url_problem(url) if url else "is empty":
        yield Problem("error", "url_invalid", where, f"The link “{url}” {text}.")
    else:
        yield from _leading(url, where)


def _leading(url: str, where: str) -> Iterator[Problem]:
    """What is wrong with where a link leads, once it may lead there."""
    if text := links.dead(url):
        yield Problem("incomplete", "url_dead", where, text)
    elif text := links.doubtful(url):
        yield Problem("warning", "url_doubtful", where, text)
    elif text := links.placeholder(url):
        yield Problem("advice", "url_placeholder", where, text)


def _image(block: Image, where: str) -> Iterator[Problem]:
    if not block.src:
        yield Problem(
            "error", "image_missing", f"{where}.src", "Upload an image or paste its address, or remove the block."
        )
    elif text := url_problem(block.src, schemes=("https", "http")):
        yield Problem("error", "url_invalid", f"{where}.src", f"The image's address {text}.")
    elif text := links.dead(block.src):
        yield Problem("incomplete", "url_dead", f"{where}.src", text)
    elif links.is_insecure(block.src):
        text = "Pages that come by https show no image that comes by http. Upload it, or write https:// if it is there."
        yield Problem("warning", "image_insecure", f"{where}.src", text, about=block.src)
    if _is_blank(block.alt):
        text = "Describe the image for those who cannot see it."
        yield Problem("warning", "no_alt", f"{where}.alt", text, about=block.src)


def _button(block: Button, where: str, shape: Shape) -> Iterator[Problem]:
    if _is_blank(block.label):
        yield Problem("error", "label_empty", f"{where}.label", "Type what the button says.")
    match block.action:
        case OpenUrl(url=url):
            if not url:
                yield Problem(
                    "error", "url_missing", f"{where}.action.url", "Type where the button leads, e.g. /signup."
                )
            elif text := url_problem(url):
                yield Problem("error", "url_invalid", f"{where}.action.url", f"The URL {text}.")
            else:
                yield from _leading(url, f"{where}.action.url")
        case GoToStep() as action:
            yield from _going(action, block, f"{where}.action", shape)
        case Track(event=event):
            if not event.strip():
                yield Problem("error", "event_missing", f"{where}.action.event", "Type the event's name.")


def _going(action: GoToStep, button: Button, where: str, shape: Shape) -> Iterator[Problem]:
    ids = [step.id for step in shape.steps]
    if action.to is Going.STEP and action.step not in ids:
        yield Problem("error", "step_unknown", f"{where}.step", "Choose the step that the button goes to.")
    edge = {Going.NEXT: shape.steps[-1:], Going.PREVIOUS: shape.steps[:1]}.get(action.to, ())
    if any(button in [inner for block in step.blocks for inner in flat(block)] for step in edge):
        text = f"There is no step {'after' if action.to is Going.NEXT else 'before'} this one."
        yield Problem("incomplete", "step_unknown", f"{where}.to", text)
    for index, branch in enumerate(action.when):
        yield from _branch(branch, f"{where}.when.{index}", shape, ids)


def _branch(branch: Branch, where: str, shape: Shape, ids: list[str]) -> Iterator[Problem]:
    asked = {block.id: block.choices() for block in shape.questions() if isinstance(block, Question)}
    choices = asked.get(branch.question)
    if not choices:
        yield Problem("incomplete", "branch_question", f"{where}.question", "Choose the question that decides.")
    elif not branch.answers or not set(branch.answers) <= set(choices):
        yield Problem("incomplete", "branch_answer", f"{where}.answers", "Choose the answers that lead there.")
    if branch.step not in ids:
        yield Problem("incomplete", "step_unknown", f"{where}.step", "Choose the step for these answers.")


def _field(block: Question | Email, where: str) -> Iterator[Problem]:
    if _is_blank(block.label):
        yield Problem("error", "label_empty", f"{where}.label", "Type what is asked.")
    if isinstance(block, Email):
        if _is_blank(block.consent):
            text = "Say what you will write about, and have it ticked: in many countries the law asks for consent."
            yield Problem("advice", "no_consent", f"{where}.consent", text)
    elif block.kind in CHOICES:
        yield from _options(block.options, f"{where}.options")


def _options(options: tuple[str, ...], where: str) -> Iterator[Problem]:
    if sum(not _is_blank(option) for option in options) < 2:
        yield Problem("incomplete", "options_missing", where, "Give at least two answers to choose from.")
    elif any(_is_blank(option) for option in options):
        yield Problem("incomplete", "option_empty", where, "Type every answer, or remove it.")
    if len(set(options)) < len(options):
        yield Problem("incomplete", "option_twice", where, "Two answers are the same: nobody could tell them apart.")


def _display(shape: Shape) -> Iterator[Problem]:
    if shape.display.position not in POSITIONS[shape.display.kind]:
        kind, position = shape.display.kind.label, shape.display.position.label
        yield Problem("error", "position_invalid", "display.position", f"{kind} cannot stand at {position}.")


def _theme(shape: Shape, site: Theme) -> Iterator[Problem]:
    found = list(faults(shape.theme or Theme()))
    for fault in found:
        yield Problem("error", fault.code, f"theme.{fault.where}", fault.text)
    for weak in () if found else weak_contrasts(shape.look(site)):
        yield Problem("warning", "contrast_low", f"theme.{weak.where}", weak.text, about=str(weak.ratio))


def _schedule(shape: Shape, now: datetime) -> Iterator[Problem]:
    starts_at, ends_at = shape.schedule.starts_at, shape.schedule.ends_at
    if not shape.schedule.is_local and not wallclock.is_zone(shape.schedule.zone):
        yield Problem("error", "zone_unknown", "schedule.zone", f"There is no time zone “{shape.schedule.zone}”.")
    for name, at in (("starts_at", starts_at), ("ends_at", ends_at)):
        if at and not _EARLIEST <= anywhere(at)[0] < _LATEST:
            text = "Choose a year from {} to {}.".format(*Limits.YEARS)
            yield Problem("error", "year_invalid", f"schedule.{name}", text)
    if starts_at and ends_at and ends_at <= starts_at:
        yield Problem("error", "ends_before_start", "schedule.ends_at", "The end must come after the start.")
    elif shape.schedule.closes and shape.schedule.closes <= now:
        yield Problem("incomplete", "ends_in_past", "schedule.ends_at", "The end is in the past: nobody would see it.")


def _odd_text(shape: Shape) -> Iterator[Problem]:
    """NUL and lone surrogates: PostgreSQL and SQLite refuse one each, so neither gets in."""
    for where, text in _texts(msgspec.to_builtins(shape), ""):
        if any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in text):
            yield Problem("error", "text_invalid", where, "There is a character here that no text can hold.")


def _texts(value: object, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    for key, inner in pairs:
        yield from _texts(inner, f"{where}.{key}" if where else str(key))
