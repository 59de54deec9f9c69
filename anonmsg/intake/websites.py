"""The websites whose message events count, as marketers write them and as browsers name themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address
from urllib.parse import SplitResult, urlsplit

import idna

PORTS = {"http": 80, "https": 443}
"""Which browsers leave out."""
HOST_LENGTH = 253

_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*", re.ASCII)


class NoWebsite(ValueError):
    """What was written names no website; the text says why."""


@dataclass(frozen=True, slots=True)
class Website:
    """``host`` in small ASCII letters; ``port`` None: any; ``is_wild``: all that ends with it too."""

    host: str
    port: int | None
    is_wild: bool

    @classmethod
    def read(cls, text: str) -> Website:
        """From ``shop.example``, ``*.shop.example``, ``shop.example:8443`` or a page's address, of which the path does
        not matter. Raises :class:`NoWebsite`."""
        scheme, is_address, rest = text.strip().lower().rpartition("://")
        rest, is_wild = rest.removeprefix("*."), rest.startswith("*.")
        parts = _split(f"//{rest}")
        if parts is None or not parts.hostname or "@" in parts.netloc or (is_address and scheme not in PORTS):
            raise NoWebsite(f"“{_short(text)}” is no website. Write its host, such as shop.example.")
        if "*" in parts.netloc:
            raise NoWebsite(f"“{_short(text)}”: a * stands only at the start, as in *.shop.example.")
        return cls(_ascii(parts.hostname, text), parts.port, is_wild)

    def includes(self, host: str, port: int | None) -> bool:
        if self.port is not None and self.port != port:
            return False
        return host == self.host or (self.is_wild and host.endswith(f".{self.host}"))

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'*.' * self.is_wild}{host}{'' if self.port is None else f':{self.port}'}"

    @property
    def label(self) -> str:
        """As people write it, in their own letters."""
        try:
            return str(Website(idna.decode(self.host), self.port, self.is_wild))
        except idna.IDNAError:  # with an underscore, or a number as no name has it
            return str(self)


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        return parts if parts.port != 0 else None
    except ValueError:  # half a bracket, a port that is none
        return None


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _ascii(host: str, text: str) -> str:
    """The host as browsers name it."""
    try:
        if ":" in host:
            return str(IPv6Address(host))
        found = host.rstrip(".")
        found = found if found.isascii() else idna.encode(found, uts46=True).decode()
    except ValueError:  # idna's own are such, too
        found = ""
    if len(found) > HOST_LENGTH or not (":" in found or _HOST.fullmatch(found)):
        raise NoWebsite(f"“{_short(text)}” is no host that a website can have.")
    return found


@lru_cache(4_000)
def allows(websites: str, origin: str) -> bool:
    """Whether a site with these websites, as its row has them, counts what a page of this origin sends. Without any it
    counts whatever comes; what servers send, without an origin, always counts."""
    if not websites or not origin:
        return True
    parts = _split(origin)
    if parts is None or not parts.hostname:
        return False
    port = parts.port or PORTS.get(parts.scheme)
    return any(website.includes(parts.hostname, port) for website in listed(websites))


def listed(websites: str) -> list[Website]:
    """As a site's row has them."""
    return [Website.read(text) for text in websites.split()]
