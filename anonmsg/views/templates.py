"""What messages start from: the templates that come with the product, and those that a site keeps of its own."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from werkzeug import Response

from anonmsg.db import db, utc_now
from anonmsg.forgery import local_path
from anonmsg.manifest.look import Look
from anonmsg.message import Limits, Shape
from anonmsg.models import Site, Template, TooMany
from anonmsg.models.message import readable
from anonmsg.starters import FIRST, GROUPS, starters
from anonmsg.views.typed import visible

blueprint = Blueprint("templates", __name__, url_prefix="/sites/<key>")

OWN = "Your templates"


@blueprint.get("/templates")
@login_required
def index(key: str) -> str:
    site = current_user.site(key)
    owned = {kept.id: kept for kept in site.templates}
    return render_template("templates/index.html", site=site, owned=owned, **choices(site))


@blueprint.post("/messages/<id>/template")
@login_required
def create(key: str, id: str) -> Response:
    """Keep the message's draft as a template, and go back to where the button stood."""
    site = current_user.site(key)
    message = site.message(id)
    try:
        Template.keep(message, utc_now())
    except TooMany as error:
        abort(409, str(error))
    db.session.commit()
    flash(f"“{message.name}” is kept as a template. Start from it with “Create Anonymous Message”.")
    return redirect(local_path(request.form.get("back")) or url_for("messages.show", key=key, id=id), code=303)


@blueprint.post("/templates/<template>/rename")
@login_required
def rename(key: str, template: str) -> Response:
    kept, name = current_user.site(key).template(template), visible(request.form.get("name"))
    if not 0 < len(name) <= Limits.NAME:
        abort(422, f"A template needs a name, of at most {Limits.NAME} characters.")
    kept.name = name
    db.session.commit()
    flash(f"The template is called “{name}” now.")
    return redirect(url_for(".index", key=key), code=303)


@blueprint.post("/templates/<template>/delete")
@login_required
def delete(key: str, template: str) -> Response:
    """Messages that were started from it stay as they are."""
    kept = current_user.site(key).template(template)
    db.session.delete(kept)
    db.session.commit()
    flash(f"The template “{kept.name}” is deleted. Messages that were started from it stay.")
    return redirect(url_for(".index", key=key), code=303)


def offered(site: Site) -> dict[str, dict[str, Shape]]:
    """The templates of each group by their names, the site's own first; without those that cannot be read."""
    own = {kept.id: shape for kept in site.templates for shape in readable([kept])}
    ours = {title: {name: starters()[name] for name in names} for title, names in GROUPS.items()}
    return {OWN: own, **ours} if own else ours


def choices(site: Site) -> dict[str, Any]:
    """What a page needs that shows templates as pictures."""
    return {"groups": offered(site), "own": OWN}


def first_choices() -> dict[str, Any]:
    """The few that a site without any message is shown."""
    return {"first": {name: starters()[name] for name in FIRST}}


def pictured(shape: Shape, site: Site) -> dict[str, Any]:
    """What the snippet draws a picture of a message from, in the site's theme."""
    whole = msgspec.to_builtins(shape)
    theme = msgspec.to_builtins(Look.of(shape.look(site.theme)))
    return {"display": whole["display"], "steps": whole["steps"][:1], "theme": theme}
