"""The wizard: a page per step. POST validates, saves and goes on; what cannot be saved is shown as it was typed."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug import Response

from anonmsg import sentences, wizard
from anonmsg.db import db, new_key, reading_only, utc_now
from anonmsg.forms import ContentForm, DetailsForm, StepForm
from anonmsg.forms.lists import Pairs, change
from anonmsg.message import Shape, State, Status
from anonmsg.models import Message, NotAllowed, Site
from anonmsg.models.message import ID
from anonmsg.views import review
from anonmsg.views.preview import link_form
from anonmsg.views.templates import choices, offered
from anonmsg.views.theme import seen
from anonmsg.wizard import FIRST, REVIEW, WizardStep

blueprint = Blueprint("wizard", __name__, url_prefix="/sites/<key>/messages")

Page = str | tuple[str, int]
Json = tuple[dict[str, Any], int]

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

PREVIEWED = ("content", "review")
"""The steps that show the message."""

MOST_FIELDS = 10_000
"""Fields of a form; the largest message there can be has about half as many."""


@blueprint.before_request
def _no_lock_while_reading_a_form() -> None:
    """To judge a regex takes a while, in which visitors' calls would wait for SQLite's one writer."""
    if request.endpoint in ("wizard.preview", "wizard.save", "wizard.keep"):
        reading_only.set(True)


@blueprint.route("/new", methods=["GET", "POST"])
@login_required
def new(key: str) -> Response | Page:
    """The details of a message that is not there yet: it is made when they are sent, and only once, however often that
    is. Its id is in the form in place of a lock."""
    site = current_user.site(key)
    if request.method == "GET":
        if begun := site.find(request.args.get("begun", "")):
            return redirect(_url(site, begun, FIRST), code=303)
        return _page(site, None, FIRST, _wanted(site, request.args.get("template", "")))
    form = _typed(site, FIRST)
    begun = site.find(form.lock.data or "")
    shape = form.read(begun.shape if begun else Shape(), utc_now())
    if shape is None:
        return _page(site, None, FIRST, form), 422
    message = _begun(site, begun, shape, form.lock.data)
    _tell(form)
    return _onward(site, message, FIRST)


def _begun(site: Site, message: Message | None, shape: Shape, id: str | None) -> Message:
    """The message with these details: the new one, or the one that was made from the same form before."""
    if message and shape == message.shape:
        return message
    if message:
        message.save(shape, utc_now())
    else:
        named = id if ID.fullmatch(id or "") else msgspec.UNSET
        message = site.draft(msgspec.structs.replace(shape, id=named), utc_now())
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return site.message(message.id)
    return message


@blueprint.get("/<id>/edit")
@blueprint.get("/<id>/edit/<step>")
@login_required
def edit(key: str, id: str, step: str = "") -> Response | Page:
    """A step as the draft has it. Without a step's name: where to go on."""
    site = current_user.site(key)
    message = _editable(site, id)
    if not step:
        return redirect(_url(site, message, wizard.open_step(message.shape, utc_now())), code=303)
    current = _step(step)
    return _page(site, message, current, current.form.of(message.shape))


@blueprint.post("/<id>/edit/<step>")
@login_required
def save(key: str, id: str, step: str) -> Response | Page:
    """Save the step and go where the pressed button says; a list's button changes the form and saves nothing."""
    site, current = current_user.site(key), _step(step)
    message = _editable(site, id)
    if order := request.form.get("order"):
        pairs, focus = change(_sent(), order)
        return _page(site, message, current, current.form.typed(pairs), focus=focus)
    form = _typed(site, current)
    shape = form.read(message.shape, utc_now())
    if shape is None:
        return _page(site, message, current, form), 422
    if form.lock.data != str(message.lock) and (message.edited if current is REVIEW else shape != message.shape):
        return _conflict(site, message, current, form)
    return _saved(site, message, current, form, shape)


def _saved(site: Site, message: Message, current: WizardStep, form: StepForm, shape: Shape) -> Response | Page:
    """Write in a transaction of its own, to the message as it is by then, unless somebody saved since it was read."""
    seen = message.lock
    message = _again(site, message)
    if message.lock != seen:
        return _conflict(site, message, current, form)
    try:
        refused = current is REVIEW and review.sent(message)
        if current is not REVIEW:
            message.save(shape, utc_now())
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        return _conflict(site, _editable(site, message.id), current, form)
    if refused:
        return _page(site, message, current, form, refused=True), 422
    _tell(form)
    return _onward(site, message, current)


def _again(site: Site, message: Message) -> Message:
    """The message as it is by now, in a transaction that writes. A verb that came in between leaves its lock alone."""
    db.session.commit()
    reading_only.set(False)
    db.session.expire(message)
    return _editable(site, message.id)


@blueprint.post("/<id>/keep")
@login_required
def keep(key: str, id: str) -> Json:
    """Save the content while somebody types, even where something is still missing; JSON says what became of it."""
    site = current_user.site(key)
    message, form = _editable(site, id), ContentForm.typed(_sent())
    shape = form.kept(message.shape, utc_now())
    if shape is None:
        return {"mistakes": form.mistakes}, 422
    if shape == message.shape:
        return _kept(message)
    message = _again(site, message)
    if form.lock.data != str(message.lock):
        return _elsewhere(message)
    message.save(shape, utc_now())
    db.session.commit()
    return _kept(message)


def _kept(message: Message) -> Json:
    return {"lock": str(message.lock), "at": message.edited_at.isoformat()}, 200


def _elsewhere(message: Message) -> Json:
    """Somebody saved in between: who types decides which of the two stays."""
    notice = render_template("wizard/_elsewhere.html", message=message, shape=message.shape, sentences=sentences)
    return {"lock": str(message.lock), "notice": notice}, 409


@blueprint.post("/<id>/preview/<step>")
@login_required
def preview(key: str, id: str, step: str) -> dict[str, Any]:
    """What is in the form, as the snippet draws it and as sentences, or why it cannot be understood. Writes nothing."""
    site = current_user.site(key)
    message, form = site.message(id), _typed(site, _step(step))
    shape = form.draft(message.shape)
    if shape is None:
        return {"problems": [text for _, text in form.mistakes]}
    timeline = sentences.timeline(shape.schedule, utc_now())
    return {**_drawn(shape, site), "words": _words(shape, form), "timeline": timeline}


def _sent() -> Pairs:
    """The form in order, without control characters: nobody types them, and no page may show them."""
    if len(request.form) > MOST_FIELDS:
        abort(413)
    return [(name, _CONTROLS.sub("", value)) for name, value in request.form.items(multi=True)]


def _tell(form: StepForm) -> None:
    for note in form.notes:
        flash(note)


def _typed(site: Site, current: WizardStep) -> StepForm:
    form = current.form.typed(_sent())
    if isinstance(form, DetailsForm):
        form.offer(_offers(site))
    return form


def _wanted(site: Site, template: str) -> DetailsForm:
    """The details of a message that is started from a template, or blank where there is none of that name."""
    offers = _offers(site)
    form = DetailsForm.of(offers.get(template, Shape()))
    form.template.data = template if template in offers else ""
    return form


def _offers(site: Site) -> dict[str, Shape]:
    """The templates by their names in the form."""
    return {name: shape for group in offered(site).values() for name, shape in group.items()}


def _step(name: str) -> WizardStep:
    return wizard.step(name) or abort(404)


def _editable(site: Site, id: str) -> Message:
    """The site's message, unless it is archived: then NotAllowed is raised, which is answered with 409."""
    message = site.message(id)
    if message.state == State.ARCHIVED:
        raise NotAllowed("save", State.ARCHIVED)
    return message


def _url(site: Site, message: Message, step: WizardStep) -> str:
    return url_for(".edit", key=site.key, id=message.id, step=step.name)


def _onward(site: Site, message: Message, current: WizardStep) -> Response:
    """To the step that the pressed button names, or stay; after the launch, to the message's page."""
    go = request.form.get("go", "")
    if go == "launch" and current is REVIEW:
        flash(_launched(message))
        return redirect(url_for("messages.show", key=site.key, id=message.id), code=303)
    return redirect(_url(site, message, wizard.step(go) or current), code=303)


def _launched(message: Message) -> str:
    if message.status(utc_now()) is Status.SCHEDULED:
        return f"Launched. {sentences.schedule(message.shape.schedule)}"
    return "Live. See it on your site: within 15 seconds every page that it fits shows it to anonymous visitors."


def _conflict(site: Site, message: Message, current: WizardStep, form: StepForm) -> Page:
    """Sending this page again overrules the other, so its lock is the message's as it is now."""
    form.lock.data = str(message.lock)
    return _page(site, message, current, form, conflict=True), 409


def _page(site: Site, message: Message | None, current: WizardStep, form: StepForm, **more: Any) -> str:
    """A step's page. Shown again, its lock stays what it was, or a conflict would not be noticed any more."""
    shape, now = message.shape if message else Shape(), utc_now()
    form.lock.data = form.lock.data or (str(message.lock) if message else new_key())
    if isinstance(form, ContentForm):
        form.theme.form.stand_on(site.theme)
    return render_template(
        f"wizard/{current.name}.html",
        site=site,
        message=message,
        shape=shape,
        form=form,
        step=current,
        previous=wizard.previous(current),
        following=wizard.following(current),
        marks=wizard.marks(shape, now, current, launched=bool(message and message.number)),
        problems=message.problems(now) if message else [],
        owner=wizard.owner,
        words=_words(shape, form),
        drawn=(drawn := _drawn(shape, site)),
        contrasts=drawn["contrasts"],
        rules=msgspec.to_builtins(shape.page_rules),
        link_form=link_form(site) if message and current.name in PREVIEWED else None,
        status=message.status(now) if message else Status.DRAFT,
        timeline=sentences.timeline(shape.schedule, now),
        sentences=sentences,
        **(review.gate(site, message, drawn, now) if message and current is REVIEW else {}),
        **(choices(site) if current is FIRST and not any(shape.blocks()) else {}),
        **more,
    )


def _drawn(shape: Shape, site: Site) -> dict[str, Any]:
    """What the preview needs of a message."""
    whole = msgspec.to_builtins(shape)
    return {"display": whole["display"], "steps": whole["steps"], **seen(shape.look(site.theme), form="theme-")}


def _words(shape: Shape, form: StepForm) -> dict[str, str]:
    """The sentences beside the fields, which follow every change."""
    return {
        "rules": sentences.rules(shape.page_rules),
        "targeting": sentences.targeting(shape),
        "frequency": sentences.frequency(shape.frequency),
        "example": sentences.example(shape.frequency),
        "schedule": sentences.schedule(shape.schedule),
        "notes": " ".join(form.notes),
    }
