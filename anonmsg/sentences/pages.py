"""On which pages a message is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from anonmsg.message import Effect, PageRule


def rules(rules: Sequence[PageRule]) -> str:
    """Where the message appears: ``Shows where the page path contains “/pricing”.`` A rule still empty says nothing."""
    where = _any(rule for rule in rules if rule.effect is Effect.INCLUDE)
    but_not = _any(rule for rule in rules if rule.effect is Effect.EXCLUDE)
    if where:
        return f"Shows where {where}" + (f", but never where {but_not}." if but_not else ".")
    if but_not:
        return f"Appears on every page of your site, but never where {but_not}."
    return "Appears on every page of your site."


def pages(rules: Iterable[PageRule]) -> str:
    """The pages that any of these fits, after “pages”: ``whose path starts with “/a” or whose host is “b”``."""
    conditions = (rule(each).removeprefix("the ").removeprefix("page ") for each in rules if each.value)
    return " or ".join(f"whose {condition}" for condition in conditions)


def _any(rules: Iterable[PageRule]) -> str:
    return " or ".join(rule(each) for each in rules if each.value)


def rule(rule: PageRule) -> str:
    """One rule's condition: ``the page path starts with “/pricing”``."""
    name, value = rule.compared()
    part = f"the query parameter “{name}”" if name else f"the {rule.part.label}"
    return f"{part} {rule.match.label.removesuffix(' (*)')} “{value}”"
