"""Which picture a cell means: one of the uploaded zip, one of the library by its file name, or an address."""

import hashlib
from collections.abc import Callable, Collection, Iterable
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.core.files.images import ImageFile
from django.core.files.storage import storages
from django.db import transaction
from PIL import Image

from cms.importing import files
from cms.models import CatalogImport, FetchedPicture, ShopImage

Fetch = Callable[[str], bytes]  # from an address that the caller has checked; raises `Unfetched`

LONGEST_ADDRESS = 500  # characters
MOST_ZIPPED = 1024 * 1024 * 1024  # bytes of all pictures of a zip, unpacked
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
_LIBRARY = "original_images/"  # where Wagtail keeps pictures


class Unfetched(Exception):
    """An address gave no picture; the text says why. `code` is a key of `words.MESSAGES`."""

    def __init__(self, why: str = "", code: str = "picture_fetch") -> None:
        super().__init__(why)
        self.code = code


def is_address(name: str) -> bool:
    """Return whether a cell means an address."""
    return "://" in name


class Zip:
    """The pictures of an uploaded zip by their bare names. Folders of the zip are no folders of ours."""

    def __init__(self, archive: ZipFile | None = None) -> None:
        self._archive = archive
        self._parts = {} if archive is None else {_bare(part.filename): part for part in archive.infolist()}
        self._parts.pop("", None)

    def __contains__(self, name: str) -> bool:
        return _bare(name) in self._parts

    def read(self, name: str) -> bytes:
        """Return a picture's bytes.

        Raises:
            Unfetched: it is larger than a picture may be, or damaged.
        """
        part = self._parts[_bare(name)]
        if self._archive is None or part.file_size > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
            raise Unfetched(code="picture_bad")
        try:
            return self._archive.read(part)
        except (BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as trouble:
            raise Unfetched(code="picture_bad") from trouble


@contextmanager
def opened(*, run: CatalogImport) -> Any:
    """Open the zip of an import; an empty one where there is none.

    Raises:
        Unreadable: it is no zip, or unpacks to more than it may.
    """
    if not run.pictures:
        yield Zip()
        return
    with (
        storages["private"].open(run.pictures) as file,
        files.safe_zip(file=file, most=MOST_ZIPPED) as archive,
    ):
        yield Zip(archive)


def known(*, names: Collection[str], zipped: Zip) -> dict[str, ShopImage]:
    """Return the pictures that are in the shop already, by the names that cells use."""
    addresses = [name for name in names if is_address(name)]
    bare = [name for name in names if not is_address(name) and name not in zipped]
    found: dict[str, ShopImage] = {
        row.url: row.image for row in FetchedPicture.objects.filter(url__in=addresses).select_related("image")
    }
    library = ShopImage.objects.filter(file__in=[_LIBRARY + name for name in bare])
    found |= {PurePosixPath(image.file.name).name: image for image in library}
    sums = {name: _sum(zipped, name) for name in names if name in zipped}
    same = {
        image.file_hash: image
        for image in ShopImage.objects.filter(file_hash__in=filter(None, sums.values()))
    }
    return found | {name: same[sum_] for name, sum_ in sums.items() if sum_ in same}


def bring(*, names: Iterable[str], zipped: Zip, fetch: Fetch, now: datetime) -> dict[str, Unfetched]:
    """Store the pictures that are not in the shop yet; return what went wrong, by name. Runs in no transaction."""
    wrong: dict[str, Unfetched] = {}
    wanted = list(dict.fromkeys(names))
    there = known(names=wanted, zipped=zipped)
    for name in wanted:
        if name not in there and (name in zipped or is_address(name)):
            try:
                _store(name, zipped.read(name) if name in zipped else fetch(name), now=now)
            except Unfetched as trouble:
                wrong[name] = trouble
    return wrong


def checked(*, data: bytes) -> str:
    """Return the format of a picture, judged by its content.

    Raises:
        Unfetched: it is none, too large or broken.
    """
    if len(data) > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
        raise Unfetched(code="picture_bad")
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
                raise Unfetched(code="picture_bad")
            kind = str(image.format)
            image.verify()
    except Unfetched:
        raise
    except Exception as trouble:  # Pillow raises what its decoders raise
        raise Unfetched(code="picture_bad") from trouble
    return kind


def _store(name: str, data: bytes, *, now: datetime) -> None:
    kind = checked(data=data)
    stem = PurePosixPath(_bare(name.split("?", 1)[0])).stem[:80] or "picture"
    suffix = {"JPEG": "jpg"}.get(kind, kind.lower())
    sum_ = hashlib.sha1(data, usedforsecurity=False).hexdigest()  # Wagtail's own way to know a file again
    with transaction.atomic():
        image = ShopImage.objects.filter(file_hash=sum_).first()
        if image is None:
            file = ImageFile(BytesIO(data), name=f"{stem}.{suffix}")
            image = ShopImage(title=stem, file=file, file_size=len(data), file_hash=sum_)
            image.save()
        if is_address(name):
            FetchedPicture.objects.get_or_create(url=name, defaults={"image": image, "at": now})


def _bare(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1].strip()


def _sum(zipped: Zip, name: str) -> str:
    try:
        return hashlib.sha1(zipped.read(name), usedforsecurity=False).hexdigest()
    except Unfetched:
        return ""
