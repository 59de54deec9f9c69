"""Files that people upload, and what they look like when they mean harm."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms


def picture(width: int = 40, height: int = 30, mode: str = "RGB") -> Image.Image:
    """Its four corners have four colours, so that it is seen which way is up."""
    image = Image.radial_gradient("L").resize((width, height)).convert("RGB")
    for at, colour in enumerate(((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0))):
        half = (width // 2, height // 2)
        image.paste(colour, (at % 2 * half[0], at // 2 * half[1], *((at % 2 + 1) * half[0], (at // 2 + 1) * half[1])))
    return image.convert(mode)


def encoded(image: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def png(width: int, height: int, **options: Any) -> bytes:
    return encoded(picture(width, height), **options)


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it has so many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def moving(format: str) -> bytes:
    frames = [picture().rotate(90 * turn) for turn in range(3)]
    return encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=100)


GPS = {1: "N", 2: (48.0, 12.0, 30.0), 3: "E", 4: (16.0, 22.0, 0.0)}
OWNER = "Alice, +43 660 0000000"


def with_metadata(orientation: int = 1, size: tuple[int, int] = (40, 30), more: int = 0) -> bytes:
    """A JPEG as a phone makes it: who, where, which way up, in its own colours, and a comment."""
    exif = Image.Exif()
    exif[0x0112], exif[0x013B], exif[0x010E] = orientation, OWNER, "x" * more
    exif.get_ifd(0x8825).update(GPS)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return encoded(picture(*size), "JPEG", quality=95, exif=exif, icc_profile=profile, comment=OWNER.encode())


SVG = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
SCRIPT = b"<script>alert(document.domain)</script>"
POLYGLOT = encoded(picture(), "JPEG", quality=95, comment=b"<html><body>" + SCRIPT) + SCRIPT
"""A picture that is a page too, to whoever looks for one."""


def noise(side: int) -> bytes:
    """What no encoder makes small."""
    return encoded(Image.effect_noise((side, side), 200), "JPEG", quality=90)
