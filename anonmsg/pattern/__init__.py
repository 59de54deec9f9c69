"""Whether a marketer's regex may run in visitors' browsers (DESIGN §3, THREATS §1).

Three conditions: short; read alike by RE2 and JavaScript (RE2 alone would let ``(?i)`` pass, JavaScript alone
look-around); and no address on which a browser would search for long.
"""

from __future__ import annotations

from functools import lru_cache

import re2

from anonmsg.message import Limits
from anonmsg.pattern.cost import takes_too_long
from anonmsg.pattern.quicker import searched, stepwise, without_leading
from anonmsg.pattern.reader import Refused, read

__all__ = ["problem", "searched"]

_QUIET = re2.Options()
_QUIET.log_errors = False


@lru_cache(2_000)
def problem(regex: str) -> str | None:
    """Why this regex cannot be used, as a sentence, or None."""
    if len(regex) > Limits.REGEX:
        return f"A regex may have at most {Limits.REGEX} characters."
    try:
        read(regex)
        re2.compile(regex, _QUIET)
    except Refused as refused:
        return str(refused)
    except re2.error as error:
        return f"This regex cannot be read: {_words(error)}."
    shorter = without_leading(regex)
    if stepwise(shorter) is None and takes_too_long(read(shorter)):
        return (
            "On some addresses this regex would take browsers too long. Start it with ^ and write [^/]* instead of .*. "
            "A repetition inside another must begin with a character of its own: (-[a-z]+)* instead of ([a-z]+)*."
        )
    return None


def _words(error: re2.error) -> str:
    """The bindings carry RE2's words as bytes."""
    (words,) = error.args
    return words.decode() if isinstance(words, bytes) else str(words)
