"""What a serving process does beside its requests, now and then: sites' calls are pruned as their settings say, and
so are websites that were not seen for long."""

from __future__ import annotations

import logging
import time
from threading import Lock, Thread

from sqlalchemy import Engine

from anonmsg.db import utc_now
from anonmsg.intake import erasure, sightings

EVERY_SECONDS = 3600
"""Between two prunings in one process, and before the first. Several processes prune the same, which harms nothing."""

log = logging.getLogger(__name__)


class Housekeeping:
    """No thread that waits and could die: a request that finds that it is time starts one, and does not wait for it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._due = time.monotonic() + EVERY_SECONDS
        self._turn = Lock()

    def look(self) -> None:
        if time.monotonic() < self._due or not self._turn.acquire(blocking=False):
            return
        self._due = time.monotonic() + EVERY_SECONDS
        try:
            Thread(target=self._clean, name="housekeeping", daemon=True).start()
        except RuntimeError:  # the system has no thread to give
            log.exception("Old calls could not be pruned; it is tried again in an hour")
            self._turn.release()

    def _clean(self) -> None:
        try:
            now = utc_now()
            erasure.prune_all(self._engine, now)
            sightings.prune(self._engine, int(now.timestamp() * 1000))
        except Exception:  # whatever it is, it must not end the thread that takes calls in
            log.exception("Old calls could not be pruned; it is tried again in an hour")
        finally:
            self._turn.release()
