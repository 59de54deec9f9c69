"""The pages, a module per noun. Each has one blueprint, named after it."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from re import fullmatch

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

from anonmsg import places
from anonmsg.views import (
    account,
    activity,
    addresses,
    answers,
    demo,
    errors,
    images,
    messages,
    people,
    preview,
    public,
    settings,
    sites,
    templates,
    theme,
    transfer,
    versions,
    wizard,
)
from anonmsg.views.typed import visible


class Name(BaseConverter):
    """A site key, an id or a word in a path. Whatever else stands there is not found, without asking the database."""

    regex = r"[A-Za-z0-9_-]{1,64}"


class AnonymousId(BaseConverter):
    """A visitor's id in a path. Websites choose them; what would not stand well there is in base64 after a ~."""

    regex = r"~?[A-Za-z0-9_-]{1,1400}"

    def to_python(self, value: str) -> str:
        if not value.startswith("~"):
            return value
        try:
            return urlsafe_b64decode(f"{value[1:]}===").decode()
        except ValueError:
            raise ValidationError from None

    def to_url(self, value: str) -> str:
        return value if fullmatch(Name.regex, value) else f"~{urlsafe_b64encode(value.encode()).decode().rstrip('=')}"


def register(app: Flask) -> None:
    app.jinja_env.filters.update(pictured=templates.pictured, visible=visible, in_words=places.in_words)
    app.url_map.converters.update(default=Name, visitor=AnonymousId)
    for module in (
        account,
        sites,
        settings,
        theme,
        messages,
        versions,
        transfer,
        templates,
        answers,
        wizard,
        preview,
        activity,
        addresses,
        images,
        people,
        demo,
        public,
    ):
        app.register_blueprint(module.blueprint)
    errors.register(app)
