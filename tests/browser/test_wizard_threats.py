"""What attackers type into a message does nothing to who opens it in the wizard, even where it got past the checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from playwright.sync_api import Error, Frame, Page

from anonmsg.db import db
from anonmsg.message import (
    Block,
    Button,
    Email,
    Heading,
    Image,
    Limits,
    OpenUrl,
    PageRule,
    Run,
    Shape,
    Step,
    Text,
)
from anonmsg.models import Message
from tests.support.canary import Canary
from tests.support.desk import Desk
from tests.support.payloads import PAYLOADS
from tests.support.stage import Stage, until

TEXTS = [payload.text for payload in PAYLOADS]
AT_ONCE = 12
"""Payloads in one message: as many as its blocks have room for."""


def laden(texts: list[str]) -> Shape:
    """A message with these payloads in every field that is drawn or listed."""
    return Shape(
        name=texts[0][: Limits.NAME],
        description=" ".join(texts)[: Limits.DESCRIPTION],
        page_rules=tuple(PageRule(value=text[: Limits.RULE_VALUE]) for text in texts),
        steps=(Step("s1", (written(texts), *(block for text in texts for block in blocks(text)))),),
    )


def written(texts: list[str]) -> Text:
    """One for all: each Text comes with a rich text editor of its own, which takes its time."""
    return Text(tuple((Run(text[: Limits.TEXT], bold=True, link=text[: Limits.URL]),) for text in texts))


def blocks(text: str) -> Iterator[Block]:
    yield Heading(text[: Limits.HEADING])
    yield Image(src="data:none", alt=text[: Limits.ALT])
    yield Button(label=text[: Limits.LABEL], action=OpenUrl(text[: Limits.URL]))
    yield Email(label=text[: Limits.HEADING], consent=text[: Limits.TEXT])


def written_past_the_checks(desk: Desk, shape: Shape) -> str:
    id = desk.draft(Shape(name="Laden"))
    with desk.stage.server.app.app_context():
        message = db.session.get_one(Message, id)
        message.name, message.draft = shape.name, shape.encode()
        db.session.commit()
    return id


def what_ran(frame: Frame) -> list[str]:
    """As the frame itself knows it. One that was replaced meanwhile is left to the canary, which hears of all."""
    try:
        ran: list[str] = frame.evaluate("[...ran, ...violations]")
    except Error:
        assert frame.is_detached()
        return []
    return ran


def cut(texts: list[str]) -> list[str]:
    return [text[: Limits.HEADING] for text in texts]


def without_spaces(texts: Callable[[], list[str]]) -> list[str]:
    """A field of one line drops line ends, which the preview has until it is drawn from the fields."""
    return ["".join(text.split()) for text in texts()]


def test_no_payload_does_anything_to_whoever_opens_the_message(stage: Stage, page: Page) -> None:
    assert len(TEXTS) > 150
    desk = Desk(stage, page).sign_in()
    canary = Canary(page, {stage.server.url})
    for start in range(0, len(TEXTS), AT_ONCE):
        texts = TEXTS[start : start + AT_ONCE]
        id = written_past_the_checks(desk, laden(texts))
        for step in ("targeting", "content", "review"):
            page.goto(f"{desk.url}/{id}/edit/{step}")
            if step == "content":
                headings = desk.preview.locator("anonmsg-message h2").all_text_contents
                until(partial(without_spaces, headings), without_spaces(partial(cut, texts)))
            desk.wait_for_scripts()
            for frame in page.frames:
                assert what_ran(frame) == [], step
    assert [what for what in canary.heard if what != "went to about:blank"] == []
