"""What a site's visitors looked at lately, for the pages that forecast how often a message would be met."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint
from flask_login import current_user, login_required

from anonmsg.addresses import visited
from anonmsg.db import utc_now

blueprint = Blueprint("addresses", __name__, url_prefix="/sites/<key>/addresses")


@blueprint.get("")
@login_required
def index(key: str) -> dict[str, Any]:
    """As JSON. Addresses are as they were stored, without the query parameters that the site does not keep."""
    return asdict(visited(current_user.site(key), utc_now()))
