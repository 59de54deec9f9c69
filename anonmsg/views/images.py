"""Taking in images. What comes of it is public, and is served by :mod:`anonmsg.delivery.pictures`."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, request
from flask_login import current_user, login_required
from werkzeug.exceptions import RequestEntityTooLarge

from anonmsg.db import db, reading_only, utc_now
from anonmsg.images import MOST_BYTES, Refused, Remade, StorageFailure, name_of, remake, storage
from anonmsg.images.remaking import too_large
from anonmsg.models import Image, NoRoom, Site, User
from anonmsg.models.image import require_room, require_room_for
from anonmsg.settings import Settings
from anonmsg.views.sites import server_url

blueprint = Blueprint("images", __name__, url_prefix="/sites/<key>/images")

Json = tuple[dict[str, Any], int]

_MOVING = "It moved; of an animation its first picture is kept."


@blueprint.app_template_global()
def most_upload_bytes() -> int:
    """So that a file that is too large need not be sent to hear of it."""
    return MOST_BYTES


@blueprint.url_value_preprocessor
def _let_pictures_in(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything looks at the body. Other requests are at most as large as a form."""
    request.max_content_length = MOST_BYTES


@blueprint.errorhandler(RequestEntityTooLarge)
def _refuse(_error: RequestEntityTooLarge) -> Json:
    return {"error": str(too_large())}, 413


@blueprint.before_request
def _no_lock_while_a_picture_is_made_ready() -> None:
    """That takes a second or two, in which visitors' calls would wait for SQLite's one writer."""
    reading_only.set(True)


@blueprint.post("")
@login_required
def create(key: str) -> Json:
    """Take in the picture that is the body: JSON with the address and the pixels of the widest, or with an error to
    show. Its files are kept before there is a row, and the row before the answer."""
    site = current_user.site(key)
    try:
        require_room(site, 1, _most_bytes())
        db.session.commit()
        return _taken(site, current_user, remake(request.get_data(cache=False))), 201
    except Refused as refused:
        return {"error": str(refused)}, refused.status
    except NoRoom as error:
        db.session.rollback()
        return {"error": str(error)}, 409
    except StorageFailure as failure:
        current_app.logger.error("an image could not be stored: %s", failure)
        return {"error": "The picture could not be stored just now. Try again in a minute."}, 503


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _most_bytes() -> int:
    return _settings().images_mb * 1024**2


def _taken(site: Site, by: User, made: Remade) -> dict[str, Any]:
    # Before there are files, which nobody would count, and once more when their row is made.
    require_room_for(site, made, _most_bytes())
    db.session.commit()
    kept, files = storage(_settings()), {name_of(site.key, made.hash, width): made.files[width] for width in made.files}
    for name, content in files.items():
        kept.put(name, content)
    reading_only.set(False)
    image = Image.keep(site, made, by, _most_bytes(), utc_now())
    # Whoever tidied up between the two took them for leftovers.
    for name, content in files.items():
        if not kept.has(name):
            kept.put(name, content)
    db.session.commit()
    base = _settings().images_url or f"{server_url()}/v1"
    src = f"{base}/{image.name(site)}"
    return {"src": src, "width": made.width, "height": made.height, "note": _MOVING if made.was_moving else ""}
