"""Somebody else's website, on an origin of its own, that carries the install tag."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

REFERENCE_TAG = (Path(__file__).parent / "reference_install_tag.html").read_text()
"""The install tag as the reference prints it."""


def install_tag(server_url: str, site_key: str, *, enabled: bool = True) -> str:
    """The reference's own tag with only the host and the keys changed (and the flag, where a test wants it off)."""
    tag = REFERENCE_TAG.replace("https://cdp.customer.io", server_url)
    tag = tag.replace("YOUR_WRITE_KEY", site_key).replace("YOUR_JOURNEYS_SITE_ID", site_key)
    return tag if enabled else tag.replace("anonymousInApp: true", "anonymousInApp: false")


KINDS = {".js": "text/javascript", ".svg": "image/svg+xml"}

LOADER = re.compile(r'var t=document\.createElement\("script"\);.*?insertBefore\(t,n\);')


def parsed_tag(server_url: str, site_key: str, nonce: str = "") -> str:
    """The tag for pages whose policy refuses a loader: the same stub, and the script as an element of the page."""
    tag, removed = LOADER.subn("", install_tag(server_url, site_key))
    assert removed == 1
    source = f"{server_url}/v1/sites/{site_key}/site.js"
    return tag.replace("<script>", f"<script nonce='{nonce}'>") + f"<script async src='{source}'></script>"


@dataclass
class Website:
    """Every path answers 200 with a small page that holds ``tag``; ``pages`` replaces single paths."""

    tag: str = ""
    body: str = "<h1>Shop</h1><p>Some words of the page.</p><input aria-label='Search'>"
    pages: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    requested: list[str] = field(default_factory=list)

    @cached_property
    def _server(self) -> ThreadingHTTPServer:
        website = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                website.requested.append(self.path)
                content = website.page(path).encode()
                self.send_response(200)
                self.send_header("Content-Type", KINDS.get(Path(path).suffix, "text/html; charset=utf-8"))
                self.send_header("Content-Length", str(len(content)))
                for name, value in website.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_args: object) -> None:
                pass

        return ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def page(self, path: str) -> str:
        if path in self.pages:
            return self.pages[path]
        if path == "/favicon.ico":
            return ""
        return (
            f"<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width'>"
            f"<title>Shop {path}</title>{self.tag}</head><body>{self.body}</body></html>"
        )

    def start(self) -> Website:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """A secure context, as https is: Web Locks and the like are there."""
        return f"http://localhost:{self._server.server_port}"

    @property
    def plain_url(self) -> str:
        """Not a secure context, as plain http is. Chromium is told that *.example is this machine."""
        return f"http://shop.example:{self._server.server_port}"
