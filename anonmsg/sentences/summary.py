"""Who sees a message and how often, in one sentence."""

from __future__ import annotations

from anonmsg.message import Effect, Shape
from anonmsg.sentences.often import briefly
from anonmsg.sentences.pages import pages
from anonmsg.sentences.visitors import phrases


def targeting(shape: Shape) -> str:
    """All of it in one: ``Shown on pages whose path starts with “/a”, except those whose path is “/a/b”, once.``"""
    where = pages(rule for rule in shape.page_rules if rule.effect is Effect.INCLUDE)
    but_not = pages(rule for rule in shape.page_rules if rule.effect is Effect.EXCLUDE)
    on = f"on pages {where}" if where else "on every page"
    only = "".join(f", {phrase}" for phrase in phrases(shape))
    return f"Shown {on}{f', except those {but_not}' if but_not else ''}{only}, {briefly(shape.frequency)}."
