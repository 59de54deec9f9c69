"""What is wrong with where a message is shown, to whom and how often."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anonmsg import pattern
from anonmsg.message import (
    AboutToLeave,
    Comparison,
    Condition,
    Device,
    DeviceIs,
    Effect,
    ElementClicked,
    ElementPresent,
    EventTracked,
    LanguageIs,
    Match,
    PageRule,
    ReferrerIs,
    Shape,
    UtmIs,
)
from anonmsg.problems.problem import Problem


def rules(shape: Shape) -> Iterator[Problem]:
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


def conditions(shape: Shape) -> Iterator[Problem]:
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


def frequency(shape: Shape) -> Iterator[Problem]:
    if shape.frequency.limit is None:
        yield Problem(
            "advice",
            "show_always",
            "frequency.limit",
            "Shows on every matching page until the visitor interacts with it. A limit spares visitors.",
        )
