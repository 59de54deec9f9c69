"""Sites."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_login import current_user, login_required

blueprint = Blueprint("sites", __name__, url_prefix="/sites")


@blueprint.get("")
@login_required
def index() -> str:
    return render_template("sites/index.html", sites=current_user.sites)
