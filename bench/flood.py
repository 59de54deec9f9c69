"""`make soak`: a million calls within ten minutes; SQLite, then PostgreSQL with three processes.

They come through HTTP as fast as they are taken. Each must then be stored once, counters rebuilt from the events must
be the counters kept, the ledger must close, and the processes must be no larger than after the first tenth.
"""

from __future__ import annotations

import sys
import time

from bench.soak import BATCH, CLIENTS, PROCESSES, stage, steady

CALLS = 1_000_000
SECONDS = 600
"""That they may take."""


def flood(engine: str, calls: int = CALLS, seconds: float = SECONDS) -> str:
    """What was done, once it is proved exact. Raises AssertionError where it is not, or where it took too long."""
    with stage(engine) as drill:
        with drill.load(CLIENTS, BATCH) as load:
            started = time.monotonic()
            grown = steady(drill, load, calls // 10, calls - calls // 10)
            took, acknowledged = time.monotonic() - started, load.acknowledged
        drill.assert_exact(load.ids())
        summary = (
            f"{engine}: {acknowledged:,} calls in {took:.0f} s, {acknowledged / took:,.0f} a second; "
            f"{drill.stored():,} stored in the end, each once; {grown:+.0f} MB a process over the last nine tenths"
        )
    assert took <= seconds, f"{summary}: more than the {seconds:.0f} s that it may take"
    return summary


def main(arguments: list[str]) -> int:
    """``python -m bench.flood [ENGINE…]``."""
    for engine in arguments or list(PROCESSES):
        print(flood(engine), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
