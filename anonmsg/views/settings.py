"""A site's settings: its name, its websites, how many messages a visitor sees, what is kept and for how long."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from flask_wtf import FlaskForm
from werkzeug import Response
from wtforms import IntegerField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from anonmsg.db import db
from anonmsg.intake.websites import PORTS, NoWebsite, Website, allows, listed
from anonmsg.models import Sighting, Site
from anonmsg.models.site import MOST_DAYS, NAME_LENGTH
from anonmsg.views.typed import visible

blueprint = Blueprint("settings", __name__, url_prefix="/sites/<key>/settings")

MOST_PARAMETERS = 50
PARAMETER_LENGTH = 64


MOST_VIEWS = 100
MOST_WEBSITES = 100
MOST_NAMED = 20


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
    websites = TextAreaField("Websites whose numbers count")
    stripped_parameters = TextAreaField("Query parameters that are not kept")

    def validate_websites(self, field: TextAreaField) -> None:
        try:
            count = len(self.sources)
        except NoWebsite as error:
            raise ValidationError(str(error)) from None
        if count > MOST_WEBSITES:
            raise ValidationError(f"At most {MOST_WEBSITES} websites.")

    @property
    def sources(self) -> list[Website]:
        """The websites, each once, as they were typed. Raises :class:`NoWebsite`."""
        lines = (visible(line) for line in (self.websites.data or "").replace(",", " ").split())
        return list(dict.fromkeys(Website.read(line) for line in lines if line))

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
            form.websites.data = "\n".join(website.label for website in listed(site.websites))
            form.stripped_parameters.data = "\n".join(site.stripped_parameters.split())
        page = render_template("sites/settings.html", site=site, form=form, hosts=_calling(site))
        return page, 422 if form.is_submitted() else 200
    site.name = form.name.data or ""
    site.retention_days = form.retention_days.data
    site.limit_views(form.daily_limit.data)
    site.websites = " ".join(map(str, form.sources))
    site.stripped_parameters = " ".join(form.parameters)
    db.session.commit()
    flash(" ".join(["The settings are saved.", *_left_out(site)]))
    return redirect(url_for(".edit", key=key), code=303)


def _calling(site: Site) -> list[str]:
    """Hosts that calls came from in the last 30 days, those seen last first, without our own. Some may be invented."""
    return [one.host for one in Sighting.of_site(site) if one.called_at and one.host != request.host][:MOST_NAMED]


def _left_out(site: Site) -> Iterator[str]:
    """Names those whose events do not count from now on, lest one was forgotten."""
    # How a website is reached is not kept; a port that is not said is the usual one.
    out = [host for host in _calling(site) if not any(allows(site.websites, f"{way}://{host}") for way in PORTS)]
    if out:
        yield f"What comes from {', '.join(out)} does not count from now on."
