"""What is wrong with where a message leads. Of an address alone, :mod:`anonmsg.links` says it."""

from __future__ import annotations

from collections.abc import Iterator

from anonmsg import links
from anonmsg.links import url_problem
from anonmsg.problems.problem import Problem


def in_link(url: str, where: str) -> Iterator[Problem]:
    if text := url_problem(url) if url else "is empty":
        yield Problem("error", "url_invalid", where, f"The link “{url}” {text}.")
    else:
        yield from leading(url, where)


def leading(url: str, where: str) -> Iterator[Problem]:
    """What is wrong with where a link leads, once it may lead there."""
    if text := links.dead(url):
        yield Problem("incomplete", "url_dead", where, text)
    elif text := links.doubtful(url):
        yield Problem("warning", "url_doubtful", where, text)
    elif text := links.placeholder(url):
        yield Problem("advice", "url_placeholder", where, text)
