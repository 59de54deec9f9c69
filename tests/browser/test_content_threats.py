"""Whatever people, files or a written-to database put into a message: on somebody's page it is text, never script."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import update

from anonmsg.db import db
from anonmsg.delivery.bundle import BEGINNING, Bundle
from anonmsg.links import url_problem
from anonmsg.message import Limits, Match, PageRule, Position, Shape
from anonmsg.models import Message, Version
from anonmsg.problems import rule_problem
from tests.conftest import CLUB
from tests.support.asking import EVERYTHING
from tests.support.canary import TRUSTED_TYPES, Canary
from tests.support.drawing import SHOWCASE, Easel
from tests.support.payloads import DANGEROUS_URLS, GOOD_URLS, INVISIBLE_URLS, PAYLOADS
from tests.support.stage import Stage, expect_shown, until
from tests.support.website import Website, parsed_tag

TEXTS = [payload.text for payload in PAYLOADS]
LABELS = [text for text in TEXTS if len(text) <= Limits.LABEL]
URLS = [text for text in TEXTS if not url_problem(text)]
"""The payloads that may stand for a URL, since they are a relative one."""

SINKS = {
    r"\b(?:inner|outer)HTML\b": "a.innerHTML=b",
    r"insertAdjacentHTML|createContextualFragment|parseHTML|setHTML": "a.insertAdjacentHTML('beforeend',b)",
    r"\bsrcdoc\b|DOMParser|XSLTProcessor": "new DOMParser",
    r"document\.write|\.writeln\b|\bexecCommand\b": "document.writeln(a)",
    r"\beval\b|\bFunction\s*\(|\bimport\s*\(|importScripts": "new Function(a)",
    r"set(?:Timeout|Interval)\(\s*[\"'`]": "setTimeout('a()')",
    r"createElement\(\s*[\"'`](?:script|style|iframe|object|embed|link|base)": "createElement('script')",
    r"setAttribute\w*\(\s*[\"'`](?:style|on|src|href|formaction)": "a.setAttribute('onclick',b)",
    r"\bcssText\b|insertRule|\.style\s*=": "a.style='b'",
    r"javascript:|\bon(?:click|error|load)\s*=\s*[\"'`]": "a.onclick='b()'",
}
"""Ways into script or markup, each with an example of what it finds."""


OWN_PARTS = re.compile(r"import\(`\$\{\w+\}/v1/snippet/\$\{\w+\}/\$\{\w+\}\.js`\)")
"""The one script that the snippet loads: more of itself, from where it came from."""


@pytest.mark.parametrize(("sink", "example"), SINKS.items())
def test_the_bundle_has_no_sink(sink: str, example: str) -> None:
    assert re.search(sink, example)
    built = Bundle.current()
    whole = built.pinned() + b"".join(built.parts[name] for name in BEGINNING)
    bundle, parts = OWN_PARTS.subn("", whole.decode())
    assert parts == 1
    assert "createElement" in bundle
    assert re.findall(sink, bundle) == []


# Stored script: payloads × fields × channels


def batched(all: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(all)
    while some := list(itertools.islice(rest, size)):
        yield some


def laden() -> dict[str, Any]:
    """A message that holds every payload in everything that people can type and that is drawn."""
    blocks = itertools.chain.from_iterable(laden_blocks(text) for text in TEXTS)
    return {"name": "Laden", "display": overlay("bottom-right"), "steps": [{"blocks": rows_of(blocks)}]}


def rows_of(blocks: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """As many blocks as one step can hold."""
    return [{"type": "row", "columns": [*columns, []][:3]} for columns in batched(batched(blocks, 48), 3)]


def laden_blocks(text: str) -> Iterator[dict[str, Any]]:
    url = text if text in URLS else "/fine"
    label = text if text in LABELS else "Fine"
    run = {"text": text, "link": url}
    yield {"type": "heading", "text": text}
    yield {"type": "text", "paragraphs": [[{"text": text}, {"text": text, "bold": True, "italic": True}, run]]}
    yield {"type": "list", "items": [[{"text": text}]]}
    yield {"type": "image", "src": url, "alt": text}
    yield {"type": "button", "label": label, "action": {"type": "open_url", "url": url}}
    yield {"type": "button", "label": "Tell", "action": {"type": "track", "event": text, "properties": {text: text}}}


def asking() -> dict[str, Any]:
    """The same for what asks the visitor: a step of questions, then one of e-mail fields."""
    questions = itertools.chain.from_iterable(asking_blocks(number, text) for number, text in enumerate(TEXTS))
    emails = [
        {"type": "email", "id": f"e{n}", "label": text, "consent": text, "required": False, "identifies": False}
        for n, text in enumerate(TEXTS)
    ]
    steps = [
        {"id": "s1", "blocks": [*rows_of(questions), pressed_last("b1", {"type": "go_to_step", "to": "next"})]},
        {"id": "s2", "blocks": [*rows_of(emails), pressed_last("b2", {"type": "submit"})]},
    ]
    return {"name": "Asking", "display": overlay("top-left"), "steps": steps}


def asking_blocks(number: int, text: str) -> Iterator[dict[str, Any]]:
    end = text if text in LABELS else ""
    yield {"type": "question", "id": f"q{number}", "label": text, "options": [text, "Other"]}
    yield {"type": "question", "id": f"r{number}", "label": text, "kind": "rating", "low": end, "high": end}


def pressed_last(id: str, action: dict[str, Any]) -> dict[str, Any]:
    return {"type": "button", "id": id, "label": "On", "style": "primary", "action": action}


RULED = [Position.TOP_CENTER, Position.TOP_RIGHT, Position.BOTTOM_LEFT, Position.BOTTOM_CENTER]


def ruled() -> Iterator[dict[str, Any]]:
    """Messages that are never shown on pages whose address holds a payload."""
    rules = [PageRule(value=text, match=match) for text in TEXTS for match in Match]
    legal = [{**msgspec.to_builtins(rule), "effect": "exclude"} for rule in rules if not rule_problem(rule)]
    for number, some in enumerate(batched(legal, 50)):
        heading = {"type": "heading", "text": f"Ruled {number}"}
        display = overlay(RULED[number % len(RULED)])
        yield {"name": "Ruled", "page_rules": some, "display": display, "steps": [{"blocks": [heading]}]}


def overlay(position: str) -> dict[str, Any]:
    """Of a width that leaves room for three side by side."""
    return {"kind": "overlay", "position": position, "width": 360}


def save(stage: Stage, messages: list[dict[str, Any]], _directory: Path) -> None:
    for message in messages:
        stage.launch(Shape.decode(json.dumps(message)))


def bring_in(stage: Stage, messages: list[dict[str, Any]], directory: Path) -> None:
    files = [directory / f"{number}.json" for number in range(len(messages))]
    for file, message in zip(files, messages, strict=True):
        file.write_text(json.dumps(message))
    words = ["messages", "import", "--site", stage.site_key, "--launch", *map(str, files)]
    result = stage.server.app.test_cli_runner().invoke(args=words)
    assert result.exit_code == 0, result.output


def write_past_the_checks(stage: Stage, messages: list[dict[str, Any]], _directory: Path) -> None:
    for message in messages:
        overwrite(stage, stage.launch(CLUB), json.dumps(message))


def overwrite(stage: Stage, id: str, content: str) -> None:
    """Put any text where a launched version is kept."""
    with stage.server.app.app_context():
        db.session.execute(update(Version).where(Version.message_id == id).values(content=content))
        db.session.execute(update(Message).where(Message.id == id).values(draft=content))
        db.session.commit()


CHANNELS = [save, bring_in, write_past_the_checks]
Channel = Callable[[Stage, list[dict[str, Any]], Path], None]


@pytest.mark.parametrize("channel", CHANNELS, ids=["saved", "imported", "written past the checks"])
def test_no_payload_in_any_field_does_anything(stage: Stage, page: Page, tmp_path: Path, channel: Channel) -> None:
    channel(stage, [laden(), asking(), *ruled()], tmp_path)
    canary = guarded(stage, page)
    page.goto(f"{stage.website.url}/pricing")

    box = page.locator("anonmsg-message .overlay.bottom.right")
    expect(box).to_be_visible()
    for position in RULED:
        expect(page.locator(f"anonmsg-message .overlay.{position.replace('-', '.')}")).to_be_visible()
    assert box.get_by_role("heading").all_text_contents() == TEXTS
    assert box.locator("li").all_text_contents() == TEXTS
    assert box.locator("p").all_text_contents() == [text * 3 for text in TEXTS]
    assert box.locator("img").evaluate_all("images => images.map(({ alt }) => alt)") == TEXTS
    assert_only_plain_elements(box)
    press_and_load_everything(box)
    until(lambda: sorted(set(TEXTS) - {call.get("event") for call in stage.activity()}), [])
    answer_everything(page.locator("anonmsg-message .overlay.top.left"))
    until(lambda: {call["properties"]["answer"] for call in stage.activity() if call.get("event") == ANSWERED}, SAID)
    canary.assert_quiet()


ANSWERED = "Message Answered"
SAID = {*TEXTS, "ann@mail.example"}


def answer_everything(box: Locator) -> None:
    """Choose each payload, then type an address everywhere. Other messages lie above it."""
    assert box.locator("legend").all_text_contents() == [text for text in TEXTS for _ in range(2)]
    assert box.locator(".tick:first-child").all_text_contents() == TEXTS
    assert_only_plain_elements(box)
    box.evaluate("box => { for (const input of box.querySelectorAll('.tick:first-child input')) input.click() }")
    box.get_by_role("button", name="On").evaluate("button => button.click()")
    assert box.locator(".ask").all_text_contents() == TEXTS
    assert box.locator(".consent").all_text_contents() == TEXTS
    assert_only_plain_elements(box)
    box.evaluate(
        """box => {
            for (const input of box.querySelectorAll('[type=email]')) input.value = 'ann@mail.example';
            for (const input of box.querySelectorAll('[type=checkbox]')) input.click();
        }"""
    )
    box.get_by_role("button", name="On").evaluate("button => button.click()")
    expect(box).to_have_count(0)


def guarded(stage: Stage, page: Page) -> Canary:
    stage.website.headers["Content-Security-Policy"] = TRUSTED_TYPES
    stage.website.tag = parsed_tag(stage.server.url, stage.site_key)
    page.route(re.compile(re.escape(stage.website.url)), picture)
    return Canary(page, {stage.website.url, stage.server.url})


def picture(route: Route) -> None:
    """Whatever address an image has, there is one."""
    if route.request.resource_type == "image":
        route.fulfill(body="<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/svg+xml")
    else:
        route.fallback()


def assert_only_plain_elements(box: Locator) -> None:
    """No element and no attribute that could carry script, whatever it holds."""
    elements, attributes = box.evaluate(
        """box => {
            const all = [...box.getRootNode().querySelectorAll('*')];
            const attributes = all.flatMap((element) => element.getAttributeNames());
            return [[...new Set(all.map((element) => element.localName))], [...new Set(attributes)]];
        }"""
    )
    known = "a button dialog div em fieldset h2 hr img input label legend li ol p section span strong textarea ul"
    assert set(elements) <= set(known.split())
    plain = "alt aria-describedby aria-hidden aria-invalid aria-label autocomplete class dir height href id loading"
    plain += " decoding dir maxlength name pattern popover required role rows src style tabindex type width"
    assert set(attributes) <= set(plain.split())


def press_and_load_everything(box: Locator) -> None:
    """Buttons that only tell, links under the pointer and focused, images wherever they are."""
    box.evaluate(
        """box => {
            for (const image of box.querySelectorAll('img')) image.loading = 'eager';
            for (const element of box.querySelectorAll('*')) {
                for (const name of ['mouseover', 'focus', 'pointerenter']) element.dispatchEvent(new Event(name));
                if (element.textContent === 'Tell') element.click();
            }
        }"""
    )


def test_the_canary_hears_what_a_page_does(page: Page, website: Website, complaints: list[str]) -> None:
    website.headers["Content-Security-Policy"] = TRUSTED_TYPES
    canary = Canary(page, {website.url})
    page.goto(website.url)
    for deed in [
        "document.body.append(Object.assign(document.createElement('img'), { src: 'http://evil.example/1' }))",
        "try { document.body.innerHTML = '<b>' } catch {}",
        "alert(1)",
    ]:
        page.evaluate(deed)
        with pytest.raises(AssertionError):
            canary.assert_quiet()
        canary.heard.clear()
        page.evaluate("ran.length = violations.length = 0")
        canary.assert_quiet()
    complaints.clear()


# Messages that no server has checked, each word of them replaced


def test_no_payload_in_any_word_of_a_raw_message_does_anything(website: Website, page: Page) -> None:
    website.headers["Content-Security-Policy"] = TRUSTED_TYPES
    canary = Canary(page, {website.url})
    Easel(page, website).open()
    steps = msgspec.to_builtins((*SHOWCASE.steps, *EVERYTHING.steps))
    message = {**msgspec.to_builtins(SHOWCASE), "display": overlay("top-left"), "steps": steps}
    drawn, refused = page.evaluate(
        """async ([message, texts]) => {
            const { draw, undrawable } = await import('/snippet/whole.js');
            let drawn = 0, refused = 0;
            const words = (node) => Object.keys(node).flatMap((key) =>
                node[key] && typeof node[key] === 'object' ? words(node[key]) : [[node, key]]);
            for (const [node, key] of words(message)) {
                const was = node[key];
                for (const text of texts) {
                    node[key] = text;
                    const problem = undrawable(message, document);
                    try {
                        draw(message, { window }).close('removed');
                        drawn++;
                    } catch {
                        refused++;
                    }
                }
                node[key] = was;
            }
            return [drawn, refused];
        }""",
        [message, TEXTS[::4]],
    )
    assert drawn > 500
    assert refused > 500
    assert page.locator("anonmsg-message").count() == 0
    canary.assert_quiet()


ROTTEN = ["", "null", "[]", "7", "{", '{"steps":{}}', '{"name":7}', '{"unknown":1}', '{"steps":[{"blocks":[{}]}]}']


def test_rows_that_are_dangerous_or_rotten_are_not_served_and_the_others_are(stage: Stage, page: Page) -> None:
    good = stage.launch(CLUB)
    for url in DANGEROUS_URLS.values():
        run = {"type": "text", "paragraphs": [[{"text": "x", "link": url}]]}
        image = {"type": "image", "src": url}
        button = {"type": "button", "id": "b", "label": "x", "action": {"type": "open_url", "url": url}}
        for block in (run, image, button):
            overwrite(stage, stage.launch(CLUB), json.dumps({"name": "x", "steps": [{"id": "s", "blocks": [block]}]}))
    for content in ROTTEN:
        overwrite(stage, stage.launch(CLUB), content)
    page.goto(f"{stage.website.url}/pricing")
    expect_shown(page)
    manifest = page.request.get(f"{stage.server.url}/v1/sites/{stage.site_key}/messages.json").json()
    assert [message["id"] for message in manifest["messages"]] == [good]
    until(lambda: [call.get("event") for call in stage.activity()], [None, "Message Viewed"])


# URLs


@pytest.mark.parametrize("url", [*DANGEROUS_URLS.values(), *INVISIBLE_URLS.values()], ids=repr)
def test_a_dangerous_url_is_refused_when_it_is_saved(url: str) -> None:
    assert url_problem(url)


@pytest.mark.parametrize("url", GOOD_URLS, ids=repr)
def test_a_good_url_may_be_saved(url: str) -> None:
    assert url_problem(url) is None


def pressed(easel: Easel, url: str, target: str = "same", what: str = "a, .primary") -> None:
    """A click on a button with this URL and on a link with it, in a message that nobody has checked."""
    easel.page.evaluate(
        """async ([url, target, what]) => {
            const { draw } = await import('/snippet/whole.js');
            const action = { type: 'open_url', url, target };
            const blocks = [
                { type: 'text', paragraphs: [[{ text: 'Link', link: url }]] },
                { type: 'button', id: 'b1', label: 'Go', style: 'primary', action },
            ];
            const display = { kind: 'overlay', position: 'top-left', width: 300 };
            const { host } = draw({ display, steps: [{ id: 's1', blocks }] }, { window });
            const pressed = [...host.shadowRoot.querySelectorAll(what)];
            // A moment later, lest the page be gone before it has said that it is done.
            setTimeout(() => pressed.forEach((each) => each.click()));
        }""",
        [url, target, what],
    )


@pytest.mark.parametrize("target", ["same", "new"])
def test_a_dangerous_url_leads_nowhere_when_it_is_clicked(website: Website, page: Page, target: str) -> None:
    easel = Easel(page, website).open()
    canary = Canary(page, {website.url})
    page.reload()
    page.evaluate("window.untouched = true")
    for url in DANGEROUS_URLS.values():
        pressed(easel, url, target)
    pressed(easel, "#good")
    page.wait_for_url("**/#good")  # what was asked for before has happened by now
    assert page.evaluate("untouched")
    assert page.context.pages == [page]
    canary.assert_quiet()


def test_a_url_with_something_invisible_runs_nothing(website: Website, page: Page) -> None:
    easel = Easel(page, website).open()
    page.route(re.compile(r"https://shop\.example/"), lambda route: route.fulfill(body="Shop"))
    page.add_init_script("window.ran = 0; window.alert = () => { window.ran++ }")
    for url in INVISIBLE_URLS.values():
        page.goto(f"{website.url}/start")
        # One click alone: of two, the second would end what the first began.
        pressed(easel, url, what=".primary")
        page.wait_for_url(re.compile(r"/(sign(%20)?up|gpj\.exe)?$"))
        assert page.evaluate("ran") == 0


def test_a_good_url_is_where_a_link_leads(website: Website, page: Page) -> None:
    easel = Easel(page, website).open()
    for url, leads_to in GOOD_URLS.items():
        text = {"type": "text", "paragraphs": [[{"text": "Link", "link": url}]]}
        box = easel.draw_raw({"display": overlay("top-left"), "steps": [{"id": "s1", "blocks": [text]}]})
        assert box.get_by_role("link").evaluate("link => link.href") == leads_to.format(origin=website.url), url
        easel.close()


def test_a_button_leads_there_in_this_tab_or_a_new_one(website: Website, page: Page) -> None:
    easel = Easel(page, website)
    for url in ("/signup", "signup", "?plan=pro", "#join"):
        easel.open()
        with page.expect_popup() as popup:
            pressed_button(easel, url, "new")
        assert popup.value.url == GOOD_URLS[url].format(origin=website.url)
        assert popup.value.evaluate("window.opener") is None
        popup.value.close()
        assert page.url == f"{website.url}/"
        pressed_button(easel, url, "same")
        page.wait_for_url(GOOD_URLS[url].format(origin=website.url))


def pressed_button(easel: Easel, url: str, target: str) -> None:
    action = {"type": "open_url", "url": url, "target": target}
    button = {"type": "button", "id": "b1", "label": "Go", "style": "primary", "action": action}
    easel.draw_raw({"display": overlay("top-left"), "steps": [{"id": "s1", "blocks": [button]}]})
    easel.box.get_by_role("button", name="Go").click()
