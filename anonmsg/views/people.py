"""The people of a site, and visitors whom nobody has identified: lists, timelines, export and being forgotten."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from sqlalchemy.exc import NoResultFound
from werkzeug import Response

from anonmsg import activity, people
from anonmsg.db import db, number_in
from anonmsg.intake import erasure
from anonmsg.models import Profile, Site, profiles
from anonmsg.models.person import person_of
from anonmsg.views.typed import visible

blueprint = Blueprint("people", __name__, url_prefix="/sites/<key>")


@blueprint.get("/people")
@login_required
def index(key: str) -> str:
    """The list: ``?q=`` narrows it to words, ``?after=`` goes on. htmx asks for the list alone."""
    site, words = current_user.site(key), visible(request.args.get("q"))
    found = people.page(site, words, visible(request.args.get("after")))
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
    past = _past(site, seen(site, anonymous_id))
    return render_template("people/visitor.html", site=site, anonymous_id=anonymous_id, **past)


@blueprint.get("/people/<person>/export")
@login_required
def export(key: str, person: str) -> Response:
    site = current_user.site(key)
    return _download(people.export(site, known(site, person)))


@blueprint.get("/visitors/<visitor:anonymous_id>/export")
@login_required
def export_visitor(key: str, anonymous_id: str) -> Response:
    site = current_user.site(key)
    return _download(people.export(site, seen(site, anonymous_id)))


@blueprint.route("/people/<person>/forget", methods=["GET", "POST"])
@login_required
def forget(key: str, person: str) -> Response | tuple[str, int]:
    """Ask once more, then erase all that is kept of the person."""
    site = current_user.site(key)
    profile = known(site, person)
    if not confirmed():
        return _question(site, profile.label, url_for(".show", key=key, person=person))
    db.session.commit()
    erasure.forget_person(db.engine, site.id, profile)
    flash("They are forgotten. Nothing of them is kept.")
    return redirect(url_for(".index", key=key), code=303)


@blueprint.route("/visitors/<visitor:anonymous_id>/forget", methods=["GET", "POST"])
@login_required
def forget_visitor(key: str, anonymous_id: str) -> Response | tuple[str, int]:
    """Ask once more, then erase all that is kept of the visitor."""
    site = current_user.site(key)
    seen(site, anonymous_id)
    if not confirmed():
        return _question(site, "this visitor", url_for(".visitor", key=key, anonymous_id=anonymous_id))
    db.session.commit()
    erasure.forget_visitor(db.engine, site.id, anonymous_id)
    flash("The visitor is forgotten. Nothing of them is kept.")
    return redirect(url_for("activity.index", key=key), code=303)


def confirmed() -> bool:
    return request.method == "POST" and request.form.get("confirmed") == "yes"


def _question(site: Site, label: str, back: str) -> tuple[str, int]:
    page = render_template("people/forget.html", site=site, label=label, back=back)
    return page, 422 if request.method == "POST" else 200


def _download(content: dict[str, Any]) -> Response:
    answer = Response(json.dumps(content, indent=2, ensure_ascii=False), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="export.json"'
    return answer


def seen(site: Site, anonymous_id: str) -> str:
    """The anonymous id, if the site has calls of it. Raises :class:`NoResultFound` otherwise."""
    if not people.span(site, anonymous_id):
        raise NoResultFound
    return anonymous_id


def known(site: Site, id: str) -> Profile:
    """The site's person. Raises :class:`NoResultFound` for any other, missing or another site's."""
    found = profiles(site, [id])
    if id not in found:
        raise NoResultFound
    return found[id]


def _past(site: Site, who: str | Profile) -> dict[str, object]:
    at, seq = map(number_in, request.args.get("before", "").partition("-")[::2])
    before = (at, seq) if at is not None and seq is not None else None
    events = activity.timeline(site, activity.of(site, who), before)
    shown = events[: activity.PAGE]
    return {
        "lines": activity.lines(site, shown),
        "older": f"{shown[-1].at}-{shown[-1].seq}" if len(events) > len(shown) else "",
        "span": people.span(site, who),
        "met": people.met(site, who),
    }
