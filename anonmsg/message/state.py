"""How a message stands: what is stored about it, and what people see."""

from __future__ import annotations

from datetime import datetime

from anonmsg.message.schedule import Schedule
from anonmsg.message.word import Word


class State(Word):
    """What is stored about a message; see :class:`Status` for what people see."""

    DRAFT = "draft", "Draft"
    LAUNCHED = "launched", "Launched"
    PAUSED = "paused", "Paused"
    STOPPED = "stopped", "Stopped"
    ARCHIVED = "archived", "Archived"


class Status(Word):
    """State and schedule together, as people see it."""

    DRAFT = "draft", "Draft"
    SCHEDULED = "scheduled", "Scheduled"
    LIVE = "live", "Live"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"
    ARCHIVED = "archived", "Archived"


def status(state: State, schedule: Schedule, now: datetime) -> Status:
    """What people see: the stored state, and for a launched message its schedule at ``now``. By visitors' own clocks,
    it is live as long as it is for anybody on earth."""
    if state is State.LAUNCHED:
        if schedule.opens and now < schedule.opens:
            return Status.SCHEDULED
        return Status.ENDED if schedule.closes and now >= schedule.closes else Status.LIVE
    return Status.ENDED if state is State.STOPPED else Status(state.value)
