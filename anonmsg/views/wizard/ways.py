"""The message and the step that an address names, and where to go from there."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from werkzeug import Response

from anonmsg import sentences, wizard
from anonmsg.db import db, reading_only, utc_now
from anonmsg.forms import StepForm
from anonmsg.message import State, Status
from anonmsg.models import Message, NotAllowed, Site
from anonmsg.wizard import REVIEW, WizardStep


def step_of(name: str) -> WizardStep:
    return wizard.step(name) or abort(404)


def editable(site: Site, id: str) -> Message:
    """The site's message, unless it is archived: then NotAllowed is raised, which is answered with 409."""
    message = site.message(id)
    if message.state == State.ARCHIVED:
        raise NotAllowed("save", State.ARCHIVED)
    return message


def again(site: Site, message: Message) -> Message:
    """The message as it is by now, in a transaction that writes. A verb that came in between leaves its lock alone."""
    db.session.commit()
    reading_only.set(False)
    db.session.expire(message)
    return editable(site, message.id)


def url(site: Site, message: Message, step: WizardStep) -> str:
    return url_for(".edit", key=site.key, id=message.id, step=step.name)


def onward(site: Site, message: Message, current: WizardStep) -> Response:
    """To the step that the pressed button names, or stay; after the launch, to the message's page."""
    go = request.form.get("go", "")
    if go == "launch" and current is REVIEW:
        flash(_launched(message))
        return redirect(url_for("messages.show", key=site.key, id=message.id), code=303)
    return redirect(url(site, message, wizard.step(go) or current), code=303)


def _launched(message: Message) -> str:
    if message.status(utc_now()) is Status.SCHEDULED:
        return f"Launched. {sentences.schedule(message.shape.schedule)}"
    return "Live. See it on your site: within 15 seconds every page that it fits shows it to anonymous visitors."


def tell(form: StepForm) -> None:
    for note in form.notes:
        flash(note)
