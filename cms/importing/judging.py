"""What the rows of one product would do, and what is wrong with them. Nothing is changed here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from cms.importing import cells, columns, fields, pictures, plain
from cms.importing.judged import Cells, Judged
from cms.importing.shelf import Shelf
from cms.models import ImportRow
from commerce.catalog.sku import normalise_sku


def judge(*, rows: Sequence[ImportRow], shelf: Shelf, by_sku: bool, stock_allowed: bool) -> Judged:
    """Compare the rows of one product with its page. `by_sku`: the file has no addresses, SKUs name the product."""
    first = rows[0]
    judged = Judged(rows=rows)
    judged.page = shelf.by_sku.get(first.sku) if by_sku else shelf.pages.get(first.slug)
    judged.english = shelf.english.get(judged.page.translation_key) if judged.page else None
    cells.keys(judged=judged, by_sku=by_sku, shelf=shelf)
    for row in rows:
        cells.form(judged=judged, row=row)
        cells.barcode(judged=judged, row=row, shelf=shelf)
    if judged.good:
        _product(judged, shelf)
        _english(judged, shelf)
        _variants(judged, shelf)
        _stock(judged, shelf, allowed=stock_allowed)
        _whole(judged, shelf)
    return judged


def settle(*, judged: Judged) -> None:
    """Write into the rows what was found of them."""
    page = judged.page
    for row in judged.rows:
        errors = judged.errors.get(row.line, [])
        if not judged.good and not errors:
            errors = [{"code": "sibling", "column": "", "values": {}}]
        row.messages, row.changes = errors, judged.changes.get(row.line, []) if judged.good else []
        row.revision = page.latest_revision_id if page else None
        if errors:
            row.outcome = ImportRow.Outcome.ERROR
        elif page is None:
            row.outcome = ImportRow.Outcome.NEW
        else:
            row.outcome = ImportRow.Outcome.CHANGED if row.changes else ImportRow.Outcome.SAME


# --- the product ------------------------------------------------------------------------------------------


def _told(judged: Judged, level: str) -> dict[str, tuple[ImportRow, str]]:
    """Return what the rows say of the product, once for each column; where it is written twice it is the same."""
    told: dict[str, tuple[ImportRow, str]] = {}
    for row in judged.rows:
        for name, text in row.values.items():
            if columns.BY_NAME[name].level != level or name == "slug":
                continue
            before = told.get(name)
            if before is None or (text and not before[1]):
                told[name] = (row, text)
            elif text and text != before[1]:
                judged.wrong(row, "differs", name, line=before[0].line)
    return told


def _product(judged: Judged, shelf: Shelf) -> None:
    page = judged.page
    now = (
        fields.of_page(
            page=page,
            shelves=shelf.shelves.get(page.pk, []),
            pictures=shelf.pictures.get(page.pk, []),
            details=shelf.details.get(page.pk, []),
        )
        if page
        else {}
    )
    told = _told(judged, "product")
    for name, (row, text) in told.items():
        if name == "status" and not text:
            continue
        text = "0" if name == "rank" and not text else text
        if text != now.get(name, "0" if name == "rank" else ""):
            judged.product[name] = text
            judged.change(row, name, now.get(name, ""), text)
    judged.status = judged.product.pop("status", "")
    _title(judged, told)
    _story(judged, judged.product, page, told, "description_ko")
    for path in columns.several(judged.product.get("categories", "")):
        if path not in shelf.paths:
            judged.wrong(told["categories"][0], "category", "categories", path=path)
    _pictures(judged, told, now, shelf)


def _title(judged: Judged, told: Mapping[str, tuple[ImportRow, str]]) -> None:
    row = told["title_ko"][0] if "title_ko" in told else judged.rows[0]
    if judged.page is None and not judged.product.get("title_ko"):
        judged.wrong(row, "needed", "title_ko")
    elif judged.product.get("title_ko") == "":
        judged.wrong(row, "title_empty", "title_ko")


def _story(
    judged: Judged, said: Cells, page: Any, told: Mapping[str, tuple[ImportRow, str]], name: str
) -> None:
    if name in said and page is not None and not plain.is_plain(page.body):
        judged.wrong(told[name][0], "story", name)


def _pictures(
    judged: Judged, told: Mapping[str, tuple[ImportRow, str]], now: Mapping[str, str], shelf: Shelf
) -> None:
    row = told["pictures"][0] if "pictures" in told else judged.rows[0]
    names = columns.several(told["pictures"][1] if "pictures" in told else now.get("pictures", ""))
    if "pictures" in judged.product:
        _named_pictures(judged, row, names, shelf)
        _same_pictures(judged, row, names, shelf)
    for alts in ("pictures_alt_ko", "pictures_alt_en"):
        if alts in judged.product and len(judged.product[alts].split(columns.SEVERAL)) > max(len(names), 1):
            judged.wrong(told[alts][0], "alts", alts)
    if judged.goes_live and not names and (judged.product or judged.status):
        judged.wrong(row, "picture_needed", "pictures")


def _named_pictures(judged: Judged, row: ImportRow, names: list[str], shelf: Shelf) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            judged.wrong(row, "picture_twice", "pictures", name=name)
        if name in shelf.images or name in shelf.zipped:
            continue
        if not pictures.is_address(name):
            judged.wrong(row, "picture", "pictures", name=name)
        elif not name.startswith(("https://", "http://")) or len(name) > pictures.LONGEST_ADDRESS:
            judged.wrong(row, "picture_url", "pictures", name=name)


def _same_pictures(judged: Judged, row: ImportRow, names: list[str], shelf: Shelf) -> None:
    """Take the change back where addresses or names of the zip mean the pictures that the page has."""
    if judged.page is None:
        return
    has = [picture.image_id for picture in shelf.pictures.get(judged.page.pk, [])]
    if has == [shelf.images[name].pk if name in shelf.images else None for name in names]:
        judged.product.pop("pictures")
        judged.changes[row.line] = [entry for entry in judged.changes[row.line] if entry[0] != "pictures"]
        if not judged.changes[row.line]:
            judged.changes.pop(row.line)


def _english(judged: Judged, shelf: Shelf) -> None:
    told, page = _told(judged, "english"), judged.english
    now = fields.of_english(page=page, details=shelf.details.get(page.pk, []) if page else [])
    for name, (row, text) in told.items():
        if text == now[name] or (name == "title_en" and not text):
            continue
        judged.words[name] = text
        judged.change(row, name, now[name], text)
    _story(judged, judged.words, page, told, "description_en")
    if judged.words and page is None and not judged.words.get("title_en"):
        judged.wrong(judged.rows[0], "english_title", "title_en")


# --- its variants -----------------------------------------------------------------------------------------


def _variants(judged: Judged, shelf: Shelf) -> None:
    there = {row.sku: row for row in shelf.variants.get(judged.page.pk, [])} if judged.page else {}
    for row in judged.rows:
        has = there.get(row.sku)
        now = fields.of_variant(row=has, image=has.image) if has else {}
        said = {name: text for name, text in row.values.items() if columns.BY_NAME[name].level == "variant"}
        changed = {}
        for name, text in said.items():
            text = "0" if name == "weight" and not text else text
            if text != now.get(name, "0" if name == "weight" else ""):
                changed[name] = text
                judged.change(row, name, now.get(name, ""), text)
        if "price" in changed and not changed["price"] or (not has and "price" not in changed):
            judged.wrong(row, "needed", "price")
        if changed.get("variant_picture"):
            _own_picture(judged, row, changed, has, shelf)
        if changed:
            judged.variants[row.sku] = changed


def _own_picture(judged: Judged, row: ImportRow, changed: Cells, has: Any, shelf: Shelf) -> None:
    name = changed["variant_picture"]
    image = shelf.images.get(name)
    if has and image and has.image_id == image.pk:
        changed.pop("variant_picture")
        judged.changes[row.line] = [
            entry for entry in judged.changes[row.line] if entry[0] != "variant_picture"
        ]
        return
    listed = {entry for other in judged.rows for entry in columns.several(other.values.get("pictures", ""))}
    own = {picture.image_id for picture in shelf.pictures.get(judged.page.pk, [])} if judged.page else set()
    kept = not listed and image is not None and image.pk in own
    if name not in listed and not kept:
        judged.wrong(row, "variant_picture", "variant_picture", name=name)


def _stock(judged: Judged, shelf: Shelf, *, allowed: bool) -> None:
    for row in judged.rows:
        text, item = row.values.get("on_hand", ""), shelf.stock.get(row.sku)
        if not text or (item and item.on_hand == int(text)):
            continue
        if not allowed:
            judged.wrong(row, "stock_denied", "on_hand")
        elif item is None and not judged.goes_live:
            judged.wrong(row, "stock_early", "on_hand")
        elif item and int(text) < item.reserved:
            judged.wrong(row, "promised", "on_hand", reserved=item.reserved)
        elif item or int(text):
            judged.stock[row.sku] = int(text)
            judged.change(row, "on_hand", str(item.on_hand) if item else "", text)


# --- all of it together -----------------------------------------------------------------------------------


def _whole(judged: Judged, shelf: Shelf) -> None:
    page = judged.page
    touches = judged.product or judged.variants or judged.status
    first = judged.rows[0]
    if page and (touches or judged.words) and page.locked:
        judged.wrong(first, "locked")
    if page and touches and page.live and page.has_unpublished_changes:
        judged.wrong(first, "unpublished")
    twin = judged.english
    if twin and judged.words and (twin.locked or (twin.live and twin.has_unpublished_changes)):
        judged.wrong(first, "locked" if twin.locked else "unpublished")
    if touches:
        _options(judged, shelf)


def _options(judged: Judged, shelf: Shelf) -> None:
    page = judged.page
    names = {
        option: judged.product.get(f"{option}_name_ko", getattr(page, f"{option}_name") if page else "")
        for option in ("option1", "option2")
    }
    named = [option for option, name in names.items() if name]
    there = {row.sku: row for row in shelf.variants.get(page.pk, [])} if page else {}
    choices: dict[str, tuple[str, ...]] = {
        normalise_sku(sku): tuple(getattr(row, option) for option in named) for sku, row in there.items()
    }
    for row in judged.rows:
        has = there.get(row.sku)
        choice = tuple(
            row.values.get(f"{option}_ko", getattr(has, option) if has else "") for option in named
        )
        for option, value in zip(named, choice, strict=True):
            if not value:
                judged.wrong(row, "option_needed", f"{option}_ko", name=names[option])
        choices[row.sku] = choice
    times = Counter(choices.values())
    for row in judged.rows:
        if times[choices[row.sku]] > 1:
            judged.wrong(row, "options_twice", "option1_ko" if named else "sku")
