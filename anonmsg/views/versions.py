"""A message's versions: two of them side by side, and an older one as the draft again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from werkzeug import Response

from anonmsg import comparison, sentences
from anonmsg.db import db, utc_now
from anonmsg.message import Shape
from anonmsg.models import Message, Site
from anonmsg.models.message import Version, readable

blueprint = Blueprint("versions", __name__, url_prefix="/sites/<key>/messages/<id>")

DRAFT = "draft"
"""What the draft is called in an address, where a version has its number."""


@dataclass(frozen=True)
class Side:
    """What can be compared: a version, or the draft."""

    name: str
    label: str
    shape: Shape


@blueprint.get("/versions")
@login_required
def index(key: str, id: str) -> str:
    """``?left=`` and ``?right=`` name what is compared; without them, what visitors get and the draft."""
    site = current_user.site(key)
    message = site.message(id)
    sides = _sides(message)
    left, right = _asked(sides, request.args.get("left"), -2), _asked(sides, request.args.get("right"), -1)
    return _page("messages/versions.html", site, message, left, right, sides=sides)


@blueprint.post("/restore/<int:number>")
@login_required
def restore(key: str, id: str, number: int) -> Response | tuple[str, int]:
    """An older version becomes the draft again. Where that would lose changes that were never launched, it asks first;
    whoever has seen them says so with their ``lock``."""
    site = current_user.site(key)
    message = site.message(id)
    version = next((version for version in message.versions if version.number == number), None)
    version = version or abort(409, f"“{message.name}” has no version {number}.")
    seen = request.form.get("lock")
    if not message.kept and readable([message]) and seen != str(message.lock):
        return _asks(site, message, version, changed=seen is not None), 409
    message.restore(version, utc_now())
    db.session.commit()
    flash(f"Version {number} is the draft again. Look through it; visitors get it when you launch it.")
    return redirect(url_for("wizard.edit", key=key, id=id), code=303)


def _asks(site: Site, message: Message, version: Version, *, changed: bool) -> str:
    draft, chosen = Side(DRAFT, "The draft", message.shape), _side(message, version)
    return _page("messages/restore.html", site, message, draft, chosen, version=version, changed=changed)


def _sides(message: Message) -> list[Side]:
    """All that can be read, the oldest first and the draft last; without the draft where it is what visitors get."""
    versions = [_side(message, version) for version in reversed(message.versions) if readable([version])]
    drafts = [Side(DRAFT, "The draft", shape) for shape in readable([message]) if message.edited]
    return versions + drafts or abort(409, f"Nothing of “{message.name}” can be read.")


def _side(message: Message, version: Version) -> Side:
    live = ", what visitors get" if version is message.live else ""
    return Side(str(version.number), f"Version {version.number}{live}", version.shape)


def _asked(sides: list[Side], name: str | None, otherwise: int) -> Side:
    return next((side for side in sides if side.name == name), sides[max(otherwise, -len(sides))])


def _page(template: str, site: Site, message: Message, left: Side, right: Side, **more: Any) -> str:
    sections = comparison.compare(left.shape, right.shape)
    return render_template(
        template,
        site=site,
        message=message,
        left=left,
        right=right,
        sections=sections,
        differing=sum(section.differs for section in sections),
        sentences=sentences,
        **more,
    )
