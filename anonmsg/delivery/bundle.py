"""The built snippet, named by the hash of its bytes. A build that a website has pinned outlives the next one.

It is a core and parts (static/snippet/parts); the script for a site holds those that the site's messages need.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile

import msgspec

from anonmsg import assets

BEGINNING = {"preview"}
"""Parts that begin as soon as they are there, and so are fetched when it is time."""


class _Texts(msgspec.Struct):
    """What build.mjs writes: each but the head is one function."""

    core: str
    parts: dict[str, str]
    head: str = '"use strict";'
    """What every script begins with. Builds that websites have pinned may be older than it."""


@dataclass(frozen=True)
class Bundle:
    hash: str
    body: bytes
    head: bytes
    core: bytes
    parts: dict[str, bytes]

    @classmethod
    def of(cls, body: bytes) -> Bundle:
        texts = msgspec.json.decode(body, type=_Texts)
        parts = {name: text.encode() for name, text in texts.parts.items()}
        return cls(hashlib.sha256(body).hexdigest()[:12], body, texts.head.encode(), texts.core.encode(), parts)

    @classmethod
    def current(cls) -> Bundle:
        """The last build. Raises FileNotFoundError, KeyError before the first."""
        listing = assets.DIST / "manifest.json"
        return _load(listing.stat().st_mtime_ns)

    def script(self, messages: bytes, needs: Iterable[str]) -> bytes:
        """The snippet with a manifest's messages and these parts inside. A part that it does not have is left out."""
        # Unlike in JSON, ``__proto__`` in a script would set the prototype.
        literal = messages.replace(b'"__proto__":', b'["__proto__"]:')
        needed = set(needs)
        parts = b",".join(b"%b:%b" % (name.encode(), text) for name, text in self.parts.items() if name in needed)
        return b'%b(%b)(%b,{%b},"%b")' % (self.head, self.core, literal, parts, self.hash.encode())

    def pinned(self) -> bytes:
        """The snippet without a manifest, which it fetches, and so with every part that a message can need. It never
        changes."""
        return self.script(b"null", self.parts.keys() - BEGINNING)

    @property
    def integrity(self) -> str:
        """The hash by which a browser knows the pinned script (Subresource Integrity)."""
        return f"sha384-{b64encode(hashlib.sha384(self.pinned()).digest()).decode()}"

    def module(self, part: str) -> bytes | None:
        """A part by itself, for pages whose script does not have it inside."""
        text = self.parts.get(part)
        return text and b"export default %b;" % text

    def keep(self, folder: Path) -> None:
        """Store it, so that websites that pin it by SRI hash get the same bytes after an upgrade."""
        file = folder / f"{self.hash}.json"
        if not file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=folder, delete=False) as new:
                new.write(self.body)
            Path(new.name).replace(file)


def find(hash: str, folder: Path) -> Bundle | None:
    """The build with this hash: the current one, or one that was asked for before."""
    current = Bundle.current()
    if current.hash == hash:
        current.keep(folder)
        return current
    file = folder / f"{hash}.json"
    if not re.fullmatch(r"[0-9a-f]{12}", hash) or not file.exists():
        return None
    return Bundle.of(file.read_bytes())


@lru_cache(1)
def _load(_changed: int) -> Bundle:
    assets.built.cache_clear()
    return Bundle.of(assets.path("snippet.json").read_bytes())
