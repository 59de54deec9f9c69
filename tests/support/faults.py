"""What happens to databases and networks, made to happen."""

from __future__ import annotations

import sqlite3
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def locked(database_url: str) -> Iterator[None]:
    """Another process writes to this SQLite database and does not come to an end."""
    connection = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def losing_the_first_answer(server_url: str) -> Iterator[tuple[str, list[int]]]:
    """A way to the server whose first answer gets lost, though the server has done what was asked: its address, and the
    statuses that the server answered."""
    statuses: list[int] = []

    class Way(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            request = urllib.request.Request(server_url + self.path, body, headers, method="POST")
            with urllib.request.urlopen(request, timeout=10) as answer:
                statuses.append(answer.status)
                content = answer.read()
            if len(statuses) == 1:
                self.close_connection = True
                return
            self.send_response(statuses[-1])
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            pass

    way = ThreadingHTTPServer(("127.0.0.1", 0), Way)
    threading.Thread(target=way.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{way.server_port}", statuses
    finally:
        way.shutdown()
        way.server_close()
