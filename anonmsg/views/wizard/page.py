"""The page of a step."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import render_template

from anonmsg import sentences, wizard
from anonmsg.db import new_key, utc_now
from anonmsg.forms import ContentForm, StepForm
from anonmsg.message import Shape, Status
from anonmsg.models import Message, Site
from anonmsg.views import review
from anonmsg.views.preview import link_form
from anonmsg.views.templates import choices
from anonmsg.views.theme import seen
from anonmsg.wizard import FIRST, REVIEW, WizardStep

Page = str | tuple[str, int]

PREVIEWED = ("content", "review")
"""The steps that show the message."""


def page(site: Site, message: Message | None, current: WizardStep, form: StepForm, **more: Any) -> str:
    """A step's page. Shown again, its lock stays what it was, or a conflict would not be noticed any more."""
    shape, now = message.shape if message else Shape(), utc_now()
    form.lock.data = form.lock.data or (str(message.lock) if message else new_key())
    if isinstance(form, ContentForm):
        form.theme.form.stand_on(site.theme)
    return render_template(
        f"wizard/{current.name}.html",
        site=site,
        message=message,
        shape=shape,
        form=form,
        step=current,
        previous=wizard.previous(current),
        following=wizard.following(current),
        marks=wizard.marks(shape, now, current, launched=bool(message and message.number)),
        problems=message.problems(now) if message else [],
        owner=wizard.owner,
        words=in_words(shape, form),
        drawn=(drawn := as_drawn(shape, site)),
        contrasts=drawn["contrasts"],
        rules=msgspec.to_builtins(shape.page_rules),
        link_form=link_form(site) if message and current.name in PREVIEWED else None,
        status=message.status(now) if message else Status.DRAFT,
        timeline=sentences.timeline(shape.schedule, now),
        sentences=sentences,
        **(review.gate(site, message, drawn, now) if message and current is REVIEW else {}),
        **(choices(site) if current is FIRST and not any(shape.blocks()) else {}),
        **more,
    )


def as_drawn(shape: Shape, site: Site) -> dict[str, Any]:
    """What the preview needs of a message."""
    whole = msgspec.to_builtins(shape)
    return {"display": whole["display"], "steps": whole["steps"], **seen(shape.look(site.theme), form="theme-")}


def in_words(shape: Shape, form: StepForm) -> dict[str, str]:
    """The sentences beside the fields, which follow every change."""
    return {
        "rules": sentences.rules(shape.page_rules),
        "targeting": sentences.targeting(shape),
        "frequency": sentences.frequency(shape.frequency),
        "example": sentences.example(shape.frequency),
        "schedule": sentences.schedule(shape.schedule),
        "notes": " ".join(form.notes),
    }
