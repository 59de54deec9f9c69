"""The wizard: a page per step. POST validates, saves and goes on; what cannot be saved is shown as it was typed.

beginning, steps, meanwhile: what is asked · sent: the forms that come with it · ways: of which message and step it is,
and where to go on · page: what is answered.
"""

from anonmsg.views.wizard import beginning, meanwhile, steps
from anonmsg.views.wizard.routes import blueprint
from anonmsg.views.wizard.sent import MOST_FIELDS

__all__ = ["MOST_FIELDS", "beginning", "blueprint", "meanwhile", "steps"]
