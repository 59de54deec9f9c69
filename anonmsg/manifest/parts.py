"""What a message needs of the snippet."""

from __future__ import annotations

from anonmsg.message import (
    Block,
    Button,
    ButtonStyle,
    DisplayKind,
    Divider,
    Email,
    Going,
    GoToStep,
    Heading,
    Image,
    List,
    Match,
    PageRule,
    Part,
    Question,
    Row,
    Shape,
    Spacer,
    Submit,
    Text,
)

PLAIN_MATCHES = (Match.IS, Match.CONTAINS, Match.STARTS_WITH, Match.ENDS_WITH)


def needs(shape: Shape) -> list[str]:
    """The parts of the snippet (static/snippet/parts) that it takes to decide about the message and to draw it."""
    kind, frequency = shape.display.kind, shape.frequency
    blocks = [block for step in shape.steps for block in step.blocks]
    parts = {
        "draw": True,
        "modal": kind is DisplayKind.MODAL,
        "float": kind is not DisplayKind.MODAL,
        "banner": kind is DisplayKind.BANNER,
        "words": not all(_is_plain(block) for block in blocks),
        "steps": len(shape.steps) > 1 or any(_goes_on(block) for block in shape.blocks()),
        "form": any(_asks(block) for block in shape.blocks()),
        "rich": any(isinstance(block, List | Image | Divider | Spacer | Row) for block in blocks),
        "patterns": not all(_compares(rule) for rule in shape.page_rules),
        "frequency": frequency.limit is not None or frequency.gap_seconds > 0,
        "schedule": bool(shape.schedule.starts_at or shape.schedule.ends_at),
        "holdout": bool(shape.holdout),
    }
    asked = [name for condition in shape.conditions or () for name in ("conditions", *condition.PARTS)]
    return [name for name, needed in parts.items() if needed] + list(dict.fromkeys(asked))


def _goes_on(block: Block) -> bool:
    return isinstance(block, Button) and isinstance(block.action, GoToStep)


def _asks(block: Block) -> bool:
    """Whether it asks something, or goes on as only what asks does."""
    match block:
        case Button(action=Submit()):
            return True
        case Button(action=GoToStep(to=to, when=when)):
            return to is not Going.STEP or bool(when)
    return isinstance(block, Question | Email)


def _is_plain(block: Block) -> bool:
    """Whether its words and its button, if any, are the plain ones."""
    match block:
        case Heading() | Image() | Divider() | Spacer() | Question() | Email():
            return True
        case Text(paragraphs=lists) | List(items=lists):
            return not any(run.bold or run.italic or run.link for runs in lists for run in runs)
        case Button(style=style):
            return style is ButtonStyle.PRIMARY
        case Row(columns=columns):
            return all(_is_plain(inner) for column in columns for inner in column)
    return False


def _compares(rule: PageRule) -> bool:
    """Whether it takes no more than to compare; on a query, it may be about one parameter."""
    return rule.match in PLAIN_MATCHES and rule.part is not Part.QUERY
