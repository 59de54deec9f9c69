"""Whether a marketer's regex may run in visitors' browsers (DESIGN §3, THREATS §1).

Three conditions: short; read alike by RE2 and JavaScript (RE2 alone would let ``(?i)`` pass, JavaScript alone
look-around); and no address on which a browser would search for long.
"""

from __future__ import annotations

import re
from functools import lru_cache

import re2

from anonmsg.message import Limits
from anonmsg.pattern.cost import takes_too_long
from anonmsg.pattern.reader import Refused, read

_LEADING = re.compile(r"(\.|\\[dswDSW]|\[(?:\\.|[^\]\\])+\])([*+])\??", re.DOTALL)
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
    if takes_too_long(read(searched(regex))):
        return (
            "On some addresses this regex would take browsers too long. Start it with ^ and write [^/]* instead of .*. "
            "A repetition inside another must begin with a character of its own: (-[a-z]+)* instead of ([a-z]+)*."
        )
    return None


def _words(error: re2.error) -> str:
    """The bindings carry RE2's words as bytes."""
    (words,) = error.args
    return words.decode() if isinstance(words, bytes) else str(words)


def searched(regex: str) -> str:
    """The same search in less time: without the repetitions at its start, which would be tried from every character on.

    ``.*pricing`` finds something exactly where ``pricing`` does, and ``[a-z]+x`` where ``[a-z]x`` does.
    """
    while leading := _LEADING.match(regex):
        once = leading[1] if leading[2] == "+" else ""
        regex = once + regex[leading.end() :]
        if once:
            break
    return regex
