"""What was sent, as the form of a step."""

from __future__ import annotations

import re

from flask import abort, request

from anonmsg.forms import DetailsForm, StepForm
from anonmsg.forms.lists import Pairs
from anonmsg.message import Shape
from anonmsg.models import Site
from anonmsg.views.templates import offered
from anonmsg.wizard import WizardStep

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

MOST_FIELDS = 10_000
"""Fields of a form; the largest message there can be has about half as many."""


def sent() -> Pairs:
    """The form in order, without control characters: nobody types them, and no page may show them."""
    if len(request.form) > MOST_FIELDS:
        abort(413)
    return [(name, _CONTROLS.sub("", value)) for name, value in request.form.items(multi=True)]


def typed(site: Site, current: WizardStep) -> StepForm:
    form = current.form.typed(sent())
    if isinstance(form, DetailsForm):
        form.offer(_offers(site))
    return form


def wanted(site: Site, template: str) -> DetailsForm:
    """The details of a message that is started from a template, or blank where there is none of that name."""
    offers = _offers(site)
    form = DetailsForm.of(offers.get(template, Shape()))
    form.template.data = template if template in offers else ""
    return form


def _offers(site: Site) -> dict[str, Shape]:
    """The templates by their names in the form."""
    return {name: shape for group in offered(site).values() for name, shape in group.items()}
