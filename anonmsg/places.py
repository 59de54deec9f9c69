"""Where something stands in a file of messages, in the words of the wizard."""

from __future__ import annotations

import re

_ONE = {
    "$": "message",
    "steps": "step",
    "blocks": "block",
    "columns": "column",
    "page_rules": "page rule",
    "conditions": "condition",
    "options": "option",
    "answers": "answer",
    "when": "branch",
    "items": "item",
}
"""What an entry of each list is called."""

_PART = re.compile(r"(\$|[a-z_]+)((?:\[\d+\])*)")


def in_words(path: str) -> str:
    """``$[0].steps[1].blocks[2].label`` as “Message 1, step 2, block 3, label”; empty for a whole file or message."""
    words = ", ".join(part for name, indices in _PART.findall(path) for part in _part(name, indices))
    return words[:1].upper() + words[1:]


def _part(name: str, indices: str) -> list[str]:
    numbers = [int(index) + 1 for index in re.findall(r"\d+", indices)]
    if not numbers:
        return [] if name == "$" else [name.replace("_", " ")]
    # A list in a list: the columns of a row, of which each holds blocks.
    names = [_ONE.get(name, name.replace("_", " ")), "block"]
    return [f"{one} {number}" for one, number in zip(names, numbers, strict=False)]
