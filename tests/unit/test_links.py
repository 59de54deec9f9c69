"""What may stand in a link, and where it leads: nowhere, likely not where it should, or to an example."""

from __future__ import annotations

import pytest

from anonmsg.links import dead, doubtful, is_insecure, placeholder, url_problem

GOOD_URLS = [
    "https://shop.example",
    "http://shop.example:8080/a?b=c#d",
    "HTTPS://SHOP.EXAMPLE/",
    "https://user@shop.example/",
    "https://[::1]/",
    "https://bücher.example/ä",
    "mailto:a@b.example?subject=Hi",
    "tel:+43-1-234",
    "/signup",
    "/signup?next=https://shop.example",
    "/a:b",
    "signup",
    "./signup",
    "../signup",
    "?plan=pro",
    "#top",
    "#a:b",
    "?a:b",
    "a/b:c",
    "%6aavascript",
]

BAD_URLS = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "jAvAsCrIpT:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java\rscript:alert(1)",
    "\x01javascript:alert(1)",
    "java\0script:alert(1)",
    "java\u200bscript:alert(1)",
    "java\u00adscript:alert(1)",
    "\ufeffjavascript:alert(1)",
    "javascript\u3000:alert(1)",
    "javascript&colon;alert(1):",
    "ｊavascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:image/svg+xml;base64,PHN2Zz4=",
    "blob:https://shop.example/1",
    "file:///etc/passwd",
    "filesystem:https://shop.example/x",
    "view-source:https://shop.example",
    "about:blank",
    "ftp://shop.example/",
    "ws://shop.example/",
    "intent://x#Intent;end",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:\\\\evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https://",
    "https:///evil.example",
    "https://?x",
    "http://#x",
    "https://shop.example/a b",
    "https://shop.example/\u2028",
    ":javascript",
    "x:y",
    "shop.example:8080/path",
]

TORN = "a colon belongs after http"
HOST = "there can be no such host"

DEAD = {
    "http//shop": TORN,
    "https//shop.example/signup": TORN,
    "HTTPS//shop.example": "a colon belongs after HTTPS",
    "https;//shop.example": TORN,
    "https.//shop.example": TORN,
    "https://https://shop.example": "begins twice",
    "http://http//shop.example": "begins twice",
    "mailto:": "type the address",
    "MAILTO:?subject=Hi": "type the address",
    "tel:": "type the number",
    "tel:+": "type the number",
    "https://shop..example/": HOST,
    "https://.example/": HOST,
    "https://shop.example:99999/": HOST,
    "https://shop.example:port/": HOST,
    "https://[::1/": HOST,
    "https://:8080/": HOST,
}
ALIVE = [
    *GOOD_URLS,
    "https.html",
    "http/docs",
    "https://shop.example./",
    "https://shop.example:/",
    "https://localhost:5000/",
    "https://https.shop.example/",
    "mailto:?to=a@b.example&subject=Hi",
    "tel:112",
    "#",
]
DOUBTFUL = ["#", "www.shop.example", "shop.example/signup", "shop.example?a=b", "WWW.SHOP.EXAMPLE"]
PLAIN = [*GOOD_URLS, "prices.html#top", "../shop.example/", "/www.shop.example", "./#"]
PLACEHOLDERS = ["https://example.com", "http://www.example.org/signup", "https://EXAMPLE.net:8080?x"]
REAL = [
    *GOOD_URLS,
    "https://example.com.shop.example/",
    "https://myexample.com/",
    "/example.com",
    "https://a.b/example.com",
]
INSECURE = ["http://shop.example/mug.png", "HTTP://10.0.0.1/mug.png", "http://localhost.shop.example/mug.png"]
SECURE = [
    "https://shop.example/mug.png",
    "/mug.png",
    "http://localhost/mug.png",
    "http://127.0.0.1:5000/x",
    "http://[::1]/x",
]


@pytest.mark.parametrize("url", GOOD_URLS)
def test_a_url_that_may_stand_in_a_message(url: str) -> None:
    assert url_problem(url) is None


@pytest.mark.parametrize("url", BAD_URLS)
def test_a_url_that_may_not(url: str) -> None:
    assert url_problem(url)


@pytest.mark.parametrize("url", ["mailto:a@b.example", "tel:+43", "data:image/png;base64,x"])
def test_an_image_comes_over_http_only(url: str) -> None:
    assert url_problem(url, schemes=("https", "http"))


@pytest.mark.parametrize(("url", "why"), DEAD.items())
def test_what_leads_nowhere(url: str, why: str) -> None:
    assert url_problem(url) is None
    assert why in (dead(url) or "")


@pytest.mark.parametrize("url", ALIVE)
def test_what_may_lead_somewhere(url: str) -> None:
    assert url_problem(url) is None
    assert dead(url) is None


@pytest.mark.parametrize("url", DOUBTFUL)
def test_what_is_likely_a_mistake(url: str) -> None:
    assert url_problem(url) is None
    assert dead(url) is None
    assert doubtful(url)


@pytest.mark.parametrize("url", PLAIN)
def test_what_is_likely_none(url: str) -> None:
    assert doubtful(url) is None


@pytest.mark.parametrize("url", PLACEHOLDERS)
def test_what_is_an_example(url: str) -> None:
    assert placeholder(url)
    assert doubtful(url) is None


@pytest.mark.parametrize("url", REAL)
def test_what_is_none(url: str) -> None:
    assert placeholder(url) is None


@pytest.mark.parametrize("src", INSECURE)
def test_an_image_that_secure_pages_do_not_show(src: str) -> None:
    assert is_insecure(src)


@pytest.mark.parametrize("src", SECURE)
def test_an_image_that_they_show(src: str) -> None:
    assert not is_insecure(src)
