"""What tests ask of a set of characters in a regex. The product itself only asks whether two of them meet."""

from __future__ import annotations

from collections.abc import Iterator

from anonmsg.pattern.tree import Characters


def has(characters: Characters, letter: str) -> bool:
    return any(low <= ord(letter) <= high for low, high in characters.ranges)


def borders(characters: Characters) -> Iterator[str]:
    """The first character of each range and the first one behind it: all sorts that the set tells apart."""
    for low, high in characters.ranges:
        yield chr(low)
        if high < 0x10FFFF:
            yield chr(high + 1)


def only(characters: Characters) -> str:
    """The character, in lower case, when it is only one."""
    ends = {chr(end).lower() for pair in characters.ranges for end in pair}
    return ends.pop() if len(ends) == 1 else ""
