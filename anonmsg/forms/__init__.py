"""The wizard's forms, one per step. Choices and limits come from :mod:`anonmsg.message`."""

from anonmsg.forms.base import StepForm
from anonmsg.forms.content import ContentForm
from anonmsg.forms.details import DetailsForm
from anonmsg.forms.review import ReviewForm
from anonmsg.forms.schedule import ScheduleForm
from anonmsg.forms.targeting import TargetingForm

__all__ = ["ContentForm", "DetailsForm", "ReviewForm", "ScheduleForm", "StepForm", "TargetingForm"]
