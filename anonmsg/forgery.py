"""Against forged requests and links: a token in every form, for writes the browser's own word on where they come from,
and for redirects only our own pages.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import abort, current_app, request
from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()

_LOCAL = re.compile(r"/(?!/)[!-\[\]-~]*")
"""A slash, not two, then visible ASCII without a backslash: browsers take that for a slash and drop the invisible."""


def refuse_other_origins() -> None:
    """Refuse a write that another website's page sent. The public calls are exempt: every website may send them."""
    if request.method in ("GET", "HEAD", "OPTIONS") or request.blueprint == "public":
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none") or _foreign_origin():
        abort(403, "This request came from another website.")


def _foreign_origin() -> bool:
    """Compares hosts, not schemes: a proxy may speak https for us. The origin “null” names no host and is foreign."""
    origin = request.headers.get("Origin")
    public_host = urlsplit(current_app.config["SETTINGS"].public_url).netloc
    return origin is not None and urlsplit(origin).netloc not in {request.host, public_host or request.host}


def local_path(target: str | None) -> str | None:
    """``target`` where it leads to a page of this server whatever a browser makes of it, otherwise None."""
    return target if target and len(target) <= 2_000 and _LOCAL.fullmatch(target) else None
