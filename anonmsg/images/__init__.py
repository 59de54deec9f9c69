"""Uploaded pictures: made anew by :mod:`remaking`, kept by :mod:`storage`.

Each is kept in several widths, as ``images/SITE_KEY/HASH-WIDTH.webp``, below an address of this server or of the
bucket. The hash is of the content, so that what is found under a name never changes. The snippet concludes from the
address of the widest which others there are (static/snippet/parts/rich.js).
"""

from anonmsg.images.remaking import MOST_BYTES, WIDTHS, Refused, Remade, remake
from anonmsg.images.storage import NAME, Storage, StorageFailure, name_of, storage

__all__ = [
    "MOST_BYTES",
    "NAME",
    "WIDTHS",
    "Refused",
    "Remade",
    "Storage",
    "StorageFailure",
    "name_of",
    "remake",
    "storage",
]
