"""The operator's commands (DESIGN §7): for backups, review in git, scripts and tests. A module and a group per noun."""

from __future__ import annotations

from flask import Flask

from anonmsg.cli import activity, counters, images, messages, metrics, people, sites, users, visitors


def register(app: Flask) -> None:
    for module in (users, sites, messages, metrics, activity, people, visitors, counters, images):
        app.cli.add_command(module.group)
