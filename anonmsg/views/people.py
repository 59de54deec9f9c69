"""The people of a site, and visitors whom nobody has identified: lists, timelines, export and being forgotten."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from sqlalchemy.exc import NoResultFound
from werkzeug import Response

from anonmsg import activity, people
from anonmsg.models import Profile, Site, profiles
from anonmsg.models.person import person_of

blueprint = Blueprint("people", __name__, url_prefix="/sites/<key>")


@blueprint.get("/people")
@login_required
def index(key: str) -> str:
    """The list: ``?q=`` narrows it to words, ``?after=`` goes on. htmx asks for the list alone."""
    site, words = current_user.site(key), request.args.get("q", "").strip()
    found = people.page(site, words, request.args.get("after", ""))
    return render_template(
        "people/_list.html" if request.headers.get("HX-Request-Type") == "partial" else "people/index.html",
        site=site,
        words=words,
        page=found,
        last_seen=people.last_seen(site, found.people),
    )


@blueprint.get("/people/<person>")
@login_required
def show(key: str, person: str) -> Response | str:
    """One person. Who was found to be somebody else since is looked at there."""
    site = current_user.site(key)
    profile = known(site, person)
    if profile.id != person:
        return redirect(url_for(".show", key=key, person=profile.id), code=303)
    return render_template(
        "people/show.html",
        site=site,
        person=profile,
        conversion=people.conversion(site, profile),
        **_past(site, profile),
    )


@blueprint.get("/visitors/<visitor:anonymous_id>")
@login_required
def visitor(key: str, anonymous_id: str) -> Response | str:
    """A visitor nobody has identified; an identified one is looked at as the person."""
    site = current_user.site(key)
    if person := person_of(site, anonymous_id):
        return redirect(url_for(".show", key=key, person=person), code=303)
    past = _past(site, anonymous_id)
    if not past["span"]:
        raise NoResultFound
    return render_template("people/visitor.html", site=site, anonymous_id=anonymous_id, **past)


def known(site: Site, id: str) -> Profile:
    """The site's person. Raises :class:`NoResultFound` for any other, missing or another site's."""
    found = profiles(site, [id])
    if id not in found:
        raise NoResultFound
    return found[id]


def _past(site: Site, who: str | Profile) -> dict[str, object]:
    at, _, seq = request.args.get("before", "").partition("-")
    before = (int(at), int(seq)) if at.isdecimal() and seq.isdecimal() and len(at + seq) < 36 else None
    events = activity.timeline(site, activity.of(site, who), before)
    shown = events[: activity.PAGE]
    return {
        "lines": activity.lines(site, shown),
        "older": f"{shown[-1].at}-{shown[-1].seq}" if len(events) > len(shown) else "",
        "span": people.span(site, who),
        "met": people.met(site, who),
    }
