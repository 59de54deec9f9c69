"""The last step writes nothing of the message; it only launches it."""

from __future__ import annotations

from typing import Any

from anonmsg.forms.base import StepForm
from anonmsg.message import Shape


class ReviewForm(StepForm):
    @classmethod
    def values_of(cls, shape: Shape) -> dict[str, Any]:
        return {}

    def values(self, before: Shape) -> dict[str, Any]:
        return {}
