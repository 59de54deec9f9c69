"""Messages on their way: to another site of the same user, and as files."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask_login import current_user, login_required

blueprint = Blueprint("transfer", __name__, url_prefix="/sites/<key>/messages")


@blueprint.get("/<id>/elsewhere")
@login_required
def elsewhere(key: str, id: str) -> str:
    """Which of the user's other sites gets a copy."""
    site = current_user.site(key)
    message = site.message(id)
    others = [other for other in current_user.sites if other is not site]
    return render_template(
        "messages/elsewhere.html", site=site, message=message, others=others or abort(409, "You have no other site.")
    )
