"""Where the files of images lie: in a directory, or in a bucket that speaks S3. What is acknowledged is kept."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Protocol

from obstore.exceptions import BaseError
from obstore.store import S3Store

from anonmsg.settings import S3, Settings

NAME = re.compile(r"images/[A-Za-z0-9_-]{1,40}/([0-9a-f]{32})-[1-9][0-9]{0,3}\.webp")
"""Of a file; with the hash. Nothing else is ever asked of a storage, so that no name leads out of it."""

KIND = "image/webp"
FOREVER = "public, max-age=31536000, immutable"
"""How long a browser may keep what is found under a name of its content (Cache-Control)."""


def name_of(site_key: str, hash: str, width: int) -> str:
    return f"images/{site_key}/{hash}-{width}.webp"


class StorageFailure(Exception):
    """The disk is full, the bucket does not answer, and the like. Its text is for the operator."""


class Storage(Protocol):
    """Each method raises :class:`StorageFailure`."""

    def put(self, name: str, content: bytes) -> None:
        """Keep it: once this returns, it survives losing power. In place of what has this name already."""

    def get(self, name: str) -> bytes | None: ...

    def has(self, name: str) -> bool: ...

    def delete(self, name: str) -> None:
        """What is not there is not missed."""

    def names(self) -> Iterator[tuple[str, datetime]]:
        """All that is kept, leftovers of a power failure included, each with when it was put there."""


@cache
def storage(settings: Settings) -> Storage:
    """The storage that the operator chose."""
    return Bucket(settings.s3) if settings.s3 else Directory(settings.instance)


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except (OSError, BaseError) as error:
        raise StorageFailure(str(error)) from error


class Directory:
    """Files in ``images`` below the instance directory."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, name: str, content: bytes) -> None:
        path = self._root / name
        unfinished = path.with_name(f".{token_hex(8)}")
        with _failing():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                _write(unfinished, content)
                unfinished.replace(path)
            finally:
                unfinished.unlink(missing_ok=True)
            for directory in (path.parent, path.parent.parent, self._root):
                _sync(directory)

    def get(self, name: str) -> bytes | None:
        with _failing(), suppress(FileNotFoundError):
            return (self._root / name).read_bytes()
        return None

    def has(self, name: str) -> bool:
        return (self._root / name).is_file()

    def delete(self, name: str) -> None:
        with _failing():
            (self._root / name).unlink(missing_ok=True)

    def names(self) -> Iterator[tuple[str, datetime]]:
        for path in (self._root / "images").glob("*/*"):
            with suppress(FileNotFoundError):
                yield str(path.relative_to(self._root)), datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(directory: Path) -> None:
    """So that the name is as durable as the content."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Bucket:
    """Objects in a bucket. A service that does not answer is given up after some seconds."""

    def __init__(self, s3: S3) -> None:
        self._store = S3Store(
            s3.bucket,
            endpoint=s3.endpoint,
            region=s3.region,
            access_key_id=s3.key,
            secret_access_key=s3.secret,
            client_options={
                "allow_http": True,
                "connect_timeout": timedelta(seconds=3),
                "timeout": timedelta(seconds=15),
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=15)},
        )

    def put(self, name: str, content: bytes) -> None:
        with _failing():
            self._store.put(name, content, attributes={"Content-Type": KIND, "Cache-Control": FOREVER})

    def get(self, name: str) -> bytes | None:
        with _failing(), suppress(FileNotFoundError):
            return bytes(self._store.get(name).bytes())
        return None

    def has(self, name: str) -> bool:
        with _failing(), suppress(FileNotFoundError):
            self._store.head(name)
            return True
        return False

    def delete(self, name: str) -> None:
        with _failing(), suppress(FileNotFoundError):
            self._store.delete(name)

    def names(self) -> Iterator[tuple[str, datetime]]:
        with _failing():
            for found in self._store.list("images/"):
                yield from ((each["path"], each["last_modified"]) for each in found)
