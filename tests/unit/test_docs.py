"""The documents: links lead somewhere, and what they say of commands, settings and page rules is what the code does."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

import pytest
from click import Group
from flask import Flask

from anonmsg.message import ConditionType, Match, Part
from anonmsg.settings import ROOT, Settings
from tests.unit.test_house import FLOORS

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMAND = re.compile(r"flask --app app ([a-z]+(?: [a-z]+)?)")
NOUNS = {"activity", "counters", "images", "messages", "metrics", "people", "site", "user", "visitors"}

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def prose(document: Path) -> str:
    """Without blocks of code, in which nothing is a link or a heading."""
    return re.sub(r"^( *)```.*?^\1```", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)


def section(name: str, heading: str) -> str:
    return (ROOT / "docs" / name).read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The cells of its tables, without heads."""
    lines = [line for line in text.split("\n") if line.startswith("|")]
    heads = {at - 1 for at, line in enumerate(lines) if line.startswith("|---")}
    body = (line for at, line in enumerate(lines) if at not in heads and not line.startswith("|---"))
    return [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in body]


def codes(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


@cache
def anchors(document: Path) -> set[str]:
    """The anchors of its headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


def broken_links(document: Path) -> Iterator[str]:
    for link in LINK.findall(re.sub(r"`[^`]*`", "", prose(document))):
        if link.startswith(("http:", "https:", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


@each_document
def test_every_link_leads_somewhere(document: Path) -> None:
    assert list(broken_links(document)) == []


def test_the_check_above_sees_what_is_broken(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# The `first`, one\n[x](#the-first-one) [y](#other) [z](b.md) ![p](p.png)\n")
    assert list(broken_links(tmp_path / "a.md")) == ["#other", "b.md", "p.png"]


@pytest.mark.parametrize("image", sorted((ROOT / "docs" / "images").glob("*.png")), ids=lambda path: path.name)
def test_every_picture_is_shown_somewhere(image: Path) -> None:
    assert any(f"images/{image.name})" in document.read_text() for document in DOCUMENTS)


class Asked(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(environ)
        self.names: set[str] = set()

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.names.add(name)
        return super().get(name, default)


def test_the_floors_in_the_documents_are_those_that_are_checked() -> None:
    _, _, rest = (ROOT / "docs" / "architecture.md").read_text().partition("| floor |")
    rows = rest.partition("\n\n")[0].splitlines()[2:]
    told = [{word.removesuffix("/") for word in re.findall(r"`([\w/]+)`", row)} for row in rows]
    assert told == [*FLOORS[:-2], {"create_app", "serve"}]


def test_the_settings_in_the_documents_are_those_of_the_code(tmp_path: Path) -> None:
    asked = Asked({"ANONMSG_INSTANCE": str(tmp_path)})
    Settings.from_environment(asked)
    documented = {codes(row[0])[0] for row in rows(section("operators.md", "Settings"))}
    assert documented == asked.names
    text = "".join(document.read_text() for document in DOCUMENTS)
    assert set(re.findall(r"ANONMSG_[A-Z0-9_]+", text)) <= documented


def commands(app: Flask) -> set[str]:
    groups = {name: group for name, group in app.cli.commands.items() if isinstance(group, Group)}
    return {f"{noun} {verb}" for noun in NOUNS & set(groups) for verb in groups[noun].commands}


def test_the_commands_in_the_documents_are_those_of_the_code(app: Flask) -> None:
    documented = {
        " ".join(code.split()[:2]) for row in rows(section("operators.md", "Commands")) for code in codes(row[0])
    }
    assert {command for command in documented if command.split()[0] != "db"} == commands(app)


@each_document
def test_every_command_that_is_shown_is_there(document: Path, app: Flask) -> None:
    for command in COMMAND.findall(document.read_text()):
        assert command in commands(app) or command.split()[0] == "db"


@each_document
def test_everything_that_is_made_can_be_made(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = document.read_text()
    code = [*codes(text), *"".join(re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)).split("\n")]
    made = (re.match(r"make((?: [a-z-]+)+)", line) for line in code)
    assert {target for words in made if words for target in words[1].split()} <= targets


@pytest.mark.parametrize("name", ["README.md", "docs/websites.md"])
def test_the_install_tag_is_the_one_of_the_install_page(name: str, app: Flask) -> None:
    with app.app_context():
        macros = app.jinja_env.get_template("macros/install_tag.html").module
        tag = str(macros.install_tag("https://messages.example", "SITE_KEY"))  # type: ignore[attr-defined]
    shown = next(
        block for block in re.findall(r"```html\n(.*?)```", (ROOT / name).read_text(), re.DOTALL) if "invoked" in block
    )
    assert "".join(shown.split()) == "".join(tag.split())


def rule_examples() -> Iterator[dict[str, object]]:
    """Each address of the table of page rules, with its rule and whether it should fit."""
    parts, matches = ({label: word for word, label in words.choices()} for words in (Part, Match))
    for part, match, value, *addresses in (row for row in rows(section("marketers.md", "Page rules")) if len(row) == 5):
        rule = {"effect": "include", "part": parts[part], "match": matches[match], "value": codes(value)[0]}
        for fits, cell in zip((True, False), addresses, strict=True):
            for address in codes(cell):
                yield {"rule": rule, "address": urljoin("https://shop.example/", address), "fits": fits}


def test_the_examples_of_page_rules_are_what_the_snippet_decides() -> None:
    examples = list(rule_examples())
    rules = [example["rule"] for example in examples]
    assert {rule["match"] for rule in rules} == set(Match)  # type: ignore[index]
    assert {rule["part"] for rule in rules} == set(Part)  # type: ignore[index]
    script = """
        import { pageDecision, partsOf } from './static/snippet/whole.js';
        const examples = JSON.parse(process.argv[1]);
        const decided = ({ rule, address }) => !pageDecision([rule], partsOf(address)).reason;
        const wrong = examples.filter((example) => decided(example) !== example.fits);
        console.log(JSON.stringify(wrong));
    """
    node = str(Path(sys.executable).with_name("node"))
    command = [node, "--input-type=module", "--eval", script, json.dumps(examples)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert answer.stderr == ""
    assert json.loads(answer.stdout) == []


def test_every_number_of_a_message_is_explained() -> None:
    tiles = re.findall(r'tile\("\w+", "([^"]+)"', (ROOT / "templates/messages/_numbers.html").read_text())
    assert "Views" in tiles
    assert set(tiles) <= {row[0] for row in rows(section("marketers.md", "The numbers"))}


def test_every_gate_is_explained() -> None:
    source = (ROOT / "static/snippet/parts/explain.js").read_text()
    gates = list(dict.fromkeys(re.findall(r"^ {2}\['([a-z]+)',", source, re.MULTILINE)))
    assert "page" in gates
    after = gates.index("page") + 1
    gates[after:after] = [type.value for type in ConditionType]
    table = rows(section("marketers.md", "Why does it not show?").replace("   |", "|"))
    assert list(dict.fromkeys(code for row in table for code in codes(row[0]) if code in gates)) == gates


def test_every_condition_is_explained() -> None:
    table = rows(section("marketers.md", "More conditions"))
    assert [row[0] for row in table] == [type.label for type in ConditionType]
    source = (ROOT / "static/snippet/parts/explain.js").read_text()
    reasons = dict(re.findall(r"^  ([a-z]+): '([a-z]+)',$", source, re.MULTILINE))
    assert list(reasons) == [type.value for type in ConditionType]
    said = section("marketers.md", "Why does it not show?")
    assert all(f"`{type}`" in said and f"`{reason}`" in said for type, reason in reasons.items())


def test_every_name_in_the_browsers_storage_is_explained() -> None:
    source = "".join(path.read_text() for path in (ROOT / "static/snippet").rglob("*.js"))
    used = set(re.findall(r"['`]((?:ajs_|anonmsg[:_])[a-z_:]+)", source))
    assert "anonmsg:memory" in used
    documented = {codes(row[0])[0].rstrip("…") for row in rows(section("websites.md", "What is stored in the browser"))}
    assert documented == used
