"""Benchmarks, each a ratio against a floor or a peer in the same run: the machine cancels out.

Every module here with a ``run()`` that returns a list of :class:`Result` is one of ``python -m bench``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One ratio. It should be at least ``target``, or at most where small is good; without a target it only informs."""

    name: str
    ratio: float
    target: float | None = None
    at_most: bool = False
    detail: str = ""
    """What was divided by what, with units."""

    @property
    def is_reached(self) -> bool:
        if self.target is None:
            return True
        return self.ratio <= self.target if self.at_most else self.ratio >= self.target
