"""Where the links of a message lead: what may stand there at all, what leads nowhere, what is likely a mistake."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

_SCHEME = re.compile(r"([^/?#]*?):", re.DOTALL)
_BLANK = re.compile(r"\s", re.UNICODE)
_TORN = re.compile(r"(https?)[;.,]?//", re.IGNORECASE)
"""A scheme that lost its colon."""
_TWICE = re.compile(r"https?://(https?)(:|/|$)", re.IGNORECASE)
_NAMELESS = re.compile(r"mailto:(\?(?!.*\bto=).*)?|tel:[^0-9]*", re.IGNORECASE)
_LIKE_A_HOST = re.compile(r"[^./?#:][^/?#:]*\.(?!(?:x?html?|php|aspx?|jsp|pdf)\b)[a-z]{2,}(?=[/?#]|$)", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"https?://([^/?#]*\.)?example\.(com|org|net)(?=[:/?#]|$)", re.IGNORECASE)
"""RFC 2606: hosts that are nobody's. The reserved ``.example`` stays free for demonstrations."""
_HERE = re.compile(r"http://(localhost|127\.[\d.]+|\[::1\])(?=[:/?#]|$)", re.IGNORECASE)
_PORTS = range(65_536)


def url_problem(url: str, *, schemes: tuple[str, ...] = ("http", "https", "mailto", "tel")) -> str | None:
    """Why this URL may not stand in a message, or None. Relative ones may (DESIGN §5).

    Browsers drop tabs and line ends and fold full-width letters while they look for a scheme, so anything invisible
    is refused instead of understood.
    """
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn") or _BLANK.match(letter) for letter in url):
        return "has spaces or invisible characters"
    if "\\" in url or url.startswith("//"):
        return "must start with https:// or with a single /"
    scheme = _SCHEME.match(url)
    if scheme is None:
        return None
    if scheme[1].lower() not in schemes:
        return "must start with " + ", ".join(f"{word}:" for word in schemes) + " or be a path such as /signup"
    if scheme[1].lower().startswith("http") and not re.match(r"https?://[^/?#]", url, re.IGNORECASE):
        return "names no host"
    return None


def dead(url: str) -> str | None:
    """Why a URL that may stand in a message leads nowhere whatever its writer meant, as a sentence, or None."""
    if torn := _TORN.match(url):
        return f"“{url}” leads nowhere: a colon belongs after {torn[1]}."
    if _TWICE.match(url):
        return f"“{url}” leads nowhere: it begins twice."
    if _NAMELESS.fullmatch(url):
        return (
            f"“{url}” leads nowhere: type the {'address' if url.lower().startswith('mailto') else 'number'} after it."
        )
    if _SCHEME.match(url) and not _is_host(url):
        return f"“{url}” leads nowhere: there can be no such host."
    return None


def _is_host(url: str) -> bool:
    """Whether a website can have this address; any that is not of a website passes."""
    try:
        parts = urlsplit(url)
        known = parts.port is None or parts.port in _PORTS
    except ValueError:
        return False
    labels = (parts.hostname or "").removesuffix(".").split(".")
    return not parts.scheme.startswith("http") or (known and all(labels))


def doubtful(url: str) -> str | None:
    """Why this link is likely a mistake though it may lead somewhere, as a sentence, or None."""
    if url == "#":
        return "“#” leads nowhere, only to the top of the page. Type where it should lead."
    if _LIKE_A_HOST.match(url):
        return f"“{url}” leads to a page of your own site. If another website is meant, write https:// before it."
    return None


def placeholder(url: str) -> str | None:
    """What to think of a URL that may only be there until a better one is known, as a sentence, or None."""
    return f"“{url}” is an example, nobody's website." if _PLACEHOLDER.match(url) else None


def is_insecure(src: str) -> bool:
    """Whether a page that came by https may not show an image from there: it came unencrypted, and not from the very
    machine (W3C Mixed Content)."""
    return src.lower().startswith("http:") and not _HERE.match(src)
