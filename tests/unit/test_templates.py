"""Templates: nothing lies about unused, nothing is trusted that is not ours, and every icon is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from anonmsg.settings import ROOT

TEMPLATES = ROOT / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
SAFE = {"demo/_art.html"}
"""Where a string is marked as safe: our own pictures, constants in that very file."""


def trees(app: Flask) -> dict[str, nodes.Template]:
    return {name: app.jinja_env.parse((TEMPLATES / name).read_text()) for name in NAMES}


def calls(tree: nodes.Template) -> Iterator[str]:
    """The names that are called as functions."""
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name):
            yield call.node.name
        elif isinstance(call.node, nodes.Getattr):
            yield call.node.attr


def test_every_macro_is_used(app: Flask) -> None:
    parsed = trees(app)
    macros = {(name, macro.name) for name, tree in parsed.items() for macro in tree.find_all(nodes.Macro)}
    assert len(macros) > 15
    imported = {
        (str(source.template.value), word[0] if isinstance(word, tuple) else word)
        for tree in parsed.values()
        for source in tree.find_all(nodes.FromImport)
        if isinstance(source.template, nodes.Const)
        for word in source.names
    }
    called_at_home = {(name, word) for name, tree in parsed.items() for word in calls(tree)}
    assert macros - imported - called_at_home == set()


def imported_by(tree: nodes.Template) -> set[str]:
    sources = tree.find_all(nodes.FromImport)
    return {word[1] if isinstance(word, tuple) else word for source in sources for word in source.names}


def test_every_import_is_called(app: Flask) -> None:
    for name, tree in trees(app).items():
        assert imported_by(tree) <= {node.name for node in tree.find_all(nodes.Name)}, name


def test_every_template_imports_itself_what_it_calls(app: Flask) -> None:
    """An included one would also find what its includer imports, until that one stops."""
    for name, tree in trees(app).items():
        called = {call.node.name for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)}
        macros = {macro.name for macro in tree.find_all(nodes.Macro)}
        local = {name.name for name in tree.find_all(nodes.Name) if name.ctx in ("store", "param")}
        assert called - imported_by(tree) - macros - local - app.jinja_env.globals.keys() <= {"caller"}, name


def test_every_template_is_used(app: Flask) -> None:
    from_templates = {
        node.template.value
        for tree in trees(app).values()
        for node in tree.find_all(nodes.Stmt)
        if isinstance(node, nodes.Extends | nodes.Include | nodes.FromImport) and isinstance(node.template, nodes.Const)
    }
    python = "".join(path.read_text() for path in (ROOT / "anonmsg").rglob("*.py"))
    including = "".join((TEMPLATES / name).read_text() for name in NAMES)
    from_python = {name for name in NAMES if f'"{name}"' in python or _by_name(name, python, including)}
    assert set(NAMES) - from_templates - from_python == set()


def _by_name(name: str, python: str, including: str) -> bool:
    """Rendered as ``f"folder/{something}.html"`` or included so, where the something is spelt out in Python."""
    folder, _, file = name.rpartition("/")
    rendered = re.search(rf'f"{folder}/{{[\w.]+}}\.html"', python)
    included = re.search(rf'include "{folder}/" ~ \w+ ~ "\.html"', including)
    return bool((rendered or included) and re.search(rf"\b{file.removesuffix('.html')}\b", python))


@pytest.mark.parametrize("name", NAMES)
def test_a_template_marks_nothing_as_safe_and_holds_no_inline_code(app: Flask, name: str) -> None:
    source = (TEMPLATES / name).read_text()
    assert ("|safe" in source.replace(" ", "")) is (name in SAFE)
    assert "autoescape" not in source
    assert re.search(r"<[^>]*\s(on\w+|style|hx-on[\w:-]*)=", source) is None
    assert "javascript:" not in source
    assert re.search(r"""(src|href)=["']?(https?:)?//""", source) is None, "nothing comes from elsewhere"


def icons_used() -> set[str]:
    """Icons named in templates and scripts, in any quotes."""
    places = [
        *TEMPLATES.rglob("*.html"),
        *(ROOT / "static" / "builder").glob("*.js"),
        *(ROOT / "anonmsg").rglob("*.py"),
    ]
    return set(re.findall(r"""["']([a-z][a-z0-9-]*)["']""", "".join(map(Path.read_text, places))))


def test_every_icon_is_used() -> None:
    listed = (ROOT / "static" / "builder" / "icons.txt").read_text().split()
    assert listed == sorted(set(listed))
    assert set(listed) - icons_used() == set()


def test_every_icon_that_is_named_is_in_the_list(app: Flask) -> None:
    listed = set((ROOT / "static" / "builder" / "icons.txt").read_text().split())
    named = {
        call.args[0].value
        for tree in trees(app).values()
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "icon" and isinstance(call.args[0], nodes.Const)
    }
    assert len(named) > 5
    assert named <= listed
