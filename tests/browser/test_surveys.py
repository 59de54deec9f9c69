"""Messages that ask: by mouse, keyboard and ear, from the first question to the marketer's numbers."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from anonmsg.db import db, reading
from anonmsg.intake import recount
from anonmsg.message import Branch, Display, DisplayKind, Email, Going, GoToStep, Heading, Question, Shape, Step
from tests.browser.test_shown_messages import AXE, DESKTOP, ONE_OF_EACH, PHONE, SMALLEST_TARGET, findings, scheme_of
from tests.support.asking import ASKED, BACK, EVERYTHING, SURVEY, button
from tests.support.drawing import PLACES, SHOWCASE, UNREFLECTED, Easel, named
from tests.support.marketer import messages_url, sign_in
from tests.support.stage import Stage, changed, expect_shown, shown, until, until_quiet
from tests.support.website import Website


@pytest.fixture
def easel(page: Page, website: Website) -> Easel:
    website.body = "<main><h1>Shop</h1><input aria-label=Search></main>"
    return Easel(page, website)


def test_three_steps_lead_to_a_person_and_to_numbers(stage: Stage, page: Page, browser: Browser) -> None:
    id = stage.launch(SURVEY)
    page.goto(f"{stage.website.url}/pricing")
    expect_shown(page, "One question")
    visitor = page.evaluate("analytics.user().anonymousId()")

    page.get_by_role("button", name="Next").click()
    alert = page.get_by_role("alert")
    expect(alert).to_have_text("Please select one of these options.")
    expect(page.get_by_label("A friend")).to_be_focused()
    page.get_by_label("A friend").check()
    expect(alert).to_have_count(0)
    page.get_by_role("button", name="Next").click()
    expect(shown(page, "Stay in touch")).to_be_focused()
    until(lambda: answers(stage), [("why", "A friend", "first")])

    page.get_by_label("Your e-mail").fill("ann@mail")
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("A friend")).to_be_checked()
    page.get_by_label("An ad").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Where was it?").fill("In <b>town</b>")
    page.get_by_role("button", name="On").click()
    expect(page.get_by_label("Your e-mail")).to_have_value("ann@mail")
    page.get_by_label("Your e-mail").press("Enter")
    expect(page.get_by_label("Your e-mail")).to_have_attribute("aria-invalid", "true")
    expect(alert).to_have_count(1)
    assert above(alert) == "ask"
    page.get_by_label("Your e-mail").fill("ann@mail.example")
    page.get_by_label("Your e-mail").press("Enter")
    expect(page.get_by_label("Yes, write to me.")).to_be_focused()
    assert above(alert) == "consent"
    page.get_by_label("Yes, write to me.").check()
    expect(alert).to_have_count(0)
    page.get_by_role("button", name="Join").click()

    expect_shown(page, "Thank you!")
    page.evaluate("dispatchEvent(new StorageEvent('storage'))")  # when what is on screen is looked at again
    expect_shown(page, "Thank you!")
    until(
        lambda: answers(stage)[1:],
        [("why", "An ad", "first"), ("words", "In <b>town</b>", "which"), ("mail", None, "mail")],
    )
    (person,) = stage.people()
    assert (person["email"], person["anonymous_ids"]) == ("ann@mail.example", [visitor])
    mails = [call for call in stage.activity() if "ann@mail.example" in str(call)]
    assert [call["type"] for call in mails] == ["identify"], "the address stands nowhere else"
    until_quiet(page)
    page.get_by_role("button", name="Shop").click()
    page.wait_for_url("**/shop")
    clicks = {"next": 2, "no": 0, "back": 1, "join": 1, "back-from-there": 0, "on": 1, "shop": 1}
    stage.await_metrics(id, views=1, clicks=clicks, dismissals=0)
    with stage.server.app.app_context(), reading(), recount.snapshot(db.engine) as cursor:
        assert recount.differences(cursor) == []

    marketer = sign_in(browser.new_page(), stage)
    marketer.goto(messages_url(stage, id))
    row = marketer.get_by_role("row").filter(has=marketer.get_by_role("rowheader", name="An ad"))
    expect(row).to_contain_text("100.0%")
    expect(marketer.locator("[data-metric=people_gained]")).to_have_text("1")
    marketer.get_by_role("link", name="Read what they typed").click()
    expect(marketer.get_by_role("cell", name="In <b>town</b>")).to_be_visible()
    marketer.close()


def test_who_told_a_message_who_they_are_stays_so_and_sees_it_on_no_other_page(stage: Stage, page: Page) -> None:
    replace = msgspec.structs.replace
    first, mail, which, thanks = SURVEY.steps
    optional = [replace(each, required=False) if isinstance(each, Email) else each for each in mail.blocks]
    again = replace(thanks, blocks=(*thanks.blocks, button("Once more", BACK)))
    stage.launch(changed(SURVEY, steps=(first, replace(mail, blocks=tuple(optional)), which, again)))
    page.goto(f"{stage.website.url}/pricing")
    page.get_by_label("A friend").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Your e-mail").fill("ann@mail.example")
    page.get_by_label("Yes, write to me.").check()
    page.get_by_role("button", name="Join").click()
    expect_shown(page, "Thank you!")
    page.get_by_role("button", name="Once more").click()
    page.get_by_label("Your e-mail").fill("")
    page.get_by_role("button", name="Join").click()
    expect_shown(page, "Thank you!")
    page.evaluate("history.pushState({}, '', '/pricing/team')")
    expect(shown(page, "Thank you!")).to_have_count(0)
    until_quiet(page)
    assert [person["email"] for person in stage.people()] == ["ann@mail.example"]
    assert [call["traits"] for call in stage.activity() if call["type"] == "identify"] == [
        {"email": "ann@mail.example"}
    ]
    assert len(answers(stage)) == 2


GIVEN = [
    ("What brought you here?", ["A film"], "1 visitor"),
    ("What for?", ["Work", "Fun"], "1 visitor"),
    ("How is it?", ["4/5"], "1 visitor · Average 4.0"),
    ("How easy?", ["2/5"], "1 visitor · Average 2.0"),
    ("Would you recommend it?", ["9/10"], "1 visitor · NPS +100 · Average 9.0"),
]
"""Questions, the labels of what is ticked, and what the marketer reads beside the question then."""
STORED = [
    ("why", "A film"),
    ("uses", ["Work", "Fun"]),
    ("stars", 4),
    ("ease", 2),
    ("score", 9),
    ("words", "Just so"),
    ("mail", None),
]


def test_whatever_is_asked_is_answered_stored_and_shown_to_the_marketer(
    stage: Stage, page: Page, browser: Browser
) -> None:
    id = stage.launch(EVERYTHING)
    page.goto(stage.website.url)
    expect_shown(page, "Tell us")
    for question, labels, _ in GIVEN:
        for label in labels:
            page.locator("fieldset").filter(has_text=question).get_by_label(label).check()
    page.get_by_label("What else?").fill(" Just so ")
    page.get_by_label("Your e-mail").fill("ann@mail.example")
    page.get_by_label("Yes, write to me.").check()
    assert answers(stage) == [], "nothing is sent before Send"
    marketer = sign_in(browser.new_page(), stage)
    marketer.goto(messages_url(stage, id))
    numbers = marketer.get_by_label("Answers")
    expect(numbers.get_by_text("0 visitors")).to_have_count(len(STORED))

    page.get_by_role("button", name="Send").click()
    expect(shown(page, "Tell us")).to_have_count(0)
    until(lambda: answers(stage), [(*each, "s1") for each in STORED])
    assert [person["email"] for person in stage.people()] == ["ann@mail.example"]
    for question, labels, said in GIVEN:
        asked = marketer.get_by_role("region", name=question)
        expect(asked).to_contain_text(said)
        chosen = [label.partition("/")[0] for label in labels]
        rows = asked.get_by_role("row").filter(has_text="100.0%").get_by_role("rowheader")
        expect(rows).to_have_text(chosen)
    expect(marketer.get_by_role("region", name="Your e-mail")).to_contain_text("1 visitor They are among the people")
    marketer.get_by_role("region", name="What else?").get_by_role("link", name="Read what they typed").click()
    expect(marketer.get_by_role("cell", name="Just so", exact=True)).to_be_visible()
    marketer.close()


def above(alert: Locator) -> Any:
    """Under which part of its field it stands."""
    return alert.evaluate("alert => alert.previousElementSibling.className")


def answers(stage: Stage) -> list[tuple[Any, ...]]:
    found = [call["properties"] for call in stage.activity() if call.get("event") == "Message Answered"]
    return [(each["question_id"], each.get("answer"), each["step"]) for each in found]


def drawn(easel: Easel, display: Display, shape: Shape = EVERYTHING) -> Locator:
    box = easel.draw(changed(shape, display=display))
    expect(box).to_be_visible()
    box.evaluate("box => Promise.all(box.getAnimations().map(moving => moving.finished))")
    return box


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_whatever_is_asked_nor_when_it_is_not_answered(easel: Easel, scheme: Any) -> None:
    easel.website.body += f"<style>html {{ color-scheme: {scheme} }}</style>"
    page = easel.open().page
    page.evaluate(AXE)
    for width, height in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": height})
        for display in ONE_OF_EACH:
            box = drawn(easel, display)
            if display.kind is DisplayKind.MODAL:
                assert scheme_of(box) == scheme
            assert findings(page) == [], named(display)
            box.get_by_role("button", name="Send").click()
            expect(box.get_by_role("alert")).to_have_count(5)
            assert findings(page) == [], f"{named(display)}, with what is missing"
            assert small_targets(box) == [], named(display)
            assert box.evaluate("box => box.scrollWidth - box.clientWidth") == 0, named(display)
            easel.close()


def small_targets(box: Locator) -> list[str]:
    """What is pressed and is too small for a thumb: a label is pressed for what is in it."""
    small: list[str] = box.evaluate(
        """(box, least) => [...box.querySelectorAll('label, button, textarea, [type=email]')]
            .filter((node) => Math.min(node.offsetWidth, node.offsetHeight) < least)
            .map((node) => node.outerHTML)""",
        SMALLEST_TARGET,
    )
    return small


HEAR = """() => {
    for (const name of ['keydown', 'keyup']) addEventListener(name, ({ key }) => (window.heard ??= []).push(key));
}"""


def test_everything_is_answered_by_keys_that_the_page_does_not_hear(easel: Easel) -> None:
    page = easel.open().page
    page.evaluate(HEAR)
    box = drawn(easel, PLACES[0])
    for key in ("Tab", "Space", "ArrowDown", "Tab", "Space", "Tab", "Tab", "Space", "ArrowRight"):
        page.keyboard.press(key)
    expect(box.get_by_label("An ad")).to_be_checked()
    expect(box.get_by_label("Work")).to_be_checked()
    expect(box.get_by_role("radiogroup", name="How is it?").get_by_label("2/5")).to_be_checked()
    box.get_by_label("What else?").press_sequentially("just so")
    box.get_by_label("Your e-mail").press_sequentially("ann@mail.example")
    assert set(page.evaluate("heard")) <= {"Tab"}
    box.get_by_label("Yes, write to me.").press("Space")
    box.get_by_label("Your e-mail").press("Enter")
    expect(box).to_have_count(0)
    assert page.evaluate("shut") == ["clicked"]


def test_who_leaves_is_asked_nothing(easel: Easel) -> None:
    for way in ("Not now", "Close"):
        box = drawn(easel.open(), PLACES[0])
        box.get_by_role("button", name=way).click()
        expect(box).to_have_count(0)
        assert easel.page.evaluate("shut") == ["dismissed"]


def test_what_asks_speaks_the_names_of_what_it_asks(easel: Easel) -> None:
    easel.page.add_init_script(UNREFLECTED)
    box = drawn(easel.open(), PLACES[0])
    assert not easel.page.evaluate("'ariaLabel' in document.body")
    expect(box.get_by_role("radiogroup", name="What brought you here?").get_by_role("radio")).to_have_count(3)
    expect(box.get_by_role("group", name="What for?").get_by_role("checkbox")).to_have_count(2)
    names = box.get_by_role("radiogroup", name="Would you recommend it?").get_by_role("radio")
    expect(names.first).to_have_accessible_name("0/10, Never")
    expect(names.last).to_have_accessible_name("10/10, Surely")
    box.get_by_role("button", name="Send").click()
    first = box.get_by_role("radio", name="A friend")
    expect(first).to_be_focused()
    expect(first).to_have_accessible_description("Please select one of these options.")
    expect(box.get_by_label("What else?")).to_have_accessible_description("Please fill out this field.")


def test_a_step_takes_no_focus_that_is_the_pages(easel: Easel) -> None:
    page = easel.open().page
    box = drawn(easel, PLACES[1], SURVEY)
    box.get_by_label("A friend").check()
    page.get_by_label("Search").focus()
    box.get_by_role("button", name="Next").evaluate("button => button.click()")
    expect(box.get_by_role("heading", name="Stay in touch")).to_be_visible()
    expect(page.get_by_label("Search")).to_be_focused()


def test_links_in_a_modal_lead_somewhere(easel: Easel) -> None:
    box = easel.open().draw(changed(SHOWCASE, display=PLACES[0]))
    box.get_by_role("link", name="terms").click()
    easel.page.wait_for_url("**/terms")


WAYS: list[tuple[str, list[str], str]] = [
    ("nothing", [], "Default"),
    ("an option", ["An ad"], "Ad"),
    ("another option", ["A friend"], "Default"),
    ("one of several", ["Fun"], "Fun"),
    ("both of several", ["Work", "Fun"], "Fun"),
    ("a low score", ["6/10"], "Low"),
    ("a high score", ["7/10"], "Default"),
    ("the first that fits", ["6/10", "An ad"], "Ad"),
]
"""What is answered, and the step that it leads to."""
GOALS = ("Default", "Ad", "Fun", "Low")


def test_the_first_branch_that_fits_decides_and_the_way_back_is_the_way_that_was_taken(easel: Easel) -> None:
    when = (Branch("why", ("An ad",), "Ad"), Branch("uses", ("Fun",), "Fun"), Branch("score", (*range(7),), "Low"))
    on = button("On", GoToStep(to=Going.NEXT, when=when))
    questions = [msgspec.structs.replace(block, required=False) for block in ASKED if isinstance(block, Question)]
    back, home = button("Back", BACK), button("Home", GoToStep(step="Start"))
    steps = [Step(name, (Heading(text=name), msgspec.structs.replace(back, id=name), home)) for name in GOALS]
    steps.insert(0, Step("Start", (Heading(text="Start"), *questions, on, button("Past", BACK))))
    page = easel.open().page
    for case, chosen, goal in WAYS:
        box = drawn(easel, PLACES[1], Shape(name="Ways", steps=tuple(steps)))
        for label in chosen:
            box.get_by_label(label).first.check()
        for way in ("Back", "Home"):
            box.get_by_role("button", name="On").click()
            expect(box.get_by_role("heading"), case).to_have_text(goal)
            box.get_by_role("button", name=way).click()
            expect(box.get_by_role("heading"), case).to_have_text("Start")
        box.get_by_role("button", name="Past").click()
        expect(box.get_by_role("heading"), "nothing lies before the first step").to_have_text("Start")
        for label in chosen:
            expect(box.get_by_label(label).first).to_be_checked()
        easel.close()
        assert page.evaluate("shut") == ["removed"]
