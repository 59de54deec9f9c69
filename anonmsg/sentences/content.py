"""What a message says, asks and does."""

from __future__ import annotations

from collections.abc import Iterable

from anonmsg.message import (
    Action,
    Block,
    Branch,
    Button,
    Dismiss,
    Divider,
    Email,
    Going,
    GoToStep,
    Heading,
    Image,
    List,
    OpenUrl,
    Question,
    Row,
    Run,
    Shape,
    Spacer,
    Submit,
    Target,
    Text,
    Track,
)


def block(block: Block, shape: Shape) -> str:
    """One block in words, e.g. ``Button “Sign up”: opens /signup``. ``shape`` knows the steps a button may go to."""
    match block:
        case Heading(text=text):
            return f"Heading “{text}”"
        case Text(paragraphs=paragraphs):
            return f"Text “{_plain(paragraphs)}”"
        case List(items=items):
            return f"List “{_plain(items, ' · ')}”"
        case Image():
            return f"Image “{block.alt or block.src}”"
        case Button():
            return f"Button “{block.label}”: {action(block.action, shape)}"
        case Question():
            return f"Question “{block.label}” ({block.kind.label.lower()})"
        case Email():
            return f"E-mail field “{block.label}”"
        case Divider():
            return "A line"
        case Spacer():
            return f"{block.size} pixels of space"
        case Row():
            return f"{len(block.columns)} columns"


def action(action: Action, shape: Shape) -> str:
    """What a click does: ``opens /signup in a new tab``."""
    match action:
        case OpenUrl(url=url, target=target):
            return f"opens {url}" + (" in a new tab" if target is Target.NEW else "")
        case Dismiss():
            return "dismisses the message for good"
        case GoToStep():
            return ", ".join([f"goes to {_goal(action, shape)}", *(_branch(it, shape) for it in action.when)])
        case Submit():
            return "sends the answers and closes"
        case Track(event=event):
            return f"tracks the event “{event}”"


def _goal(action: GoToStep, shape: Shape) -> str:
    return _nth(action.step, shape) if action.to is Going.STEP else action.to.label.lower()


def _branch(branch: Branch, shape: Shape) -> str:
    asked = next((block.label for block in shape.questions() if block.id == branch.question), "")
    answers = " or ".join(f"“{answer}”" for answer in branch.answers)
    return f"but to {_nth(branch.step, shape)} after {answers} to “{asked}”"


def _nth(id: str, shape: Shape) -> str:
    ids = [step.id for step in shape.steps]
    return f"step {ids.index(id) + 1}" if id in ids else "a step that is not there"


def _plain(lines: Iterable[Iterable[Run]], between: str = " ") -> str:
    return between.join("".join(run.text for run in line) for line in lines)
