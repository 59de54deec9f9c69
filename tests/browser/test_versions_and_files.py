"""By keyboard: a version is restored and a file imported, each after it was said what that would replace."""

from __future__ import annotations

import json

from playwright.sync_api import Locator, Page, expect

from anonmsg.db import utc_now
from tests.conftest import CLUB
from tests.support.marketer import axe, messages_url, sign_in
from tests.support.stage import Stage, changed


def press(button: Locator) -> None:
    button.focus()
    button.press("Enter")


def test_nothing_is_replaced_before_it_was_shown(page: Page, stage: Stage, complaints: list[str]) -> None:
    id = stage.launch(CLUB)
    stage.change(id, lambda message: message.save(changed(CLUB, name="Never launched"), utc_now()))
    sign_in(page, stage).goto(messages_url(stage, id))
    press(page.get_by_role("button", name="Restore version 1"))
    expect(page.get_by_role("row", name="Name")).to_contain_text("Never launched")
    assert axe(page) == []
    press(page.get_by_role("button", name="Replace the draft with version 1"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Club")

    page.goto(messages_url(stage))
    press(page.get_by_role("link", name="Import"))
    entry = {"id": id, "name": "From a file", "steps": [{"blocks": [{"type": "heading", "text": "Hello"}]}]}
    file = {"name": "club.json", "mimeType": "application/json", "buffer": json.dumps([entry]).encode()}
    page.get_by_label("File", exact=True).set_input_files(file)  # type: ignore[arg-type]
    press(page.get_by_role("button", name="Check the file"))
    press(page.locator("summary", has_text="parts differ"))
    expect(page.get_by_role("row", name="Name")).to_contain_text("From a file")
    assert axe(page) == []
    press(page.get_by_role("button", name="Import 1 message"))
    expect(page.get_by_role("link", name="From a file")).to_be_visible()
    assert ["409" in each for each in complaints] == [True], "the question before the restore"
    complaints.clear()
