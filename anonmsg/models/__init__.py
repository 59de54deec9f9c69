"""Tables and their verbs, a module per noun. Import the nouns from here."""

from anonmsg.models.message import Message, NotAllowed, NotReady, Version
from anonmsg.models.site import Site
from anonmsg.models.user import User

__all__ = ["Message", "NotAllowed", "NotReady", "Site", "User", "Version"]
