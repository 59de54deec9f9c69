"""The demo website's install tag names the server as the page reaches it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from anonmsg import create_app
from anonmsg.models import Site
from anonmsg.settings import Settings

PUBLIC = "https://messages.example"


@pytest.mark.parametrize(
    ("public_url", "asked", "named"),
    [
        ("", "http://127.0.0.1:5000", "http://127.0.0.1:5000"),
        (PUBLIC, "http://messages.example", PUBLIC),
        (PUBLIC, "http://127.0.0.1:5000", "http://127.0.0.1:5000"),
    ],
    ids=["as it is", "behind a proxy that speaks https", "past the proxy"],
)
def test_the_tag_names_the_server(
    app: Flask, site: Site, settings: Settings, public_url: str, asked: str, named: str
) -> None:
    page = create_app(replace(settings, public_url=public_url)).test_client().get("/demo/", base_url=asked).text
    assert f'"{named}/v1/analytics-js/snippet/"' in page
    assert site.key in page
