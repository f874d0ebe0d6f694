"""Write what was judged onto pages. One product by itself is written as an editor would: a revision, published through
Wagtail. `batch` writes many at once with what `fill` and `fill_english` make of their pages.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils import translation
from wagtail.models import Locale, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms import languages
from cms.importing import columns, fields, plain
from cms.importing.judged import Judged
from cms.importing.shelf import ENGLISH, Shelf, index_page
from cms.models import (
    ProductDetail,
    ProductIndexPage,
    ProductPage,
    ProductPicture,
    ProductVariant,
    ProjectionFailure,
)


class Refused(Exception):
    """A product cannot be written; `code` is a key of `words.MESSAGES`."""

    def __init__(self, code: str, column: str = "", **values: Any) -> None:
        super().__init__(code)
        self.code, self.column, self.values = code, column, values


def write(*, judged: Judged, shelf: Shelf, user: Any) -> None:
    """Write a product and its English page, if it has anything new to say. Must run inside a transaction.

    Raises:
        Refused: the shop did not take it over; the caller's savepoint must roll back.
        ValidationError: a page is not as it must be.
    """
    index = index_page()
    if index is None:
        raise Refused("refused", why="no list of products")
    page = judged.page or ProductPage(slug=judged.rows[0].slug, locale=index.locale, live=False)
    written = []
    with disable_reference_index_auto_update():  # else it is made nine times for each product
        if judged.product or judged.variants or judged.status or judged.page is None:
            fill(page=page, judged=judged, shelf=shelf)
            written.append(_save(page, judged.status, index, user))
        if judged.words:
            written.append(_english(page, judged, index, user))
    for one in ProductPage.objects.filter(pk__in=written):
        ReferenceIndex.create_or_update_for_object(one)


def fill(*, page: ProductPage, judged: Judged, shelf: Shelf) -> None:
    """Let the leading page say what its rows do; nothing is stored yet."""
    cells = judged.product
    fields.write(onto=page, fields=fields.PAGE, cells=cells)
    if "title_ko" in cells:
        page.draft_title = page.title
    if "description_ko" in cells:
        page.body = plain.story(cells["description_ko"])  # type: ignore[assignment]  # a stream takes a list
    if "categories" in cells:
        page.categories = [shelf.categories[path] for path in columns.several(cells["categories"])]
    if "details_ko" in cells:
        page.details = _details(cells["details_ko"])
    pictures = shelf.pictures.get(page.pk, []) if page.pk else []
    if {"pictures", "pictures_alt_ko", "pictures_alt_en"} & set(cells):
        page.pictures = pictures = _pictures(page, judged, shelf, pictures)
    if judged.variants:
        page.variants = _variants(page, judged, shelf)


def _pictures(
    page: ProductPage, judged: Judged, shelf: Shelf, there: Sequence[ProductPicture]
) -> list[ProductPicture]:
    by_image = {row.image_id: row for row in there}
    cells = judged.product
    if "pictures" in cells:
        images = [_image(shelf, name, "pictures") for name in columns.several(cells["pictures"])]
    else:
        images = [row.image for row in there]
    told = {language: _alts(cells.get(f"pictures_alt_{language}")) for language in ("ko", "en")}
    rows = []
    for place, image in enumerate(images):
        old = by_image.get(image.pk)
        row = old or ProductPicture(image=image)
        row.sort_order = place
        row.alt = _at(told["ko"], place) or (old.alt if old else page.title[:200])
        english = cells.get("title_en") or judged.words.get("title_en") or page.title
        row.alt_en = _at(told["en"], place) or (old.alt_en if old else english[:200])
        rows.append(row)
    return rows


def _details(text: str) -> list[ProductDetail]:
    return [
        ProductDetail(name=name, value=value, sort_order=place)
        for place, (name, value) in enumerate(plain.lines(text))
    ]


def _variants(page: ProductPage, judged: Judged, shelf: Shelf) -> list[ProductVariant]:
    rows = list(shelf.variants.get(page.pk, [])) if page.pk else []
    there = {row.sku: row for row in rows}
    for sku, cells in judged.variants.items():
        row = there.get(sku)
        if row is None:
            row = ProductVariant(sku=sku)
            rows.append(row)
        fields.write(onto=row, fields=fields.VARIANT, cells=cells)
        if "variant_picture" in cells:
            name = cells["variant_picture"]
            row.image = _image(shelf, name, "variant_picture") if name else None
    rows.sort(key=lambda row: row.sort_order if row.pk and row.sort_order is not None else 1_000_000)
    for place, row in enumerate(rows):
        row.sort_order = place
    return rows


def _save(page: ProductPage, status: str, index: ProductIndexPage, user: Any) -> int:
    new = page.pk is None
    if new:
        page.owner = user
        index.add_child(instance=page)
    publish = status == fields.LIVE or (page.live and status != fields.DRAFT)
    if not new and not page.live:
        page.save()  # a draft's rows are what the lists of the admin show
    revision = page.save_revision(user=user, log_action=True, clean=not new)  # a new one was just cleaned
    if publish:
        _publish(page, revision, user)
    elif status == fields.DRAFT and page.live:
        page.unpublish(user=user)
    return int(page.pk)


def _publish(page: ProductPage, revision: Any, user: Any) -> None:
    revision.publish(user=user)
    failure = ProjectionFailure.objects.filter(page_id=page.pk).first()
    if failure:
        raise Refused("refused", why=failure.error)


def _english(lead: ProductPage, judged: Judged, index: ProductIndexPage, user: Any) -> int:
    page = judged.english
    if page is None:
        page = twin(lead=lead, index=english_index(index=index))
    fill_english(page=page, judged=judged)
    if page.pk is None:
        page.owner = user
        english_index(index=index).add_child(instance=page)
    elif not page.live:
        page.save()
    revision = page.save_revision(user=user, log_action=True)
    if page.live or judged.goes_live:
        _publish(page, revision, user)
    return int(page.pk)


def fill_english(*, page: ProductPage, judged: Judged) -> None:
    """Let the English page say what its columns do; nothing is stored yet."""
    fields.write(onto=page, fields=fields.ENGLISH, cells=judged.words)
    page.draft_title = page.title
    if "description_en" in judged.words:
        page.body = plain.story(judged.words["description_en"])  # type: ignore[assignment]
    if "details_en" in judged.words:
        page.details = _details(judged.words["details_en"])


def twin(*, lead: ProductPage, index: ProductIndexPage) -> ProductPage:
    """Return a new page that says the same as `lead` in the language of that list; it is not stored yet."""
    return ProductPage(slug=lead.slug, locale=index.locale, translation_key=lead.translation_key, live=False)


def english_index(*, index: ProductIndexPage) -> ProductIndexPage:
    """Return the English list of products.

    Raises:
        Refused: there is none.
    """
    locale = Locale.objects.filter(language_code=ENGLISH).first()
    found: ProductIndexPage | None = index.get_translation_or_none(locale) if locale else None
    if found is None:
        raise Refused("english_nowhere", "title_en")
    return found


def _image(shelf: Shelf, name: str, column: str) -> Any:
    if name not in shelf.images:
        raise Refused("picture", column, name=name)
    return shelf.images[name]


def _alts(cell: str | None) -> list[str]:
    return [part.strip()[:200] for part in (cell or "").split(columns.SEVERAL)]


def _at(parts: Sequence[str], place: int) -> str:
    return parts[place] if place < len(parts) else ""


def quietly(act: Callable[[], Any]) -> Any:
    """Do something in the shop's own language, whatever the worker speaks: what is stored reads alike."""
    with translation.override(languages.default()):
        return act()
