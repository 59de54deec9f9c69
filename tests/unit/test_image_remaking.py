"""Pictures are decoded within bounds and encoded anew: what comes out is the picture, and nothing else of the file."""

from __future__ import annotations

import re
import threading

import pytest
from PIL import Image, ImageCms

from anonmsg.images import MOST_BYTES, WIDTHS, Refused, Remade, remake, remaking
from anonmsg.settings import ROOT
from tests.support.pictures import (
    OWNER,
    POLYGLOT,
    SCRIPT,
    SVG,
    claiming,
    encoded,
    moving,
    opened,
    picture,
    png,
    with_metadata,
)

Colour = tuple[int, int, int]
CORNERS = {"top left": (255, 0, 0), "top right": (0, 255, 0), "bottom left": (0, 0, 255), "bottom right": (255, 255, 0)}
"""Of :func:`tests.support.pictures.picture`."""


def corners(made: Remade) -> dict[str, Colour]:
    """The colours in the middle of each quarter of the widest file."""
    image = opened(made.files[made.width]).convert("RGB")
    places = [(x, y) for y in (1, 3) for x in (1, 3)]
    found = [image.getpixel((image.width * x // 4, image.height * y // 4)) for x, y in places]
    return dict(zip(CORNERS, found, strict=True))  # type: ignore[arg-type]


def alike(one: dict[str, Colour], other: dict[str, Colour], most: int = 40) -> bool:
    return all(abs(a - b) <= most for name in CORNERS for a, b in zip(one[name], other[name], strict=True))


def chunks(webp: bytes) -> set[bytes]:
    """The names of the parts of a WebP file (RFC 9649)."""
    assert (webp[:4], webp[8:12]) == (b"RIFF", b"WEBP")
    found, at = set(), 12
    while at < len(webp):
        found.add(webp[at : at + 4])
        size = int.from_bytes(webp[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    return found


REFUSED = {
    "nothing": (b"", 422, "empty"),
    "a text": (b"Hello", 415, "no picture"),
    "a page": (b"<!doctype html><title>x</title>", 415, "no picture"),
    "an archive": (b"PK\x03\x04" + bytes(100), 415, "no picture"),
    "a program": (SVG, 415, "SVG"),
    "a program behind a comment": (b"<!--" + b"x" * 200 + b"-->" + SVG, 415, "SVG"),
    "a format that few need": (encoded(picture(), "BMP"), 415, "Choose a PNG, JPEG, WebP or GIF"),
    "a format with many decoders": (encoded(picture(), "TIFF"), 415, "Choose a PNG"),
    "PostScript": (encoded(picture(), "EPS"), 415, "Choose a PNG"),
    "a PNG that ends early": (png(400, 300)[:300], 422, "damaged"),
    "a JPEG that ends early": (encoded(picture(400, 300), "JPEG")[:1500], 422, "damaged"),
    "a GIF that ends early": (encoded(picture(400, 300), "GIF")[:900], 422, "damaged"),
    "a WebP that ends early": (encoded(picture(400, 300), "WEBP")[:300], 422, "damaged"),
    "a head alone": (b"\x89PNG\r\n\x1a\n", 415, "no picture"),
    "no pixels": (claiming(0, 10), 415, "no picture"),
    "fewer pixels than it says": (claiming(4000, 4000), 422, "damaged"),
    "a bomb": (claiming(50_000, 50_000), 422, "far too many pixels; 25 million are the most"),
    "a small bomb": (claiming(6_000, 5_000), 422, "25 million are the most"),
    "one pixel too many": (claiming(25_000_001, 1), 422, "25 million are the most"),
    "too many bytes": (png(10, 10) + bytes(MOST_BYTES), 413, "more than 10 MB"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused_with_what_to_do(case: str) -> None:
    upload, status, said = REFUSED[case]
    with pytest.raises(Refused, match=re.escape(said)) as refused:
        remake(upload)
    assert refused.value.status == status


def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[Image.Image] = []
    monkeypatch.setattr(Image.Image, "load", decoded.append)
    with pytest.raises(Refused):
        remake(claiming(6_000, 5_000))
    assert decoded == []


PLAIN = {
    "PNG": encoded(picture()),
    "JPEG": encoded(picture(), "JPEG", quality=95),
    "a progressive JPEG": encoded(picture(), "JPEG", quality=95, progressive=True),
    "WebP": encoded(picture(), "WEBP", quality=95),
    "GIF": encoded(picture(), "GIF"),
    "a palette": encoded(picture().quantize(16)),
    "CMYK": encoded(picture(mode="CMYK"), "JPEG", quality=95),
    "a page too": POLYGLOT,
    "followed by something": encoded(picture()) + bytes(1000),
}


@pytest.mark.parametrize("case", PLAIN)
def test_a_picture_stays_what_it_shows(case: str) -> None:
    made = remake(PLAIN[case])
    assert (made.width, made.height, made.was_moving, list(made.files)) == (40, 30, False, [40])
    assert alike(corners(made), CORNERS)


GREYS = {
    "8 bits": encoded(Image.new("L", (8, 8), 100)),
    "16 bits": encoded(Image.new("I;16", (8, 8), 100 * 256)),
    "1 bit": encoded(Image.new("1", (8, 8), 1)),
}


@pytest.mark.parametrize("case", GREYS)
def test_grey_stays_as_light_as_it_was(case: str) -> None:
    wanted = 255 if case == "1 bit" else 100
    shade = opened(remake(GREYS[case]).files[8]).convert("RGB").getpixel((4, 4))
    assert isinstance(shade, tuple)
    assert all(abs(part - wanted) <= 2 for part in shade)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_what_can_be_seen_through_stays_so(mode: str) -> None:
    image = picture(mode="RGBA").convert(mode) if mode != "PA" else picture().quantize(8)
    if mode == "PA":
        upload = encoded(image, transparency=image.getpixel((1, 1)))
    else:
        image.putalpha(0)
        upload = encoded(image)
    made = opened(remake(upload).files[40])
    assert made.mode == "RGBA"
    assert made.getchannel("A").getpixel((1, 1)) == 0


@pytest.mark.parametrize(("width", "widths"), [(1, [1]), (320, [320]), (321, [320, 321]), (961, [320, 640, 960, 961]),
    (1440, [320, 640, 960, 1440]), (3000, [320, 640, 960, 1440])])  # fmt: skip
def test_it_is_made_in_each_width_that_it_reaches_and_no_larger(width: int, widths: list[int]) -> None:
    made = remake(png(width, max(1, width // 2)))
    assert list(made.files) == widths
    assert (made.width, made.height) == (min(width, 1440), max(1, min(width, 1440) // 2))
    for each, content in made.files.items():
        assert opened(content).width == each
        assert opened(content).format == "WEBP"


@pytest.mark.parametrize("size", [(20_000, 1), (1, 20_000), (500, 16_000)])
def test_what_is_far_too_long_is_made_shorter(size: tuple[int, int]) -> None:
    made = remake(png(*size))
    assert made.width <= WIDTHS[-1]
    assert made.height <= remaking.TALLEST
    assert opened(made.files[made.width]).size == (made.width, made.height)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(40, 30), (2000, 3000)])
def test_a_photo_is_put_upright(orientation: int, size: tuple[int, int]) -> None:
    """As a camera that was held so would write it: turned, with a note that says how."""
    turned = with_metadata(orientation, size)
    made = remake(turned)
    as_seen = opened(turned).size[::-1] if orientation >= 5 else opened(turned).size
    assert abs(made.width / made.height - as_seen[0] / as_seen[1]) < 0.01
    assert alike(corners(made), UPRIGHT[orientation])


def _moved(order: str) -> dict[str, Colour]:
    """The corners in reading order, each taken from where the letter says: abcd as stored."""
    stored = dict(zip("abcd", CORNERS.values(), strict=True))
    return {name: stored[letter] for name, letter in zip(CORNERS, order, strict=True)}


UPRIGHT = {
    1: _moved("abcd"), 2: _moved("badc"), 3: _moved("dcba"), 4: _moved("cdab"),
    5: _moved("acbd"), 6: _moved("cadb"), 7: _moved("dbca"), 8: _moved("bdac"),
}  # fmt: skip
"""What is seen of the stored corners a b / c d, by orientation (Exif 2.32, tag 274)."""


def test_an_orientation_that_is_nonsense_changes_nothing() -> None:
    assert alike(corners(remake(with_metadata(77))), CORNERS)
    assert alike(corners(remake(encoded(picture(), "JPEG", quality=95, exif=b"Exif\0\0nonsense"))), CORNERS)


@pytest.mark.parametrize("upload", [with_metadata(more=50_000), POLYGLOT, moving("PNG"),
    encoded(picture(mode="RGBA"), "WEBP", exif=b"Exif\0\0" + OWNER.encode(), xmp=OWNER.encode())],
    ids=["a phone", "a page too", "moving", "WebP"])  # fmt: skip
def test_nothing_but_the_picture_is_kept(upload: bytes) -> None:
    assert OWNER.encode() in upload or SCRIPT in upload or b"acTL" in upload, "there is something to lose"
    for content in remake(upload).files.values():
        assert chunks(content) <= {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
        assert not [word for word in (b"Exif", b"Alice", b"script", b"ICCP") if word in content]
        assert not {"exif", "icc_profile", "xmp", "comment"} & opened(content).info.keys()


def test_colours_are_those_that_the_file_describes() -> None:
    """A profile that swaps nothing but says what is light: the same numbers become others."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    unusable = remake(encoded(picture(), "PNG", icc_profile=profile))
    assert alike(corners(unusable), CORNERS), "what cannot be applied is left out"
    assert alike(corners(remake(encoded(picture(), "PNG", icc_profile=b"nonsense"))), CORNERS)


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_kept(format: str) -> None:
    upload = moving(format)
    assert getattr(opened(upload), "n_frames", 1) == 3
    made = remake(upload)
    assert made.was_moving
    assert not getattr(opened(made.files[40]), "is_animated", False)
    assert alike(corners(made), CORNERS, 60)


def test_the_same_picture_has_the_same_name_and_another_has_another() -> None:
    assert remake(png(400, 300)).hash == remake(png(400, 300)).hash
    assert remake(png(400, 300)).hash != remake(png(400, 299)).hash


def test_one_is_decoded_at_a_time_and_others_do_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remaking, "PATIENCE", 0.01)
    started, go_on = threading.Event(), threading.Event()
    decode = remaking._remake

    def slowly(image: Image.Image) -> Remade:
        started.set()
        go_on.wait(60)
        return decode(image)

    monkeypatch.setattr(remaking, "_remake", slowly)
    first = threading.Thread(target=remake, args=(png(10, 10),))
    first.start()
    assert started.wait(60)
    with pytest.raises(Refused, match="Try again") as refused:
        remake(png(10, 10))
    assert refused.value.status == 503
    go_on.set()
    first.join()
    assert remake(png(10, 10)).width == 10


def test_the_snippet_knows_the_same_widths() -> None:
    assert str(list(WIDTHS)) in (ROOT / "static" / "snippet" / "parts" / "rich.js").read_text()
