"""On which pages a message is shown (DESIGN §3)."""

from __future__ import annotations

import re
from typing import Annotated

from msgspec import Meta

from anonmsg.message.limits import Limits
from anonmsg.message.value import Value
from anonmsg.message.word import Word


class Effect(Word):
    INCLUDE = "include", "show on"
    EXCLUDE = "exclude", "never on"


class Part(Word):
    PATH = "path", "page path"
    URL = "url", "whole address"
    HOST = "host", "host"
    QUERY = "query", "query string"
    HASH = "hash", "hash"


class Match(Word):
    CONTAINS = "contains", "contains"
    IS = "is", "is"
    STARTS_WITH = "starts_with", "starts with"
    ENDS_WITH = "ends_with", "ends with"
    WILDCARD = "wildcard", "fits the pattern (*)"
    REGEX = "regex", "matches the regex"


_PARAMETER = re.compile(r"([^=*^$()\[\]+?\\|{}]+)=(.*)", re.DOTALL)


class PageRule(Value, frozen=True):
    """One condition on the page's address (DESIGN §3)."""

    effect: Effect = Effect.INCLUDE
    part: Part = Part.PATH
    match: Match = Match.CONTAINS
    value: Annotated[str, Meta(max_length=Limits.RULE_VALUE)] = ""

    def compared(self) -> tuple[str, str]:
        """The query parameter that it is about, empty if it is about none, and what is looked for.

        On a query ``name=value`` is about one parameter; what stands before the = of a pattern is no name. The snippet
        reads it alike (PARAMETER in eligibility.js).
        """
        found = _PARAMETER.fullmatch(self.value) if self.part is Part.QUERY else None
        return (found[1], found[2]) if found else ("", self.value)
