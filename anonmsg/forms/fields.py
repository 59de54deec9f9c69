"""Form fields that the wizard's steps share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import msgspec
from wtforms import DateTimeLocalField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Length, NumberRange, StopValidation

from anonmsg.message import Limits, Word

CHOOSE: dict[str, Any] = dict.fromkeys(("invalid_value_message", "invalid_choice_message"), "Choose one of the list.")
"""What a select or radios say to a value that they never offered."""


def options(choices: Iterable[tuple[str, str]], group: str | None = None) -> list[Any]:
    """``(value, label)`` pairs as WTForms wants them."""
    return [SelectChoice(value, label, optgroup=group) for value, label in choices]


def decoded(json: str | None) -> Any:
    """The value of a hidden field that holds JSON; None for what is none, or nested beyond all reason."""
    try:
        return msgspec.json.decode(json or "null")
    except (msgspec.DecodeError, RecursionError):
        return None


class WordField(SelectField):
    """A select of the contract's words; the first is chosen unless told otherwise."""

    def __init__(self, label: str, words: type[Word], **kwargs: Any) -> None:
        kwargs.setdefault("default", next(iter(words)))
        super().__init__(label, choices=options(words.choices()), coerce=words, **CHOOSE, **kwargs)


class WordsField(WordField, RadioField):
    """The same as radios."""


class NumberField(IntegerField):
    """A whole number, or None where nothing was typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            self.data = int(valuelist[0])
        except ValueError:
            self.data = None
            raise ValueError("Type a whole number.") from None


class LocalTimeField(DateTimeLocalField):
    """A time as the clock on the wall shows it, without a zone. Seconds are kept where an import brought some."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return self.data.isoformat(timespec="seconds" if self.data.second else "minutes") if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value for value in valuelist if value])
        except ValueError:
            raise ValueError("Choose a date and a time.") from None
        first, last = Limits.YEARS
        if self.data and not first <= self.data.year <= last:
            self.data = None
            raise ValueError(f"Choose a year from {first} to {last}.")


def at_most(limit: int) -> Length:
    """Validator: no longer than so many characters."""
    return Length(max=limit, message=f"Shorten this to at most {limit:,} characters.")


class OnlyWhen:
    """Validator: the field matters only while another field of its form says ``value``; it must be filled in then."""

    field_flags: ClassVar[dict[str, Any]] = {}

    def __init__(self, other: str, value: str, missing: str) -> None:
        self.other, self.value, self.missing = other, value, missing

    def __call__(self, form: Any, field: Any) -> None:
        if form[self.other].data != self.value:
            field.errors = []
            raise StopValidation
        if field.data is None:
            raise StopValidation("" if field.errors else self.missing)


class Between(NumberRange):
    """Validator: a number, where there is one, lies within these bounds."""

    def __init__(self, low: int, high: int) -> None:
        super().__init__(low, high, f"Type a number from {low:,} to {high:,}.")

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is not None:
            super().__call__(form, field)
