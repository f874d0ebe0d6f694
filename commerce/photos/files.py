"""Photos that shoppers send: opened, drawn anew without anything that was hidden in them, and kept where nobody reads.

What is stored is never what was sent: a new JPEG of the same pixels. So neither the place where it was taken
(EXIF) nor a script behind the picture (a polyglot) survives, and the sender's file name is not used at all.
"""

import io
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.utils.crypto import get_random_string
from PIL import Image, ImageOps

MOST = 5  # photos that one form takes
BYTES = 8 * 1024 * 1024  # of each
_FORMATS = ("JPEG", "PNG", "WEBP")
_PIXELS = 64_000_000  # what a telephone makes; more is an attack on our memory
_SIDE = 2_000  # pixels; enough to see a crack
_QUALITY = 85


class BadPhoto(Exception):
    """It is not kept; `why` is `size`, `kind` or `pixels`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that may be kept."""

    content: bytes
    width: int
    height: int


def clean(*, size: int, content: BinaryIO) -> Photo:
    """Return the picture drawn anew as a JPEG; `size` in bytes.

    Raises:
        BadPhoto: too large, or no JPEG, PNG or WebP.
    """
    if size > BYTES:
        raise BadPhoto("size")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _draw(content)
    except BadPhoto:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise BadPhoto("pixels") from bomb
    except Exception as broken:  # whatever a decoder raises on what is no picture
        raise BadPhoto("kind") from broken


def smaller(*, photo: Photo, side: int) -> Photo:
    """Return a clean photo no larger than `side` pixels either way, for lists."""
    with Image.open(io.BytesIO(photo.content)) as found:
        found.thumbnail((side, side))
        return _written(found.convert("RGB"))


def keep(*, photo: Photo, folder: str) -> str:
    """Write a photo to a folder of the private storage and return its random name."""
    name = f"{folder}/{get_random_string(40)}.jpg"
    return storages["private"].save(name, ContentFile(photo.content))


def forget(*, names: Iterable[str]) -> None:
    """Remove photos from the private storage."""
    for name in names:
        storages["private"].delete(name)


def read(*, name: str) -> File:  # type: ignore[type-arg]  # bytes
    """Open a photo of the private storage.

    Raises:
        FileNotFoundError: it is gone.
    """
    return storages["private"].open(name)


def _draw(content: BinaryIO) -> Photo:
    content.seek(0)
    with Image.open(content, formats=_FORMATS) as found:
        if found.width * found.height > _PIXELS:
            raise BadPhoto("pixels")
        found.draft("RGB", (_SIDE, _SIDE))  # a JPEG is read no larger than needed
        found.thumbnail((_SIDE, _SIDE))
        picture = ImageOps.exif_transpose(found).convert("RGB")
    # pixels only: nothing is carried over
    return _written(Image.frombytes("RGB", picture.size, picture.tobytes()))


def _written(picture: Image.Image) -> Photo:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=_QUALITY)
    return Photo(target.getvalue(), picture.width, picture.height)
