"""Who may import whom (DESIGN §6). A module that is not on a floor below yours is not yours to know."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from anonmsg.settings import ROOT

FLOORS = [
    {"message", "settings"},
    {
        "unreadable",
        "places",
        "db",
        "pattern",
        "markup",
        "wallclock",
        "images",
        "theme",
        "links",
        "acknowledgement",
        "reach",
        "starters",
    },
    {"problems"},
    {"models"},
    {"sentences", "assets"},
    {"wizard", "forms", "manifest", "intake", "metrics", "comparison", "files"},
    {"setup"},
    {"activity", "addresses", "collisions", "preview"},
    {"people", "answers"},
    {"headers", "forgery", "throttle"},
    {"views", "cli", "delivery"},
    {""},
    {"serve"},
]
"""From the ground up; "" is the package itself, which puts the parts together."""

WITHIN = {("wizard", "forms"), ("views", "delivery")}
"""The few that know a neighbour on their own floor."""

FAMILIES = [
    "cli",
    "delivery",
    "forms",
    "images",
    "intake",
    "manifest",
    "message",
    "pattern",
    "problems",
    "sentences",
    "views/wizard",
]
"""Packages whose modules must not know one another in a circle: all but tables and pages, which may."""

PUBLIC = ["views/public.py", "views/drafts.py", "delivery", "manifest", "intake"]
NEVER_PUBLIC = {"flask_login", "anonmsg.views.account", "anonmsg.forms", "flask_wtf"}


def modules() -> list[Path]:
    return sorted((ROOT / "anonmsg").rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """What it imports when it is loaded; a name that is only for type checkers ties nothing."""
    for node in _running(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by a relative name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _running(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from _running(child)


def part_of(name: str) -> str:
    """``anonmsg.models.site.Site`` → ``models``; ``anonmsg.create_app`` → the package itself."""
    part = name.split(".")[1]
    return part if any(part in floor for floor in FLOORS) else ""


def floor_of(part: str) -> int:
    return next(number for number, floor in enumerate(FLOORS) if part in floor)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_knows_only_the_floors_below_and_its_own_family(path: Path) -> None:
    own = path.relative_to(ROOT / "anonmsg").with_suffix("").parts[0].replace("__init__", "")
    assert any(own in floor for floor in FLOORS), f"{own} has no floor: give it one in DESIGN and here"
    for name in imports(path):
        if name.split(".")[0] == "anonmsg" and (part := part_of(name)) != own and (own, part) not in WITHIN:
            assert floor_of(part) < floor_of(own), f"{own} knows {name}"


def test_the_check_above_sees_imports() -> None:
    assert "anonmsg.models.User" in set(imports(ROOT / "anonmsg" / "__init__.py"))


def test_message_is_made_of_the_standard_library_and_msgspec_only() -> None:
    import sys

    known = {name for path in (ROOT / "anonmsg" / "message").glob("*.py") for name in imports(path)}
    foreign = {name.split(".")[0] for name in known} - sys.stdlib_module_names
    assert foreign == {"msgspec", "anonmsg"}
    assert {part_of(name) for name in known if name.startswith("anonmsg.")} == {"message"}


@pytest.mark.parametrize("family", FAMILIES)
def test_the_modules_of_a_family_know_one_another_in_one_direction(family: str) -> None:
    files = sorted((ROOT / "anonmsg" / family).glob("*.py"))
    names = {f"anonmsg.{family}.{path.stem}".replace("/", ".").removesuffix(".__init__"): path for path in files}
    graph = {name: {module_of(each, names) for each in imports(path)} - {""} for name, path in names.items()}
    assert any(graph.values())
    TopologicalSorter(graph).prepare()


def module_of(name: str, names: Iterable[str]) -> str:
    """Which of these modules an imported name is of, or empty."""
    return max((each for each in names if f"{name}.".startswith(f"{each}.")), key=len, default="")


@pytest.mark.parametrize("name", PUBLIC)
def test_what_visitors_reach_knows_neither_session_nor_account(name: str) -> None:
    place = ROOT / "anonmsg" / name
    files = [place] if place.suffix else sorted(place.rglob("*.py")) or [place.with_suffix(".py")]
    assert all(file.exists() for file in files)
    for file in files:
        known = set(imports(file))
        assert not {name for name in known if any(name.startswith(never) for never in NEVER_PUBLIC)}
        assert "flask.session" not in known


SNIPPET = ROOT / "static" / "snippet"
LEAVES = {"storage", "core", "types"}
OWN = {
    "api": {"./elements", "./group", "./middleware"},
    "draw": {"./styles"},
    "form": {"./around", "./fields"},
    "daily": {"./around"},
    "holdout": {"./around"},
    "preview": {"./preview-bar", "./preview-draft"},
    "theme": {"./around"},
}
"""What a part has for itself. From the core it takes all else as it runs: what it imported would be there twice."""
TOGETHER = {"index", "whole"}
"""Those that put the others together: for visitors, and for whoever looks at all of it."""
IMPORT = re.compile(r"""^(?:import|export)\s[^'"]*['"](\.[./a-z-]+)\.js['"]""", re.MULTILINE)


def known(path: Path) -> set[str]:
    return set(IMPORT.findall(path.read_text()))


@pytest.mark.parametrize("path", sorted(SNIPPET.glob("*.js")), ids=lambda path: path.name)
def test_in_the_snippet_only_those_that_put_it_together_know_the_others(path: Path) -> None:
    others = {name.removeprefix("./") for name in known(path)} - LEAVES
    assert bool(others) == (path.stem in TOGETHER)
    assert path.stem not in LEAVES or known(path) <= {"./core"}


@pytest.mark.parametrize("path", sorted((SNIPPET / "parts").glob("*.js")), ids=lambda path: path.name)
def test_a_part_knows_no_module_of_the_core(path: Path) -> None:
    assert known(path) == OWN.get(path.stem, set())


def test_index_knows_no_part_so_that_each_is_there_only_where_it_is_needed() -> None:
    assert not [name for name in known(SNIPPET / "index.js") if "parts" in name]
    assert [name for name in known(SNIPPET / "whole.js") if "parts" in name]
