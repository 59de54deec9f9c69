"""The environment as one typed, validated object; a wrong value stops the start with a sentence."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fcntl import LOCK_EX, flock
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent

MOST_PROCESSES = 64

MOST_MEGABYTES = 1_000_000

MOST_EVENTS = 10_000_000
MOST_PROXIES = 9

SHORTEST_KEY = 32
"""Characters of the key that signs sessions, where others than this machine can reach them."""


class BadSetting(SystemExit):
    """A setting that cannot be used; its text is what the operator reads."""


@dataclass(frozen=True, kw_only=True)
class S3:
    """A bucket that images are kept in, of the service at ``endpoint``."""

    bucket: str
    key: str
    secret: str = field(repr=False)
    region: str
    endpoint: str


@dataclass(frozen=True, kw_only=True)
class Caps:
    """How many message events a site counts in a minute, and as many at once, in each process; 0: however many come."""

    address: int = 3_000
    """From one address: behind it may be an office of 500 people, or a mobile network."""
    visitor: int = 120
    """Of one visitor: a few pages and messages a second, which nobody can read."""
    site: int = 100_000
    """Of all that came within the other two."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the operator decides. :meth:`from_environment` documents where each comes from."""

    database_url: str
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 5000
    public_url: str = ""
    """Where websites reach this server, e.g. ``https://messages.example``; empty: whatever host a request names."""
    processes: int = 1
    """How many serve. SQLite has one writer, so there it is one."""
    instance: Path = ROOT / "instance"
    s3: S3 | None = None
    """Where images are kept; without it in the instance directory."""
    images_url: str = ""
    """Where websites reach them, e.g. ``https://cdn.example``; empty: this server passes them on."""
    images_mb: int = 500
    """How much the images of a site may take."""
    caps: Caps = Caps()
    proxies: int | None = None
    """How many proxies of the operator's stand in front and note whom they were asked by; None: nobody said."""
    secure_cookies: bool = False
    testing: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read PORT, DATABASE_URL, SECRET_KEY, ANONMSG_{HOST,URL,PROCESSES,INSTANCE,IMAGES_URL,IMAGES_MB,PROXIES},
        ANONMSG_{ADDRESS,VISITOR,SITE}_EVENTS and ANONMSG_S3_{BUCKET,KEY,SECRET,REGION,ENDPOINT}. Raises
        :class:`BadSetting`."""
        instance = Path(environ.get("ANONMSG_INSTANCE") or ROOT / "instance")
        host = environ.get("ANONMSG_HOST") or "127.0.0.1"
        public_url = _url("ANONMSG_URL", environ.get("ANONMSG_URL", ""), "https://messages.example")
        database_url = _database_url(environ.get("DATABASE_URL", ""), instance)
        return cls(
            database_url=database_url,
            secret_key=_secret_key(environ.get("SECRET_KEY", ""), host, instance),
            host=host,
            port=_port(environ.get("PORT") or "5000"),
            public_url=public_url,
            processes=_processes(environ.get("ANONMSG_PROCESSES") or "1", database_url),
            instance=instance,
            s3=_s3(environ),
            images_url=_url("ANONMSG_IMAGES_URL", environ.get("ANONMSG_IMAGES_URL", ""), "https://cdn.example"),
            images_mb=_number("ANONMSG_IMAGES_MB", environ.get("ANONMSG_IMAGES_MB") or "500", 1, MOST_MEGABYTES),
            caps=_caps(environ),
            proxies=_proxies(environ.get("ANONMSG_PROXIES") or ""),
            secure_cookies=public_url.startswith("https://"),
        )

    @property
    def address(self) -> str:
        """The URL to open in a browser on this machine."""
        return self.public_url or f"http://{self.host}:{self.port}"


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise BadSetting(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _number(name: str, text: str, least: int, most: int) -> int:
    if not text.isdecimal() or not least <= int(text) <= most:
        raise BadSetting(f"{name} must be a number from {least} to {most}, not {text!r}.")
    return int(text)


def _caps(environ: Mapping[str, str]) -> Caps:
    names = {field.name: f"ANONMSG_{field.name.upper()}_EVENTS" for field in fields(Caps)}
    given = {of: (name, text) for of, name in names.items() if (text := environ.get(name))}
    return Caps(**{of: _number(name, text, 0, MOST_EVENTS) for of, (name, text) in given.items()})


def _proxies(text: str) -> int | None:
    return _number("ANONMSG_PROXIES", text, 0, MOST_PROXIES) if text else None


def _s3(environ: Mapping[str, str]) -> S3 | None:
    names = ("BUCKET", "KEY", "SECRET", "REGION", "ENDPOINT")
    given = {name.lower(): text for name in names if (text := environ.get(f"ANONMSG_S3_{name}"))}
    if not given:
        return None
    if missing := [f"ANONMSG_S3_{name}" for name in names[:3] if name.lower() not in given]:
        raise BadSetting(f"To keep images in a bucket, set {' and '.join(missing)} as well.")
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", given["bucket"]):
        raise BadSetting(f"ANONMSG_S3_BUCKET must be the bucket's name alone, not {given['bucket']!r}.")
    given.setdefault("region", "us-east-1")
    amazon = f"https://s3.{given['region']}.amazonaws.com"
    endpoint = _url("ANONMSG_S3_ENDPOINT", given.pop("endpoint", amazon), "https://s3.eu-central-1.example")
    return S3(**given, endpoint=endpoint)


def _url(name: str, text: str, example: str) -> str:
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:  # brackets without an address, a port that is none
        good = False
    if text and not good:
        raise BadSetting(f"{name} must look like {example}, not {text!r}.")
    return text.rstrip("/")


def _database_url(text: str, instance: Path) -> str:
    """SQLAlchemy's spelling of DATABASE_URL; hosts hand out ``postgres://``, which it does not know."""
    if not text:
        _make(instance)
        return f"sqlite:///{instance / 'anonmsg.sqlite3'}"
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in {"sqlite", "postgres", "postgresql", "postgresql+psycopg"}:
        raise BadSetting("DATABASE_URL must start with sqlite:/// or postgresql://.")
    url = text if scheme == "sqlite" else f"postgresql+psycopg://{rest}"
    try:
        make_url(url)
    except (ArgumentError, ValueError) as error:
        raise BadSetting("DATABASE_URL must look like postgresql://user:password@host:5432/name.") from error
    return url


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(
            f"ANONMSG_INSTANCE must be a directory to write to ({error.strerror}: {directory})."
        ) from error


def _processes(text: str, database_url: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= MOST_PROCESSES:
        raise BadSetting(f"ANONMSG_PROCESSES must be a number from 1 to {MOST_PROCESSES}, not {text!r}.")
    if int(text) > 1 and database_url.startswith("sqlite"):
        raise BadSetting(
            f"ANONMSG_PROCESSES is {text}, but with SQLite one process serves: it has one writer at a time. "
            "Set DATABASE_URL to a PostgreSQL database, or leave ANONMSG_PROCESSES out."
        )
    return int(text)


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _secret_key(text: str, host: str, instance: Path) -> str:
    if not is_loopback(host) and len(text) < SHORTEST_KEY:
        long = f"a random text of at least {SHORTEST_KEY} characters"
        raise BadSetting(f"Set SECRET_KEY to {long} before serving on {host}: it signs the sessions.")
    if text:
        return text
    return _own_secret_key(instance / "secret_key")


def _own_secret_key(path: Path) -> str:
    """The key kept beside the database, made on first use. Locked: server and commands may start together."""
    _make(path.parent)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        flock(file, LOCK_EX)
        key = file.read().strip()
        if not key:
            key = secrets.token_urlsafe(48)
            file.write(key)
    return key
