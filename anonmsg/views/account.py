"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, session, url_for
from flask_login import current_user, login_required, login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug import Response
from wtforms import EmailField, PasswordField, SubmitField
from wtforms.validators import DataRequired

from anonmsg.models import User

blueprint = Blueprint("account", __name__)


class SignInForm(FlaskForm):
    email = EmailField("E-mail", [DataRequired("Type your e-mail address.")])
    password = PasswordField("Password", [DataRequired("Type your password.")])
    submit = SubmitField("Sign in")


@blueprint.get("/")
def home() -> Response:
    return redirect(url_for("sites.index"), code=303)


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response | str | tuple[str, int]:
    if current_user.is_authenticated:
        return redirect(url_for("sites.index"), code=303)
    form = SignInForm()
    if form.validate_on_submit() and (user := User.sign_in(form.email.data or "", form.password.data or "")):
        session.clear()
        login_user(user)
        return redirect(url_for("sites.index"), code=303)
    return render_template("account/sign_in.html", form=form), 422 if form.is_submitted() else 200


@blueprint.post("/sign-out")
@login_required
def sign_out() -> Response:
    logout_user()
    session.clear()
    return redirect(url_for("account.sign_in"), code=303)
