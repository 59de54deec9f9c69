"""A site's theme: how all its messages look, with samples that follow what is chosen."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from anonmsg.db import db
from anonmsg.forms.theme import ThemeForm
from anonmsg.manifest.look import Look
from anonmsg.message import Theme
from anonmsg.models import Site
from anonmsg.theme import weak_contrasts
from anonmsg.views.typed import visible

blueprint = Blueprint("theme", __name__, url_prefix="/sites/<key>/theme")


@blueprint.get("")
@login_required
def edit(key: str) -> str:
    """The theme; ``?default`` shows what it is without one, which nothing is before it is saved."""
    site = current_user.site(key)
    is_reset = "default" in request.args
    theme = Theme() if is_reset else site.theme
    return _page(site, theme, ThemeForm.of(theme), is_reset=is_reset)


@blueprint.post("")
@login_required
def save(key: str) -> Response | tuple[str, int]:
    site, form = current_user.site(key), _typed()
    theme = form.read()
    if theme is None:
        return _page(site, site.theme, form), 422
    site.restyle(theme)
    db.session.commit()
    flash("The theme is saved. Within 15 seconds every page shows its messages like this.")
    return redirect(url_for(".edit", key=key), code=303)


@blueprint.post("/look")
@login_required
def look(key: str) -> dict[str, Any]:
    """What is in the form, as the snippet draws it, or why it cannot be used. Writes nothing."""
    current_user.site(key)
    form = _typed()
    theme = form.read()
    return {"mistakes": form.mistakes} if theme is None else seen(theme)


def seen(theme: Theme, form: str = "") -> dict[str, Any]:
    """A theme for the snippet, and which of its colours cannot be read well, by the ids of their fields."""
    weak = [asdict(each) | {"id": form + each.where.replace(".", "-")} for each in weak_contrasts(theme)]
    return {"theme": msgspec.to_builtins(Look.of(theme)), "contrasts": weak}


def _typed() -> ThemeForm:
    return ThemeForm(MultiDict((name, visible(value)) for name, value in request.form.items(multi=True)))


def _page(site: Site, theme: Theme, form: ThemeForm, *, is_reset: bool = False) -> str:
    return render_template("theme/edit.html", site=site, form=form, is_reset=is_reset, **seen(theme))
