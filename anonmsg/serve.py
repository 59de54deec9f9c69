"""Serving from the command line: the first run's demo user, site and message, where to go, then the server itself."""

from __future__ import annotations

import multiprocessing
import os
import secrets
import signal
import socket
from pathlib import Path
from threading import Thread

from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from anonmsg.cli.group import sentence
from anonmsg.db import THREADS, db, utc_now
from anonmsg.message import (
    Button,
    ButtonStyle,
    Dismiss,
    Display,
    DisplayKind,
    Frequency,
    Heading,
    Match,
    OpenUrl,
    PageRule,
    Position,
    Run,
    Shape,
    Step,
    Text,
)
from anonmsg.models import Site, User
from anonmsg.settings import BadSetting, Settings

DEMO_EMAIL = "demo@example.com"

WELCOME = Shape(
    name="Welcome",
    description="An example: greets new visitors on the first page of the demo shop.",
    priority=100,
    page_rules=(PageRule(match=Match.IS, value="/demo/"),),
    frequency=Frequency(limit=3),
    display=Display(kind=DisplayKind.OVERLAY, position=Position.BOTTOM_LEFT, width=360),
    steps=(
        Step(
            blocks=(
                Heading(text="New here? Welcome!"),
                Text(
                    paragraphs=(
                        (Run(text="Sign up and get "), Run(text="10 % off", bold=True), Run(text=" your first order.")),
                    )
                ),
                Button(label="Sign up", action=OpenUrl(url="/demo/signup")),
                Button(label="Not now", style=ButtonStyle.LINK, action=Dismiss()),
            )
        ),
    ),
)
"""What a newcomer sees at once. Its priority and its corner leave room for messages of their own."""


def serve(app: Flask) -> None:
    """Serve until interrupted, on the host and port of the settings. Raises :class:`BadSetting` where it cannot."""
    settings: Settings = app.config["SETTINGS"]
    refuse_taken(settings)
    try:
        with app.app_context():
            create_demo(settings)
            print(welcome(settings), flush=True)
    except DBAPIError as error:
        raise BadSetting(sentence(error)) from error
    Server(
        "app:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.processes,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
    ).serve(target_loader=load)


def load(_target: str) -> Flask:
    """The application in a process that serves. It ends with the one that started it, whatever ends that: left alone it
    would keep the port from the next server."""
    Thread(target=_end_with_parent, daemon=True).start()
    from app import app

    return app


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGKILL)


def refuse_taken(settings: Settings) -> None:
    """Raise :class:`BadSetting` where another server listens already: both would answer, each from its own database."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            place = f"{settings.host}:{settings.port}"
            raise BadSetting(f"Cannot serve on {place} ({error.strerror}): set PORT to a free one.") from error


def create_demo(settings: Settings) -> None:
    """On the first run, when there is nobody yet: a user to sign in with, and a site with a message for /demo/."""
    if db.session.scalar(select(User).limit(1)):
        return
    password = secrets.token_urlsafe(9)
    _write_secret(_password_file(settings), password)
    user = User.create(DEMO_EMAIL, password)
    site = Site.create("Demo shop", user)
    site.draft(WELCOME, utc_now()).launch(utc_now(), user)
    db.session.commit()


def welcome(settings: Settings) -> str:
    """Where to go and how to sign in. The password is shown for as long as the demo user still has it."""
    lines = [f"anonmsg   {settings.address}/", f"Demo shop {settings.address}/demo/"]
    file = _password_file(settings)
    if file.exists() and User.sign_in(DEMO_EMAIL, password := file.read_text()):
        lines.append(f"Sign in   {DEMO_EMAIL} with the password {password}")
    else:
        lines.append("Sign in   with the user you made: .venv/bin/flask --app app user create EMAIL makes one")
    return "\n".join(lines)


def _password_file(settings: Settings) -> Path:
    return settings.instance / "demo_password"


def _write_secret(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
