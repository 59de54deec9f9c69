"""The real thing in a process of its own: the server that `python app.py` starts, over a database of its own."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from flask import Flask
from sqlalchemy import event

from anonmsg import create_app
from anonmsg.db import db
from anonmsg.settings import ROOT, Settings


def free_port() -> int:
    """Below those that systems give to connections: so none takes it before the server does."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def _wait_longer(connection: Any, _record: Any) -> None:
    """Preparing a test may wait for the server's writes for longer than those who send calls."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA busy_timeout=15000")


@dataclass
class LiveServer:
    """``app`` is the same application in this process over the same database, for quick preparations."""

    directory: Path
    database_url: str
    settings: dict[str, str] = field(default_factory=dict)
    """More of the environment."""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.app: Flask = create_app(Settings.from_environment(self.environ))
        self.app.config["TESTING"] = True
        with self.app.app_context():
            event.listen(db.engine, "connect", _wait_longer)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        return {
            **os.environ,
            "PORT": str(self.port),
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": "for tests only",
            "ANONMSG_INSTANCE": str(self.directory),
            **self.settings,
        }

    def start(self) -> LiveServer:
        command = [sys.executable, str(ROOT / "app.py")]
        with (self.directory / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )
        self._wait_until_healthy()
        return self

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
            self.process.kill()
            self.process.wait()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def kill(self) -> None:
        """End it as a power failure would: the server and its workers, at once."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def command(self, *words: str, input: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run an operator's command in another process, as ``flask --app app WORDS``."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            cwd=ROOT,
            env=self.environ,
            input=input,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def workers(self) -> list[int]:
        """The ids of the processes that serve."""
        assert self.process
        return sorted(child.pid for child in psutil.Process(self.process.pid).children())

    def megabytes(self) -> float:
        """How much memory they hold together."""
        held: int = sum(psutil.Process(id).memory_info().rss for id in self.workers())
        return held / 1_000_000

    def log(self) -> str:
        return (self.directory / "server.log").read_text()

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process and self.process.poll() is not None:
                raise RuntimeError(f"the server ended: {self.log()}")
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"the server did not get healthy: {self.log()}")
