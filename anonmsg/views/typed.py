"""What people type into a field of one line."""

from __future__ import annotations

import string
import unicodedata

AROUND = string.whitespace + "\xa0\u200b\u2060\ufeff"
"""What sticks to the ends of a pasted text without being seen."""


def visible(text: str | None) -> str:
    """The text without what is invisible at its ends, and without control characters, which databases refuse."""
    return "".join(letter for letter in text or "" if unicodedata.category(letter) not in ("Cc", "Cs")).strip(AROUND)
