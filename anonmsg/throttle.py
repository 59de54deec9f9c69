"""Slowing down who guesses passwords, without locking out the right owner (OWASP's device cookies).

Only failed tries count. They are counted per address; a browser that has signed in as somebody before has a count of
its own for that e-mail, so that guesses from elsewhere, even through the same proxy, do not keep the owner out.
"""

from __future__ import annotations

import secrets

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter
from itsdangerous import BadSignature, URLSafeSerializer

from anonmsg.intake.senders import address_of
from anonmsg.settings import Settings

COOKIE = "device"
REMEMBERED_SECONDS = 365 * 24 * 3600
TRIES = "10 per minute; 100 per hour"


def guesser() -> str:
    """Whose failed tries these are: this known browser's for the e-mail it names, otherwise the address's."""
    email = request.form.get("email", "").strip().lower()
    try:
        known, device = _serializer().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return _address()
    return f"device {device}" if known == email else _address()


def _address() -> str:
    settings: Settings = current_app.config["SETTINGS"]
    return f"address {address_of(request.environ, settings.proxies) or request.remote_addr}"


limiter = Limiter(guesser, storage_uri="memory://")
failed_tries = limiter.shared_limit(
    TRIES,
    scope="sign in",
    methods=["POST"],
    deduct_when=lambda response: response.status_code == 422,
    error_message="Too many tries with a wrong password. Wait a minute, then try again.",
)


def remember_device(response: Response, email: str) -> None:
    """Let this browser count its failed tries for ``email`` by itself from now on."""
    response.set_cookie(
        COOKIE,
        str(_serializer().dumps([email, secrets.token_urlsafe(9)])),
        max_age=REMEMBERED_SECONDS,
        path="/sign-in",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def init_app(app: Flask) -> None:
    limiter.init_app(app)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="known device")
