"""What a product says in each column, exactly as an export writes it; and a product that is told what a column says.

Two cells say the same when they read the same here: that is why a file that was exported changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from cms.importing import columns, plain
from commerce.catalog import barcodes
from commerce.catalog.sku import normalise_sku

LIVE, DRAFT = "live", "draft"
_STATUS = {
    LIVE: LIVE, "판매중": LIVE, "공개": LIVE, "게시": LIVE, "on": LIVE, "yes": LIVE,
    DRAFT: DRAFT, "초안": DRAFT, "비공개": DRAFT, "판매중지": DRAFT, "off": DRAFT, "no": DRAFT,
}  # fmt: skip
# Columns that are a field of the page in their language.
_WORDS = {
    "title": "title",
    "summary": "summary",
    "seo_title": "seo_title",
    "seo_description": "search_description",
}
PAGE = {f"{name}_ko": field for name, field in _WORDS.items()} | {
    "option1_name_ko": "option1_name",
    "option1_name_en": "option1_name_en",
    "option2_name_ko": "option2_name",
    "option2_name_en": "option2_name_en",
    "search_words": "search_words",
    "rank": "rank",
}
ENGLISH = {f"{name}_en": field for name, field in _WORDS.items()}
VARIANT = {
    "option1_ko": "option1",
    "option1_en": "option1_en",
    "option2_ko": "option2",
    "option2_en": "option2_en",
    "price": "price",
    "weight": "weight",
    "barcode": "barcode",
}


def tidy(*, column: str, text: str) -> str:
    """Return a cell as an export would have written it; what makes no sense stays as it was typed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if columns.BY_NAME[column].number:
        return _number(text)
    return _TIDY[column](text) if column in _TIDY else text


def of_page(
    *, page: Any, shelves: list[str], pictures: list[Any], details: Sequence[Any] = ()
) -> dict[str, str]:
    """Return the columns of the page in the leading language; `shelves` are paths, the others rows in order."""
    cells = {column: str(getattr(page, field)) for column, field in PAGE.items()}
    cells |= {
        "slug": page.slug,
        "status": LIVE if page.live else DRAFT,
        "description_ko": plain.text_of(page.body),
        "details_ko": plain.lines_of(details),
        "categories": columns.together(sorted(shelves)),
        "pictures": columns.together(file_name(row.image) for row in pictures),
        "pictures_alt_ko": columns.together(row.alt for row in pictures),
        "pictures_alt_en": columns.together(row.alt_en for row in pictures),
    }
    return {column: tidy(column=column, text=text) for column, text in cells.items()}


def of_english(*, page: Any | None, details: Sequence[Any] = ()) -> dict[str, str]:
    """Return the columns of the English page; empty ones where there is none."""
    if page is None:
        return dict.fromkeys((*ENGLISH, "description_en", "details_en"), "")
    cells = {column: str(getattr(page, field)) for column, field in ENGLISH.items()}
    cells["description_en"] = plain.text_of(page.body)
    cells["details_en"] = plain.lines_of(details)
    return {column: tidy(column=column, text=text) for column, text in cells.items()}


def of_variant(*, row: Any, image: Any | None) -> dict[str, str]:
    """Return the columns of a variant."""
    cells = {column: str(getattr(row, field)) for column, field in VARIANT.items()}
    cells |= {"sku": row.sku, "variant_picture": file_name(image) if image else ""}
    return {column: tidy(column=column, text=text) for column, text in cells.items()}


def file_name(image: Any | None) -> str:
    """Return the name by which a file speaks of a picture of the library."""
    return PurePosixPath(image.file.name).name if image and image.file else ""


def write(*, onto: Any, fields: Mapping[str, str], cells: Mapping[str, str]) -> None:
    """Set the attributes that the cells speak of; `cells` are checked."""
    for column, text in cells.items():
        if column in fields:
            setattr(onto, fields[column], int(text or 0) if columns.BY_NAME[column].number else text)


def _number(text: str) -> str:
    bare = text.removesuffix("원").removesuffix("g").replace(",", "").replace(" ", "").removeprefix("₩")
    whole, point, rest = bare.partition(".")
    if point and not rest.strip("0"):
        bare = whole
    negative, digits = bare.startswith("-"), bare.removeprefix("-").removeprefix("+")
    if digits.isascii() and digits.isdigit() and len(digits) <= 15:
        return str(-int(digits) if negative else int(digits))
    return text


def _parts(text: str) -> str:
    return columns.together(columns.several(text))


def _every_part(text: str) -> str:
    """Keep empty parts: each stands for the picture at its place."""
    parts = [part.strip() for part in text.split(columns.SEVERAL)]
    return columns.together(parts) if any(parts) else ""


def _shelves(text: str) -> str:
    return columns.together(sorted({part.strip("/") for part in columns.several(text)}))


_TIDY: dict[str, Callable[[str], str]] = {
    "slug": str.lower,
    "sku": normalise_sku,
    "barcode": barcodes.normalise,
    "details_ko": plain.tidy_lines,
    "details_en": plain.tidy_lines,
    "status": lambda text: _STATUS.get(text.lower().replace(" ", ""), text),
    "categories": _shelves,
    "pictures": _parts,
    "pictures_alt_ko": _every_part,
    "pictures_alt_en": _every_part,
}
