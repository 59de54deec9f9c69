"""What every page of ours must be, whichever test fetched it: valid, named, labelled, and without a loose script."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.test import TestResponse

REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "form", "list")
NAMED_OTHERWISE = ("hidden", "submit")
"""Kinds of input that need no label."""
RANDOM = re.compile(
    r"""(?<=nonce=")[^"]+|(?<=value=")[\w.-]{60,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{20}\b"""
    r"""|(?<=datetime=")[^"]+|\b\d\d:\d\d\b"""
)
"""Nonces, tokens, ids, site keys and times: what differs from one test to the next."""

_good: set[str] = set()
"""The pages of this process that were found to be without fault, for many tests fetch the same."""


def check(response: TestResponse) -> None:
    """Fail with everything that is wrong with a page or a fragment of one. The body of a redirect is nobody's page."""
    if response.mimetype == "text/html" and response.data and not 300 <= response.status_code < 400:
        page = without_random(response.text)
        found = [] if page in _good else list(faults(response.text))
        assert not found, f"{response.request.path}: {found}"
        _good.add(page)


def without_random(text: str) -> str:
    """The page with the same number for the same random text: what was one id before is one id still."""
    numbers: dict[str, str] = {}
    return RANDOM.sub(lambda found: numbers.setdefault(found[0], f"#{len(numbers)}"), text)


def faults(text: str) -> Iterator[str]:
    """Each fault in words. Invalid HTML raises html5lib's ParseError."""
    whole = text.lstrip().lower().startswith("<!doctype")
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False)
    root = parser.parse(text) if whole else parser.parseFragment(text)
    if whole:
        yield from _document(root)
        yield from _references(root)
    yield from _ids(root)
    for element in root.iter():
        if isinstance(element.tag, str):
            yield from _element(element, root)


def _document(root: Element) -> Iterator[str]:
    title = root.findtext(".//title") or ""
    if len(title.split()) < 2:
        yield f"the title {title!r} does not say where you are"
    for tag, wanted in (("h1", 1), ("main", 1)):
        if (found := len(list(root.iter(tag)))) != wanted:
            yield f"{found} × <{tag}>"
    if not root.get("lang"):
        yield "the language is not named"


def _ids(root: Element) -> Iterator[str]:
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    yield from (f"the id {id} stands {count} times" for id, count in ids.items() if count > 1)


def _references(root: Element) -> Iterator[str]:
    ids = {element.get("id") for element in root.iter()}
    for element in root.iter():
        for name in REFERENCES:
            for id in (element.get(name) or "").split():
                if id not in ids:
                    yield f"<{element.tag} {name}={id}> refers to nothing"


def _element(element: Element, root: Element) -> Iterator[str]:
    for name in element.attrib:
        if name.startswith("on") or name == "style":
            yield f"<{element.tag} {name}=…> is what the policy forbids"
    if element.tag == "script" and not element.get("nonce"):
        yield "a script without a nonce"
    if element.tag == "img" and element.get("alt") is None:
        yield f"an image without alt: {element.get('src')}"
    if element.tag == "a" and not element.get("href"):
        yield f"a link to nowhere: {_text(element)}"
    if element.tag in ("a", "button", "summary") and not (_text(element) or element.get("aria-label")):
        yield f"<{element.tag}> without a name"
    if element.tag in ("input", "select", "textarea") and not _labelled(element, root):
        yield f"<{element.tag} name={element.get('name')}> without a label"
    if element.tag == "form" and element.get("method", "get").lower() == "post" and not _has_token(element):
        yield f"the form to {element.get('action')} carries no token"


def _labelled(element: Element, root: Element) -> bool:
    if element.get("type") in NAMED_OTHERWISE or element.get("aria-label") or element.get("aria-labelledby"):
        return True
    labels = [label for label in root.iter("label") if label.get("for") == element.get("id") or element in label.iter()]
    return any(_text(label) for label in labels)


def _has_token(form: Element) -> bool:
    return any(field.get("name") == "csrf_token" and field.get("value") for field in form.iter("input"))


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()
