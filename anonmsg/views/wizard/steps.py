"""The steps of a message: shown, and saved."""

from __future__ import annotations

from flask import redirect, request
from flask_login import current_user, login_required
from sqlalchemy.orm.exc import StaleDataError
from werkzeug import Response

from anonmsg import wizard
from anonmsg.db import db, utc_now
from anonmsg.forms import StepForm
from anonmsg.forms.lists import change
from anonmsg.message import Shape
from anonmsg.models import Message, Site
from anonmsg.views import review
from anonmsg.views.wizard.page import Page, page
from anonmsg.views.wizard.routes import blueprint
from anonmsg.views.wizard.sent import sent, typed
from anonmsg.views.wizard.ways import again, editable, onward, step_of, tell, url
from anonmsg.wizard import REVIEW, WizardStep


@blueprint.get("/<id>/edit")
@blueprint.get("/<id>/edit/<step>")
@login_required
def edit(key: str, id: str, step: str = "") -> Response | Page:
    """A step as the draft has it. Without a step's name: where to go on."""
    site = current_user.site(key)
    message = editable(site, id)
    if not step:
        return redirect(url(site, message, wizard.open_step(message.shape, utc_now())), code=303)
    current = step_of(step)
    return page(site, message, current, current.form.of(message.shape))


@blueprint.post("/<id>/edit/<step>")
@login_required
def save(key: str, id: str, step: str) -> Response | Page:
    """Save the step and go where the pressed button says; a list's button changes the form and saves nothing."""
    site, current = current_user.site(key), step_of(step)
    message = editable(site, id)
    if order := request.form.get("order"):
        pairs, focus = change(sent(), order)
        return page(site, message, current, current.form.typed(pairs), focus=focus)
    form = typed(site, current)
    shape = form.read(message.shape, utc_now())
    if shape is None:
        return page(site, message, current, form), 422
    if form.lock.data != str(message.lock) and (message.edited if current is REVIEW else shape != message.shape):
        return _conflict(site, message, current, form)
    return _saved(site, message, current, form, shape)


def _saved(site: Site, message: Message, current: WizardStep, form: StepForm, shape: Shape) -> Response | Page:
    """Write in a transaction of its own, to the message as it is by then, unless somebody saved since it was read."""
    seen = message.lock
    message = again(site, message)
    if message.lock != seen:
        return _conflict(site, message, current, form)
    try:
        refused = current is REVIEW and review.sent(message)
        if current is not REVIEW:
            message.save(shape, utc_now())
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        return _conflict(site, editable(site, message.id), current, form)
    if refused:
        return page(site, message, current, form, refused=True), 422
    tell(form)
    return onward(site, message, current)


def _conflict(site: Site, message: Message, current: WizardStep, form: StepForm) -> Page:
    """Sending this page again overrules the other, so its lock is the message's as it is now."""
    form.lock.data = str(message.lock)
    return page(site, message, current, form, conflict=True), 409
