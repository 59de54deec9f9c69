"""Bodies that are not calls, or only just: each with the status that a single call gets, the key being good."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

WHO = '"anonymousId":"ann"'


def track(inside: str) -> bytes:
    """A track call whose properties hold this JSON."""
    return f'{{{WHO},"event":"Bought","properties":{{"a":{inside}}}}}'.encode()


def call(**fields: Any) -> bytes:
    return json.dumps({"anonymousId": "ann", "event": "Bought", **fields}).encode()


def nested(depth: int, opening: str = "[", closing: str = "]") -> bytes:
    """A call whose deepest list or object is that deep, the call being the first and its properties the second."""
    return track(opening * (depth - 2) + closing * (depth - 2))


NOT_JSON = {
    "nothing": b"",
    "a space": b" ",
    "a word": b"track",
    "half an object": b"{",
    "no end": b'{"event":"Bought"',
    "two objects": call() + call(),
    "an object and a comma": call() + b",",
    "single quotes": b"{'event':'Bought'}",
    "a comment": b'{"event":"Bought"/**/}',
    "a trailing comma": b'{"event":"Bought",}',
    "a key without quotes": b'{event:"Bought"}',
    "a tab in text": track('"\t"'),
    "a newline in text": track('"\n"'),
    "a raw NUL": track('"\0"'),
    "only a NUL": b"\0",
    "NaN": track("NaN"),
    "Infinity": track("Infinity"),
    "minus Infinity": track("-Infinity"),
    "a number beyond all floats": track("1e400"),
    "a leading zero": track("01"),
    "a plus": track("+1"),
    "a bare point": track(".5"),
    "hexadecimal": track("0x10"),
    "a lone high surrogate": track(r'"\ud800"'),
    "a lone low surrogate": track(r'"\udc00"'),
    "surrogates the wrong way round": track(r'"\udc00\ud800"'),
    "a high surrogate before text": track(r'"\ud800x"'),
    "a lone surrogate in a key": track(r'{"\ud83d":1}'),
    "a lone surrogate in UTF-8": track('"@"').replace(b"@", b"\xed\xa0\x80"),
    "not UTF-8": track('"@"').replace(b"@", b"\xff"),
    "cut UTF-8": track('"@"').replace(b"@", b"\xe2\x82"),
    "overlong UTF-8": track('"@"').replace(b"@", b"\xc0\xaf"),
    "Latin-1": track('"@"').replace(b"@", "é".encode("latin-1")),
    "UTF-16": call().decode().encode("utf-16"),
    "UTF-32": call().decode().encode("utf-32"),
    "a byte order mark": b"\xef\xbb\xbf" + call(),
    "a bad escape": track(r'"\x41"'),
    "a short escape": track(r'"\u12"'),
    "form fields": b"event=Bought&anonymousId=ann",
    "a form with parts": b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--',
    "XML": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    "MessagePack": b"\x81\xa5event\xa6Bought",
    "gzip that nobody announced": gzip.compress(call()),
    "15,000 lists deep": b"[" * 15_000 + b"]" * 15_000,
    "30,000 lists, none closed": b"[" * 30_000,
    "5,000 objects deep": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
}

NOT_A_CALL = {
    "null": b"null",
    "a number": b"1",
    "text": b'"track"',
    "true": b"true",
    "a list": b"[]",
    "a list of calls": b"[" + call() + b"]",
    "an empty object": b"{}",
    "nobody": b'{"event":"Bought"}',
    "nobody, said twice": b'{"event":"Bought","anonymousId":null,"userId":null}',
    "empty ids": b'{"event":"Bought","anonymousId":"","userId":""}',
    "no event": b'{"anonymousId":"ann"}',
    "an empty event": call(event=""),
    "an event of null": call(event=None),
    "an event that is a number": call(event=5),
    "an event that is an object": call(event={"a": 1}),
    "an event too long": call(event="x" * 256),
    "an anonymousId that is a float": call(anonymousId=5.5),
    "an anonymousId that is a list": call(anonymousId=["ann"]),
    "an anonymousId that is an object": call(anonymousId={"$ne": None}),
    "an anonymousId that is true": call(anonymousId=True),
    "an anonymousId too long": call(anonymousId="x" * 256),
    "a userId that is true": call(userId=True),
    "a userId that is a float of 2⁶³": call(userId=2.0**63),
    "a userId that is a float": call(userId=5.5),
    "a userId that is an object": call(userId={}),
    "a userId too long": call(userId="x" * 256),
    "a messageId that is a number": call(messageId=5),
    "a messageId that is a list": call(messageId=[]),
    "a messageId too long": call(messageId="x" * 256),
    "properties that are text": call(properties="a=1"),
    "properties that are a list": call(properties=[1]),
    "properties that are a number": call(properties=1),
    "properties that are true": call(properties=True),
    "a context that is text": call(context="here"),
    "a context that is a list": call(context=[]),
    "integrations that are text": call(integrations="all"),
    "NUL in text": track(r'"a\u0000b"'),
    "NUL in a key": track(r'{"a\u0000":1}'),
    "NUL in an id": rb'{"anonymousId":"a\u0000","event":"Bought"}',
    "NUL in the event": rb'{"anonymousId":"ann","event":"\u0000"}',
    "NUL deep inside": track(r'[[[["\u0000"]]]]'),
    "2⁶³": track("9223372036854775808"),
    "less than −2⁶³": track("-9223372036854775809"),
    "2⁶⁴": track("18446744073709551616"),
    "a number of 400 digits": track("1" + "0" * 400),
    "2⁶³ as a timestamp": f'{{{WHO},"event":"Bought","timestamp":9223372036854775808}}'.encode(),
    "21 lists deep": nested(21),
    "500 lists deep": nested(500),
    "21 objects deep": nested(21, '{"a":', "}").replace(b":}", b":1}"),
    "the same key twice": b'{"anonymousId":"ann","anonymousId":"ben","event":"Bought"}',
    "the same messageId twice": b'{"anonymousId":"ann","messageId":"a","messageId":"a","event":"Bought"}',
    "the same property twice": track('1,"a":2'),
    "the same key twice, escaped": rb'{"anonymousId":"ann","event":"Bought","\u0065vent":"Sold"}',
    "the same key twice deep inside": track('[[{"b":1,"b":1}]]'),
}

A_CALL = {
    "the least": b'{"anonymousId":"a","event":"b"}',
    "ids as long as they may be": call(event="x" * 255, anonymousId="x" * 255, userId="x" * 255, messageId="x" * 255),
    "ids that are numbers": call(anonymousId=5, userId=-7.0),
    "ids that are the last numbers": call(anonymousId=-(2**63), userId=2**63 - 1),
    "ids of four bytes a character": json.dumps(
        {"event": "😀" * 255, "anonymousId": "😀" * 255, "userId": "😀" * 255}, ensure_ascii=False
    ).encode(),
    "space everywhere": b' {\n"anonymousId" : "ann" ,\r\n\t"event" : "Bought" }\n',
    "20 lists deep": nested(20),
    "many lists side by side": track("[" + ",".join(["[]"] * 5_000) + "]"),
    "brackets in text": track('"' + "[" * 5_000 + '"'),
    "2⁶³ − 1": track("9223372036854775807"),
    "−2⁶³": track("-9223372036854775808"),
    "20 digits in text": track('"12345678901234567890"'),
    "20 digits behind the point": track("0.12345678901234567890"),
    "the smallest float": track("5e-324"),
    "the largest float": track("1.7976931348623157e308"),
    "an escaped backslash before u0000": track(r'"\\u0000"'),
    "a pair of surrogates": track(r'"\ud83d\ude00"'),
    "noncharacters": track(r'"\uffff\ufffe\ufdd0"'),
    "U+2028 and U+2029": track('"\u2028\u2029"'),
    "DEL and C1": track('"\x7f\x80\x9f"'),
    "right to left": track('"\u202eabc"'),
    "SQL": call(event="'; DROP TABLE event; --", anonymousId="' OR 1=1 --"),
    "placeholders": call(event="%s %(a)s ? :a {0} $1 %%", anonymousId="%s"),
    "markup": call(event="<script>alert(1)</script>", userId="<img src=x onerror=alert(1)>"),
    "keys that objects have": track('{"__proto__":{"a":1},"constructor":1,"__class__":2}'),
    "keys that differ in case": call(Event="x", ANONYMOUSID=5),
    "an empty key": track('{"":1}'),
    "a timestamp that is a list": call(timestamp=[]),
    "a timestamp that is true": call(timestamp=True),
    "a timestamp from year 1": call(timestamp="0001-01-01T00:00:00+14:00"),
    "a timestamp from year 9999": call(timestamp="9999-12-31T23:59:59.999999-14:00"),
    "a timestamp that is long": call(timestamp="2026" * 1_000),
    "a type that is another": call(type="identify"),
    "a type that is an object": call(type={}),
    "a message event about an object": call(event="Message Viewed", properties={"message_id": {}}),
    "a message event about a number": call(event="Message Clicked", properties={"message_id": 1, "button_id": None}),
    "a message event without properties": call(event="Message Viewed", properties=None),
    "nulls": call(userId=None, messageId=None, timestamp=None, context=None, integrations=None, properties=None),
}

CASES = [
    *((name, body, 400) for name, body in {**NOT_JSON, **NOT_A_CALL}.items()),
    *((name, body, 200) for name, body in A_CALL.items()),
]


def bomb(size: int) -> bytes:
    """Gzip that unpacks to that many bytes."""
    return gzip.compress(b"[" * size)


ZIPPED = {
    "a bomb of 50 MB": (bomb(50_000_000), 413),
    "one byte too much": (bomb(32 * 1024 + 1), 413),
    "not gzip": (call(), 400),
    "nothing": (b"", 400),
    "cut": (gzip.compress(call())[:-9], 400),
    "a wrong checksum": (gzip.compress(call())[:-8] + bytes(8), 400),
    "zlib instead": (zlib.compress(call()), 400),
    "gzip of gzip": (gzip.compress(gzip.compress(call())), 400),
    "gzip of nothing": (gzip.compress(b""), 400),
    "a call": (gzip.compress(call()), 200),
}
