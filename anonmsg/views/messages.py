"""A site's messages: the list, one message's page, and the verbs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from werkzeug import Response

from anonmsg import metrics, sentences
from anonmsg.db import db, utc_now
from anonmsg.forgery import local_path
from anonmsg.message import Shape, Status
from anonmsg.models import Message, Site

blueprint = Blueprint("messages", __name__, url_prefix="/sites/<key>/messages")

TABS = (Status.LIVE, Status.SCHEDULED, Status.DRAFT, Status.PAUSED, Status.ENDED, Status.ARCHIVED)
"""In the order of the tabs, after the first one, which holds all but the archived."""

VERBS: dict[str, tuple[Callable[[Message, datetime], None], str]] = {
    "pause": (lambda message, _now: message.pause(), "“{}” is paused. Within 15 seconds nobody sees it any more."),
    "resume": (lambda message, _now: message.resume(), "“{}” is on again."),
    "stop": (Message.stop, "“{}” is stopped. To start it again, edit it and launch it."),
    "archive": (Message.archive, "“{}” is archived. Nobody sees it any more; its numbers stay."),
}


@dataclass(frozen=True)
class Line:
    """One line of the list; ``shape`` is what visitors get, or the draft before the first launch."""

    message: Message
    shape: Shape
    status: Status
    totals: metrics.Totals

    def has(self, words: str) -> bool:
        """Whether name and description contain every one of the words, without regard to case."""
        text = f"{self.message.name} {self.shape.description}".casefold()
        return all(word in text for word in words.casefold().split())


def lines(site: Site, words: str, now: datetime) -> list[Line]:
    """The site's messages that contain the words, the newest first."""
    totals = metrics.totals(site)
    every = (Line(message, message.shown, message.status(now), totals[message.id]) for message in site.messages)
    return [line for line in every if line.has(words)][::-1]


@blueprint.get("")
@login_required
def index(key: str) -> str:
    """The list: ``?status=`` narrows it to a tab, ``?q=`` to words. htmx asks for the list alone."""
    site, words = current_user.site(key), request.args.get("q", "").strip()
    tab = next((status for status in TABS if status == request.args.get("status")), None)
    found = lines(site, words, utc_now())
    return render_template(
        "messages/_list.html" if request.headers.get("HX-Request-Type") == "partial" else "messages/index.html",
        site=site,
        lines=[line for line in found if (line.status is tab if tab else line.status is not Status.ARCHIVED)],
        counts=Counter(line.status for line in found),
        tab=tab,
        tabs=TABS,
        words=words,
        sentences=sentences,
    )


@blueprint.get("/<id>")
@login_required
def show(key: str, id: str) -> str:
    return render_template("messages/show.html", **_page(current_user.site(key), id))


@blueprint.get("/<id>/numbers")
@login_required
def numbers(key: str, id: str) -> str:
    """What changes by itself on the message's page, asked for again and again while somebody looks at it."""
    return render_template("messages/_numbers.html", fragment=True, **_page(current_user.site(key), id))


@blueprint.post("/<id>/<any(pause, resume, stop, archive):verb>")
@login_required
def change(key: str, id: str, verb: str) -> Response:
    """Do the verb and go back to where its button stood. Raises NotAllowed, which is answered with 409."""
    message = current_user.site(key).message(id)
    do, said = VERBS[verb]
    do(message, utc_now())
    db.session.commit()
    flash(said.format(message.name))
    return redirect(local_path(request.form.get("back")) or url_for(".show", key=key, id=id), code=303)


@blueprint.post("/<id>/duplicate")
@login_required
def duplicate(key: str, id: str) -> Response:
    copy = current_user.site(key).message(id).duplicate(utc_now())
    db.session.commit()
    flash(f"This is “{copy.name}”, a draft of its own. Nobody sees it before you launch it.")
    return redirect(url_for("wizard.edit", key=key, id=copy.id), code=303)


def _page(site: Site, id: str) -> dict[str, Any]:
    message = site.message(id)
    return {
        "site": site,
        "message": message,
        "shape": message.shown,
        "status": message.status(utc_now()),
        "metrics": metrics.of(message),
        "sentences": sentences,
    }
