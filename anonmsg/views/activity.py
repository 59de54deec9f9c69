"""A site's activity: what happened, newest first, and what happens while somebody looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, render_template, request
from flask_login import current_user, login_required
from sqlalchemy import select

from anonmsg import activity
from anonmsg.activity import Filter
from anonmsg.db import db, number_in
from anonmsg.intake.calls import TYPES
from anonmsg.models import Event, Message, Site
from anonmsg.views.typed import visible

blueprint = Blueprint("activity", __name__, url_prefix="/sites/<key>/activity")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@blueprint.app_template_filter("utc")
def utc(milliseconds: int) -> datetime:
    """A time as events hold it."""
    return EPOCH + timedelta(milliseconds=milliseconds)


@blueprint.get("")
@login_required
def index(key: str) -> str:
    """A page of the log; the filter is in the address, and so is ``before``, where an older page begins."""
    site, wanted, before = current_user.site(key), asked(), number_in(request.args.get("before", ""))
    found = activity.page(site, wanted, before)
    return render_template(
        "activity/index.html",
        site=site,
        filter=wanted,
        choices=_choices(site),
        page=found,
        before=before,
        lines=activity.lines(site, found.events),
        after=Event.newest_key(),
    )


@blueprint.get("/new")
@login_required
def new(key: str) -> str:
    """What came since the page was opened, asked for again and again while somebody looks at it."""
    site, wanted, after = current_user.site(key), asked(), number_in(request.args.get("after", "")) or 0
    found = activity.newer(site, wanted, after)
    return render_template(
        "activity/_new.html",
        site=site,
        filter=wanted,
        page=found,
        lines=activity.lines(site, found.events),
        after=after,
    )


def _choices(site: Site) -> dict[str, list[tuple[str, str]]]:
    """What the filter's lists offer, each with its words."""
    messages = select(Message.id, Message.name).where(Message.site_id == site.id).order_by(Message.created_at.desc())
    return {
        "types": [(type, type.capitalize()) for type in TYPES],
        "messages": list(db.session.execute(messages)),
    }


def asked() -> Filter:
    """The filter in the request's address."""
    names = Filter.__dataclass_fields__
    return Filter(**{name: visible(text) for name, text in request.args.items() if name in names})
