"""The demo website: a small shop that carries a site's install tag, to see messages as visitors do.

It is somebody else's website in all but its address: its own look, its own scripts, nothing of the builder, no session.
``?site=KEY`` chooses the site whose tag it carries; without it, it is the first one there is.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, render_template, request
from sqlalchemy import select

from anonmsg import headers
from anonmsg.db import db
from anonmsg.models import Site

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


class Product(NamedTuple):
    slug: str
    name: str
    kind: str
    price: int
    """Euros."""
    glaze: str
    text: str


KINDS = {"cups": "Cups & mugs", "bowls": "Bowls & plates", "vases": "Vases & planters"}

PRODUCTS = (
    Product("morning-mug", "Morning mug", "cups", 28, "clay", "Holds a generous coffee and fits every cup holder."),
    Product("tumbler", "Handleless tumbler", "cups", 22, "sage", "For water, wine or the last of the soup."),
    Product("teapot", "Small teapot", "cups", 74, "ink", "Two cups, a lid that stays on, and no drip."),
    Product("breakfast-bowl", "Breakfast bowl", "bowls", 32, "sand", "Deep enough for granola with too much milk."),
    Product("dinner-plate", "Dinner plate", "bowls", 36, "sage", "A low rim that keeps the sauce where it belongs."),
    Product("serving-bowl", "Serving bowl", "bowls", 64, "clay", "The one that goes in the middle of the table."),
    Product("bud-vase", "Bud vase", "vases", 26, "ink", "For a single stem picked on the way home."),
    Product("tall-vase", "Tall vase", "vases", 88, "sand", "Stands by itself, with or without flowers."),
    Product("planter", "Window planter", "vases", 48, "clay", "With a saucer, because windowsills deserve one."),
)


@blueprint.url_defaults
def _stay_on_site(_endpoint: str, values: dict[str, Any]) -> None:
    """Every link of the shop keeps the chosen site."""
    values.setdefault("site", request.args.get("site"))


@blueprint.after_request
def _let_the_tag_load(response: Response) -> Response:
    """The install tag adds a script without a nonce; websites allow the server by name, as the install page says."""
    response.headers["Content-Security-Policy"] = headers.policy(script_src="'self' 'nonce-{nonce}'")
    return response


@blueprint.get("/")
def home() -> str:
    return _page("home", teapot=PRODUCTS[2], products=PRODUCTS[1::2])


@blueprint.get("/shop")
@blueprint.get("/shop/<any(cups, bowls, vases):kind>")
def shop(kind: str | None = None) -> str:
    """All products or one kind of them. The page switches between kinds by itself, with pushState."""
    return _page("shop", products=PRODUCTS, kinds=KINDS, kind=kind)


@blueprint.get("/products/<slug>")
def product(slug: str) -> str:
    found = next((product for product in PRODUCTS if product.slug == slug), None) or abort(404)
    return _page("product", product=found, kinds=KINDS)


@blueprint.get("/<any(pricing, about, signup):name>")
def page(name: str) -> str:
    return _page(name)


def _page(name: str, **context: Any) -> str:
    return render_template(f"demo/{name}.html", site_key=_site_key(), server=_server(), **context)


def _server() -> str:
    """This very server, as the page reaches it. That a proxy speaks https for it only the settings know."""
    public_url: str = current_app.config["SETTINGS"].public_url
    return public_url if urlsplit(public_url).netloc == request.host else request.host_url.rstrip("/")


def _site_key() -> str | None:
    """The key of the chosen site, or of the first; None before there is any. An unknown key is answered with 404."""
    if wanted := request.args.get("site"):
        return (Site.by_key(wanted) or abort(404)).key
    return db.session.scalar(select(Site.key).order_by(Site.created_at).limit(1))
