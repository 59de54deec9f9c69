"""What a problem is, and what it stops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from anonmsg.acknowledgement import key_of

Level = Literal["error", "incomplete", "warning", "advice"]
"""``error`` stops a save, ``incomplete`` only a launch. A ``warning`` is of what harms visitors or is most likely a
mistake: the review launches once somebody has looked at it. ``advice`` is a choice that is as good as another."""


@dataclass(frozen=True)
class Problem:
    """One thing to put right. ``where`` is a path in the shape (``page_rules.0.value``), ``code`` is for machines.

    ``about`` is what a warning is about, where its text does not say it: of another it is asked again.
    """

    level: Level
    code: str
    where: str
    text: str
    about: str = ""

    @property
    def stops(self) -> bool:
        """Whether it stops a launch."""
        return self.level in ("error", "incomplete")

    @property
    def warns(self) -> bool:
        """Whether somebody must have looked at it."""
        return self.level == "warning"

    @property
    def key(self) -> str:
        return key_of(self.code, self.where, self.about or self.text)
