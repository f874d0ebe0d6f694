"""Pictures in the sizes that screens need. This is the one list of sizes; nothing is resized in a request."""

import logging
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import prefetch_related_objects
from wagtail.images import get_image_model

from cms import languages
from commerce.catalog.shapes import Shared

WIDTHS = (360, 540, 720, 1080, 1440)  # pixels
QUALITY = 78  # of WebP, in percent
SHARED = "format-jpeg|jpegquality-80|width-1200"  # for messengers, of which not all read WebP

logger = logging.getLogger(__name__)


def specs(*, width: int) -> tuple[str, ...]:
    """Return the sizes worth making of a picture `width` pixels wide: none that would only be blown up."""
    useful = [size for size in WIDTHS if size < width]
    useful += [size for size in WIDTHS if size >= width][:1]
    return tuple(f"width-{size}|format-webp|webpquality-{QUALITY}" for size in useful)


def picture_data(image: Any, *, name: str, role: str, alt_ko: str, alt_en: str) -> dict[str, Any]:
    """Return a picture as the shop's catalog keeps it, with the sizes that exist by now."""
    return {
        "name": name,
        "url": image.file.url,
        "width": image.width,
        "height": image.height,
        "alt": {"ko": alt_ko, "en": alt_en or alt_ko},
        "srcset": srcset(image),
        "role": role,
        "shared": _shared(image),
    }


def srcset(image: Any) -> str:
    """Return the sizes of a picture that exist, as `srcset` wants them; empty when there are none yet."""
    wanted = set(specs(width=image.width))
    made = {row.width: row for row in image.renditions.all() if row.filter_spec in wanted}
    return ", ".join(f"{made[width].url} {width}w" for width in sorted(made))


def social(image: Any, *, alt: str = "") -> Shared:
    """Return what messengers are shown of a picture: the JPEG of it, or the original until that is made."""
    size = _shared(image) or {"url": image.file.url, "width": image.width, "height": image.height}
    return Shared(**size, alt=alt)


def prepare_images(*, image_ids: Collection[int]) -> bool:
    """Make the missing sizes of pictures; return whether anything new was made.

    A picture whose file is lost or broken is skipped and logged: the others are still made.
    """
    images = get_image_model().objects.filter(pk__in=image_ids).prefetch_related("renditions")
    made = [_prepare(image) for image in images]  # every picture, not only up to the first new one
    return any(made)


def prepare_product(*, key: UUID) -> bool:
    """Make the missing sizes of a product's pictures and of those in its story; return whether any was made."""
    pages = apps.get_model("cms", "ProductPage").objects.filter(translation_key=key, live=True, alias_of=None)
    return prepare_images(image_ids=_ids(pages))


def prepare_category(*, key: UUID) -> bool:
    """Make the missing sizes of a category's picture; return whether any was made."""
    pages = apps.get_model("cms", "CategoryPage").objects.filter(
        translation_key=key, live=True, alias_of=None, locale__language_code=languages.default()
    )
    return prepare_images(image_ids=_ids(pages))


def prepare_page(*, page_id: int) -> bool:
    """Make the missing sizes of the pictures of one editorial page; return whether any was made."""
    page = apps.get_model("wagtailcore", "Page").objects.filter(pk=page_id, live=True).first()
    return prepare_images(image_ids=_ids([page.specific])) if page else False


def prepare_all() -> bool:
    """Make every missing size of every picture in the library; return whether any was made."""
    return prepare_images(image_ids=list(get_image_model().objects.values_list("pk", flat=True)))


def load_renditions(images: Sequence[Any]) -> None:
    """Load the sizes of many pictures with one query."""
    prefetch_related_objects([image for image in images if image], "renditions")


def _shared(image: Any) -> dict[str, Any]:
    for row in image.renditions.all():
        if row.filter_spec == SHARED:
            return {"url": row.url, "width": row.width, "height": row.height}
    return {}


def _ids(pages: Iterable[Any]) -> set[int]:
    return {image.pk for page in pages if hasattr(page, "images") for image in page.images()}


def _prepare(image: Any) -> bool:
    made = {row.filter_spec for row in image.renditions.all()}
    missing = [spec for spec in (*specs(width=image.width), SHARED) if spec not in made]
    if not missing:
        return False
    try:
        image.get_renditions(*missing)
    except Exception:  # a lost file, an unreadable picture: whatever it is, the next picture must be made
        logger.exception("picture %s cannot be resized", image.pk)
        return False
    return True
