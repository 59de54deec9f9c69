"""What websites and visitors reach: calls, health. Knows neither session nor account."""

from __future__ import annotations

from flask import Blueprint
from sqlalchemy import text

from anonmsg.db import db

blueprint = Blueprint("public", __name__)


@blueprint.get("/healthz")
def healthz() -> dict[str, str]:
    """200 when it can serve: the database answers and its tables are there."""
    db.session.execute(text("SELECT count(*) FROM site"))
    return {"status": "ok"}
