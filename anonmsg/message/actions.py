"""What a button does."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from anonmsg.message.limits import Limits
from anonmsg.message.value import Id, Property, PropertyName, Url, Value
from anonmsg.message.word import Word


class Target(Word):
    SAME = "same", "In the same tab"
    NEW = "new", "In a new tab"


class Going(Word):
    """Which step a button goes to. ``previous`` is the one that the visitor came from."""

    STEP = "step", "A certain step"
    NEXT = "next", "The next step"
    PREVIOUS = "previous", "The step before"


class ActionType(Word):
    """What a button can do. The values are the tags of the action types below."""

    OPEN_URL = "open_url", "Open a page"
    DISMISS = "dismiss", "Dismiss"
    GO_TO_STEP = "go_to_step", "Go to a step"
    SUBMIT = "submit", "Send the answers and close"
    TRACK = "track", "Track an event"


class OpenUrl(Value, frozen=True, tag_field="type", tag="open_url"):
    url: Url = ""
    target: Target = Target.SAME


class Dismiss(Value, frozen=True, tag_field="type", tag="dismiss"):
    pass


class Branch(Value, frozen=True):
    """Another step for visitors who gave one of these ``answers``: an option's text, or a number."""

    question: Id = ""
    answers: Annotated[tuple[str | int, ...], Meta(max_length=Limits.OPTIONS)] = ()
    step: Id = ""


class GoToStep(Value, frozen=True, tag_field="type", tag="go_to_step", omit_defaults=True):
    """To ``step``, or where ``to`` says. The first of ``when`` that fits the answers so far leads elsewhere instead,
    except on the way to the step before."""

    step: Id = ""
    to: Going = Going.STEP
    when: Annotated[tuple[Branch, ...], Meta(max_length=Limits.BRANCHES)] = ()


class Submit(Value, frozen=True, tag_field="type", tag="submit"):
    """Closes once what the step asks for is answered, and ends the message as a followed link does."""


class Track(Value, frozen=True, tag_field="type", tag="track"):
    event: Annotated[str, Meta(max_length=Limits.EVENT)] = ""
    properties: Annotated[dict[PropertyName, Property], Meta(max_length=Limits.PROPERTIES)] = field(
        default_factory=dict
    )


Action = OpenUrl | Dismiss | GoToStep | Submit | Track
"""All but Dismiss, and a way back to a step that the visitor has been on, ask first for what the step requires."""
