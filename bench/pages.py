"""The app with two more pages, so that one process serves both: a website that carries the install tag, and the floor.

The floor is the least that shows a message whose text comes from a server: one script, one fetch, one append. Its
script is brought by the very install tag that a website has, since no such website has its scripts brought otherwise.
Beside it stands the same with the script written into the page, where a browser finds it before it runs anything.
"""

from __future__ import annotations

from flask import Response, request

from anonmsg import create_app
from tests.support.website import install_tag

PAGE = """<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content="width=device-width">
<title>Shop</title><script>
window.painted = new Promise((done, failed) => {
    setTimeout(failed, 30000, 'no message');
    new MutationObserver((changes, observer) => {
        for (const { addedNodes } of changes) for (const { id, localName } of addedNodes) {
            if (id !== 'floor' && localName !== 'anonmsg-message') continue;
            observer.disconnect();
            requestAnimationFrame(() => {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = () => done(performance.now());
                port2.postMessage(0);
            });
        }
    }).observe(document, { childList: true, subtree: true });
});
</script>%s</head><body><h1>Shop</h1><p>Some words of the page.</p></body></html>"""
"""Promises when the first frame with the message was handed on, in ms from the start of the navigation."""

WRITTEN_TAG = "<script async src=/bench/floor.js></script>"
FLOOR_SCRIPT = """fetch('/bench/floor.json').then((answer) => answer.json()).then(({ heading, label }) => {
    const box = document.createElement('div');
    box.id = 'floor';
    box.style.cssText = 'position:fixed;right:16px;bottom:16px;padding:24px;background:#fff';
    box.append(Object.assign(document.createElement('h2'), { textContent: heading }));
    box.append(Object.assign(document.createElement('button'), { textContent: label }));
    document.body.append(box);
});"""

app = create_app()


@app.get("/bench/ours/<key>")
def ours(key: str) -> Response:
    return _plain(PAGE % _tag(key), "text/html")


@app.get("/bench/preloaded/<key>")
def preloaded(key: str) -> Response:
    """With the line that docs/websites.md offers to those who want it still faster."""
    line = f'<link rel="preload" as="script" href="/v1/analytics-js/snippet/{key}/analytics.min.js">'
    return _plain(PAGE % (line + _tag(key)), "text/html")


@app.get("/bench/floor")
def floor() -> Response:
    tag = _tag("KEY").replace('/v1/analytics-js/snippet/" + key + "/analytics.min.js"', '/bench/floor.js"')
    assert "/bench/floor.js" in tag
    return _plain(PAGE % tag, "text/html")


@app.get("/bench/written")
def written() -> Response:
    return _plain(PAGE % WRITTEN_TAG, "text/html")


@app.get("/bench/floor.js")
def floor_script() -> Response:
    return _plain(FLOOR_SCRIPT, "text/javascript")


@app.get("/bench/floor.json")
def floor_message() -> Response:
    return _plain('{"heading": "Join the club", "label": "Sign up"}', "application/json")


def _tag(key: str) -> str:
    return install_tag(request.host_url.rstrip("/"), key)


def _plain(body: str, mimetype: str) -> Response:
    """Without the app's own policy, which a website does not have."""
    return Response(body, mimetype=mimetype, headers={"Content-Security-Policy": "default-src * 'unsafe-inline'"})
