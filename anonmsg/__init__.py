"""anonmsg: in-app messages for the anonymous visitors of a website. :func:`create_app` puts the parts together."""

from __future__ import annotations

from flask import Flask, request
from flask_compress import Compress
from flask_login import LoginManager, current_user
from flask_migrate import Migrate

from anonmsg import assets, cli, headers, throttle, views
from anonmsg.db import db, engine_options, reading_only
from anonmsg.delivery import Delivery
from anonmsg.forgery import csrf, refuse_other_origins
from anonmsg.models import User
from anonmsg.settings import ROOT, Settings
from anonmsg.views import account
from anonmsg.views.drafts import Drafts
from anonmsg.views.public import Calls

login = LoginManager()
login.unauthorized_handler(account.ask_to_sign_in)
login.user_loader(User.by_session)


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application. Without ``settings`` the environment decides; raises :class:`BadSetting`."""
    settings = settings or Settings.from_environment()
    app = Flask(
        "anonmsg", root_path=str(ROOT), template_folder="templates", static_folder="static", static_url_path="/static"
    )
    _configure(app, settings)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    # Flask-Login's own context processor asks the database for each page, error pages while it is away included.
    login.init_app(app, add_context_processor=False)
    app.jinja_env.globals["current_user"] = current_user
    # Before the tokens are looked at, lest a page says to a forged form how to send it again.
    app.before_request(refuse_other_origins)
    csrf.init_app(app)
    throttle.init_app(app)
    Compress(app)
    assets.init_app(app)
    headers.init_app(app)
    app.before_request(_note_reading)
    app.teardown_request(_forget_reading)
    views.register(app)
    cli.register(app)
    app.wsgi_app = Drafts(app)  # type: ignore[method-assign]
    app.wsgi_app = Calls(app)  # type: ignore[method-assign]
    app.wsgi_app = Delivery(app)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1_500_000,
        MAX_FORM_PARTS=5_000,
        SESSION_COOKIE_NAME="__Host-session" if settings.secure_cookies else "session",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_SAMESITE="Lax",
        SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600,
        PERMANENT_SESSION_LIFETIME=14 * 24 * 3600,
        WTF_CSRF_TIME_LIMIT=None,
        PROPAGATE_EXCEPTIONS=False if not settings.testing else None,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _note_reading() -> None:
    reading_only.set(request.method in ("GET", "HEAD", "OPTIONS"))


def _forget_reading(_error: BaseException | None) -> None:
    """The thread may go on to other things, which write."""
    reading_only.set(False)
