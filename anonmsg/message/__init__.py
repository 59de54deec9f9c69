"""What a message is: its words, value types, limits and JSON shape (DESIGN §2, §3, §5).

The one definition that forms, tables, the manifest, the import and export commands and the snippet's contract
tests are made from. Standard library and msgspec only. Whether a well-formed message is also *good* (complete,
safe, not in the past) is said by :mod:`anonmsg.problems`.

shape: a whole message · state: how it stands · rules, conditions, frequency, schedule: who sees it, where and when ·
blocks, questions, actions: what it says, asks and does · ids: by which these refer to one another · display, theme: how
it looks · word, value, limits: what all of these are made of. Import the names from here.
"""

from anonmsg.message.actions import Action, ActionType, Branch, Dismiss, Going, GoToStep, OpenUrl, Submit, Target, Track
from anonmsg.message.blocks import (
    Block,
    Button,
    ButtonStyle,
    Divider,
    Heading,
    Image,
    List,
    Row,
    Run,
    Spacer,
    Step,
    Text,
    flat,
)
from anonmsg.message.conditions import (
    CONDITIONS,
    AboutToLeave,
    AnyCondition,
    Comparison,
    Condition,
    ConditionType,
    Device,
    DeviceIs,
    ElementClicked,
    ElementPresent,
    EventTracked,
    LanguageIs,
    PagesSeen,
    ReferrerIs,
    ScrolledTo,
    SecondsPassed,
    Utm,
    UtmIs,
    Visitor,
    VisitorIs,
)
from anonmsg.message.display import POSITIONS, Display, DisplayKind, Position
from anonmsg.message.frequency import AfterClick, Frequency
from anonmsg.message.ids import new_id
from anonmsg.message.limits import Limits
from anonmsg.message.questions import CHOICES, POINTS, Email, Marks, Question, QuestionKind
from anonmsg.message.rules import Effect, Match, PageRule, Part
from anonmsg.message.schedule import VISITORS_ZONE, Schedule, anywhere
from anonmsg.message.shape import Shape, json_schema
from anonmsg.message.state import State, Status, status
from anonmsg.message.theme import BROWSERS, ButtonLook, Entrance, Font, Palette, Shadow, Theme
from anonmsg.message.word import Word

__all__ = [
    "BROWSERS",
    "CHOICES",
    "CONDITIONS",
    "POINTS",
    "POSITIONS",
    "VISITORS_ZONE",
    "AboutToLeave",
    "Action",
    "ActionType",
    "AfterClick",
    "AnyCondition",
    "Block",
    "Branch",
    "Button",
    "ButtonLook",
    "ButtonStyle",
    "Comparison",
    "Condition",
    "ConditionType",
    "Device",
    "DeviceIs",
    "Dismiss",
    "Display",
    "DisplayKind",
    "Divider",
    "Effect",
    "ElementClicked",
    "ElementPresent",
    "Email",
    "Entrance",
    "EventTracked",
    "Font",
    "Frequency",
    "GoToStep",
    "Going",
    "Heading",
    "Image",
    "LanguageIs",
    "Limits",
    "List",
    "Marks",
    "Match",
    "OpenUrl",
    "PageRule",
    "PagesSeen",
    "Palette",
    "Part",
    "Position",
    "Question",
    "QuestionKind",
    "ReferrerIs",
    "Row",
    "Run",
    "Schedule",
    "ScrolledTo",
    "SecondsPassed",
    "Shadow",
    "Shape",
    "Spacer",
    "State",
    "Status",
    "Step",
    "Submit",
    "Target",
    "Text",
    "Theme",
    "Track",
    "Utm",
    "UtmIs",
    "Visitor",
    "VisitorIs",
    "Word",
    "anywhere",
    "flat",
    "json_schema",
    "new_id",
    "status",
]
