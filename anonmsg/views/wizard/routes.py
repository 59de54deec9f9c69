"""The wizard's blueprint, to which the modules beside add their pages."""

from __future__ import annotations

from flask import Blueprint, request

from anonmsg.db import reading_only

blueprint = Blueprint("wizard", __name__, url_prefix="/sites/<key>/messages")


@blueprint.before_request
def _no_lock_while_reading_a_form() -> None:
    """To judge a regex takes a while, in which visitors' calls would wait for SQLite's one writer."""
    if request.endpoint in ("wizard.preview", "wizard.save", "wizard.keep"):
        reading_only.set(True)
