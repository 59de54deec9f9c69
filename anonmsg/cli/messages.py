"""Commands for messages."""

from __future__ import annotations

from flask.cli import AppGroup

group = AppGroup("messages", help="The anonymous messages.")
