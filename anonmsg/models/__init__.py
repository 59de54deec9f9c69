"""Tables and their verbs, a module per noun. Import the nouns from here."""

from anonmsg.models.counter import Counter, Erased, Kind, Seen
from anonmsg.models.event import Event
from anonmsg.models.image import Image, NoRoom
from anonmsg.models.message import Message, NotAllowed, NotReady, Version
from anonmsg.models.person import Person, PersonWord, Profile, Visitor, people, profiles
from anonmsg.models.receipt import Outcome, Receipt
from anonmsg.models.sighting import Sighting
from anonmsg.models.site import Site
from anonmsg.models.template import Template, TooMany
from anonmsg.models.user import User

__all__ = [
    "Counter",
    "Erased",
    "Event",
    "Image",
    "Kind",
    "Message",
    "NoRoom",
    "NotAllowed",
    "NotReady",
    "Outcome",
    "Person",
    "PersonWord",
    "Profile",
    "Receipt",
    "Seen",
    "Sighting",
    "Site",
    "Template",
    "TooMany",
    "User",
    "Version",
    "Visitor",
    "people",
    "profiles",
]
