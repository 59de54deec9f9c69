"""All code that people are to copy can be read by what runs it: that of the install page and that of the documents."""

from __future__ import annotations

import ast
import html
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from anonmsg.models import Site
from anonmsg.settings import ROOT
from tests.support.client import Client
from tests.support.website import install_tag
from tests.unit.test_docs import DOCUMENTS

NODE = Path(sys.executable).with_name("node")
COPYABLE = re.compile(r'<pre[^>]*id="([^"]+)"[^>]*>(.*?)</pre>', re.DOTALL)
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def read(*codes: tuple[str, str]) -> list[Any]:
    """What each code, of this kind, is taken for; fails where it cannot be read."""
    told = json.dumps([{"kind": kind, "code": code} for kind, code in codes])
    command = [NODE, ROOT / "tests/support/read_code.mjs"]
    answer = subprocess.run(command, cwd=ROOT, input=told, capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0, answer.stderr
    found: list[Any] = json.loads(answer.stdout)
    return found


def copyable(client: Client, site: Site, platform: str) -> dict[str, str]:
    page = client.get(f"/sites/{site.key}/install?platform={platform}").text
    return {id: html.unescape(code) for id, code in COPYABLE.findall(page)}


def scripts(code: str) -> Iterator[tuple[str, str]]:
    return (("js", script) for script in re.findall(r"<script[^>]*>(.*?)</script>", code, re.DOTALL) if script.strip())


def test_a_code_that_is_wrong_is_noticed() -> None:
    for wrong in (("js", "a("), ("jsx", "<a>"), ("php", "add_action('x', function () { ?>"), ("liquid", "{% if a %}")):
        with pytest.raises(AssertionError):
            read(wrong)


def test_code_of_frameworks_can_be_compiled(client: Client, site: Site) -> None:
    react, vue = copyable(client, site, "react"), copyable(client, site, "vue")
    read(
        ("jsx", react["install-tag"]),
        ("jsx", react["install-use"]),
        ("js", vue["install-tag"]),
        ("js", vue["install-use"]),
        ("js", vue["install-nuxt"]),
    )


@pytest.mark.parametrize(
    ("platform", "id"),
    [("html", "install-tag"), ("html", "pinned-tag"), ("tag-manager", "install-tag"), ("wordpress", "install-tag")],
)
def test_scripts_of_a_tag_can_be_read(client: Client, site: Site, platform: str, id: str) -> None:
    (script,) = scripts(copyable(client, site, platform)[id])
    read(script)


def test_wordpress_prints_the_tag_and_nothing_else(client: Client, site: Site) -> None:
    codes = copyable(client, site, "wordpress")

    (printed,) = read(("php", codes["install-php"]))

    assert printed.strip() == codes["install-tag"].strip() == copyable(client, site, "html")["install-tag"].strip()
    assert "siteId" in printed


def test_shopify_leaves_the_tag_as_it_is_and_names_customers(client: Client, site: Site) -> None:
    codes = copyable(client, site, "shopify")
    theme = f"<head>{codes['install-tag']}\n{codes['install-identify']}</head>"

    ((nobody, customer),) = read(("liquid", theme))

    tag = install_tag("http://localhost", site.key).strip()
    assert codes["install-tag"].split() == tag.split()
    assert nobody.split() == f"<head>{tag} </head>".split()
    (_, (kind, identify)) = scripts(customer)
    assert identify == r'analytics.identify(7, {email: "a\"b@shop.example"});'
    read((kind, identify))


def blocks(*kinds: str) -> list[Any]:
    found = [
        pytest.param(kind, code, id=f"{path.name}-{number}")
        for path in DOCUMENTS
        for number, (_, kind, code) in enumerate(BLOCK.findall(path.read_text()))
        if kind in kinds
    ]
    assert found
    return found


@pytest.mark.parametrize(("kind", "code"), blocks("sh", "json", "python"))
def test_code_of_the_documents_can_be_read(kind: str, code: str) -> None:
    if kind == "sh":
        subprocess.run(["bash", "-n"], input=code, text=True, check=True)
    elif kind == "json":
        json.loads(code)
    else:
        ast.parse(code)


def test_scripts_of_the_documents_can_be_read() -> None:
    found: Iterable[Any] = (param.values for param in blocks("js", "html"))
    codes = [each for kind, code in found for each in (scripts(code) if kind == "html" else [("js", code)])]
    assert len(codes) > 6
    read(*codes)
