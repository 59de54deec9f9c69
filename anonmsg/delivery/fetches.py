"""Which websites fetch a site's script or ask with a key that no site has, noted in passing and written down a moment
later, beside the requests."""

from __future__ import annotations

import logging
import time
from threading import Lock, Timer
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from anonmsg.intake import sightings
from anonmsg.intake.sightings import EVERY_SECONDS, Sighted, host_of
from anonmsg.models.site import KEY

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MOST = 1_000
"""Hosts that are noted in one span of time, whatever is invented."""
MOST_SEARCHED = 20
"""Those of them that name no site, or a key that no site has: each costs a search."""

log = logging.getLogger(__name__)

Fetch = tuple[str, str, bool]
"""The key, the host, and whether a site has the key. The part for consent, whose address names no site, has none."""


class Fetches:
    """``wait`` is the time in seconds between a fetch and its writing; with 0 it is written before the answer."""

    def __init__(self, engine: Engine, wait: float) -> None:
        self._engine, self._wait = engine, wait
        self._noted: set[Fetch] = set()
        self._fresh: dict[Fetch, int] = {}  # with the moment, in milliseconds: of two keys the later counts
        self._searched: set[Fetch] = set()
        self._told: set[Fetch] = set()
        self._until = 0.0
        self._turn = Lock()

    def note(self, key: str, environ: WSGIEnvironment, *, is_known: bool) -> None:
        """This stands before every script that is served, so it costs less than a microsecond when nothing is new."""
        host = host_of(environ.get("HTTP_ORIGIN") or environ.get("HTTP_REFERER") or "")
        if host and ((fetch := (key, host, is_known)) not in self._noted or time.monotonic() >= self._until):
            self._take(fetch)

    def _take(self, fetch: Fetch) -> None:
        with self._turn:
            if time.monotonic() >= self._until:
                self._noted.clear()
                self._searched.clear()
                self._until = time.monotonic() + EVERY_SECONDS
            if fetch in self._noted or len(self._noted) >= MOST or self._is_too_much(fetch):
                return
            self._noted.add(fetch)
            self._fresh[fetch] = time.time_ns() // 1_000_000
            is_first = len(self._fresh) == 1
        if is_first:
            self._begin()

    def _is_too_much(self, fetch: Fetch) -> bool:
        key, host, is_known = fetch
        if is_known:
            return False
        if len(self._searched) >= MOST_SEARCHED or (key and not KEY.fullmatch(key)):
            return True
        self._searched.add(fetch)
        # Once the page asks for the right key, that is news.
        if key:
            self._noted -= {one for one in self._noted if one[1] == host and one[2]}
        return False

    def _begin(self) -> None:
        if not self._wait:
            return self._write()
        timer = Timer(self._wait, self._write)
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError:  # the system has no thread to give; without this nothing would be first any more
            log.exception("It could not be written down who fetched scripts")
            with self._turn:
                self._fresh.clear()
        return None

    def _write(self) -> None:
        with self._turn:
            fetches, self._fresh = self._fresh, {}
        try:
            # What names no site after what does, which has just been fetched too.
            for names_site in (True, False):
                each = sorted(fetch for fetch in fetches if bool(fetch[0]) is names_site)
                if each:
                    seen = [one for fetch in each for one in self._sighted(fetch, fetches[fetch])]
                    sightings.write(self._engine, seen)
        except Exception:  # they will be seen again; a page that fetches a script must not notice
            log.exception("It could not be written down who fetched scripts")

    def _sighted(self, fetch: Fetch, at: int) -> list[Sighted]:
        key, host, is_known = fetch
        if is_known:
            site_id = sightings.site_of(self._engine, key)
            return [Sighted(site_id, host, at)] if site_id else []
        if not key:
            return [Sighted(id, host, at, levelled=True) for id in sightings.sites_on(self._engine, host)]
        if fetch not in self._told and len(self._told) < MOST:
            self._told.add(fetch)
            log.warning("A page of %s asks with the site key %s, which no site has", host, key)
        return [Sighted(id, host, at, wrong_key=key) for id in sightings.sites_meant(self._engine, key, host)]
