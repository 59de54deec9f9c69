"""Response headers: what every route and every error page is sent with."""

from __future__ import annotations

import re

import pytest
from flask import Flask, abort
from werkzeug.test import TestResponse

from anonmsg.models import Message, Site
from tests.support.client import Client
from tests.support.routes import routes

COMMON = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

POLICY = (
    "default-src 'none'; script-src 'nonce-NONCE'; style-src 'self' 'nonce-NONCE'; "
    "img-src 'self' https: http: data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
DEMO_POLICY = POLICY.replace("script-src", "script-src 'self'")
"""The install tag adds a script of this server, as on any website."""

PAGE = COMMON | {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
DEMO = PAGE | {"Content-Security-Policy": DEMO_POLICY}
FILE = PAGE | {"Cache-Control": "public, max-age=31536000"}

LEAKING = ("Server", "X-Powered-By", "Access-Control-Allow-Origin", "Set-Cookie2")
"""What no answer of the builder carries."""


def expected(endpoint: str) -> dict[str, str]:
    return FILE if endpoint == "static" else DEMO if endpoint.startswith("demo.") else PAGE


def sent(answer: TestResponse) -> dict[str, str]:
    """The headers that matter here, with the nonce replaced by a word."""
    found = {name: answer.headers.get(name, "") for name in PAGE}
    found["Cache-Control"] = found["Cache-Control"].replace("no-cache, ", "")
    return {name: re.sub(r"nonce-[\w-]{22}", "nonce-NONCE", value) for name, value in found.items()}


def test_every_route_is_sent_with_its_headers(
    app: Flask, site: Site, message: Message, client: Client, stranger: Client
) -> None:
    every = routes(app, site.key, message.id)
    assert len(every) > 30
    for route in every:
        for browser in (stranger, client):
            answer = browser.get(route.url) if route.method == "GET" else browser.post(route.url)
            assert sent(answer) == expected(route.endpoint), route
            assert not set(LEAKING) & set(answer.headers.keys()), route


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 413, 418, 422, 429, 500, 503])
def test_every_error_is_sent_with_the_same_headers(app: Flask, stranger: Client, code: int) -> None:
    app.add_url_rule("/fail", view_func=lambda: abort(code))
    answer = stranger.get("/fail")
    assert answer.status_code == code
    assert sent(answer) == PAGE


def test_the_nonce_is_new_each_time_and_the_one_in_the_page(stranger: Client) -> None:
    nonces = set()
    for _ in range(5):
        answer = stranger.get("/sign-in")
        header = re.search(r"script-src 'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
        assert header
        assert set(re.findall(r'nonce="([^"]+)"', answer.text)) == {header[1]}
        nonces.add(header[1])
    assert len(nonces) == 5


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_other_methods_are_sent_with_them_too(stranger: Client, method: str) -> None:
    assert sent(stranger.open("/sign-in", method=method)) == PAGE


def test_a_page_of_somebody_signed_in_is_kept_by_no_cache(site: Site, client: Client) -> None:
    answer = client.get(f"/sites/{site.key}/messages")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


def test_over_https_the_cookie_is_bound_to_the_host(app: Flask, site: Site) -> None:
    from dataclasses import replace

    from anonmsg import create_app
    from tests.conftest import PASSWORD

    secure = create_app(replace(app.config["SETTINGS"], secure_cookies=True, public_url="https://messages.example"))
    secure.test_client_class = Client
    client = secure.test_client()
    assert isinstance(client, Client)
    url = "https://localhost/sign-in"
    token = re.search(r'csrf_token" value="([^"]+)"', client.get(url).text)
    assert token
    body = {"email": "alice@shop.example", "password": PASSWORD, "csrf_token": token[1]}
    answer = client.post(url, body, forged=True, headers={"Referer": url})
    assert answer.status_code == 303
    cookies = answer.headers.getlist("Set-Cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("__Host-session="))
    assert "Secure" in session
    assert "Path=/;" in session + ";"
    assert "Domain" not in session
    assert all("Secure" in cookie for cookie in cookies)
