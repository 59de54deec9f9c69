"""Fails when a lock does not fit what it locks, or a committed file names a package registry or one machine's path."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOREIGN = re.compile(
    r"\b(?:pypi|pythonhosted|npmjs|debian)\.(?:org|com)\b"
    r"|\b(?:jsdelivr|unpkg|cdnjs|googleapis)\.(?:net|com)\b"
    r"|/(?:root|work/(?:main|shared))/"
)
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+)(.*?)(?=^[a-z]|\Z)", re.MULTILINE | re.DOTALL)
"""A package of a lock: its name, its version, and why it is there."""
LOCKS = {"requirements.txt": ("build",), "requirements-dev.txt": ("build", "dev")}


def declared(extras: tuple[str, ...]) -> list[Requirement]:
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras)]
    return [Requirement(line) for group in groups for line in group]


def stale_locks() -> Iterator[str]:
    for lock, extras in LOCKS.items():
        pinned = {name: (version, reasons) for name, version, reasons in PINNED.findall(Path(lock).read_text())}
        asked = {canonicalize_name(need.name): need for need in declared(extras)}
        for name, need in asked.items():
            version, _ = pinned.get(name, ("nothing", ""))
            if name not in pinned or version not in need.specifier:
                yield f"{lock}: {need} is asked for, {version} is locked; run make lock"
        for name, (_, reasons) in pinned.items():
            if "anonmsg (pyproject.toml)" in reasons and name not in asked:
                yield f"{lock}: {name} is locked but no longer asked for; run make lock"


def foreign_lines() -> Iterator[str]:
    names = subprocess.run(["git", "ls-files", "-z"], check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        path = Path(name)
        if path.suffix not in {".png", ".jpg", ".webp", ".ico"} and path.is_file():
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if found := FOREIGN.search(line):
                    yield f"{name}:{number}: names {found[0]}"


problems = [*stale_locks(), *foreign_lines()]
print(*problems or ["Locks fit; no file names a registry or a machine"], sep="\n")
sys.exit(bool(problems))
