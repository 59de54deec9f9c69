"""The pages, a module per noun. Each has one blueprint, named after it."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter

from anonmsg.views import account, demo, errors, messages, public, sites, wizard


class Name(BaseConverter):
    """A site key, an id or a word in a path. Whatever else stands there is not found, without asking the database."""

    regex = r"[A-Za-z0-9_-]{1,64}"


def register(app: Flask) -> None:
    app.url_map.converters["default"] = Name
    for module in (account, sites, messages, wizard, demo, public):
        app.register_blueprint(module.blueprint)
    errors.register(app)
