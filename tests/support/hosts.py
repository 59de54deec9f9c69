"""Websites that are hard to live on, each with a small application of its own that must go on working."""

from __future__ import annotations

from typing import NamedTuple

from tests.support.website import Website

APPLICATION = """
window.application = {
    lists: () => { const seen = []; for (const key in [7, 8]) seen[seen.length] = key; return seen.join(); },
    objects: () => { const seen = []; for (const key in { a: 1 }) seen[seen.length] = key; return seen.join(); },
    json: () => JSON.stringify({ a: [1, 'x'], b: { c: null } }),
    natives: () => [Array, Object, String, Storage, History, Document, Node, Element, Event].map(({ prototype }) =>
        Object.getOwnPropertyNames(prototype).length).join(),
    fetch: () => String(window.fetch),
    button: () => {
        let pressed = 0;
        const button = document.createElement('button');
        button.addEventListener('click', () => pressed++);
        button.click();
        return pressed;
    },
    storage: () => { try { return typeof localStorage } catch (error) { return error.name } },
    title: () => document.title,
};
window.answers = () => Object.keys(application).filter((name) => Object.hasOwn(application, name))
    .map((name) => `${name}: ${application[name]()}`);
window.answered = answers();
window.names = new Set(Object.getOwnPropertyNames(window));
window.rejected = [];
addEventListener('unhandledrejection', ({ reason }) => rejected.push(String(reason)));
addEventListener('error', ({ message }) => rejected.push(message));
"""
"""Remembers how it works before anything of ours is on the page."""

OURS = {"analytics", "answered", "mend", "names", "rejected"}

CENSUS = "[...document.querySelectorAll(':not(script)')].map(({ localName }) => localName).sort()"
"""The elements of a page, without the scripts that its own tag brings in."""


class Host(NamedTuple):
    """``before`` runs before everything else of the page, ``after`` when it has loaded. A test that asks the page
    something needs lists and JSON itself: F2 runs ``normal``, which gives them back."""

    name: str
    before: str = ""
    after: str = ""
    normal: str = ""
    head: str = ""
    body: str = ""

    def __str__(self) -> str:
        return self.name

    def put_on(self, website: Website) -> None:
        """``/`` is its page with the install tag, ``/plain`` the same without."""
        for path, tag in (("/", website.tag), ("/plain", "")):
            website.pages[path] = (
                f"<!doctype html><html lang=en><head><meta charset=utf-8><title>Odd</title>"
                f"<script>{self.before}</script><script>{APPLICATION}</script>{self.head}{tag}</head>"
                f"<body><h1>Odd</h1><p>Some words.</p>{self.body}"
                f"<script>onload = () => {{ {self.after} }};"
                f"onkeydown = ({{ key }}) => {{ if (key === 'F2') {{ {self.normal} }} }};</script>"
            )


def throwing(*names: str) -> str:
    """Getters that throw as a browser's do where storage is blocked."""
    getter = "{ get() { throw new DOMException('Blocked', 'SecurityError') }, configurable: true }"
    return "".join(f"Object.defineProperty(window, '{name}', {getter});" for name in names)


COOKIES_THROW = """{
    const blocked = () => { throw new DOMException('Blocked', 'SecurityError') };
    Object.defineProperty(document, 'cookie', { get: blocked, set: blocked });
}"""
FULL = """for (const area of [localStorage, sessionStorage]) {
    area.clear();
    for (let size = 2 ** 22; size >= 1; size = Math.floor(size / 2))
        try { for (let i = 0; ; i++) area.setItem(`fill-${size}-${i}`, 'x'.repeat(size)) } catch {}
}"""
PROTOTYPE_JS = """
for (const name of ['each', 'first', 'last', 'without', 'invoke', 'pluck', 'clone'])
    Array.prototype[name] = function () {};
Array.prototype.toJSON = function () { return '[' + this.join(', ') + ']' };
Object.prototype.extend = function () { return this };
Object.prototype.inherits = 'from everywhere';
Function.prototype.argumentNames = String.prototype.gsub = String.prototype.evalJSON = function () {};
Element.prototype.remove = function () { this.parentNode && this.parentNode.removeChild(this); return this };
"""
POLLUTED = """Object.assign(Object.prototype, {
    get() { return 'polluted' }, set() {}, value: 'polluted', writable: false, url: 'javascript:alert(1)',
    link: 'javascript:alert(1)', type: 'image', src: 'http://evil.example/1', target: 'new', bold: true, steps: [],
    content: 'http://evil.example/2', limit: 0, ended: true, views: 9, userId: 'eve', email: 'eve@mail.example',
});"""
LISTS = "['map', 'filter', 'forEach', 'find', 'some', 'indexOf', 'includes', 'reduce', 'flat', 'slice', 'push', 'join']"
BROKEN_LISTS = f"""{{
    const kept = {LISTS}.map((name) => [name, Array.prototype[name]]);
    window.mend = () => {{ for (const [name, was] of kept) Array.prototype[name] = was }};
    for (const [name] of kept) Array.prototype[name] = () => {{ throw new Error('This site brings its own lists') }};
}}"""
BROKEN_JSON = """{
    const { parse, stringify } = JSON;
    window.mend = () => Object.assign(JSON, { parse, stringify });
    JSON.parse = JSON.stringify = () => { throw new Error('Ours is better') };
}"""
RESET = """<style>
* { all: unset !important; font-size: 90px !important; color: hotpink !important; transform: rotate(3deg) !important }
html, body { visibility: hidden !important; zoom: 3; filter: invert(1); contain: strict; overflow: hidden }
html > :not(head):not(body), :not(html, head, body, h1, p, input) { display: none !important }
::backdrop, dialog, section, [popover] { display: none !important; opacity: 0 !important }
</style>"""
CURTAIN = "<div style='position:fixed;inset:0;z-index:2147483647;background:#fff'>The page's own</div>" * 3

HOSTS = [
    Host("nothing odd"),
    Host("localStorage throws", throwing("localStorage")),
    Host("all storage throws", throwing("localStorage", "sessionStorage", "indexedDB", "caches") + COOKIES_THROW),
    Host("localStorage is null", "Object.defineProperty(window, 'localStorage', { value: null });"),
    Host("storage is full", FULL),
    Host("cookies are ignored", "Object.defineProperty(document, 'cookie', { get: () => '', set() {} });"),
    Host("no Web Locks", "Object.defineProperty(navigator, 'locks', { value: undefined });"),
    Host("no popovers", "delete HTMLElement.prototype.popover; delete HTMLElement.prototype.showPopover;"),
    Host("Prototype.js", PROTOTYPE_JS),
    Host("a polluted Object.prototype", POLLUTED),
    Host("lists that throw later", after=BROKEN_LISTS, normal="mend()"),
    Host("fetch throws", "window.fetch = () => { throw new TypeError('Not here') };"),
    Host("fetch rejects", "window.fetch = () => Promise.reject(new TypeError('Not here'));"),
    Host("fetch answers nothing", "window.fetch = () => {};"),
    Host("fetch is missing", "delete window.fetch;"),
    Host("no crypto.randomUUID, no console", "delete Crypto.prototype.randomUUID; window.console = undefined;"),
    Host("JSON is replaced later", after=BROKEN_JSON, normal="mend()"),
    Host(
        "a form and images take names",
        body="<form name=analytics></form><img name=cookie alt=''><img name=body alt=''>",
    ),
    Host("an image is called currentScript", body="<img name=currentScript alt=''>"),
    Host("a hostile reset", head=RESET),
    Host("others at the maximum of z-index", body=CURTAIN),
    Host("another custom element's polyfill", "customElements.define = () => { throw new Error('No') };"),
    Host("a base elsewhere", head="<base href='http://shop.example:1/'>"),
    Host("history is frozen", "Object.freeze(history);"),
    Host("frames per second are zero", "window.requestAnimationFrame = () => 0;"),
]
