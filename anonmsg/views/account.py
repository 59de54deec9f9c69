"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user, login_required, login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug import Response as BaseResponse
from wtforms import EmailField, PasswordField
from wtforms.validators import DataRequired, InputRequired

from anonmsg.db import db, reading_only
from anonmsg.forgery import local_path
from anonmsg.models import User
from anonmsg.throttle import failed_tries, remember_device
from anonmsg.views.typed import visible

blueprint = Blueprint("account", __name__)


@blueprint.before_request
def _no_lock_while_hashing_a_password() -> None:
    """Signing in writes nothing, and while a password is checked visitors' calls would wait for SQLite's one writer."""
    if request.endpoint == "account.sign_in":
        reading_only.set(True)


class SignInForm(FlaskForm):
    email = EmailField("E-mail", [DataRequired("Type your e-mail address.")], filters=[visible])
    password = PasswordField("Password", [InputRequired("Type your password.")])


def ask_to_sign_in() -> BaseResponse:
    """Answer a request for a page that needs a user. htmx must load the sign-in page, not swap it into a fragment."""
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    if "HX-Request" in request.headers:
        return Response(status=401, headers={"HX-Redirect": url_for("account.sign_in")})
    return redirect(url_for("account.sign_in", next=back), code=303)


@blueprint.get("/")
@login_required
def home() -> BaseResponse:
    """Where work goes on: the messages of the only site, or the choice among several."""
    sites = current_user.sites
    target = url_for("messages.index", key=sites[0].key) if len(sites) == 1 else url_for("sites.index")
    return redirect(target, code=303)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@failed_tries
def sign_in() -> BaseResponse | tuple[str, int]:
    target = local_path(request.args.get("next")) or url_for("account.home")
    if current_user.is_authenticated:
        return redirect(target, code=303)
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("account/sign_in.html", form=form), 422 if form.is_submitted() else 200
    user = User.sign_in(form.email.data or "", form.password.data or "")
    if user is None:
        return render_template("account/sign_in.html", form=form, refused=True), 422
    return _signed_in(user, target)


@blueprint.post("/sign-out")
@login_required
def sign_out() -> BaseResponse:
    """End the user's sessions on the server too, so that a copied cookie is worth nothing."""
    current_user.end_sessions()
    db.session.commit()
    logout_user()
    session.clear()
    flash("You are signed out, on your other devices too.")
    return redirect(url_for("account.sign_in"), code=303)


def _signed_in(user: User, target: str) -> Response:
    session.clear()
    session.permanent = True
    login_user(user)
    response = make_response(redirect(target, code=303))
    remember_device(response, user.email)
    return response
