"""What each application compiles anew is compiled once for all tests of a process: it was more than half their time."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule


class Templates(BytecodeCache):
    """Those that any application of this process has compiled."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.codes[bucket.key, bucket.checksum] = bucket.code


TEMPLATES = Templates()

Builder = Callable[..., tuple[str, str]]


def remember_routes() -> None:
    """Werkzeug writes and compiles a function for each route, which is the same for the same route."""
    compile_builder: Callable[..., Builder] = Rule._compile_builder
    builders: dict[Any, Builder] = {}

    def remembered(rule: Rule, append_unknown: bool = True) -> Builder:
        key = (tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in builders:
            builders[key] = compile_builder(rule, append_unknown)
        return builders[key]

    Rule._compile_builder = remembered  # type: ignore[assignment, method-assign]
