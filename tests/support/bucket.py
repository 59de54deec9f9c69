"""A real S3 server on this machine, in a process of its own."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from anonmsg.settings import S3
from tests.support.server import free_port

_SERVE = "import sys; from moto.server import main; main(['-H', '127.0.0.1', '-p', sys.argv[1]])"


@contextmanager
def running() -> Iterator[str]:
    """The server's address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([sys.executable, "-c", _SERVE, str(port)], stdout=quiet, stderr=quiet)
    try:
        _wait_for(process, url)
        yield url
    finally:
        process.kill()
        process.wait()


def _wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"{url}/moto-api/", timeout=2):
            return
        time.sleep(0.05)
    raise RuntimeError("the S3 server did not start")


def new(url: str) -> S3:
    """An empty bucket on the server."""
    name = f"pictures-{secrets.token_hex(4)}"
    with urllib.request.urlopen(urllib.request.Request(f"{url}/{name}", method="PUT"), timeout=10) as answer:
        assert answer.status == 200
    return S3(bucket=name, key="a-key", secret="a-secret", region="eu-1", endpoint=url)
