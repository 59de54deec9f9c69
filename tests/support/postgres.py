"""A PostgreSQL server of our own for tests: the first binaries found, data in a temporary directory."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import psycopg

from tests.support.server import free_port

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def binaries() -> Path | None:
    """The directory of the newest initdb that is installed; None where there is none."""
    on_path = shutil.which("initdb")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return Path(on_path).parent if on_path else installed[-1].parent if installed else None


class Postgres:
    """A server over its own data directory."""

    def __init__(self, bin: Path, directory: Path, options: dict[str, str]) -> None:
        self.bin, self.directory, self.port = bin, directory, free_port()
        self._options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            **options,
        }

    def database(self) -> str:
        """The name of a new database."""
        name = f"t{token_hex(6)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return name

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in self._options.items())
        self._run("pg_ctl", "-w", "-o", options, "-l", str(self.directory / "log"), "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def initialize(self) -> None:
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C")

    def _run(self, program: str, *words: str) -> None:
        """PostgreSQL refuses to run as root, so root becomes nobody."""
        command = [str(self.bin / program), "-D", str(self.directory / "data"), *words]
        user = "nobody" if os.geteuid() == 0 else None
        quiet = subprocess.DEVNULL
        subprocess.run(command, user=user, cwd=self.directory, check=True, stdout=quiet, stderr=quiet, timeout=60)


@contextmanager
def running(bin: Path, options: dict[str, str] = FAST) -> Iterator[Postgres]:
    """A server over a new data directory, which is removed in the end."""
    with tempfile.TemporaryDirectory(prefix="anonmsg-postgres-") as name:
        if os.geteuid() == 0:
            shutil.chown(name, "nobody")
        server = Postgres(bin, Path(name), options)
        server.initialize()
        server.start()
        try:
            yield server
        finally:
            server.stop()
