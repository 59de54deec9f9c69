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
PINNED = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)", re.MULTILINE)
LOCKS = {"requirements.txt": ("build",), "requirements-dev.txt": ("build", "dev")}


def declared(extras: tuple[str, ...]) -> list[Requirement]:
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras)]
    return [Requirement(line) for group in groups for line in group]


def stale_locks() -> Iterator[str]:
    for lock, extras in LOCKS.items():
        pinned = dict(PINNED.findall(Path(lock).read_text()))
        for need in declared(extras):
            version = pinned.get(canonicalize_name(need.name))
            if version is None or version not in need.specifier:
                yield f"{lock}: {need} is asked for, {version or 'nothing'} is locked; run make lock"


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
