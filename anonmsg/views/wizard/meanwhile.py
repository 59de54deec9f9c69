"""What the page of a step asks for while somebody types."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_login import current_user, login_required

from anonmsg import sentences
from anonmsg.db import db, utc_now
from anonmsg.forms import ContentForm
from anonmsg.models import Message
from anonmsg.views.wizard.page import as_drawn, in_words
from anonmsg.views.wizard.routes import blueprint
from anonmsg.views.wizard.sent import sent, typed
from anonmsg.views.wizard.ways import again, editable, step_of

Json = tuple[dict[str, Any], int]


@blueprint.post("/<id>/keep")
@login_required
def keep(key: str, id: str) -> Json:
    """Save the content while somebody types, even where something is still missing; JSON says what became of it."""
    site = current_user.site(key)
    message, form = editable(site, id), ContentForm.typed(sent())
    shape = form.kept(message.shape, utc_now())
    if shape is None:
        return {"mistakes": form.mistakes}, 422
    if shape == message.shape:
        return _kept(message)
    message = again(site, message)
    if form.lock.data != str(message.lock):
        return _elsewhere(message)
    message.save(shape, utc_now())
    db.session.commit()
    return _kept(message)


def _kept(message: Message) -> Json:
    return {"lock": str(message.lock), "at": message.edited_at.isoformat()}, 200


def _elsewhere(message: Message) -> Json:
    """Somebody saved in between: who types decides which of the two stays."""
    notice = render_template("wizard/_elsewhere.html", message=message, shape=message.shape, sentences=sentences)
    return {"lock": str(message.lock), "notice": notice}, 409


@blueprint.post("/<id>/preview/<step>")
@login_required
def preview(key: str, id: str, step: str) -> dict[str, Any]:
    """What is in the form, as the snippet draws it and as sentences, or why it cannot be understood, and what would
    keep Next from saving it. Writes nothing."""
    site = current_user.site(key)
    message, form = site.message(id), typed(site, step_of(step))
    shape = form.draft(message.shape)
    if shape is None:
        seen: dict[str, Any] = {"problems": [text for _, text in form.mistakes]}
    else:
        timeline = sentences.timeline(shape.schedule, utc_now())
        seen = {**as_drawn(shape, site), "words": in_words(shape, form), "timeline": timeline}
    form.read(message.shape, utc_now())
    return {**seen, "mistakes": form.mistakes}
