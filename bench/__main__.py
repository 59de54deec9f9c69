"""``python -m bench [MODULE…]``: run the benchmarks, print each ratio beside its target, fail if one is missed."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator

import bench
from bench import Result


def results(names: list[str]) -> Iterator[Result]:
    for name in names:
        run = getattr(importlib.import_module(f"bench.{name}"), "run", None)
        yield from run() if run else []


def line(result: Result) -> str:
    target = "" if result.target is None else f"{'≤' if result.at_most else '≥'} {result.target:g}"
    verdict = "" if result.target is None else "reached" if result.is_reached else "MISSED"
    return f"{result.name:<52} {result.ratio:>8.3g}  {target:<8} {verdict:<8} {result.detail}"


def main(names: list[str]) -> int:
    every = [module.name for module in pkgutil.iter_modules(bench.__path__) if module.name not in ("__main__", "soak")]
    print(f"{'ratio of':<52} {'is':>8}  target", flush=True)
    missed = 0
    for result in results(names or every):
        print(line(result), flush=True)
        missed += not result.is_reached
    return min(missed, 1)


sys.exit(main(sys.argv[1:]))
