"""The pages, a module per noun. Each has one blueprint, named after it."""

from __future__ import annotations

from flask import Flask

from anonmsg.views import account, public, sites


def register(app: Flask) -> None:
    for module in (account, sites, public):
        app.register_blueprint(module.blueprint)
