"""What the parts of a message have in common: they are values, of bounded texts."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from anonmsg.message.limits import Limits

Id = Annotated[str, Meta(max_length=Limits.ID, pattern=r"^[A-Za-z0-9_-]*$(?!\n)")]
"""In Python ``$`` also stands before a last line end, hence what follows it."""
Url = Annotated[str, Meta(max_length=Limits.URL)]
Label = Annotated[str, Meta(max_length=Limits.LABEL)]
PropertyName = Annotated[str, Meta(max_length=Limits.PROPERTY_NAME)]
Property = Annotated[str, Meta(max_length=Limits.PROPERTY)] | int | float | bool | None


class Value(Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all value types: immutable, and an unknown key is an error, never silently dropped."""
