"""How often one visitor sees a message."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from anonmsg.message.limits import Limits
from anonmsg.message.value import Value
from anonmsg.message.word import Word


class AfterClick(Word):
    END = "end", "Stop showing after a click"
    KEEP = "keep", "Keep showing after a click"


class Frequency(Value, frozen=True):
    """How often one visitor sees it. ``limit`` None is Show always; ``gap_seconds`` lies between two views."""

    limit: Annotated[int, Meta(ge=1, le=Limits.TIMES)] | None = None
    gap_seconds: Annotated[int, Meta(ge=0, le=Limits.GAP_SECONDS)] = 0
    after_click: AfterClick = AfterClick.END
