"""A test client that behaves like a browser with our pages: it carries the form token wherever it posts."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from anonmsg.models import User
from tests.support import html


class Client(FlaskClient):
    """``client.post(url, data)`` posts as our own form would; ``forged=True`` leaves the token out.

    Every page that any test fetches is checked to be valid HTML and accessible, see :mod:`tests.support.html`.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **{"buffered": True, **kwargs})
        html.check(response)
        return response

    def sign_in(self, user: User) -> Client:
        """Start a session without the sign-in page, which has tests of its own."""
        with self.session_transaction() as session:
            session["_user_id"] = user.get_id()
            session["_fresh"] = True
        return self

    def post(self, url: str, data: Any = None, *, forged: bool = False, **kwargs: Any) -> TestResponse:
        if not forged and (data is None or isinstance(data, dict)) and "json" not in kwargs:
            data = {"csrf_token": self.token(), **(data or {})}
        return super().post(url, data=data, **kwargs)

    def token(self) -> str:
        """A form token that fits this client's session."""
        from flask import session as request_session

        with self.session_transaction() as session:
            kept = dict(session)
        with self.application.test_request_context():
            request_session.update(kept)
            token = generate_csrf()
            kept = dict(request_session)
        with self.session_transaction() as session:
            session.update(kept)
        return token
