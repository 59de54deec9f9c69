"""Whether a marketer's regex may run in visitors' browsers (DESIGN §3, THREATS §1)."""

from __future__ import annotations

import re2

from anonmsg.message import Limits


def problem(regex: str) -> str | None:
    """Why this regex cannot be used, as a sentence, or None."""
    if len(regex) > Limits.REGEX:
        return f"A regex may have at most {Limits.REGEX} characters."
    try:
        re2.compile(regex)
    except re2.error as error:
        return f"This regex cannot be read: {error}."
    return None
