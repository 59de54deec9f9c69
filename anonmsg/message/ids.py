"""The ids of steps, buttons and questions, by which the rest of a message refers to them."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec

from anonmsg.message.blocks import Button, Row, Step
from anonmsg.message.questions import Email, Question


def new_id(prefix: str) -> str:
    """A short random id, unique within a message (40 bits)."""
    return prefix + secrets.token_hex(5)


def step_with_ids(step: Step) -> Step:
    """The same step with an id wherever one was left out: its own, and those of buttons and questions."""
    return Step(id=step.id or new_id("s"), blocks=tuple(_block_with_ids(block) for block in step.blocks))


def _block_with_ids(block: Any) -> Any:
    if isinstance(block, Row):
        columns = tuple(tuple(_block_with_ids(inner) for inner in column) for column in block.columns)
        return msgspec.structs.replace(block, columns=columns)
    if isinstance(block, Button | Question | Email) and not block.id:
        return msgspec.structs.replace(block, id=new_id(type(block).__name__[0].lower()))
    return block


def renamed(value: Any, others: dict[str, str]) -> Any:
    """JSON of steps in which every id, and what refers to one, is another. Of the page's own are only properties."""
    if isinstance(value, list | tuple):
        return [renamed(each, others) for each in value]
    if not isinstance(value, dict):
        return value
    named = {name: others.get(value[name], value[name]) for name in ("id", "step", "question") if name in value}
    return {name: each if name == "properties" else renamed(each, others) for name, each in value.items()} | named
