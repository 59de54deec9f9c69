"""What somebody uploads, decoded within bounds and encoded anew, so that nothing of the file itself is ever served."""

from __future__ import annotations

import hashlib
import io
import warnings
from contextlib import suppress
from dataclasses import dataclass
from threading import Semaphore

from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 25_000_000
"""What phones make. Before it is made smaller the worst picture takes 600 MB; only one is decoded at a time."""
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
"""By content, whatever the file is called. No SVG, which is a program; nothing else, to keep the decoders few."""
WIDTHS = (320, 640, 960, 1440)
"""Pixels, as the snippet knows them too. A message is at most 720 wide, and many screens have two for each of those."""
TALLEST = 4320
QUALITY = 80
FEW_COLOURS = 256
"""Drawings and the like: encoded without loss they look better, and are often smaller as well."""
SIDEWAYS = 5
"""From this orientation on, width is height."""
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What puts a picture of each orientation upright."""
PATIENCE = 20
"""Seconds that an upload waits for those before it."""

_one_at_a_time = Semaphore()

# Twice as many are an error by itself, also for the frames inside a file.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)

_NO_PICTURE = "This file is no picture that can be shown. Choose a PNG, JPEG, WebP or GIF."
_DAMAGED = "This picture is damaged or was cut off. Save it anew as PNG or JPEG, then try again."
_EMPTY = "This file is empty. Choose another one."
_SVG = "SVG files are not taken, for they can hold scripts. Save it as PNG, then try again."
_TOO_LARGE = (
    f"This file has more than {MOST_BYTES // 1024**2} MB. Save it smaller, for example as JPEG, 2000 pixels wide."
)
_BUSY = "Other pictures are being made ready. Try again in a moment."


class Refused(Exception):
    """The upload cannot be used. Its text says why and what to do; ``status`` is that of the answer (HTTP)."""

    def __init__(self, text: str, status: int = 422) -> None:
        super().__init__(text)
        self.status = status


def too_large() -> Refused:
    return Refused(_TOO_LARGE, 413)


@dataclass(frozen=True)
class Remade:
    """A picture as WebP, by widths in pixels. ``was_moving``: it was an animation, of which the first frame is kept."""

    files: dict[int, bytes]
    width: int
    height: int
    was_moving: bool

    @property
    def hash(self) -> str:
        """Of the content of all files."""
        return hashlib.sha256(b"".join(self.files.values())).hexdigest()[:32]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(map(len, self.files.values()))


def remake(upload: bytes) -> Remade:
    """The picture in each of :data:`WIDTHS` that it reaches. Raises :class:`Refused`."""
    if not upload:
        raise Refused(_EMPTY)
    if len(upload) > MOST_BYTES:
        raise too_large()
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise Refused(_BUSY, 503)
    try:
        return _remake(_opened(upload))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(_too_many("This picture has far too many pixels")) from error
    except Refused:
        raise
    except Exception as error:  # decoders fail in many ways at bytes that somebody made up
        raise Refused(_DAMAGED) from error
    finally:
        _one_at_a_time.release()


def _too_many(what: str) -> str:
    return f"{what}; {MOST_PIXELS // 10**6} million are the most. Save it smaller, for example 2000 pixels wide."


def _opened(upload: bytes) -> Image.Image:
    """Its head is read, nothing is decoded yet."""
    try:
        image = Image.open(io.BytesIO(upload), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise Refused(_SVG if b"<svg" in upload[:4_000].lower() else _NO_PICTURE, 415) from error
    if image.width * image.height > MOST_PIXELS:
        raise Refused(_too_many(f"This picture has {image.width} × {image.height} pixels"))
    return image


def _remake(image: Image.Image) -> Remade:
    was_moving = image.format in ("PNG", "WEBP", "GIF") and getattr(image, "is_animated", False)
    widest = _widest(image)
    has_few_colours = widest.getcolors(FEW_COLOURS) is not None
    widths = [*(width for width in WIDTHS if width < widest.width), widest.width]
    files = {
        width: _encoded(_resized(widest, width / widest.width), has_few_colours=has_few_colours) for width in widths
    }
    return Remade(files, widest.width, widest.height, was_moving)


def _widest(image: Image.Image) -> Image.Image:
    """As people see it: upright, in sRGB, no larger than needed, and without anything that is not the picture."""
    # A JPEG is decoded at a half, quarter or eighth where either side still has more pixels than are needed.
    image.draft(None, (WIDTHS[-1], WIDTHS[-1]))
    image.load()
    orientation = _orientation(image)
    width, height = image.size if orientation < SIDEWAYS else image.size[::-1]
    small = _resized(_plain(image), min(1, WIDTHS[-1] / width, TALLEST / height))
    widest = _in_srgb(small)
    if orientation in UPRIGHT:
        widest = widest.transpose(UPRIGHT[orientation])
    widest.info.clear()
    return widest


def _orientation(image: Image.Image) -> int:
    """As cameras write it down (Exif 2.32, tag 274); 1 where they did not, or wrote nonsense."""
    with suppress(Exception):
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    return 1


def _plain(image: Image.Image) -> Image.Image:
    """One byte for each of red, green, blue and, where some of it can be seen through, opacity; or grey, or CMYK."""
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _in_srgb(image: Image.Image) -> Image.Image:
    """What every screen shows alike. Most phones and print shops use other colours, which the file describes."""
    wanted = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile := image.info.get("icc_profile"):
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            source, screen = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(image, source, screen, outputMode=wanted) or image
    return image.convert(wanted)


def _resized(image: Image.Image, scale: float) -> Image.Image:
    if scale == 1:
        return image
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)


def _encoded(image: Image.Image, *, has_few_colours: bool) -> bytes:
    """The smaller of both, where it may be one without loss."""
    ways = (False, True) if has_few_colours else (False,)
    return min((_as_webp(image, lossless=way) for way in ways), key=len)


def _as_webp(image: Image.Image, *, lossless: bool) -> bytes:
    file = io.BytesIO()
    image.save(file, "WEBP", quality=QUALITY, lossless=lossless, method=4)
    return file.getvalue()
