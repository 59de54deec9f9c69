"""The pages, a module per noun. Each has one blueprint, named after it."""

from __future__ import annotations

from flask import Flask

from anonmsg.views import account, demo, errors, messages, public, sites, wizard


def register(app: Flask) -> None:
    for module in (account, sites, messages, wizard, demo, public):
        app.register_blueprint(module.blueprint)
    errors.register(app)
