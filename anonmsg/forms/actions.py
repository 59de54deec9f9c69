"""What a click on a button does, and which answers lead elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec
from wtforms import FieldList, Form, FormField, HiddenField, SelectField, SelectMultipleField, StringField

from anonmsg.forms.fields import WordField, at_most, decoded, options
from anonmsg.message import Action, ActionType, Branch, Going, GoToStep, Limits, OpenUrl, Target, Track

MARK = "+"
"""Before a word of :class:`Going` where a step's id could stand too. No id begins with it."""

WAYS = [(MARK + way, way.label) for way in (Going.NEXT, Going.PREVIOUS)]

Asked = Mapping[str, Sequence[str | int]]
"""What can be answered to each question, by its id."""


class BranchForm(Form):
    """Another step for those who gave one of some answers."""

    question = SelectField("Question", choices=[], validate_choice=False)
    answers = SelectMultipleField("Answers", choices=[], validate_choice=False)
    step = SelectField("Goes to", choices=[], validate_choice=False)
    asked: Asked = MappingProxyType({})

    @classmethod
    def values_of(cls, branch: Branch) -> dict[str, Any]:
        return {"question": branch.question, "answers": [str(answer) for answer in branch.answers], "step": branch.step}

    def values(self) -> dict[str, Any]:
        """Answers that are numbers are typed as words; whichever the question does not offer stay as they are."""
        meant = {str(choice): choice for choice in self.asked.get(self.question.data or "", ())}
        answers = [meant.get(answer, answer) for answer in self.answers.data or ()]
        return {"question": self.question.data or "", "answers": answers, "step": self.step.data or ""}

    def offer(self, steps: Sequence[tuple[str, str]], questions: Sequence[tuple[str, str]], asked: Asked) -> None:
        """Know what there is to choose from."""
        self.asked = asked
        self.step.choices = options(steps)
        self.question.choices = options([("", "Choose a question"), *questions])
        choices = [str(choice) for choice in asked.get(self.question.data or "", ())]
        self.answers.choices = options((choice, choice) for choice in choices)


class ActionForm(Form):
    """What a click does. Only the fields of the chosen ``type`` count."""

    type = WordField("Action", ActionType)
    url = StringField("URL", [at_most(Limits.URL)])
    target = WordField("Opens", Target)
    step = SelectField("Goes to", choices=options(WAYS), validate_choice=False, default=MARK + Going.NEXT)
    when = FieldList(FormField(BranchForm))
    event = StringField("Event", [at_most(Limits.EVENT)])
    properties = HiddenField(default="{}")

    @classmethod
    def values_of(cls, action: Action) -> dict[str, Any]:
        values: dict[str, Any] = {"type": ActionType(str(action.__struct_config__.tag))}
        match action:
            case OpenUrl():
                values |= {"url": action.url, "target": action.target}
            case GoToStep():
                step = action.step if action.to is Going.STEP else MARK + action.to
                values |= {"step": step, "when": [BranchForm.values_of(branch) for branch in action.when]}
            case Track():
                values |= {"event": action.event, "properties": msgspec.json.encode(action.properties).decode()}
        return values

    def values(self) -> dict[str, Any]:
        match self.type.data:
            case ActionType.OPEN_URL:
                own: dict[str, Any] = {"url": (self.url.data or "").strip(), "target": self.target.data}
            case ActionType.GO_TO_STEP:
                own = {**self._going(), "when": [branch.values() for branch in self.branches()]}
            case ActionType.TRACK:
                own = {"event": (self.event.data or "").strip(), "properties": decoded(self.properties.data)}
            case _:
                own = {}
        return {"type": str(self.type.data), **own}

    def _going(self) -> dict[str, Any]:
        chosen = self.step.data or ""
        if chosen.startswith(MARK):
            return {"to": chosen.removeprefix(MARK)}
        return {"step": chosen}

    def branches(self) -> Iterator[BranchForm]:
        for entry in self.when:
            yield entry.form

    def offer(self, steps: Sequence[tuple[str, str]], questions: Sequence[tuple[str, str]], asked: Asked) -> None:
        """Know the steps there are, and the questions that may decide."""
        self.step.choices = options([*WAYS, *steps])
        for branch in self.branches():
            branch.offer(steps, questions, asked)
