"""How messages look: the site's theme, or what a message has of its own over it. What is empty stays as it is."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Self

import msgspec
from wtforms import Form, FormField, SelectField, StringField
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from anonmsg.forms.base import leaves
from anonmsg.forms.fields import CHOOSE, Between, NumberField, at_most, options
from anonmsg.message import ButtonLook, Entrance, Font, Limits, Shadow, Theme, Word
from anonmsg.theme import SCHEMES, STANDARD, colour_problem, family_problem, faults

_HEX = re.compile(r"[0-9a-f]{3}|[0-9a-f]{6}")


class ColourField(StringField):
    """A colour as people write one: ``#ABC``, ``4f46e5``. What is none stays as it was typed."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, [at_most(Limits.COLOUR)], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        digits = (self.data or "").strip().lower().removeprefix("#")
        if _HEX.fullmatch(digits):
            self.data = "#" + "".join(digit * (6 // len(digits)) for digit in digits)

    def pre_validate(self, form: BaseForm) -> None:
        if self.data and (text := colour_problem(self.data)):
            raise StopValidation(text)


class FamilyField(StringField):
    """The name of one font."""

    def pre_validate(self, form: BaseForm) -> None:
        if self.data and (text := family_problem(self.data.strip())):
            raise StopValidation(text)


class PaletteForm(Form):
    surface = ColourField("Surface")
    text = ColourField("Text")
    accent = ColourField("Accent")
    on_accent = ColourField("On accent")
    line = ColourField("Lines")


class ChoiceField(SelectField):
    """One of the contract's words, or None for what it is without."""

    def __init__(self, label: str, words: type[Word], **kwargs: Any) -> None:
        self.words = words
        super().__init__(label, coerce=lambda word: words(word) if word else None, **CHOOSE, **kwargs)
        self.say_without("")

    def say_without(self, words: str) -> None:
        self.choices = options([("", words), *self.words.choices()])


class ThemeForm(Form):
    """Named after the fields of a theme, with dashes for dots."""

    WITHOUT: ClassVar[str] = "Standard"
    """What a field means that is left empty."""

    light = FormField(PaletteForm, "Light")
    dark = FormField(PaletteForm, "Dark")
    font = ChoiceField("Font", Font)
    family = FamilyField("Family", [at_most(Limits.FAMILY)])
    text_size = NumberField("Text size", [Between(*Limits.TEXT_SIZE)])
    radius = NumberField("Radius of corners", [Between(*Limits.RADIUS)])
    spacing = NumberField("Spacing", [Between(*Limits.SPACING)])
    shadow = ChoiceField("Shadow", Shadow)
    buttons = ChoiceField("Buttons", ButtonLook)
    entrance = ChoiceField("Entrance", Entrance)
    z_index = NumberField("z-index", [Between(*Limits.Z_INDEX)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stand_on(Theme())

    def stand_on(self, base: Theme) -> None:
        """What is left empty is as ``base`` says."""
        self.base = base.over(STANDARD)
        for field in self:
            if isinstance(field, ChoiceField):
                field.say_without(f"{self.WITHOUT}: {getattr(self.base, field.short_name).label}")

    @classmethod
    def of(cls, theme: Theme) -> Self:
        return cls(data=cls.values_of(theme))

    @classmethod
    def values_of(cls, theme: Theme) -> dict[str, Any]:
        flat = {name: getattr(theme, name) for name in theme.__struct_fields__}
        return flat | {"light": msgspec.structs.asdict(theme.light), "dark": msgspec.structs.asdict(theme.dark)}

    def values(self) -> dict[str, Any]:
        """What was typed, in builtin types."""
        palettes = {name: _filled(getattr(self, name).data) for name in SCHEMES}
        return _filled(self.data) | palettes

    def read(self) -> Theme | None:
        """The theme that was typed; None, and errors at their fields, where that cannot be used."""
        if not self.validate():
            return None
        theme = msgspec.convert(self.values(), Theme)
        for fault in faults(theme):
            self._show(fault.where.split("."), fault.text)
        return None if self.errors else theme

    @property
    def mistakes(self) -> list[tuple[str, str]]:
        """Every error as ``(id of its field, text)``."""
        return [(field.id, str(error)) for field in leaves(self) for error in field.errors]

    def _show(self, where: list[str], text: str) -> None:
        field: Any = self
        for name in where:
            field = getattr(field, "form", field)[name]
        field.errors = [*field.errors, text]


class OwnThemeForm(ThemeForm):
    """What a message has of its own."""

    WITHOUT = "As the site"


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    given = {name: value.strip() if isinstance(value, str) else value for name, value in data.items()}
    return {name: value for name, value in given.items() if value not in (None, "")}
