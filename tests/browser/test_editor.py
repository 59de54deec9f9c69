"""The editor of the content step as a marketer meets it: every block, branching steps, undo, drafts that are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from anonmsg.db import utc_now
from anonmsg.message import (
    Branch,
    Button,
    Dismiss,
    DisplayKind,
    Email,
    Going,
    GoToStep,
    Heading,
    Question,
    Row,
    Run,
    Shape,
    Step,
    Submit,
    Text,
    Theme,
)
from tests.conftest import CLUB
from tests.support.desk import Desk
from tests.support.monkey import Monkey
from tests.support.stage import Stage, changed, until

SURVEY = Shape(
    name="Survey",
    steps=(
        Step(
            "s1",
            (
                Heading("Welcome"),
                Question(id="q1", label="What brought you here?", options=("Search", "A friend")),
                Button(id="b1", label="On", action=GoToStep(to=Going.NEXT, when=(Branch("q1", ("A friend",), "s3"),))),
            ),
        ),
        Step("s2", (Text(((Run("Thanks", bold=True),),)), Row(columns=((Heading("Left"),), ())))),
        Step("s3", (Email(id="e1", label="Your e-mail"), Button(id="b3", label="Send", action=Submit()))),
    ),
)

COLOR_SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")


@pytest.fixture
def desk(stage: Stage, page: Page) -> Desk:
    return Desk(stage, page).sign_in()


@pytest.fixture
def other(stage: Stage, browser: Browser) -> Iterator[Desk]:
    """The same user at another computer."""
    context = browser.new_context()
    yield Desk(stage, context.new_page()).sign_in()
    context.close()


def press(desk: Desk, name: str) -> None:
    desk.page.get_by_role("button", name=name, exact=True).click()


def saved(desk: Desk) -> None:
    expect(desk.page.locator("[data-saved]")).to_contain_text("Saved at")


def save(desk: Desk) -> None:
    """At once, for the tests that do not ask how long it waits for more."""
    desk.page.keyboard.press("Control+S")
    saved(desk)


def expect_heading(desk: Desk, id: str, heading: str) -> None:
    """The server has this heading for the first block by now."""
    assert desk.stored(id).steps[0].blocks[0] == Heading(heading)


def types(shape: Shape, step: int = 0) -> list[str]:
    return [type(block).__name__ for block in shape.steps[step].blocks]


def test_a_survey_of_three_steps_is_built_launched_and_answered_through_labels_alone(desk: Desk) -> None:
    page = desk.page
    page.goto(desk.url)
    page.get_by_role("link", name="Create Anonymous Message").click()
    page.get_by_label("Name").fill("Survey")
    desk.next()
    desk.wait_for_step("targeting")
    desk.next()
    desk.wait_for_step("content")

    press(desk, "Add question")
    page.get_by_label("Question", exact=True).fill("What brought you here?")
    page.get_by_label("Answer 1").fill("Search")
    page.get_by_label("Answer 2").fill("A friend")
    press(desk, "Add an answer")
    page.keyboard.type("An ad")
    press(desk, "Move answer 3 up")
    page.get_by_label("Must be answered").check()
    press(desk, "Add button")
    page.get_by_label("Label").fill("On")
    page.get_by_label("Action").select_option("go_to_step")

    press(desk, "Add a step")
    press(desk, "Add e-mail field")
    page.get_by_label("Prompt").fill("Your e-mail")
    page.get_by_label("Consent line").fill("Write to me once a month.")
    press(desk, "Add button")
    page.get_by_label("Label").filter(visible=True).fill("Send")
    page.get_by_label("Action").filter(visible=True).select_option("submit")

    press(desk, "Add a step")
    press(desk, "Add heading")
    page.keyboard.type("Thank you")
    press(desk, "Add columns")
    press(desk, "Put in column 1: heading")
    page.keyboard.type("Left")
    press(desk, "Put in column 2: button")
    page.keyboard.type("Close")
    page.get_by_label("Action").filter(visible=True).select_option("dismiss")

    press(desk, "Step 1: What brought you here?")
    press(desk, "Add a branch")
    page.get_by_label("If the answer to").select_option("What brought you here?")
    for kind, offered in (("nps", 11), ("rating", 5), ("single", 3)):
        page.get_by_label("Answered with").select_option(kind)
        expect(page.get_by_role("group", name="is one of").get_by_role("checkbox")).to_have_count(offered)
    page.get_by_label("A friend").check()
    page.get_by_label("then go to").select_option("Step 3: Thank you")
    page.get_by_label("Banner").check()
    saved(desk)

    stored = desk.stored(page.url.split("/")[-3])
    first, second, third = stored.steps
    question, on = first.blocks
    assert isinstance(question, Question)
    assert (question.options, question.required) == (("Search", "An ad", "A friend"), True)
    assert isinstance(on, Button)
    assert on.action == GoToStep(to=Going.NEXT, when=(Branch(question.id, ("A friend",), third.id),))
    email, send = second.blocks
    assert email == Email(id=email.id, label="Your e-mail", consent="Write to me once a month.")  # type: ignore[union-attr]
    assert isinstance(send, Button)
    assert send.action == Submit()
    heading, row = third.blocks
    assert heading == Heading("Thank you")
    assert isinstance(row, Row)
    assert row.columns[0] == (Heading("Left"),)
    assert row.columns[1][0] == Button(id=row.columns[1][0].id, label="Close", action=Dismiss())  # type: ignore[union-attr]
    assert stored.display.kind is DisplayKind.BANNER
    launch_and_answer(desk, page.context.new_page())


def launch_and_answer(desk: Desk, visitor: Page) -> None:
    """The survey that was built: looked at step by step, launched, answered on the website, and what became of it."""
    page, preview = desk.page, desk.preview
    steps = page.get_by_role("group", name="Steps shown")
    for number, words in (("1", "What brought you here?"), ("2", "Write to me once a month."), ("3", "Thank you")):
        steps.get_by_role("button", name=number).click()
        expect(preview.locator("anonmsg-message .banner").get_by_text(words)).to_be_visible()
    for step in ("schedule", "review"):
        desk.next()
        desk.wait_for_step(step)
    press(desk, "Launch Anonymous Message")
    expect(page.get_by_text("Live. See it on your site")).to_be_visible()

    visitor.goto(f"{desk.stage.website.url}/pricing")
    visitor.get_by_label("Search", exact=True).last.check()
    visitor.get_by_role("button", name="On").click()
    visitor.get_by_role("textbox", name="Your e-mail").fill("ann@mail.example")
    visitor.get_by_role("checkbox", name="Write to me once a month.").check()
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.get_by_role("button", name="Send")).to_have_count(0)
    asked = page.get_by_role("region", name="What brought you here?")
    expect(asked).to_contain_text("1 visitor")
    expect(asked.get_by_role("row", name="Search")).to_contain_text("100.0%")
    expect(page.get_by_role("region", name="Your e-mail")).to_contain_text("1 visitor")
    page.get_by_role("link", name="They are among the people").click()
    expect(page.get_by_text("ann@mail.example").first).to_be_visible()


LATE_FRAMES = """
const [later, never] = [requestAnimationFrame, cancelAnimationFrame];
requestAnimationFrame = (draw) => setTimeout(() => later(draw), 300);
cancelAnimationFrame = (frame) => { clearTimeout(frame); never(frame); };
"""
"""As on a busy machine: keys come between two frames."""


def test_rich_text_is_typed_with_keys_however_late_its_frames(desk: Desk) -> None:
    page = desk.page
    page.add_init_script(LATE_FRAMES)
    id = desk.open(Shape(name="Empty"), "content")
    desk.wait_for_rich_text()
    press(desk, "Add text")
    page.keyboard.type("10 % off now")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Control+b")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("Terms")
    page.keyboard.press("Shift+Home")
    desk.tab_to(page.get_by_role("button", name="Link", exact=True), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Link to")).to_be_focused()
    page.keyboard.type("/terms")
    page.keyboard.press("Enter")
    expect(page.locator("trix-editor")).to_be_focused()
    html = '<div>10 % off <strong>now<br></strong><a href="/terms"><strong>Terms</strong></a></div>'
    expect(page.locator("[data-rich-html]")).to_have_value(html)
    saved(desk)
    paragraphs = (
        (Run("10 % off "), Run("now", bold=True)),
        (Run("Terms", bold=True, link="/terms"),),
    )
    assert desk.stored(id).steps[0].blocks == (Text(paragraphs),)
    expect(desk.preview.get_by_role("link", name="Terms")).to_be_visible()


def test_rich_text_that_was_put_in_at_one_stroke_is_kept(desk: Desk) -> None:
    """As by pasting, before the editor has told that it is there."""
    page = desk.page
    page.add_init_script(LATE_FRAMES)
    id = desk.open(Shape(name="Empty"), "content")
    desk.wait_for_rich_text()
    press(desk, "Add text")
    page.keyboard.insert_text("All of it")
    expect(page.locator("[data-rich-html]")).to_have_value("<div>All of it</div>")
    saved(desk)
    assert desk.stored(id).steps[0].blocks == (Text(((Run("All of it"),),)),)


def open_without_script(desk: Desk, marks: str, shape: Shape) -> str:
    """Its content step, to which no script comes that says this until nothing is routed; the draft's id."""
    page = desk.page
    refused: list[str] = []

    def answer(route: Route) -> None:
        script = route.fetch()
        if marks in script.text():
            refused.append(route.request.url)
            route.abort()
        else:
            route.fulfill(response=script)

    page.route("**/*.js", answer)
    with page.expect_event("requestfailed", lambda request: request.url in refused):
        return desk.open(shape, "content")


def only_unfetched(complaints: list[str]) -> None:
    """The browser says itself what it could not fetch; nothing else was thrown or logged."""
    assert [it for it in complaints if "Failed to load resource" not in it] == []
    complaints.clear()


def test_without_its_editor_rich_text_is_written_as_markup_and_the_editor_is_tried_again(
    desk: Desk, complaints: list[str]
) -> None:
    page = desk.page
    one, two = (Text(((Run(words),),)) for words in ("One", "Two"))
    id = open_without_script(desk, "trix-initialize", Shape(name="Two texts", steps=(Step("s1", (one, two)),)))
    first = page.get_by_label("Text", exact=True).first
    first.fill("Now **bold**")
    saved(desk)
    bold = Text(((Run("Now "), Run("bold", bold=True)),))
    assert desk.stored(id).steps[0].blocks == (bold, two)
    expect(page.locator("trix-editor")).to_have_count(0)

    page.unroute_all(behavior="wait")
    page.get_by_label("Modal").focus()
    expect(page.locator("trix-editor")).to_have_text("Two")
    expect(first).to_have_value("Now **bold**")
    only_unfetched(complaints)


def test_what_is_typed_while_no_script_of_the_wizard_comes_is_kept_once_it_does(
    desk: Desk, complaints: list[str]
) -> None:
    page = desk.page
    id = open_without_script(desk, "anonmsg-wizard-place", CLUB)
    page.get_by_label("Heading").fill("On the train")
    expect(page.locator("[data-wizard][data-ready]")).to_have_count(0)
    page.unroute_all(behavior="wait")
    page.get_by_label("Modal").focus()
    saved(desk)
    expect_heading(desk, id, "On the train")
    only_unfetched(complaints)


def test_undo_and_redo_cover_all_that_was_done(desk: Desk) -> None:
    page = desk.page
    id = desk.open(SURVEY, "content")
    undo, redo = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Redo")
    expect(undo).to_be_disabled()
    page.get_by_label("Heading").first.fill("Hello")
    press(desk, "Remove block 2")
    press(desk, "Duplicate block 1")
    press(desk, "Move block 1 down")
    page.get_by_label("Banner").check()
    save(desk)
    done = desk.stored(id)
    assert types(done) == ["Heading", "Heading", "Button"]

    for _ in range(5):
        undo.press("Enter")
    expect(undo).to_be_disabled()
    expect(page.get_by_label("Heading").first).to_have_value("Welcome")
    expect(page.get_by_label("Modal")).to_be_checked()
    save(desk)
    assert desk.stored(id) == SURVEY

    page.get_by_label("Overlay").focus()
    for _ in range(5):
        page.keyboard.press("Control+Shift+Z")
    expect(redo).to_be_disabled()
    save(desk)
    assert desk.stored(id) == done

    page.get_by_label("Heading").first.fill("Hello you")
    page.keyboard.press("Control+Z")
    expect(page.get_by_label("Heading").first).to_have_value("Hello")
    assert types(desk.stored(id)) == ["Heading", "Heading", "Button"]


def test_blocks_are_dragged_within_a_step_and_into_a_column(desk: Desk) -> None:
    page = desk.page
    id = desk.open(SURVEY, "content")
    press(desk, "Step 2: Left")
    page.set_viewport_size({"width": 1280, "height": 1200})
    text, row = page.locator(".block-text"), page.locator(".block-row")
    drag(text.locator("[data-handle]"), row.get_by_label("Column 2"), ".block-text")
    expect(row.locator(".block-text")).to_have_count(1)
    save(desk)
    (stored,) = desk.stored(id).steps[1].blocks
    assert stored == Row(columns=((Heading("Left"),), (Text(((Run("Thanks", bold=True),),)),)))
    press(desk, "Undo")
    expect(row.locator(".block-text")).to_have_count(0)
    save(desk)
    assert desk.stored(id).steps == SURVEY.steps


def drag(handle: Locator, to: Locator, block: str) -> None:
    """By mouse, in steps, as Sortable looks at each, but at none while blocks give way: until it is there."""
    handle.hover()
    mouse = handle.page.mouse
    mouse.down()

    def move() -> int:
        box = to.bounding_box()
        assert box
        mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3, steps=3)
        mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
        return to.locator(block).count()

    until(move, 1)
    mouse.up()


def test_steps_are_moved_duplicated_and_removed(desk: Desk) -> None:
    page = desk.page
    id = desk.open(SURVEY, "content")
    press(desk, "Move step 1 down")
    expect(page.get_by_role("region", name="Step 2")).to_be_visible()
    press(desk, "Duplicate step 2")
    expect(page.get_by_role("region", name="Step 3")).to_be_visible()
    press(desk, "Step 1: Left")
    press(desk, "Remove step 1")
    save(desk)
    stored = desk.stored(id)
    assert [types(stored, at) for at in range(3)] == [["Heading", "Question", "Button"]] * 2 + [["Email", "Button"]]
    assert [step.id for step in stored.steps][::2] == ["s1", "s3"]
    assert len({step.id for step in stored.steps}) == 3
    for step in stored.steps[:2]:
        _, question, button = step.blocks
        assert isinstance(question, Question)
        assert isinstance(button, Button)
        assert button.action == GoToStep(to=Going.NEXT, when=(Branch(question.id, ("A friend",), "s3"),))


def test_it_is_saved_within_two_seconds_however_long_somebody_types(desk: Desk) -> None:
    page = desk.page
    page.clock.install()
    desk.open(CLUB, "content")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/keep") else None)
    heading = page.get_by_label("Heading")
    heading.fill("One")
    page.clock.run_for(900)
    heading.fill("Two")
    page.clock.run_for(900)
    expect(page.locator("[data-saved]")).to_have_text("Saving…")
    assert sent == [], "it waits for the end of a word"
    heading.fill("Three")
    with page.expect_request("**/keep"):
        page.clock.run_for(200)
    saved(desk)


def test_what_is_unfinished_is_kept_and_what_cannot_be_saved_is_marked_and_kept_too(
    desk: Desk, complaints: list[str]
) -> None:
    page = desk.page
    id = desk.open(CLUB, "content")
    press(desk, "Add heading")
    saved(desk)
    assert desk.stored(id).steps[0].blocks[-1] == Heading("")
    page.reload()
    expect(page.get_by_label("Heading")).to_have_count(2)

    page.get_by_label("URL").fill("javascript:alert(1)")
    page.get_by_label("Heading").last.fill("Typed meanwhile")
    expect(page.get_by_text("The URL must start with")).to_be_visible()
    expect(page.locator("[data-saved]")).to_contain_text("Not saved")
    assert desk.findings() == []
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_label("URL")).to_have_value("javascript:alert(1)")
    expect(page.get_by_label("Heading").last).to_have_value("Typed meanwhile")
    page.get_by_label("URL").fill("/club")
    saved(desk)
    expect(page.get_by_text("The URL must start with")).to_have_count(0)
    *_, button, heading = desk.stored(id).steps[0].blocks
    assert (button.action.url, heading) == ("/club", Heading("Typed meanwhile"))  # type: ignore[union-attr]
    assert [complaint for complaint in complaints if "status of 422" not in complaint] == []
    complaints.clear()


def test_offline_it_is_kept_in_the_tab_and_saved_later(desk: Desk, complaints: list[str]) -> None:
    page = desk.page
    id = desk.open(CLUB, "content")
    desk.wait_for_rich_text()
    page.context.set_offline(True)
    page.get_by_label("Heading").fill("On the train")
    page.keyboard.press("Control+S")
    expect(page.locator("[data-saved]")).to_have_text("Offline: kept in this tab, will be saved")
    assert desk.stored(id) == CLUB
    page.context.set_offline(False)
    saved(desk)
    expect_heading(desk, id, "On the train")
    only_unfetched(complaints)


KEPT = """words => {
    const form = document.querySelector('[data-wizard]');
    const pairs = [...new FormData(form)].filter(([name]) => name !== 'csrf_token');
    const typed = { 'steps-0-blocks-0-text': words, 'display-width': '333', 'theme-radius': '31' };
    for (const [name, value] of Object.entries(typed))
        pairs.find((pair) => pair[0] === name)[1] = value;
    localStorage.setItem(`anonmsg-kept ${form.dataset.keepUrl}`, JSON.stringify(pairs));
}"""
"""What the browser holds of a heading, a width and a radius that it could not send."""


def posts(page: Page, answer: Callable[[Route], None]) -> None:
    """The answer that the form of the content gets."""
    page.route("**/edit/content", lambda route: answer(route) if route.request.method == "POST" else route.continue_())


def test_nobody_types_over_what_is_not_back_yet(desk: Desk, complaints: list[str]) -> None:
    page = desk.page
    id = desk.open(CLUB, "content")
    desk.wait_for_rich_text()
    heading, notice = page.get_by_label("Heading"), page.get_by_role("alert").get_by_text("is not back yet")
    page.evaluate(KEPT, "On the train")
    # The server is away, and then it is back but the session has ended.
    for answer in (Route.abort, lambda route: route.fulfill(status=400, body="Signed out")):
        posts(page, answer)
        page.reload()
        expect(notice).to_be_visible()
        expect(page.locator("[data-wizard]")).to_have_js_property("inert", True)
        heading.press_sequentially("x")
        page.keyboard.press("Control+S")
        page.unroute_all(behavior="wait")
    page.get_by_role("button", name="Try again").click()
    saved(desk)
    expect(notice).to_have_count(0)
    expect(heading).to_have_value("On the train")
    expect_heading(desk, id, "On the train")
    kept = desk.stored(id)
    assert (kept.display.width, kept.theme) == (333, Theme(radius=31))

    posts(page, Route.abort)
    page.evaluate(KEPT, "Not this")
    page.reload()
    page.get_by_role("button", name="Drop it and go on").click()
    expect(heading).to_have_value("On the train")
    heading.fill("But this")
    saved(desk)
    expect_heading(desk, id, "But this")
    page.reload()
    desk.wait_for_rich_text()
    expect(heading).to_have_value("But this")
    page.unroute_all(behavior="wait")
    only_unfetched(complaints)


def test_next_waits_for_what_is_on_its_way_and_is_no_colleague_of_its_own(desk: Desk) -> None:
    page = desk.page
    id = desk.open(CLUB, "content")
    held: list[Route] = []
    page.route("**/keep", lambda route, _: held.append(route))
    with page.expect_request("**/keep"):
        page.get_by_label("Heading").fill("First")
    page.get_by_label("Heading").fill("Second")
    desk.next()
    desk.settle()
    assert page.url.endswith("/content")
    held.pop().continue_()
    desk.wait_for_step("schedule")
    expect_heading(desk, id, "Second")
    desk.stage.change(id, lambda message: message.save(CLUB, utc_now()))
    page.go_back()
    expect(page.get_by_label("Heading")).to_have_value("Join the club")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_of_two_people_none_overwrites_the_other_unknowingly(desk: Desk, other: Desk, complaints: list[str]) -> None:
    page, theirs = desk.page, other.page
    id = desk.open(CLUB, "content")
    theirs.goto(page.url)
    theirs.get_by_label("Heading").fill("Theirs")
    saved(other)
    page.get_by_label("Heading").fill("Mine")
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("Changed elsewhere")
    expect(notice).to_contain_text("Heading “Theirs”")
    assert desk.findings() == []
    page.get_by_label("Label").fill("Typed after it")
    page.get_by_label("Label").blur()
    expect_heading(desk, id, "Theirs")
    notice.get_by_role("button", name="Keep mine").click()
    saved(desk)
    expect(notice).to_have_count(0)
    expect_heading(desk, id, "Mine")

    theirs.get_by_label("Heading").fill("Theirs again")
    theirs.get_by_role("button", name="Take theirs").click()
    expect(theirs.get_by_label("Heading")).to_have_value("Mine")
    expect(theirs.get_by_label("Label")).to_have_value("Typed after it")
    assert [complaint for complaint in complaints if "status of 409" not in complaint] == []
    complaints.clear()


def only_conflicts(complaints: list[str]) -> None:
    """The browser says itself that it was answered 409."""
    assert {"status of 409" in complaint for complaint in complaints} == {True}
    complaints.clear()


def test_neither_another_order_nor_undo_overwrites_what_another_saved_meanwhile(
    desk: Desk, other: Desk, complaints: list[str]
) -> None:
    page, theirs = desk.page, other.page
    notice = page.get_by_role("alert").get_by_text("Changed elsewhere")
    id = desk.open(SURVEY, "content")
    page.get_by_label("Heading").first.fill("Mine")
    saved(desk)
    other.page.goto(page.url)
    other.wait_for_scripts()
    press(other, "Move step 1 down")
    save(other)
    ordered = desk.stored(id)
    assert [step.id for step in ordered.steps] == ["s2", "s1", "s3"]

    press(desk, "Undo")
    expect(page.get_by_label("Heading").first).to_have_value("Welcome")
    expect(notice).to_be_visible()
    assert desk.stored(id) == ordered
    press(desk, "Take theirs, drop mine")
    expect(page.get_by_role("button", name="Step 2: Mine")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()

    press(desk, "Step 3: Your e-mail")
    press(desk, "Move step 3 up")
    save(desk)
    mine = desk.stored(id)
    assert [step.id for step in mine.steps] == ["s2", "s3", "s1"]
    press(other, "Move step 2 up")
    expect(theirs.get_by_role("alert").get_by_text("Changed elsewhere")).to_be_visible()
    assert desk.stored(id) == mine
    press(other, "Keep mine, replace theirs")
    save(other)
    assert [step.id for step in desk.stored(id).steps] == ["s1", "s2", "s3"]
    only_conflicts(complaints)


def test_who_leaves_at_once_loses_nothing_and_overwrites_nobody(desk: Desk, complaints: list[str]) -> None:
    page = desk.page
    id = desk.open(CLUB, "content")
    edit = page.url
    page.get_by_label("Heading").fill("In a hurry")
    expect(page.locator("[data-saved]")).to_have_text("Saving…")
    page.goto(desk.url)
    until(lambda: desk.stored(id).steps[0].blocks[0], Heading("In a hurry"))

    page.goto(edit)
    expect(page.locator("[data-wizard][data-ready]")).to_be_attached()
    theirs = changed(CLUB, description="Theirs")
    desk.stage.change(id, lambda message: message.save(theirs, utc_now()))
    page.get_by_label("Heading").fill("Mine")
    page.goto(desk.url)
    page.goto(edit)
    expect(page.get_by_role("alert").get_by_text("Changed elsewhere")).to_be_visible()
    expect(page.get_by_label("Heading")).to_have_value("Mine")
    assert desk.stored(id) == theirs
    press(desk, "Keep mine, replace theirs")
    saved(desk)
    assert desk.stored(id) == changed(theirs, steps=desk.stored(id).steps)
    expect_heading(desk, id, "Mine")
    only_conflicts(complaints)


def findings_in_both_schemes(desk: Desk) -> list[str]:
    found = []
    for scheme in COLOR_SCHEMES:
        desk.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colours half-way
        found += desk.findings()
    return found


def test_axe_finds_nothing_in_any_state_of_the_editor(desk: Desk) -> None:
    page = desk.page
    desk.open(SURVEY, "content")
    for step in ("Step 1: Welcome", "Step 2: Left", "Step 3: Your e-mail"):
        press(desk, step)
        assert findings_in_both_schemes(desk) == [], step
    desk.wait_for_rich_text()
    press(desk, "Add text")
    page.keyboard.type("words")
    page.get_by_role("button", name="Link", exact=True).press("Enter")
    expect(page.get_by_label("Link to").filter(visible=True)).to_be_focused()
    assert findings_in_both_schemes(desk) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert findings_in_both_schemes(desk) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_random_clicks_and_keys_lose_nothing(desk: Desk, complaints: list[str]) -> None:
    """A taste of ``make soak``."""
    desk.open(SURVEY, "content")
    monkey = Monkey(desk.page, seed=7)
    for _ in range(40):
        monkey.act()
    monkey.check()
    assert len(monkey.acts) == 40
    assert [it for it in complaints if "Failed to load resource" not in it or "status of 5" in it] == []
    complaints.clear()
