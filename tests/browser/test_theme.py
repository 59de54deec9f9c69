"""A site's theme: what it makes of messages, how soon visitors get it, and the page on which it is chosen."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from anonmsg.db import db
from anonmsg.message import (
    BROWSERS,
    ButtonLook,
    Display,
    DisplayKind,
    Entrance,
    Font,
    Frequency,
    Palette,
    Position,
    Shadow,
    Theme,
)
from anonmsg.models import Site
from tests.browser.test_policies import NONCE, STRICTEST, csp
from tests.conftest import CLUB
from tests.support.canary import TRUSTED_TYPES
from tests.support.desk import Desk
from tests.support.drawing import Easel
from tests.support.stage import Stage, changed, until
from tests.support.website import Website, parsed_tag

CORNER = Display(kind=DisplayKind.OVERLAY, position=Position.BOTTOM_RIGHT, width=360)
BANNER = Display(kind=DisplayKind.BANNER, position=Position.TOP)
FULL = Theme(
    light=Palette("#fff8f0", "#102030", "#d6006b", "#ffffff", "#c0ffee"),
    dark=Palette("#001020", "#f0f0f0", "#ff99cc", "#200010", "#445566"),
    font=Font.NAMED,
    family="Inter",
    text_size=18,
    radius=8,
    spacing=16,
    shadow=Shadow.NONE,
    buttons=ButtonLook.FILLED_PILL,
    entrance=Entrance.SLIDE,
)


def style(element: Locator, name: str) -> str:
    value: str = element.evaluate("(element, name) => getComputedStyle(element)[name]", name)
    return value


def looks(box: Locator) -> dict[str, str]:
    """What of a drawn message the themes in these tests are about."""
    expect(box).to_be_visible()
    # The frame in which it is first painted, and whatever waited for that frame.
    box.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    button = box.locator(".primary")
    names = ["backgroundColor", "color", "fontFamily", "fontSize", "borderRadius", "boxShadow", "animationName"]
    found = {name: style(box, name) for name in names}
    return found | {"label": style(button, "color"), "fill": style(button, "backgroundColor")}


PLAIN = changed(CLUB, display=CORNER, frequency=Frequency())
LIGHT = {"backgroundColor": "rgb(255, 248, 240)", "color": "rgb(16, 32, 48)", "fill": "rgb(214, 0, 107)"}
DARK = {"backgroundColor": "rgb(0, 16, 32)", "color": "rgb(240, 240, 240)", "fill": "rgb(255, 153, 204)"}
Media = dict[str, Any]
CASES: list[tuple[Theme, Display, Media, dict[str, str]]] = [
    (FULL, CORNER, {}, LIGHT | {"label": "rgb(255, 255, 255)", "fontSize": "18px", "borderRadius": "8px"}),
    (FULL, CORNER, {}, {"fontFamily": "Inter, system-ui, sans-serif", "boxShadow": "none", "animationName": "slide"}),
    (FULL, Display(), {}, LIGHT),
    (FULL, BANNER, {}, {"backgroundColor": LIGHT["fill"], "color": "rgb(255, 255, 255)", "label": LIGHT["fill"]}),
    (FULL, CORNER, {"color_scheme": "dark"}, DARK),
    (Theme(light=FULL.light), CORNER, {"color_scheme": "dark"}, {"backgroundColor": "rgb(18, 18, 18)"}),
    (FULL, CORNER, {"reduced_motion": "reduce"}, {"animationName": "none"}),
    (Theme(entrance=Entrance.NONE), CORNER, {}, {"animationName": "none", "fontSize": "16px"}),
    (Theme(entrance=Entrance.GROW), Display(), {}, {"animationName": "grow"}),
    (Theme(entrance=Entrance.GROW), BANNER, {}, {"animationName": "down"}),
    (
        Theme(light=FULL.light, buttons=ButtonLook.OUTLINE),
        CORNER,
        {},
        {"label": LIGHT["fill"], "fill": "rgba(0, 0, 0, 0)"},
    ),
]
MEDIA: Media = {"color_scheme": "light", "reduced_motion": "no-preference", "forced_colors": "none"}


def test_a_message_looks_as_its_theme_says(page: Page, website: Website) -> None:
    website.body = "<style>:root{color-scheme:light dark}</style><p>Some words of the page.</p>"
    easel = Easel(page, website).open()
    page.emulate_media(**MEDIA)
    plain = looks(easel.draw(PLAIN))
    easel.close()
    for theme, display, media, expected in CASES:
        page.emulate_media(**MEDIA | media)
        found = looks(easel.draw(changed(PLAIN, display=display, theme=theme)))
        easel.close()
        assert {name: found[name] for name in expected} == expected, (theme, display, media)
        assert {name: plain[name] for name in expected} != expected, "the case shows nothing"
    page.emulate_media(**MEDIA | {"forced_colors": "active"})
    forced = looks(easel.draw(changed(PLAIN, theme=FULL)))
    assert (forced["backgroundColor"], forced["color"]) == (plain["backgroundColor"], plain["color"])
    # Behind words a browser would put its own background, on which those of a button are not seen.
    assert style(easel.box.locator(".primary"), "forcedColorAdjust") == "none"
    assert forced["label"] != forced["fill"]


def test_a_z_index_puts_it_below_something_of_the_page(page: Page, website: Website) -> None:
    website.body = "<div id=menu style='position:fixed;inset:0;z-index:50'></div>"
    easel = Easel(page, website).open()
    for level, is_above in ((None, True), (10, False), (60, True)):
        box = easel.draw(changed(PLAIN, theme=Theme(z_index=level)))
        looks(box)
        top = "box => !!document.elementFromPoint(box.getBoundingClientRect().x + 9, innerHeight - 30)?.shadowRoot"
        assert box.evaluate(top) is is_above, level
        easel.close()


def restyle(stage: Stage, theme: Theme) -> None:
    """In another process than the one that answers visitors."""
    with stage.server.app.app_context():
        site = Site.by_key(stage.site_key)
        assert site
        site.restyle(theme)
        db.session.commit()


def test_visitors_get_it_under_the_strictest_policy_and_a_message_keeps_its_own(stage: Stage, page: Page) -> None:
    stage.launch(PLAIN)
    own = Theme(light=Palette(accent="#0b6e4f"), radius=0)
    stage.launch(changed(PLAIN, name="Own", display=BANNER, theme=own))
    stage.website.tag = parsed_tag(stage.server.url, stage.site_key, NONCE)
    stage.website.headers = {
        name: value.format(server=stage.server.url, nonce=f"'nonce-{NONCE}'")
        for name, value in csp(*STRICTEST, TRUSTED_TYPES).items()
    }
    corner, banner = page.locator(".box.overlay"), page.locator(".box.banner")

    def seen() -> list[str]:
        page.goto(stage.website.url)
        expect(corner).to_be_visible()
        return [style(corner.locator(".primary"), "backgroundColor"), style(banner, "backgroundColor")]

    until(seen, ["rgb(0, 0, 0)", "rgb(11, 110, 79)"])
    restyle(stage, FULL)
    until(seen, [LIGHT["fill"], "rgb(11, 110, 79)"])
    assert looks(corner)["borderRadius"] == "8px"
    # What the message does not say is the site's.
    assert (style(banner.locator("button").first, "fontSize"), style(banner, "color")) == ("18px", "rgb(255, 255, 255)")
    restyle(stage, Theme())
    until(seen, ["rgb(0, 0, 0)", "rgb(11, 110, 79)"])
    assert "anonmsg-message" in page.content()
    assert page.locator("[style*='--accent']").count() == 0


def test_the_page_warns_where_a_colour_is_chosen_and_its_samples_follow(
    stage: Stage, page: Page, complaints: list[str]
) -> None:
    desk = Desk(stage, page).sign_in()
    page.goto(desk.url)
    page.get_by_role("link", name="Theme").click()
    samples = [page.frame_locator(f"[data-sample={kind}]").locator(".box") for kind in ("modal", "overlay", "banner")]
    for sample in samples:
        expect(sample).to_be_visible()
    accent, text = page.get_by_label("Light accent"), page.get_by_label("Light text")
    accent.fill("#0b6e4f")
    for sample in samples[:2]:
        expect(sample.locator(".primary")).to_have_css("background-color", "rgb(11, 110, 79)")
    expect(samples[2]).to_have_css("background-color", "rgb(11, 110, 79)")
    warning = page.locator("#light-text-contrast")
    expect(warning).to_be_hidden()
    text.fill("#999")
    expect(warning).to_contain_text("contrast 2.8:1; 4.5:1 is needed. Try #767676.")
    expect(samples[0]).to_have_css("color", "rgb(153, 153, 153)")
    assert desk.findings() == []
    warning.get_by_role("button", name="Use it").click()
    expect(text).to_have_value("#767676")
    expect(text).to_be_focused()
    expect(warning).to_be_hidden()
    page.get_by_label("Dark surface").fill("#112233")
    page.get_by_role("button", name="Dark").click()
    expect(samples[1]).to_have_css("background-color", "rgb(17, 34, 51)")
    page.get_by_label("Dark surface").fill("url(x)")
    expect(page.get_by_text("Type a colour such as #4f46e5").first).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Dark surface")).to_have_value("url(x)")
    expect(page.get_by_label("Dark surface")).to_have_attribute("aria-invalid", "true")
    assert desk.findings() == []
    assert "422" in complaints.pop()
    page.get_by_label("Dark surface").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The theme is saved.")).to_be_visible()
    expect(accent).to_have_value("#0b6e4f")
    expect(samples[1].locator(".primary")).to_have_css("background-color", "rgb(11, 110, 79)")
    page.get_by_role("link", name="Reset to default").click()
    expect(accent).to_have_value("")
    with stage.server.app.app_context():
        site = Site.by_key(stage.site_key)
        assert site
        assert (site.theme.light.accent, site.theme.dark) == ("#0b6e4f", BROWSERS)


def test_the_wizard_draws_a_message_in_the_sites_theme_and_its_own(stage: Stage, page: Page) -> None:
    restyle(stage, FULL)
    desk = Desk(stage, page).sign_in()
    id = desk.open(PLAIN, "content")
    button = desk.preview.locator(".primary")
    expect(button).to_have_css("background-color", LIGHT["fill"])
    page.get_by_text("Theme of this message").click()
    page.get_by_label("Light accent").fill("#ffe0f0")
    expect(button).to_have_css("background-color", "rgb(255, 224, 240)")
    expect(page.locator("#theme-light-accent-contrast")).to_contain_text("4.5:1 is needed")
    assert desk.findings() == []
    page.get_by_label("Light accent").fill("#0b6e4f")
    expect(button).to_have_css("background-color", "rgb(11, 110, 79)")
    until(lambda: desk.stored(id).theme, Theme(light=Palette(accent="#0b6e4f")))
    # Where Undo is not the field's own.
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Light accent")).not_to_have_value("#0b6e4f")
    restyle(stage, Theme(light=Palette(text="#999999")))
    desk.open(PLAIN, "review")
    page.get_by_role("link", name="Light: text on surface has contrast 2.8:1").click()
    expect(page.get_by_label("Light text")).to_be_focused()
