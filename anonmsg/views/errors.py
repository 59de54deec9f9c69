"""Every error as a page in the product's look: what happened, and the way on. Needs neither a user nor the database."""

from __future__ import annotations

from flask import Flask, current_app, jsonify, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, NoResultFound, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug import Response
from werkzeug.exceptions import BadRequest, Conflict, HTTPException, NotFound, ServiceUnavailable

from anonmsg.intake.driver import Unavailable
from anonmsg.models import NotAllowed
from anonmsg.unreadable import Unreadable

Page = tuple[str | Response, int, dict[str, str]]

TITLES = {
    400: "That did not arrive as it should",
    403: "That is not allowed",
    404: "There is nothing here",
    405: "That does not work here",
    409: "That does not fit any more",
    413: "That is too large",
    422: "Something is missing",
    429: "Too many tries",
    500: "Something broke on our side",
    503: "We are busy",
}

ADVICE = {
    404: "The address may be mistyped, or what was here is gone or belongs to somebody else.",
    405: "The address is right, but not for what was asked of it. Go back and use the buttons of the page.",
    413: "Send less at once, for example a shorter text.",
    500: "Nothing you did was wrong. It is written down in the server's log; please try again in a minute.",
    503: "The database does not answer just now. Please try again in a minute.",
}
"""What to say in place of the words that come with the error, which are for developers."""


def register(app: Flask) -> None:
    app.register_error_handler(HTTPException, page)
    app.register_error_handler(NoResultFound, lambda _error: page(NotFound()))
    app.register_error_handler(NotAllowed, lambda error: page(Conflict(str(error))))
    app.register_error_handler(Unreadable, _unreadable)
    app.register_error_handler(StaleDataError, lambda _error: page(Conflict("Somebody else changed it just now.")))
    app.register_error_handler(CSRFError, _token_missing)
    app.register_error_handler(DataError, _unthinkable)
    app.register_error_handler(OperationalError, _database_down)
    app.register_error_handler(PoolTimeout, _database_down)
    app.register_error_handler(Unavailable, _database_down)


def page(error: HTTPException) -> Response | Page:
    """An error that carries its own response, such as a redirect, keeps it."""
    if error.response is not None:
        return error.get_response()
    code = error.code or 500
    text = ADVICE.get(code) or error.description
    headers = {"Retry-After": "60"} if code in (429, 503) else {}
    if request.path.startswith("/v1/"):
        # A program asked.
        return jsonify(code=error.name.lower().replace(" ", "_"), message=text), code, headers
    body = render_template("errors/error.html", code=code, title=TITLES.get(code, error.name), text=text)
    return body, code, headers


def _token_missing(_error: CSRFError) -> Response | Page:
    """The session ended while a form was open. What was typed is on the page that says so, to be sent again: Back keeps
    only a part of it. A forged form never comes here, see :func:`anonmsg.forgery.refuse_other_origins`.
    """
    if request.endpoint == "account.sign_in" or "HX-Request" in request.headers or request.files:
        return page(BadRequest("This page is too old. Go back, then try again."))
    typed = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    return render_template("errors/expired.html", typed=typed, signed_in="_user_id" in session), 400, {}


def _unreadable(error: Unreadable) -> Response | Page:
    """To the message's own page, which says what can be done. What a form was to change stays as it is."""
    if request.method == "GET":
        return redirect(url_for("messages.show", **(request.view_args or {}) | {"step": None}), code=303)
    return page(Conflict(f"This message cannot be read. {error.text} Its own page says what can be done."))


def _unthinkable(_error: DataError) -> Response | Page:
    """What PostgreSQL cannot even look for, such as NUL, is not there; SQLite looks and does not find it."""
    return page(NotFound() if request.method in ("GET", "HEAD") else BadRequest())


def _database_down(error: OperationalError | PoolTimeout | Unavailable) -> Response | Page:
    """The database is away or busy: not our mistake and not for long, so it may be tried again."""
    current_app.logger.error("the database does not answer", exc_info=error)
    return page(ServiceUnavailable())
