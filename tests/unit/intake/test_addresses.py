"""What visitors looked at lately, as forecasts are given it, on both engines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from anonmsg import addresses
from anonmsg.addresses import Visited, visited
from anonmsg.db import reading
from tests.unit.intake.world import NOW, World


def looked(world: World, url: str, times: int = 1, **fields: Any) -> None:
    page = {"page": {"url": url}}
    world.send(*(world.call("page", **({"context": page} | fields)) for _ in range(times)))


def found(world: World, days_later: int = 0) -> Visited:
    with world.app.app_context(), reading():
        return visited(world.site, NOW + timedelta(days=days_later))


def test_addresses_come_with_how_often_each_was_looked_at_the_most_first(world: World, other_site_key: str) -> None:
    looked(world, "https://shop.example/")
    looked(world, "https://shop.example/a?b=c#d", 3)
    world.send(
        world.happened("Viewed"), world.call("track", event="x", context={"page": {"url": "https://t.example/"}})
    )
    looked(world, "/only/a/path")
    looked(world, "javascript:alert(1)")
    elsewhere = {"batch": [world.call("page", context={"page": {"url": "https://else.example/"}})]}
    assert world.post("/v1/batch", elsewhere | {"writeKey": other_site_key}).status_code == 200
    expected = [("https://shop.example/a?b=c#d", 3), ("https://shop.example/", 1)]
    assert found(world) == Visited(expected, 4, whole=True)


def test_what_is_older_than_a_week_is_left_out(world: World) -> None:
    looked(world, "https://shop.example/")
    assert found(world, days_later=7).views == 1
    assert found(world, days_later=8) == Visited([], 0, whole=True)


def test_it_is_bounded_and_says_what_it_leaves_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "MOST", 2)
    looked(world, "https://shop.example/a", 1)
    looked(world, "https://shop.example/b", 2)
    looked(world, "https://shop.example/c", 3)
    expected = [("https://shop.example/c", 3), ("https://shop.example/b", 2)]
    assert found(world) == Visited(expected, 6, whole=True)
    monkeypatch.setattr(addresses, "REACH", 4)
    expected = [("https://shop.example/c", 3), ("https://shop.example/b", 1)]
    assert found(world) == Visited(expected, 4, whole=False)
    assert found(world, days_later=8) == Visited([], 0, whole=True)
