"""A message in plain words: the sentences that the review, the list and the message page show.

pages, visitors, often, live: who sees it, where and when · summary: these in one · content: what it says, asks and
does · looks: how it stands there · durations: how long is what. Import the sentences from here.
"""

from anonmsg.sentences.content import action, block
from anonmsg.sentences.durations import UNITS, duration
from anonmsg.sentences.live import meanwhile, moment, schedule, timeline
from anonmsg.sentences.looks import display, theme
from anonmsg.sentences.often import example, frequency, times
from anonmsg.sentences.pages import rule, rules
from anonmsg.sentences.summary import targeting
from anonmsg.sentences.visitors import condition, conditions, holdout

__all__ = [
    "UNITS",
    "action",
    "block",
    "condition",
    "conditions",
    "display",
    "duration",
    "example",
    "frequency",
    "holdout",
    "meanwhile",
    "moment",
    "rule",
    "rules",
    "schedule",
    "targeting",
    "theme",
    "timeline",
    "times",
]
