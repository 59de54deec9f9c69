"""Somebody who clicks and types at random in the editor of the content step, and what must come of it: nothing lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Error, Locator, Page, expect

MEANING = """
async () => {
    const form = document.querySelector('[data-wizard]');
    const answer = await fetch(form.dataset.previewUrl, {method: 'POST', body: new FormData(form)});
    const {display, steps, problems} = await answer.json();
    return problems ? {problems} : {display, steps};
}"""
"""What the form means, however it is written down in its fields."""

WORDS = [
    "Hello",
    "10 % off",
    "",
    " ",
    "/pricing",
    "https://shop.example/a?b=c#d",
    "javascript:alert(1)",
    "ü🙂",
    "<b>x</b>",
]
KEYS = ["Control+z", "Control+Shift+z", "Tab", "Shift+Tab", "Escape", "ArrowUp", "ArrowDown", "Space", "Control+b"]
EDITOR = ".content-editor"
MOST_BLOCKS = 25
PATIENCE_MS = 500


@dataclass
class Monkey:
    page: Page
    seed: int
    acts: list[str] = field(default_factory=list)
    """What was done, for whoever has to find out why it went wrong."""

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.page.on("dialog", lambda dialog: dialog.accept())

    def act(self) -> None:
        """Do one thing. What is covered or gone by the time it is clicked is left alone."""
        act: Callable[[], str] = self.random.choices(
            [self.press, self.type, self.choose, self.tick, self.key, self.drag], [6, 5, 2, 2, 3, 1]
        )[0]
        try:
            self.acts.append(act())
        except Error as error:
            self.acts.append(f"{act.__name__}: {error.message.splitlines()[0]}")

    def press(self) -> str:
        crowded = self.page.locator(f"{EDITOR} [data-block]").count() > MOST_BLOCKS
        kind = "[value^=remove]" if crowded else "button"
        return self._at(
            f"{EDITOR} button{kind.removeprefix('button')}", lambda button: button.click(timeout=PATIENCE_MS)
        )

    def type(self) -> str:
        words = self.random.choice(WORDS)
        texts = f"{EDITOR} :is(input:not([type]), input[type=text], textarea, trix-editor)"
        return self._at(texts, lambda text: self._type(text, words)) + f" {words!r}"

    def _type(self, text: Locator, words: str) -> None:
        text.click(timeout=PATIENCE_MS)
        self.page.keyboard.press(self.random.choice(["End", "Control+A"]))
        self.page.keyboard.type(words)

    def choose(self) -> str:
        return self._at(f"{EDITOR} select", self._choose)

    def _choose(self, select: Locator) -> None:
        options = select.locator("option").count()
        if options:
            select.select_option(index=self.random.randrange(options), timeout=PATIENCE_MS)

    def tick(self) -> str:
        return self._at(
            f"{EDITOR} :is(input[type=checkbox], input[type=radio])", lambda box: box.click(timeout=PATIENCE_MS)
        )

    def key(self) -> str:
        key = self.random.choice(KEYS)
        self.page.keyboard.press(key)
        return key

    def drag(self) -> str:
        handles, lists = (
            self.page.locator(f"{EDITOR} {each}").filter(visible=True) for each in ("[data-handle]", "[data-blocks]")
        )
        if not handles.count():
            return "nothing to drag"
        handle = handles.nth(self.random.randrange(handles.count()))
        target = lists.nth(self.random.randrange(lists.count()))
        handle.hover(timeout=PATIENCE_MS)
        self.page.mouse.down()
        try:
            if box := target.bounding_box(timeout=PATIENCE_MS):
                self.page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2, steps=5)
        finally:
            self.page.mouse.up()
        return "drag"

    def _at(self, selector: str, do: Callable[[Locator], None]) -> str:
        """Do it with one of these that can be seen."""
        found = self.page.locator(selector).filter(visible=True)
        if not (count := found.count()):
            return f"no {selector}"
        one = found.nth(self.random.randrange(count))
        told = "element => `${element.localName} ${element.name ?? ''} ${element.value ?? ''}`"
        said: str = one.evaluate(told, timeout=PATIENCE_MS)
        do(one)
        return said

    def rest(self) -> None:
        """Until what was done is saved, or is said to be kept here."""
        expect(self.page.locator("[data-saved]")).not_to_have_text("Saving…")

    def check(self) -> None:
        """Whoever comes back finds what they left."""
        self.rest()
        left: Any = self.page.evaluate(MEANING)
        self.page.reload()
        expect(self.page.locator("[data-wizard][data-ready]")).to_be_attached()
        self.rest()
        found: Any = self.page.evaluate(MEANING)
        assert found == left, f"seed {self.seed}: {found} instead of {left} after {self.acts[-30:]}"
