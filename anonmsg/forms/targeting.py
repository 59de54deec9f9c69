"""The second step: on which pages, and how often."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

import msgspec
from wtforms import BooleanField, FieldList, Form, FormField, RadioField, SelectField, StringField
from wtforms.validators import Length, ValidationError

from anonmsg.forms.base import StepForm
from anonmsg.forms.conditions import ConditionForm
from anonmsg.forms.fields import CHOOSE, Between, NumberField, OnlyWhen, WordField, at_most, options
from anonmsg.forms.lists import Pairs, blank, numbered
from anonmsg.message import AfterClick, Effect, Frequency, Limits, Match, PageRule, Part, Shape
from anonmsg.problems import condition_problem, rule_problem
from anonmsg.sentences import UNITS


class RuleForm(Form):
    effect = WordField("Show or hide", Effect)
    part = WordField("Part", Part)
    match = WordField("Match", Match)
    value = StringField("Value", [at_most(Limits.RULE_VALUE)])

    def rule(self) -> PageRule:
        value = (self.value.data or "").strip()
        return PageRule(self.effect.data, self.part.data, self.match.data, value)


class FrequencyForm(Form):
    """How often. ``mode`` says whether ``limit`` counts; the wait is typed in the unit that suits it."""

    mode = RadioField(
        "How often", choices=options([("always", "Show always"), ("limit", "Limit")]), default="always", **CHOOSE
    )
    limit = NumberField(
        "Times",
        [OnlyWhen("mode", "limit", "Type how many times each visitor may see it."), Between(1, Limits.TIMES)],
        default=1,
    )
    gap = NumberField("Wait at least", default=0, render_kw={"min": 0})
    unit = SelectField("Unit", choices=options((unit, f"{unit}s") for unit in UNITS), default="day", **CHOOSE)
    keep = BooleanField(AfterClick.KEEP.label)

    def validate_gap(self, field: NumberField) -> None:
        if (field.data or 0) < 0:
            raise ValidationError("Type a number from 0 up.")
        if self.gap_seconds() > Limits.GAP_SECONDS:
            raise ValidationError(f"Wait at most {Limits.GAP_SECONDS // UNITS['day']} days.")

    def gap_seconds(self) -> int:
        return (self.gap.data or 0) * UNITS.get(self.unit.data, 1)

    @classmethod
    def values_of(cls, frequency: Frequency) -> dict[str, Any]:
        unit = next(unit for unit, length in UNITS.items() if frequency.gap_seconds % length == 0)
        return {
            "mode": "always" if frequency.limit is None else "limit",
            "limit": frequency.limit or 1,
            "gap": frequency.gap_seconds // UNITS[unit],
            "unit": unit,
            "keep": frequency.after_click is AfterClick.KEEP,
        }

    def values(self) -> dict[str, Any]:
        return {
            "limit": self.limit.data if self.mode.data == "limit" else None,
            "gap_seconds": self.gap_seconds(),
            "after_click": AfterClick.KEEP if self.keep.data else AfterClick.END,
        }


class TargetingForm(StepForm):
    FIELDS = ("page_rules", "conditions", "frequency", "holdout")

    page_rules = FieldList(
        FormField(RuleForm),
        "Page rules",
        [Length(max=Limits.RULES, message=f"A message can have at most {Limits.RULES} page rules.")],
    )
    conditions = FieldList(
        FormField(ConditionForm),
        "More conditions",
        [Length(max=Limits.CONDITIONS, message=f"A message can have at most {Limits.CONDITIONS} conditions.")],
    )
    frequency = FormField(FrequencyForm, "Frequency")
    holdout = NumberField("Control group", [Between(0, Limits.HOLDOUT)], default=0)

    @classmethod
    def typed(cls, pairs: Pairs) -> Self:
        return super().typed(numbered(numbered(pairs, "page_rules"), "conditions"))

    @property
    def blank_rule(self) -> RuleForm:
        """What a script copies for a new rule, once it has replaced the name."""
        return RuleForm(prefix=f"{blank('rule')}-")

    @property
    def blank_condition(self) -> ConditionForm:
        """The same for a new condition."""
        return ConditionForm(prefix=f"{blank('condition')}-")

    def read(self, before: Shape, now: datetime) -> Shape | None:
        """When something else is wrong on the page, the lists are looked at all the same: all is said at once."""
        shape = super().read(before, now)
        if shape is None:
            self._look_at_the_lists()
        return shape

    def _look_at_the_lists(self) -> None:
        for entry in self.page_rules.entries[: Limits.RULES]:
            if not any(entry.errors.values()) and (text := rule_problem(entry.form.rule())):
                entry.form.value.errors = [text]
        for each in self.conditions.entries[: Limits.CONDITIONS]:
            if not any(each.errors.values()) and (found := condition_problem(each.form.condition())):
                each.form[found[0]].errors = [found[1]]

    @classmethod
    def values_of(cls, shape: Shape) -> dict[str, Any]:
        return {
            "page_rules": shape.page_rules,
            "conditions": [ConditionForm.values_of(each) for each in shape.conditions or ()],
            "frequency": FrequencyForm.values_of(shape.frequency),
            "holdout": shape.holdout or 0,
        }

    def values(self, before: Shape) -> dict[str, Any]:
        return {
            "page_rules": msgspec.to_builtins([entry.form.rule() for entry in self.page_rules]),
            "conditions": msgspec.to_builtins([entry.form.condition() for entry in self.conditions]),
            "frequency": self.frequency.form.values(),
            "holdout": self.holdout.data or 0,
        }
