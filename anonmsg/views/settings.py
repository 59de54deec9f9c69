"""A site's settings: its name, how many messages a visitor sees, for how long calls are kept, what is never kept."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user, login_required
from flask_wtf import FlaskForm
from werkzeug import Response
from wtforms import IntegerField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from anonmsg.db import db
from anonmsg.models.site import MOST_DAYS, NAME_LENGTH
from anonmsg.views.typed import visible

blueprint = Blueprint("settings", __name__, url_prefix="/sites/<key>/settings")

MOST_PARAMETERS = 50
PARAMETER_LENGTH = 64


MOST_VIEWS = 100


class SettingsForm(FlaskForm):
    name = StringField(
        "Name",
        [DataRequired("Give the site a name."), Length(max=NAME_LENGTH, message=f"At most {NAME_LENGTH} characters.")],
        filters=[visible],
    )
    retention_days = IntegerField(
        "Keep activity for",
        [Optional(), NumberRange(1, MOST_DAYS, f"Give a number of days from 1 to {MOST_DAYS}, or leave it empty.")],
    )
    daily_limit = IntegerField(
        "Messages a visitor sees at most in 24 hours",
        [Optional(), NumberRange(1, MOST_VIEWS, f"Give a number from 1 to {MOST_VIEWS}, or leave it empty.")],
    )
    stripped_parameters = TextAreaField("Query parameters that are not kept")

    def validate_stripped_parameters(self, field: TextAreaField) -> None:
        if len(self.parameters) > MOST_PARAMETERS:
            raise ValidationError(f"At most {MOST_PARAMETERS} names.")
        if long := next((name for name in self.parameters if len(name) > PARAMETER_LENGTH), None):
            raise ValidationError(f"“{long[:20]}…” is longer than {PARAMETER_LENGTH} characters.")

    @property
    def parameters(self) -> list[str]:
        """The names, each once, in small letters."""
        lines = (visible(line) for line in (self.stripped_parameters.data or "").replace(",", " ").split())
        return sorted({line.lstrip("?&").lower() for line in lines} - {""})


@blueprint.route("", methods=["GET", "POST"])
@login_required
def edit(key: str) -> Response | tuple[str, int]:
    site = current_user.site(key)
    form = SettingsForm(obj=site)
    if not form.validate_on_submit():
        if not form.is_submitted():
            form.stripped_parameters.data = "\n".join(site.stripped_parameters.split())
        return render_template("sites/settings.html", site=site, form=form), 422 if form.is_submitted() else 200
    site.name = form.name.data or ""
    site.retention_days = form.retention_days.data
    site.limit_views(form.daily_limit.data)
    site.stripped_parameters = " ".join(form.parameters)
    db.session.commit()
    flash("The settings are saved.")
    return redirect(url_for(".edit", key=key), code=303)
