"""The application, for WSGI servers as ``app:app``; ``python app.py`` serves it."""

from __future__ import annotations

from anonmsg import create_app

app = create_app()

if __name__ == "__main__":
    from anonmsg.serve import serve

    serve(app)
