"""Further conditions of the targeting step: one form for all types, of which each uses the fields that its type has."""

from __future__ import annotations

from typing import Any

from wtforms import Field, Form, RadioField, SelectMultipleField, StringField
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from anonmsg.forms.fields import CHOOSE, Between, NumberField, WordField, at_most, options
from anonmsg.message import (
    CONDITIONS,
    AnyCondition,
    Comparison,
    ConditionType,
    Device,
    Limits,
    Utm,
    Visitor,
)


class Within(Between):
    """A number that has to be there."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is None and not field.errors:
            raise StopValidation(str(self.message))
        super().__call__(form, field)


class DevicesField(SelectMultipleField):
    """Devices as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ConditionForm(Form):
    """Its fields are named after those of the conditions in :data:`~anonmsg.message.CONDITIONS`."""

    type = WordField("Condition", ConditionType)
    devices = DevicesField("Devices", choices=options(Device.choices()), coerce=Device, **CHOOSE)
    languages = StringField("Languages", [at_most(Limits.RULE_VALUE)])
    parameter = WordField("Parameter", Utm)
    match = WordField("Comparison", Comparison)
    value = StringField("Compared with", [at_most(Limits.RULE_VALUE)])
    visitor = RadioField("Visitors", choices=options(Visitor.choices()), coerce=Visitor, default=Visitor.NEW, **CHOOSE)
    pages = NumberField("Pages", [Within(*Limits.PAGES)], default=2)
    seconds = NumberField("Seconds", [Within(*Limits.SECONDS)], default=10)
    percent = NumberField("Percent", [Within(*Limits.PERCENT)], default=50)
    selector = StringField("CSS selector", [at_most(Limits.SELECTOR)])
    event = StringField("Name of the event", [at_most(Limits.EVENT)])

    @staticmethod
    def types_with(field: Field) -> list[ConditionType]:
        """The types of condition that use a field."""
        return [type for type, condition in CONDITIONS.items() if field.short_name in condition.__struct_fields__]

    def validate(self, extra_validators: Any = None) -> bool:
        """What a field of another type holds is wrong nowhere."""
        super().validate(extra_validators)
        for field in self:
            if field.short_name != "type" and self.type.data not in self.types_with(field):
                field.errors = []
        return not any(field.errors for field in self)

    def condition(self) -> AnyCondition:
        condition = CONDITIONS[self.type.data]
        return condition(**{name: self._value(name) for name in condition.__struct_fields__})

    def _value(self, name: str) -> Any:
        data = self[name].data
        if name == "languages":
            return tuple((data or "").replace(",", " ").split())
        if name == "devices":
            return tuple(data or ())
        return data.strip() if isinstance(data, str) and not isinstance(data, Comparison | Utm | Visitor) else data

    @classmethod
    def values_of(cls, condition: AnyCondition) -> dict[str, Any]:
        values = {name: getattr(condition, name) for name in condition.__struct_fields__}
        if "languages" in values:
            values["languages"] = ", ".join(values["languages"])
        return {"type": ConditionType(str(condition.__struct_config__.tag)), **values}
