"""Who is in a message's control group: cases that Python makes and JavaScript runs (tests/js/holdout.test.js)."""

from __future__ import annotations

from functools import reduce
from typing import Any

PAIRS = [
    ("", ""),
    ("ann", "m1"),
    ("ann", "m2"),
    ("bob", "m1"),
    ("a:b", "c"),
    ("a", "b:c"),
    ("Zoë", "m1"),
    ("匿名", "m1"),
    ("😀", "m1"),
    ("0f8fad5b-d9cb-469f-a165-70867728950e", "01920f4e-8b3c-7d2a-9a1b-2c3d4e5f6a7b"),
]
SHARES = [0, 1, 10, 50, 90, 100]
FOOBAR = 0xBF9CF968
"""Of ``foobar``, from the authors of FNV."""


def fnv1a(data: bytes) -> int:
    """FNV-1a of 32 bits."""
    return reduce(lambda hash, byte: ((hash ^ byte) * 0x01000193) & 0xFFFFFFFF, data, 0x811C9DC5)


def holdout() -> dict[str, Any]:
    """For each visitor and message the hash, and the shares with which the visitor is in the control group."""
    cases = []
    for visitor, message in PAIRS:
        hash = fnv1a(f"{visitor}:{message}".encode())
        control = [share for share in SHARES if hash % 100 < share]
        cases.append({"visitor": visitor, "message": message, "hash": hash, "control": control})
    return {"shares": SHARES, "cases": cases}
