"""Themes: what they are, what is refused, what can be read, where they reach, and the page."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from anonmsg import manifest, sentences
from anonmsg.db import db, utc_now
from anonmsg.delivery import responses
from anonmsg.delivery.bundle import Bundle
from anonmsg.manifest import Launched, build
from anonmsg.manifest.look import Look
from anonmsg.message import (
    ButtonLook,
    Entrance,
    Font,
    Heading,
    Limits,
    Palette,
    Shadow,
    Shape,
    Step,
    Theme,
    json_schema,
)
from anonmsg.models import Message, Site
from anonmsg.models.site import theme_of
from anonmsg.problems import errors, problems
from anonmsg.theme import STANDARD, contrast, faults, nearest, weak_contrasts
from anonmsg.views.typed import visible
from tests.conftest import CLUB
from tests.support import contract
from tests.support.client import Client
from tests.support.stage import changed
from tests.support.theme import GOOD, NO_COLOURS, NO_FAMILIES, looks, refused

PINK = Theme(light=Palette(accent="#d6006b", on_accent="#ffffff"), radius=4)


def site_of(key: str) -> Site:
    site = Site.by_key(key)
    assert site
    return site


# What it is


def test_the_cases_that_javascript_runs_are_fresh() -> None:
    assert json.loads((contract.CONTRACT / "theme.json").read_text()) == looks()


@pytest.mark.parametrize("theme", GOOD, ids=lambda theme: msgspec.json.encode(theme).decode())
def test_a_theme_is_stored_carried_by_messages_and_exported_as_it_is(theme: Theme) -> None:
    assert list(faults(theme)) == []
    assert theme_of(msgspec.json.encode(theme).decode()) == theme
    shape = changed(CLUB, theme=theme)
    assert errors(shape, utc_now()) == []
    assert Shape.decode(shape.encode()) == shape
    assert ("theme" in shape.encode()) == bool(theme)


@pytest.mark.parametrize("case", refused(), ids=lambda case: json.dumps(case["theme"]))
def test_what_could_break_out_of_a_style_sheet_is_refused_with_a_reason(case: dict[str, Any]) -> None:
    raw = json.dumps({"name": "x", "theme": case["theme"]})
    if case["code"] == "unreadable":
        with pytest.raises(msgspec.ValidationError, match=r"\$\.theme"):
            Shape.decode(raw)
        return
    shape = Shape.decode(raw)
    assert case["code"] in {problem.code for problem in errors(shape, utc_now())}
    assert {problem.where.split(".")[0] for problem in errors(shape, utc_now())} == {"theme"}


def test_an_unknown_field_is_an_error_and_the_schema_names_the_others() -> None:
    with pytest.raises(msgspec.ValidationError, match="glow"):
        Shape.decode('{"theme": {"glow": 1}}')
    assert set(json_schema()["$defs"]["Theme"]["properties"]) == set(Theme.__struct_fields__)


def test_what_a_message_has_of_its_own_stands_over_the_site_field_by_field() -> None:
    site = Theme(light=Palette(accent="#111111", text="#222222"), font=Font.SERIF, radius=9, shadow=Shadow.NONE)
    own = Theme(light=Palette(accent="#333333"), dark=Palette(line="#444444"), font=Font.PAGE, radius=0)
    assert own.over(site) == Theme(
        light=Palette(accent="#333333", text="#222222"),
        dark=Palette(line="#444444"),
        font=Font.PAGE,
        radius=0,
        shadow=Shadow.NONE,
    )
    assert changed(CLUB, theme=own).look(site) == own.over(site)
    assert CLUB.look(site) is site
    assert not Theme()
    assert all(getattr(STANDARD, name) is not None for name in set(Theme.__struct_fields__) - {"family", "z_index"})


# What can be read

RATIOS = [
    ("#000000", "#ffffff", 21),
    ("#ffffff", "#ffffff", 1),
    ("#777777", "#ffffff", 4.48),
    ("#767676", "#ffffff", 4.54),
    ("#0000ff", "#ffffff", 8.59),
    ("#ff0000", "#ffffff", 4.0),
    ("#FF0000", "#000000", 5.25),
]


@pytest.mark.parametrize(("one", "other", "ratio"), RATIOS)
def test_contrast_is_that_of_wcag_whichever_is_in_front(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(COLOURS, COLOURS)
def test_the_better_colour_can_be_read_and_less_of_a_change_could_not(colour: str, against: str) -> None:
    part, better = nearest(colour, against)
    assert contrast(better, against) >= 4.5
    assert (part == 0) == (contrast(colour, against) >= 4.5)


WEAK: list[tuple[Theme, list[tuple[str, str]]]] = [
    (Theme(), []),
    (PINK, []),
    (Theme(light=Palette(text="#777777")), [("light.text", "4.4:1")]),
    (Theme(light=Palette(text="#767676")), []),
    (Theme(light=Palette(surface="#444444")), [("light.surface", "2.1:1")]),
    (Theme(dark=Palette(text="#333333")), [("dark.text", "1.4:1")]),
    (Theme(light=Palette(accent="#ff00aa", on_accent="#ffffff")), [("light.accent", "3.6:1")]),
    (Theme(light=Palette(accent="#ff9900", on_accent="#000000")), []),
    (
        Theme(light=Palette(accent="#ff9900", on_accent="#000000"), buttons=ButtonLook.OUTLINE),
        [("light.accent", "2.1:1")],
    ),
    (Theme(light=Palette(line="#fefefe")), []),
    (
        Theme(light=Palette(text="#ffffff", surface="#ffffff"), dark=Palette(on_accent="#ffffff")),
        [("light.text", "1.0:1"), ("dark.on_accent", "1.0:1")],
    ),
]


@pytest.mark.parametrize(("theme", "expected"), WEAK)
def test_what_cannot_be_read_is_said_at_a_colour_that_was_chosen(theme: Theme, expected: list[tuple[str, str]]) -> None:
    found = list(weak_contrasts(theme))
    assert [each.where for each in found] == [where for where, _ in expected]
    for weak, (_, ratio) in zip(found, expected, strict=True):
        assert ratio in weak.text
        assert weak.better in weak.text


def test_a_better_colour_leaves_nothing_to_say() -> None:
    pale = Theme(light=Palette(surface="#fff8f0", text="#999999"))
    (weak,) = weak_contrasts(pale)
    better = msgspec.structs.replace(pale.light, text=weak.better)
    assert list(weak_contrasts(msgspec.structs.replace(pale, light=better))) == []


def test_the_review_says_it_of_the_site_and_the_message_together(app: Flask, site: Site, message: Message) -> None:
    pale = Theme(light=Palette(text="#999999"))
    own = changed(CLUB, theme=Theme(light=Palette(text="#555555")))
    said = [problem.where for problem in problems(CLUB, utc_now(), pale) if problem.code == "contrast_low"]
    assert said == ["theme.light.text"]
    assert "contrast_low" not in {each.code for each in [*problems(own, utc_now(), pale), *problems(CLUB, utc_now())]}
    with app.app_context():
        kept = site_of(site.key)
        kept.restyle(pale)
        found = kept.message(message.id).problems(utc_now())
    assert [each.stops for each in found if each.code == "contrast_low"] == [False]


def test_the_words_name_what_is_the_messages_own() -> None:
    own = Theme(dark=Palette(line="#444444"), text_size=18, entrance=Entrance.NONE)
    assert sentences.theme(changed(CLUB, theme=own)) == "Its own: dark colours, text size, entrance."
    assert sentences.theme(CLUB) == ""


# Where it reaches


def look(theme: Theme) -> Any:
    """As the snippet gets it."""
    return msgspec.to_builtins(Look.of(theme))


def entry(shape: Shape, site: Theme = manifest.STANDARD) -> Any:
    message = Launched("m1", 1, utc_now(), shape, site_theme=site)
    return json.loads(build("k", 1, [message], utc_now()).body)["messages"][0]


def test_the_manifest_has_the_look_and_its_part_and_without_a_theme_the_bytes_of_before() -> None:
    own = changed(CLUB, theme=Theme(radius=0))
    assert "theme" not in entry(CLUB)
    assert "theme" not in entry(CLUB)["parts"]
    light = ".box{--accent:#d6006b;--on-accent:#ffffff;}"
    assert entry(CLUB, PINK)["theme"] == look(PINK) == {"css": look(Theme(radius=4))["css"], "light": light}
    assert entry(own, PINK)["theme"] == {"css": look(Theme(radius=0))["css"], "light": light}
    assert entry(own)["theme"] == look(Theme(radius=0))
    for made in (entry(CLUB, PINK), entry(own)):
        assert made["parts"] == [*entry(CLUB)["parts"], "theme"]


def test_a_banner_keeps_the_accent_for_its_surface() -> None:
    theme = Theme(light=Palette("#ffffff", "#111111", "#4f46e5", "#eeeeee", "#dddddd"))
    assert look(theme)["light"] == (
        ".box{--accent:#4f46e5;--on-accent:#eeeeee;--line:#dddddd;}.box:not(.banner){--surface:#ffffff;--text:#111111;}"
    )


MOVES = re.compile(
    r"@media \(prefers-reduced-motion:no-preference\)\{[^@]*animation-name[^@]*"
    r"@keyframes \w+\{0%\{transform:[^;]*\}\}\}"
)


@pytest.mark.parametrize("entrance", [Entrance.SLIDE, Entrance.GROW])
def test_an_entrance_moves_by_transform_alone_and_only_for_visitors_who_want_motion(entrance: Entrance) -> None:
    assert MOVES.fullmatch(look(Theme(entrance=entrance))["css"])


def size(theme: Theme) -> int:
    """Of the script with one message, as visitors get it."""
    made = build("k", 1, [Launched("m1", 1, utc_now(), CLUB, site_theme=theme)], utc_now())
    script = responses.script(Bundle.current().script(made.messages, made.parts), responses.FRESH)
    return len(b"".join(script({"HTTP_ACCEPT_ENCODING": "gzip", "REQUEST_METHOD": "GET"}, lambda *_: lambda _: None)))


def test_a_theme_of_everything_costs_visitors_little() -> None:
    whole = msgspec.structs.replace(STANDARD, font=Font.NAMED, family="Inter", z_index=10)
    assert 500 < size(whole) - size(Theme()) <= 700


def launched(app: Flask, site: Site) -> list[Launched]:
    with app.app_context(), db.engine.connect() as connection:
        return manifest.launched(connection, site.id, utc_now())


@pytest.mark.engines("sqlite", "postgres")
def test_a_launched_message_follows_the_site_and_keeps_its_own(app: Flask, site: Site, engine: str) -> None:
    with app.app_context():
        kept = site_of(site.key)
        message = kept.draft(changed(CLUB, theme=Theme(radius=0)), utc_now())
        message.launch(utc_now())
        db.session.commit()
        revision, version = kept.revision, message.number
    (before,) = launched(app, site)
    with app.app_context():
        site_of(site.key).restyle(PINK)
        db.session.commit()
        assert site_of(site.key).revision == revision + 1
        site_of(site.key).restyle(PINK)
        db.session.commit()
        assert site_of(site.key).revision == revision + 1
    (after,) = launched(app, site)
    assert (before.theme, after.theme) == (Theme(radius=0), Theme(light=PINK.light, radius=0))
    assert before.version == after.version == version


@pytest.mark.parametrize(
    "raw",
    ['{"font":"comic"}', '{"light":{"text":"red;}*{"}}', '{"glow":1}', "[]", "{", "", '{"family":"x\\"}"}', "null"],
)
def test_a_theme_that_was_written_past_the_app_is_not_sent(
    app: Flask, site: Site, raw: str, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        site_of(site.key).draft(CLUB, utc_now()).launch(utc_now())
        db.session.execute(update(Site).values(theme_json=raw))
        db.session.commit()
    (message,) = launched(app, site)
    assert message.theme == Theme()
    assert "theme" in caplog.text


# The page


def test_the_page_shows_and_keeps_what_is_chosen(app: Flask, site: Site, client: Client) -> None:
    url = f"/sites/{site.key}/theme"
    assert 'aria-current="page"' in client.get(url).text
    sent = {"light-accent": " D6006B ", "light-on_accent": "#FFF", "radius": "4", "dark-line": "", "font": ""}
    answer = client.post(url, data=sent)
    assert (answer.status_code, answer.location) == (303, url)
    with app.app_context():
        assert site_of(site.key).theme == PINK
    shown = client.get(url).text
    assert 'value="#d6006b"' in shown
    assert "is needed" not in shown.replace("data-contrast-text></span>", "")


def test_what_is_standard_is_shown_first_and_kept_only_when_saved(app: Flask, site: Site, client: Client) -> None:
    with app.app_context():
        site_of(site.key).restyle(PINK)
        db.session.commit()
    shown = client.get(f"/sites/{site.key}/theme?default=1").text
    assert 'name="radius" placeholder="16"' in shown or 'value="4"' not in shown
    assert "until you save it" in shown
    with app.app_context():
        assert site_of(site.key).theme == PINK
    client.post(f"/sites/{site.key}/theme", data={"radius": "", "light-accent": ""})
    with app.app_context():
        assert site_of(site.key).theme == Theme()


FORGIVEN = ["", "#fff", "#ffffff\n", " #ffffff"]
"""As people type; it is stored in the one form that there is, or as nothing."""


@pytest.mark.parametrize("typed", [*FORGIVEN, "FFFFFF", "fFf"])
def test_a_colour_may_be_typed_in_several_forms(site: Site, client: Client, typed: str) -> None:
    answer = client.post(f"/sites/{site.key}/theme/look", data={"light-surface": typed}).get_json()
    assert answer["theme"] == ({"light": ".box:not(.banner){--surface:#ffffff;}"} if typed else {})


BAD_FIELDS = [
    *(("light-surface", colour) for colour in NO_COLOURS if colour not in FORGIVEN),
    *(("family", name) for name in NO_FAMILIES if visible(name).strip() != "Inter"),
    ("light-surface", "#" + "f" * 20),
    ("family", "x" * 65),
    ("radius", "41"),
    ("radius", "4px"),
    ("text_size", "11"),
    ("z_index", "0"),
    ("spacing", "-1"),
    ("font", "comic"),
    ("shadow", "0 0 9px red"),
    ("entrance", "constructor"),
]


@pytest.mark.parametrize(("name", "value"), BAD_FIELDS, ids=repr)
def test_what_cannot_be_used_is_said_at_its_field_and_nothing_typed_is_lost(
    app: Flask, site: Site, client: Client, name: str, value: str
) -> None:
    good = {"light-accent": "#d6006b", "spacing": "20"}
    answer = client.post(f"/sites/{site.key}/theme", data=good | {name: value})
    look = client.post(f"/sites/{site.key}/theme/look", data=good | {name: value})
    assert answer.status_code == 422
    assert f'id="{name}-error"' in answer.text
    assert 'value="#d6006b"' in answer.text
    assert [id for id, _ in look.get_json()["mistakes"]] == [name]
    with app.app_context():
        assert site_of(site.key).theme == Theme()


def test_all_mistakes_are_said_at_once(site: Site, client: Client) -> None:
    typed = {"light-text": "red", "dark-line": "x", "family": "a,b", "radius": "99", "shadow": "?"}
    mistakes = client.post(f"/sites/{site.key}/theme/look", data=typed).get_json()["mistakes"]
    assert {id for id, _ in mistakes} == typed.keys()


def test_what_is_hard_to_read_is_said_without_a_script_once_it_is_saved(site: Site, client: Client) -> None:
    assert client.post(f"/sites/{site.key}/theme", data={"light-text": "#999"}).status_code == 303
    assert "Light: text on surface has contrast 2.8:1; 4.5:1 is needed." in client.get(f"/sites/{site.key}/theme").text


def test_the_look_is_answered_without_being_kept(app: Flask, site: Site, client: Client) -> None:
    answer = client.post(f"/sites/{site.key}/theme/look", data={"light-text": "#999"}).get_json()
    assert answer["theme"] == look(Theme(light=Palette(text="#999999")))
    assert [(each["id"], each["better"]) for each in answer["contrasts"]] == [("light-text", "#767676")]
    with app.app_context():
        assert site_of(site.key).theme == Theme()


def test_the_wizard_keeps_a_messages_own_and_draws_both_together(
    app: Flask, site: Site, message: Message, client: Client
) -> None:
    with app.app_context():
        site_of(site.key).restyle(PINK)
        db.session.commit()
    url = f"/sites/{site.key}/messages/{message.id}"
    page = client.get(f"{url}/edit/content").text
    assert "As the site: Soft" in page
    assert 'placeholder="#d6006b"' in page
    sent = {"display-kind": "modal", "display-position": "center", "theme-radius": "12", "theme-light-text": "#999"}
    drawn = client.post(f"{url}/preview/content", data=sent).get_json()
    both = Theme(light=Palette(accent="#d6006b", on_accent="#ffffff", text="#999999"), radius=12)
    assert drawn["theme"] == look(both)
    assert [each["id"] for each in drawn["contrasts"]] == ["theme-light-text"]
    assert client.post(f"{url}/keep", data=sent | {"lock": "1"}).status_code == 200
    with app.app_context():
        assert site_of(site.key).message(message.id).shape.theme == Theme(light=Palette(text="#999999"), radius=12)
    refused = client.post(f"{url}/edit/content", data=sent | {"theme-light-text": "red;}*{", "lock": "2"})
    assert refused.status_code == 422
    assert 'id="theme-light-text-error"' in refused.text
    typing = client.post(f"{url}/keep", data=sent | {"theme-font": "named", "lock": "2"})
    assert typing.status_code == 200


def test_a_message_of_nothing_but_a_heading_can_have_a_look() -> None:
    shape = Shape(name="x", theme=PINK, steps=(Step("s1", (Heading("x"),)),))
    assert shape.with_ids().theme == PINK
    assert Limits.FAMILY == 64
