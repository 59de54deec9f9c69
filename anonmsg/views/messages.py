"""A site's messages: the list, one message's page, and the verbs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from anonmsg import metrics, sentences
from anonmsg.collisions import rivals
from anonmsg.db import db, utc_now
from anonmsg.forgery import local_path
from anonmsg.message import Shape, Status
from anonmsg.models import Message, Site
from anonmsg.models.message import readable
from anonmsg.views.preview import link_form
from anonmsg.views.sites import setup_of
from anonmsg.views.templates import first_choices
from anonmsg.views.typed import visible

blueprint = Blueprint("messages", __name__, url_prefix="/sites/<key>/messages")

TABS = (Status.LIVE, Status.SCHEDULED, Status.DRAFT, Status.PAUSED, Status.ENDED, Status.ARCHIVED)
"""In the order of the tabs, after the first one, which holds all but the archived."""

IN_ORDER = (Status.LIVE, Status.SCHEDULED, Status.PAUSED)
"""Tabs in the order in which the messages are decided, where they can be moved. In the others the newest is first."""

PAGE = 50
"""How many messages a page of the list holds."""

VERBS: dict[str, tuple[Callable[[Message, datetime], None], str]] = {
    "pause": (lambda message, _now: message.pause(), "“{}” is paused. Within 15 seconds nobody sees it any more."),
    "resume": (lambda message, _now: message.resume(), "“{}” is on again."),
    "stop": (Message.stop, "“{}” is stopped. To start it again, edit it and launch it."),
    "archive": (Message.archive, "“{}” is archived. Nobody sees it any more; its numbers stay."),
}


@dataclass(frozen=True)
class Line:
    """One line of the list; ``shape`` is what visitors get, or the draft before the first launch, or else empty."""

    message: Message
    shape: Shape
    status: Status
    totals: metrics.Totals

    @classmethod
    def of(cls, message: Message, totals: metrics.Totals, now: datetime) -> Line:
        return cls(message, message.shown, message.status(now), totals)

    def has(self, words: str) -> bool:
        """Whether name and description contain every one of the words, without regard to case."""
        text = f"{self.message.name} {self.shape.description}".casefold()
        return all(word in text for word in words.casefold().split())


@dataclass(frozen=True)
class Listing:
    """The part of a site's messages that the address asks for: ``?status=`` a tab, ``?q=`` words, ``?page=`` a page."""

    site: Site
    tab: Status | None
    words: str
    asked_page: int
    found: list[Line]
    """All that contain the words, the newest first."""

    @classmethod
    def asked_for(cls, site: Site, args: MultiDict[str, str], now: datetime) -> Listing:
        # With PostgreSQL a message may appear between the two queries.
        words, totals, nothing = visible(args.get("q")), metrics.totals(site), metrics.Totals()
        every = (Line.of(message, totals.get(message.id, nothing), now) for message in site.messages)
        tab = next((status for status in TABS if status == args.get("status")), None)
        return cls(site, tab, words, args.get("page", 1, type=int), [line for line in every if line.has(words)][::-1])

    @property
    def counts(self) -> Counter[Status]:
        return Counter(line.status for line in self.found)

    @cached_property
    def in_tab(self) -> list[Line]:
        tabs = [self.tab] if self.tab else [status for status in Status if status is not Status.ARCHIVED]
        lines = [line for line in self.found if line.status in tabs]
        return sorted(lines, key=lambda line: line.message.place) if self.is_in_order else lines

    @property
    def is_in_order(self) -> bool:
        """Whether the lines stand in the order in which visitors' browsers decide the messages."""
        return self.tab in IN_ORDER

    def moves(self, line: Line) -> dict[str, str | None]:
        """Before which message it would stand, moved up or down, by its id; empty: behind all; None: no such way."""
        ids = [each.message.id for each in self.in_tab]
        at = ids.index(line.message.id)
        after = [*ids, ""]
        return {"up": ids[at - 1] if at else None, "down": after[at + 2] if at + 1 < len(ids) else None}

    @property
    def following(self) -> str:
        """The id of the message behind the last line of this page; empty where there is none."""
        return next((line.message.id for line in self.in_tab[self.page * PAGE :]), "")

    @property
    def page(self) -> int:
        """The asked one, or the nearest that is there."""
        return max(1, min(self.asked_page, self.last_page))

    @property
    def lines(self) -> list[Line]:
        return self.in_tab[(self.page - 1) * PAGE : self.page * PAGE]

    @property
    def last_page(self) -> int:
        return max(1, -(-len(self.in_tab) // PAGE))

    def url(self, tab: Status | None, page: int = 1) -> str:
        """The address of another part, with the same words."""
        rest: dict[str, Any] = {"status": tab, "q": self.words or None, "page": page if page > 1 else None}
        return url_for("messages.index", key=self.site.key, **rest)


@blueprint.get("")
@login_required
def index(key: str) -> str:
    """The list. htmx asks for the part below the search alone."""
    site = current_user.site(key)
    partial = request.headers.get("HX-Request-Type") == "partial"
    return render_template(
        "messages/_list.html" if partial else "messages/index.html",
        site=site,
        listing=Listing.asked_for(site, request.args, utc_now()),
        rivals=[] if partial else rivals(site, utc_now()),
        setup=None if site.messages else setup_of(site),
        tabs=TABS,
        sentences=sentences,
        **({} if site.messages else first_choices()),
    )


@blueprint.get("/<id>")
@login_required
def show(key: str, id: str) -> str:
    """Its own page, or what to do about one that cannot be read."""
    page = _page(current_user.site(key), id)
    return render_template("messages/unreadable.html" if page["unreadable"] else "messages/show.html", **page)


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


@blueprint.post("/<id>/move")
@login_required
def move(key: str, id: str) -> Response:
    """From now on it is decided just before the message ``before``, or after all where that is empty."""
    site = current_user.site(key)
    message, before = site.message(id), request.form.get("before")
    site.move(message, site.message(before) if before else None)
    db.session.commit()
    flash(f"“{message.name}” is moved.")
    back = local_path(request.form.get("back")) or url_for(".index", key=key)
    # With its menu, which browsers then focus, so that whoever works with the keyboard can move it on.
    return redirect(f"{back}#menu-{id}", code=303)


@blueprint.post("/<id>/duplicate")
@login_required
def duplicate(key: str, id: str) -> Response:
    """A copy beside it, or on the user's site with the key ``to``."""
    to = request.form.get("to")
    copy = current_user.site(key).message(id).duplicate(utc_now(), current_user.site(to) if to else None)
    db.session.commit()
    where = f" of {copy.site.name}" if to else ""
    flash(f"This is “{copy.name}”, a draft of its own{where}. Nobody sees it before you launch it.")
    return redirect(url_for("wizard.edit", key=copy.site.key, id=copy.id), code=303)


def _page(site: Site, id: str) -> dict[str, Any]:
    message = site.message(id)
    return {
        "site": site,
        "message": message,
        "unreadable": message.unreadable,
        "draft_is_readable": bool(readable([message])),
        "readable": [version for version in message.versions if readable([version])],
        "shape": message.shown,
        "status": message.status(utc_now()),
        "metrics": metrics.of(message),
        "all_days": request.args.get("days") == "all",
        "link_form": link_form(site),
        "sentences": sentences,
    }
