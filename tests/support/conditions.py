"""When each further condition of a message is met: cases that JavaScript runs (tests/js/conditions.test.js)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from anonmsg.message import (
    AboutToLeave,
    AnyCondition,
    Comparison,
    Device,
    DeviceIs,
    ElementClicked,
    ElementPresent,
    EventTracked,
    LanguageIs,
    PagesSeen,
    ReferrerIs,
    ScrolledTo,
    SecondsPassed,
    Utm,
    UtmIs,
    Visitor,
    VisitorIs,
)

_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1"
_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
AGENTS = [
    (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {_SAFARI} Mobile/15E148 Safari/604.1", 5, Device.PHONE),
    (f"Mozilla/5.0 (Linux; Android 10; K) {_CHROME} Mobile Safari/537.36", 5, Device.PHONE),
    ("Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0", 5, Device.PHONE),
    (f"Mozilla/5.0 (Linux; Android 10; K) {_CHROME} Safari/537.36", 5, Device.TABLET),
    ("Mozilla/5.0 (Android 14; Tablet; rv:133.0) Gecko/133.0 Firefox/133.0", 5, Device.TABLET),
    (f"Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) {_SAFARI} Mobile/15E148 Safari/604.1", 5, Device.TABLET),
    (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_SAFARI} Safari/605.1.15", 5, Device.TABLET),
    (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_SAFARI} Safari/605.1.15", 0, Device.DESKTOP),
    (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36", 10, Device.DESKTOP),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", 0, Device.DESKTOP),
]
"""What browsers call themselves, how many touches they feel, and what they are."""

GOOGLE = {"referrer": "https://www.google.com/search?q=secret#x"}
TAGGED = {"search": "?utm_source=News&utm_campaign=spring%20sale&x=1"}

Case = tuple[AnyCondition, dict[str, Any], list[str], bool]

CASES: list[Case] = [
    (LanguageIs(("de",)), {"language": "de"}, [], True),
    (LanguageIs(("DE",)), {"language": "de-AT"}, [], True),
    (LanguageIs(("fr", "de-at")), {"language": "de-AT"}, [], True),
    (LanguageIs(("de-AT",)), {"language": "de"}, [], False),
    (LanguageIs(("de",)), {"language": "den-CA"}, [], False),
    (LanguageIs(("en",)), {"language": "de"}, [], False),
    (ReferrerIs(value="GOOGLE."), GOOGLE, [], True),
    (ReferrerIs(Comparison.IS, "www.google.com"), GOOGLE, [], True),
    (ReferrerIs(Comparison.STARTS_WITH, "https://www.google.com/s"), GOOGLE, [], True),
    (ReferrerIs(Comparison.ENDS_WITH, "google.com"), GOOGLE, [], True),
    (ReferrerIs(value="secret"), GOOGLE, [], False),
    (ReferrerIs(value="bing."), GOOGLE, [], False),
    (ReferrerIs(value="google"), {}, [], False),
    (ReferrerIs(Comparison.IS), {}, [], True),
    (ReferrerIs(Comparison.IS), GOOGLE, [], False),
    (ReferrerIs(Comparison.IS), {"referrer": "https://www.shop.example/before"}, [], True),
    (ReferrerIs(value="google"), GOOGLE, ["load"], True),
    (ReferrerIs(value="google"), GOOGLE, ["close", "load"], False),
    (UtmIs(Utm.SOURCE, Comparison.IS, "news"), TAGGED, [], True),
    (UtmIs(Utm.CAMPAIGN, Comparison.CONTAINS, "Spring"), TAGGED, ["load"], True),
    (UtmIs(Utm.CAMPAIGN, Comparison.CONTAINS, "spring"), TAGGED, ["close", "load"], False),
    (UtmIs(Utm.MEDIUM, Comparison.IS, "news"), TAGGED, [], False),
    (UtmIs(Utm.SOURCE, Comparison.ENDS_WITH, "new"), TAGGED, [], False),
    (VisitorIs(Visitor.NEW), {}, [], True),
    (VisitorIs(Visitor.RETURNING), {}, [], False),
    (VisitorIs(Visitor.NEW), {}, ["load", "load"], True),
    (VisitorIs(Visitor.NEW), {}, ["close", "load"], False),
    (VisitorIs(Visitor.RETURNING), {}, ["close", "load"], True),
    (VisitorIs(Visitor.RETURNING), {"cookie": "a=1; ajs_anonymous_id=x"}, [], True),
    (VisitorIs(Visitor.NEW), {"cookie": "not_ajs_anonymous_id=x"}, [], True),
    (PagesSeen(1), {}, [], True),
    (PagesSeen(2), {}, [], False),
    (PagesSeen(2), {}, ["view"], True),
    (PagesSeen(3), {}, ["view", "load"], True),
    (PagesSeen(3), {}, ["view", "close", "load"], False),
    (PagesSeen(2), {"session": "blocked"}, ["view"], True),
    (PagesSeen(2), {"session": "blocked"}, ["load"], False),
    (SecondsPassed(10), {}, ["wait 9.9"], False),
    (SecondsPassed(10), {}, ["wait 10"], True),
    (SecondsPassed(10), {}, ["wait 10", "view"], False),
    (SecondsPassed(10), {}, ["wait 5", "view", "wait 9"], False),
    (ScrolledTo(50), {}, ["scroll 49"], False),
    (ScrolledTo(50), {}, ["scroll 50"], True),
    (ScrolledTo(50), {}, ["scroll 80", "scroll 0"], True),
    (ScrolledTo(100), {}, ["scroll 100"], True),
    (ScrolledTo(50), {}, ["scroll 80", "scroll 0", "view"], False),
    (ScrolledTo(1), {"height": 600}, ["scroll 0"], False),
    (AboutToLeave(), {}, [], False),
    (AboutToLeave(), {}, ["leave"], True),
    (AboutToLeave(), {}, ["leave at the side"], False),
    (AboutToLeave(), {}, ["leave for another element"], False),
    (AboutToLeave(), {}, ["leave", "view"], False),
    (ElementPresent(".cart"), {}, [], False),
    (ElementPresent(".cart"), {}, ["add .cart"], True),
    (ElementPresent(".cart"), {}, ["add .cart", "remove .cart"], True),
    (ElementPresent(".cart"), {}, ["add .cart", "remove .cart", "view"], False),
    (ElementClicked(".buy"), {}, [], False),
    (ElementClicked(".buy"), {}, ["click .other"], False),
    (ElementClicked(".buy"), {}, ["click .buy"], True),
    (ElementClicked(".buy"), {}, ["click .buy", "load"], True),
    (ElementClicked(".buy"), {}, ["click .buy", "close", "load"], False),
    (EventTracked("Added"), {}, [], False),
    (EventTracked("Added"), {}, ["track Added"], True),
    (EventTracked("Added"), {}, ["track added"], False),
    (EventTracked("Added"), {}, ["page Added"], False),
    (EventTracked("Added"), {}, ["track Added", "load"], True),
    (EventTracked("Added"), {}, ["track Added", "close", "load"], False),
]
"""A condition, the browser where it is not the usual one, what happens there in turn, and whether it is met then."""

UNKNOWN: list[dict[str, Any]] = [
    {"type": "unheard_of"},
    {"type": "constructor"},
    {"type": "__proto__"},
    {"type": 1},
    {},
    {"type": "device", "devices": ["fridge"]},
    {"type": "device"},
    {"type": "language", "languages": [1]},
    {"type": "referrer", "match": "unheard_of", "value": "x"},
    {"type": "utm", "parameter": "constructor", "match": "contains", "value": ""},
    {"type": "utm", "parameter": "source", "match": "toString", "value": "news"},
    {"type": "visitor", "visitor": "odd"},
    {"type": "pages", "pages": "many"},
    {"type": "seconds", "seconds": "long"},
    {"type": "seconds"},
    {"type": "scroll", "percent": {}},
    {"type": "element", "selector": "("},
    {"type": "clicked", "selector": "("},
]
"""What no server sends: such a message is not shown, whatever happens."""


def conditions() -> dict[str, Any]:
    devices: Iterator[Case] = (
        (DeviceIs((device,)), {"userAgent": agent, "maxTouchPoints": touches}, [], device is is_one)
        for agent, touches, is_one in AGENTS
        for device in Device
    )
    return {"cases": [*map(_row, [*devices, *CASES])], "unknown": UNKNOWN}


def _row(case: Case) -> dict[str, Any]:
    condition, browser, does, met = case
    return {
        "condition": msgspec.json.decode(msgspec.json.encode(condition)),
        "browser": browser,
        "does": does,
        "met": met,
    }


def every() -> Iterator[AnyCondition]:
    """All conditions that have a case."""
    yield DeviceIs((Device.PHONE,))
    yield from (condition for condition, *_ in CASES)
