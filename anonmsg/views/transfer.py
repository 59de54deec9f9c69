"""Messages on their way: to another site of the same user, out as a file and in from one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug import Response

from anonmsg import comparison, files
from anonmsg.db import db, reading_only, utc_now
from anonmsg.files import Complaint, Entry
from anonmsg.message import Match, State
from anonmsg.models import Message, Site
from anonmsg.models.message import hold, readable
from anonmsg.unreadable import Unreadable

blueprint = Blueprint("transfer", __name__, url_prefix="/sites/<key>")

MOST_BYTES = 1_000_000
MOST_MESSAGES = 500
MOST_REGEXES = 500
MOST_COMPLAINTS = 50
MOST_COMPARED = 20
"""Of a file that is imported here: its size, its messages, its regexes, each of which takes milliseconds to judge, and
how many mistakes and differences are shown at once."""

Page = Response | tuple[str, int]


@blueprint.before_request
def _no_lock_while_judging_a_file() -> None:
    """Visitors' calls would wait for SQLite's one writer as long as that takes."""
    if request.endpoint == "transfer.import_":
        reading_only.set(True)


@blueprint.get("/messages/<id>/elsewhere")
@login_required
def elsewhere(key: str, id: str) -> str:
    """Which of the user's other sites gets a copy."""
    site = current_user.site(key)
    message = site.message(id)
    others = [other for other in current_user.sites if other is not site]
    return render_template(
        "messages/elsewhere.html", site=site, message=message, others=others or abort(409, "You have no other site.")
    )


@blueprint.get("/export")
@login_required
def export(key: str) -> str:
    """Which messages go into a file."""
    site = current_user.site(key)
    return render_template(
        "messages/export.html", site=site, lost=files.lost(site.messages), now=utc_now(), kept=_kept(site)
    )


@blueprint.get("/export.json")
@login_required
def download(key: str) -> Response:
    """The file: the messages ``?id=``, or with ``?which=all`` all that are not archived."""
    site = current_user.site(key)
    is_all = request.args.get("which") == "all"
    chosen = _kept(site) if is_all else [site.message(id) for id in dict.fromkeys(request.args.getlist("id"))]
    if not is_all and not readable(chosen):
        abort(422, "Nothing is chosen that can be read. Go back and choose at least one message.")
    answer = Response(files.exported(chosen), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_file_name(chosen)}.json"'
    return answer


def _kept(site: Site) -> list[Message]:
    return [message for message in site.messages if message.state != State.ARCHIVED]


def _file_name(messages: Sequence[Message]) -> str:
    name = messages[0].name if len(messages) == 1 else "anonymous messages"
    return "-".join(re.findall(r"[a-z0-9]+", name.lower())) or "message"


@dataclass(frozen=True)
class Planned:
    """What becomes of one entry of a file. ``sections``: how the draft differs, None where that is not shown."""

    entry: Entry
    message: Message | None
    sections: list[comparison.Section] | None

    @property
    def differing(self) -> int:
        """How many of the sections that are shown differ."""
        return sum(section.differs for section in self.sections or [])

    @property
    def what(self) -> Literal["new", "same", "changed"]:
        if self.message is None:
            return "new"
        return "same" if self.sections and not self.differing else "changed"

    @property
    def loses(self) -> bool:
        """Whether the draft that it replaces is nowhere else."""
        return self.message is not None and self.what == "changed" and not self.message.kept


@blueprint.route("/import", methods=["GET", "POST"])
@login_required
def import_(key: str) -> str | Page:
    """A file is read, judged and shown; nothing of it is stored before somebody has seen what it would replace."""
    site = current_user.site(key)
    if request.method == "GET":
        return render_template("messages/import.html", site=site)
    try:
        text = _text()
        entries = _entries(text)
    except Unreadable as error:
        return _refused(site, error=error)
    found = list(islice(files.complaints(entries, site, utc_now()), MOST_COMPLAINTS + 1))
    if found:
        return _refused(site, complaints=found)
    if request.form.get("seen") != _seen(site, entries):
        return _asked(site, text, entries, 409 if "seen" in request.form else 200)
    return _imported(site, text, entries)


def _text() -> bytes:
    """What was uploaded, or what the page that shows it sent back, in which a browser makes two characters of a line
    end; JSON has none inside its texts. Raises Unreadable."""
    upload = request.files.get("file")
    if upload:
        with upload.stream as stream:
            text = stream.read(MOST_BYTES + 1)
    else:
        text = request.form.get("text", "").replace("\r\n", "\n").encode()
    if not text:
        raise Unreadable("", "Choose a file that is not empty.")
    if len(text) > MOST_BYTES:
        raise Unreadable("", f"The file is larger than {MOST_BYTES // 1_000_000} MB. Import it in parts.")
    return text


def _entries(text: bytes) -> list[Entry]:
    entries = files.entries(text)
    if not 1 <= len(entries) <= MOST_MESSAGES:
        raise Unreadable("", f"The file holds {len(entries)} messages. Import from 1 to {MOST_MESSAGES} at once.")
    regexes = sum(rule.match is Match.REGEX for entry in entries for rule in entry.shape.page_rules)
    if regexes > MOST_REGEXES:
        raise Unreadable("", f"The file holds {regexes} regexes. Import it in parts, with at most {MOST_REGEXES} each.")
    return [entry.anew() for entry in entries] if request.form.get("as_new") else entries


def _seen(site: Site, entries: Sequence[Entry]) -> str:
    """Which messages there are, and at which save. Another one later means that somebody changed one of them."""
    found = (entry.message(site) for entry in entries)
    return ",".join(str(message.lock) if message else "-" for message in found)


def _refused(site: Site, error: Unreadable | None = None, complaints: Sequence[Complaint] = ()) -> Page:
    more = {"error": error, "complaints": complaints, "most": MOST_COMPLAINTS}
    return render_template("messages/import.html", site=site, **more), 422


def _asked(site: Site, text: bytes, entries: Sequence[Entry], code: int) -> Page:
    messages = [entry.message(site) for entry in entries]
    shown = [message.id for message in messages if message and readable([message])][:MOST_COMPARED]
    plan = [
        Planned(entry, message, _differences(entry, message) if message and message.id in shown else None)
        for entry, message in zip(entries, messages, strict=True)
    ]
    page = render_template(
        "messages/import_plan.html",
        site=site,
        plan=plan,
        text=text.decode("utf-8-sig"),
        seen=_seen(site, entries),
        again=code == 409,
        as_new=request.form.get("as_new"),
    )
    return page, code


def _differences(entry: Entry, message: Message) -> list[comparison.Section]:
    return comparison.compare(message.shape, entry.shape)


def _imported(site: Site, text: bytes, entries: Sequence[Entry]) -> Page:
    """Store all, in a transaction of its own, unless one of the messages was saved since they were shown."""
    db.session.commit()
    reading_only.set(False)
    hold(Message.site_id == site.id)
    db.session.expire_all()
    try:
        if request.form.get("seen") == _seen(site, entries):
            added = sum(entry.message(site) is None for entry in entries)
            for entry in entries:
                # An id that this site does not have is not kept: whether another site has it is nobody's business.
                (entry if entry.message(site) else entry.anew()).save(site, utc_now())
            db.session.commit()
            flash(f"Imported as drafts: {added} new, {len(entries) - added} that were there already.")
            return redirect(url_for("messages.index", key=site.key), code=303)
    except (StaleDataError, IntegrityError):
        db.session.rollback()
    return _asked(site, text, entries, 409)
