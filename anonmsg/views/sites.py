"""Sites: the list, a new one, and what goes into a website's pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from flask_wtf import FlaskForm
from sqlalchemy import func, select
from werkzeug import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from anonmsg import setup
from anonmsg.db import db, utc_now
from anonmsg.delivery.bundle import Bundle
from anonmsg.models import Message, Site
from anonmsg.models.site import NAME_LENGTH
from anonmsg.settings import is_loopback
from anonmsg.views.typed import visible

blueprint = Blueprint("sites", __name__, url_prefix="/sites")


PLATFORMS = {
    "html": "Plain HTML",
    "tag-manager": "Tag manager",
    "react": "React, Next.js",
    "vue": "Vue",
    "wordpress": "WordPress",
    "shopify": "Shopify",
}
"""For what the page of the install tag has steps and code, in templates/sites/platforms/."""


class SiteForm(FlaskForm):
    name = StringField(
        "Name",
        [
            DataRequired("Give the site a name, for example its address."),
            Length(max=NAME_LENGTH, message=f"A name has at most {NAME_LENGTH} characters."),
        ],
        filters=[visible],
    )


@blueprint.get("")
@login_required
def index() -> str:
    sites = current_user.sites
    return render_template("sites/index.html", sites=sites, counts=_message_counts(sites))


@blueprint.route("/new", methods=["GET", "POST"])
@login_required
def new() -> Response | tuple[str, int]:
    form = SiteForm()
    if not form.validate_on_submit():
        return render_template("sites/new.html", form=form), 422 if form.is_submitted() else 200
    site = Site.create(form.name.data or "", current_user)
    db.session.commit()
    flash(f"{site.name} is ready. Put its install tag into your website.")
    return redirect(url_for("sites.install", key=site.key), code=303)


@blueprint.get("/<key>")
@login_required
def show(key: str) -> Response:
    return redirect(url_for("messages.index", key=current_user.site(key).key), code=303)


@blueprint.get("/<key>/install")
@login_required
def install(key: str) -> str:
    """The page; ``?platform=`` says for what it explains the installation."""
    asked = request.args.get("platform", "")
    return render_template(
        "sites/install.html",
        **_state(current_user.site(key)),
        platforms=PLATFORMS,
        platform=asked if asked in PLATFORMS else next(iter(PLATFORMS)),
        build=Bundle.current(),
        is_local=is_loopback(urlsplit(server_url()).hostname or ""),
    )


@blueprint.get("/<key>/install/state")
@login_required
def install_state(key: str) -> str:
    """What is known of the installation by now, asked for again and again while somebody looks at the page."""
    return render_template("sites/_setup.html", **_state(current_user.site(key)))


def _state(site: Site) -> dict[str, Any]:
    return {"site": site, "server": server_url(), "setup": setup_of(site), "span": setup.span}


def setup_of(site: Site) -> setup.Setup:
    """How the site's install tag is doing on websites."""
    return setup.Setup.of(site, {urlsplit(server_url()).netloc, request.host}, utc_now())


def server_url() -> str:
    """Where websites reach this server, without a slash at the end."""
    public_url: str = current_app.config["SETTINGS"].public_url
    return public_url or request.host_url.rstrip("/")


def _message_counts(sites: list[Site]) -> dict[str, int]:
    """How many messages each site has, by its id, in one query. A site without any is left out."""
    query = select(Message.site_id, func.count()).where(Message.site_id.in_([site.id for site in sites]))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Message.site_id))}
