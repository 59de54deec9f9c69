"""Preview links: made on a message's page and in the wizard, opened on the marketer's own website."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, render_template, url_for
from flask_login import current_user, login_required
from flask_wtf import FlaskForm
from wtforms import URLField, ValidationError
from wtforms.validators import InputRequired, Length

from anonmsg.db import reading_only, utc_now
from anonmsg.models import Site
from anonmsg.preview import Link
from anonmsg.settings import is_loopback
from anonmsg.views.sites import server_url, setup_of
from anonmsg.views.typed import visible

blueprint = Blueprint("preview", __name__, url_prefix="/sites/<key>/messages")

Page = str | tuple[str, int]


@blueprint.before_request
def _no_lock_to_sign_something() -> None:
    """A link is nowhere written down."""
    reading_only.set(True)


class LinkForm(FlaskForm):
    address = URLField(
        "Page of your website",
        [
            InputRequired("Type the address of a page that carries the install tag."),
            Length(max=2_000, message="An address has at most 2,000 characters."),
        ],
        filters=[visible],
    )

    def validate_address(self, field: URLField) -> None:
        if not _is_page(field.data or ""):
            raise ValidationError("Type a whole address, such as https://shop.example/pricing.")


def _is_page(address: str) -> bool:
    """Whether a browser opens it as somebody's page, and nothing in it is hidden from who reads it."""
    try:
        parts = urlsplit(address)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:  # brackets without an address, a port that is none
        return False
    plain = address.isprintable() and not set(address) & set(' \\"<>')
    return bool(
        plain and port_is_good and parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    )


@blueprint.route("/<id>/preview-link", methods=["GET", "POST"])
@login_required
def link(key: str, id: str) -> Page:
    """Where to open the draft; with POST, the link, which is good for an hour."""
    site = current_user.site(key)
    message = site.message(id)
    if not message.may("save"):
        abort(409, f"“{message.name}” is archived: there is nothing to preview.")
    form = LinkForm(data={"address": _page_of(site)})
    page = {"site": site, "message": message, "link_form": form}
    if not form.validate_on_submit():
        return render_template("messages/preview_link.html", **page), 422 if form.is_submitted() else 200
    made = Link.to(message, utc_now())
    address = made.address(form.address.data or "", current_app.config["SETTINGS"].secret_key)
    return render_template("messages/preview_link.html", **page, made=made, address=address)


def link_form(site: Site) -> LinkForm:
    """For pages that have the field among others."""
    return LinkForm(formdata=None, data={"address": _page_of(site)})


def _page_of(site: Site) -> str:
    """A page of the site's website, where its install tag is seen on one only. Anybody can say that they are another,
    with the public key, and would be sent the draft by whoever does not look twice; then it is typed. The demo shop,
    where there is no website yet."""
    hosts = [website.host for website in setup_of(site).websites]
    if not hosts:
        return server_url() + url_for("demo.home", site=site.key)
    if len(hosts) != 1:
        return ""
    scheme = "http" if is_loopback(urlsplit(f"//{hosts[0]}").hostname or "") else "https"
    return f"{scheme}://{hosts[0]}/"
