"""The clients in a real browser, each bundled as a website's own build would bundle it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from anonmsg.settings import ROOT
from tests.browser.conftest import browser_type_launch_args, complaints

__all__ = ["browser_type_launch_args", "bundle", "complaints"]

Bundle = Callable[[str], str]


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Builds a package of node_modules into a script that puts what it exports on ``window.client``."""
    built: dict[str, str] = {}
    folder = tmp_path_factory.mktemp("bundles")

    def build(package: str) -> str:
        if package not in built:
            built[package] = _esbuild(package, folder / "client.js")
        return built[package]

    return build


def _esbuild(package: str, to: Path) -> str:
    command = [
        str(ROOT / "node_modules/.bin/esbuild"),
        "--bundle",
        "--minify",
        "--global-name=client",
        f"--outfile={to}",
    ]
    source = f"export * from {package!r}"
    subprocess.run([*command, "--log-level=error"], input=source, cwd=ROOT, text=True, check=True)
    return to.read_text(encoding="utf-8")
