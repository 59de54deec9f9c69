"""Every route of the app as requests to send, so that what must hold for all of them is tested for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from anonmsg import wizard
from anonmsg.assets import built
from anonmsg.db import db

VISITOR = "zoe"
"""The anonymous id in the routes."""

WRITES = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    method: str
    endpoint: str
    url: str

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"


def routes(
    app: Flask,
    key: str = "no-such-site",
    id: str = "no-such-message",
    person: str = "no-such-person",
    template: str = "no-such-template",
) -> list[Route]:
    """All routes with all their methods, for what has these ids. A new argument must be given values."""
    values = {
        "key": [key],
        "id": [id],
        "person": [person],
        "template": [template],
        "anonymous_id": [VISITOR],
        "step": [step.name for step in wizard.STEPS],
        "number": ["1"],
        "verb": ["pause", "resume", "stop", "archive"],
        "slug": ["teapot"],
        "kind": ["cups"],
        "filename": [f"dist/{built()['builder.css']}"],
        "demo.page": ["pricing", "about", "signup"],
    }
    return [route for rule in app.url_map.iter_rules() for route in _routes(app, rule, values)]


def _routes(app: Flask, rule: Rule, values: dict[str, list[str]]) -> Iterator[Route]:
    names = sorted(rule.arguments)
    for chosen in product(*(values[rule.endpoint if name == "name" else name] for name in names)):
        url = app.url_map.bind("localhost").build(rule.endpoint, dict(zip(names, chosen, strict=True)))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(method, rule.endpoint, url)


def dump(app: Flask) -> dict[str, list[Any]]:
    """All rows of all tables."""
    with app.app_context():
        return {
            table.name: sorted(map(repr, db.session.execute(table.select()).all()))
            for table in db.metadata.sorted_tables
        }
