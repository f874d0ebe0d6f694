"""Photos of a claim: only staff sees them, and nobody keeps them for ever. How they are drawn is `commerce.photos`'s."""

from datetime import timedelta

from commerce.photos import files
from commerce.photos.files import BYTES as BYTES  # noqa: PLC0414  # callers find all of these here
from commerce.photos.files import MOST as MOST  # noqa: PLC0414
from commerce.photos.files import BadPhoto as BadPhoto  # noqa: PLC0414
from commerce.photos.files import Photo as Photo  # noqa: PLC0414
from commerce.photos.files import clean as clean  # noqa: PLC0414
from commerce.photos.files import forget as forget  # noqa: PLC0414
from commerce.photos.files import read as read  # noqa: PLC0414

KEPT = timedelta(days=180)  # after a claim is over: as long as somebody may still come back to it


def keep(*, photo: Photo) -> str:
    """Write a photo to the private storage and return its random name."""
    return files.keep(photo=photo, folder="claims")
