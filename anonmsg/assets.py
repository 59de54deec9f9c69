"""Built front-end files: templates name them plainly, the browser gets the hashed, immutable name."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from flask import Flask, url_for

from anonmsg.settings import ROOT

DIST = ROOT / "static" / "dist"


@cache
def built() -> dict[str, str]:
    """Plain name → hashed name, as the build wrote it. Raises FileNotFoundError before the first build."""
    names: dict[str, str] = json.loads((DIST / "manifest.json").read_text())
    return names


def path(name: str) -> Path:
    return DIST / built()[name]


def asset(name: str) -> str:
    """The URL of a built file, e.g. ``asset('builder.js')``."""
    return url_for("static", filename=f"dist/{built()[name]}")


def init_app(app: Flask) -> None:
    app.jinja_env.globals["asset"] = asset
