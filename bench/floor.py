"""The least that a Flask application does: one route that answers ready bytes, as many as its address says."""

from __future__ import annotations

from flask import Flask, Response

app = Flask(__name__)


@app.get("/<int:size>")
def ready(size: int) -> Response:
    return Response(b"x" * size, mimetype="text/javascript")
