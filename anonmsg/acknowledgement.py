"""What somebody has looked at before a launch: warnings by keys, which are others as soon as what they are about is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

KEY = re.compile(r"[0-9a-f]{16}")


def key_of(*about: str) -> str:
    """Names a warning by all that it is about."""
    return hashlib.sha256("\0".join(about).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def joined(keys: Iterable[str]) -> str:
    """As they are stored: in one line, each once, without what is no key."""
    return " ".join(sorted({key for key in keys if KEY.fullmatch(key)}))
