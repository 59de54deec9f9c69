"""The built snippet, named by the hash of its bytes. A build that a website has pinned outlives the next one."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from anonmsg import assets


@dataclass(frozen=True)
class Bundle:
    hash: str
    body: bytes

    @classmethod
    def current(cls) -> Bundle:
        """The last build. Raises FileNotFoundError, KeyError before the first."""
        listing = assets.DIST / "manifest.json"
        return _load(listing.stat().st_mtime_ns)

    def script(self, manifest: bytes) -> bytes:
        """The snippet with the manifest inside. Unlike in JSON, ``__proto__`` in a script would set the prototype."""
        literal = manifest.replace(b'"__proto__":', b'["__proto__"]:')
        return b"(function(__ANONMSG__){%b\n})(%b);" % (self.body, literal)

    def keep(self, folder: Path) -> None:
        """Store it, so that websites that pin it by SRI hash get the same bytes after an upgrade."""
        file = folder / f"{self.hash}.js"
        if not file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            new = file.with_suffix(".new")
            new.write_bytes(self.body)
            new.replace(file)


def find(hash: str, folder: Path) -> Bundle | None:
    """The build with this hash: the current one, or one that was asked for before."""
    current = Bundle.current()
    if current.hash == hash:
        current.keep(folder)
        return current
    file = folder / f"{hash}.js"
    if not re.fullmatch(r"[0-9a-f]{16}", hash) or not file.exists():
        return None
    return Bundle(hash, file.read_bytes())


@lru_cache(1)
def _load(_changed: int) -> Bundle:
    assets.built.cache_clear()
    body = assets.path("snippet.js").read_bytes().strip()
    return Bundle(hashlib.sha256(body).hexdigest()[:16], body)
