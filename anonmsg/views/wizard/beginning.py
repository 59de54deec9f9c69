"""The details of a message that is not there yet."""

from __future__ import annotations

import msgspec
from flask import redirect, request
from flask_login import current_user, login_required
from sqlalchemy.exc import IntegrityError
from werkzeug import Response

from anonmsg.db import db, utc_now
from anonmsg.message import Shape
from anonmsg.models import Message, Site
from anonmsg.models.message import ID
from anonmsg.views.wizard.page import Page, page
from anonmsg.views.wizard.routes import blueprint
from anonmsg.views.wizard.sent import typed, wanted
from anonmsg.views.wizard.ways import onward, tell, url
from anonmsg.wizard import FIRST


@blueprint.route("/new", methods=["GET", "POST"])
@login_required
def new(key: str) -> Response | Page:
    """The details of a message that is not there yet: it is made when they are sent, and only once, however often that
    is. Its id is in the form in place of a lock."""
    site = current_user.site(key)
    if request.method == "GET":
        if begun := site.find(request.args.get("begun", "")):
            return redirect(url(site, begun, FIRST), code=303)
        return page(site, None, FIRST, wanted(site, request.args.get("template", "")))
    form = typed(site, FIRST)
    begun = site.find(form.lock.data or "")
    shape = form.read(begun.shape if begun else Shape(), utc_now())
    if shape is None:
        return page(site, None, FIRST, form), 422
    message = _begun(site, begun, shape, form.lock.data)
    tell(form)
    return onward(site, message, FIRST)


def _begun(site: Site, message: Message | None, shape: Shape, id: str | None) -> Message:
    """The message with these details: the new one, or the one that was made from the same form before."""
    if message and shape == message.shape:
        return message
    if message:
        message.save(shape, utc_now())
    else:
        named = id if ID.fullmatch(id or "") else msgspec.UNSET
        message = site.draft(msgspec.structs.replace(shape, id=named), utc_now())
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return site.message(message.id)
    return message
