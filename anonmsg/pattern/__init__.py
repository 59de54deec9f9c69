"""Whether a marketer's regex may run in visitors' browsers (DESIGN §3, THREATS §1).

Three conditions: short; read alike by RE2 and JavaScript (RE2 alone would let ``(?i)`` pass, JavaScript alone
look-around); and no address on which a browser would search for long.
"""

from __future__ import annotations

from functools import lru_cache

import re2

from anonmsg.message import Limits
from anonmsg.pattern.backtracking import takes_too_long
from anonmsg.pattern.reader import Refused, read

_QUIET = re2.Options()
_QUIET.log_errors = False


@lru_cache(2_000)
def problem(regex: str) -> str | None:
    """Why this regex cannot be used, as a sentence, or None."""
    if len(regex) > Limits.REGEX:
        return f"A regex may have at most {Limits.REGEX} characters."
    try:
        tree = read(regex)
        re2.compile(regex, _QUIET)
    except Refused as refused:
        return str(refused)
    except re2.error as error:
        return f"This regex cannot be read: {error}."
    if takes_too_long(tree):
        return (
            "On some addresses this regex would take browsers too long. Leave out repetitions inside repetitions, "
            "such as (a+)+, and write [^/]* instead of .* where you can."
        )
    return None
