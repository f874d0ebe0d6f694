"""Read a product page, saved or not, as plain values: what the projection and the preview have in common."""

from typing import Any

from django.utils import translation
from wagtail.rich_text import expand_db_html

from cms import attributes, languages, pictures


def ordered(rows: Any) -> list[Any]:
    """Return the rows of an inline panel as the editor sees them; an unsaved page holds a changed one last."""
    return sorted(rows.all(), key=lambda row: row.sort_order or 0)


def text_of(*, page: Any) -> dict[str, Any]:
    """Return a product's words in the language of its page."""
    return {
        "title": page.title,
        "summary": page.summary,
        "body": body_of(page=page),
        "details": tuple((row.name, row.value) for row in ordered(page.details)),
        "seo_title": page.seo_title,
        "seo_description": page.search_description,
        "keywords": page.search_words,
        "notice": dict(page.notice_values),
        "guides": guides_of(page=page),
    }


def guides_of(*, page: Any) -> tuple[dict[str, str], ...]:
    """Return how it is cared for and how its size is chosen, in the language of the page, as its lead has it."""
    lead, korean = languages.lead_of(page=page), languages.leads(page=page)
    found = [guide for guide in (lead.size_guide, lead.care_guide) if guide]
    return tuple(
        {
            "kind": guide.kind,
            "title": guide.title if korean else guide.title_en or guide.title,
            "body": expand_db_html(guide.body if korean else guide.body_en or guide.body),
        }
        for guide in found
    )


def brand_of(*, page: Any) -> dict[str, str]:
    """Return who made it: `{"key": "maru", "ko": "마루", "en": "Maru"}`; empty when nobody is named."""
    return {"key": page.brand.key, **_words(page.brand.name, page.brand.name_en)} if page.brand else {}


def attributes_of(*, page: Any) -> tuple[dict[str, Any], ...]:
    """Return its attributes as the catalog keeps them."""
    defined = page.product_type.attributes.all() if page.product_type else ()
    return attributes.stored(defined=list(defined), values=page.attribute_values)


def badges_of(*, page: Any) -> tuple[dict[str, str], ...]:
    """Return the editor's own badge."""
    return (_words(page.badge, page.badge_en),) if page.badge else ()


def rule_of(*, page: Any) -> dict[str, Any] | None:
    """Return by which rule a collection fills itself; None for a shelf."""
    if page.fills == "picked":
        return {"picked": [str(row.product.translation_key) for row in ordered(page.picks)]}
    if page.fills != "rule":
        return None
    parts = {
        "brand": page.rule_brand.key if page.rule_brand else "",
        "attribute": page.rule_attribute,
        "category": str(page.rule_category.translation_key) if page.rule_category else "",
        "below": page.rule_below,
        "days": page.rule_days,
        "reduced": page.rule_reduced,
    }
    return {name: value for name, value in parts.items() if value}


def related_of(*, page: Any) -> dict[str, list[str]]:
    """Return the keys of what is like it and what goes with it, in the editor's order."""
    found: dict[str, list[str]] = {}
    for row in ordered(page.relations):
        found.setdefault(row.kind, []).append(str(row.product.translation_key))
    return found


def body_of(*, page: Any) -> str:
    """Return the HTML of a product's story, in its page's language, with the picture sizes that exist."""
    pictures.load_renditions(page.images())
    with translation.override(languages.of(page=page)):
        return "\n".join(str(band.render({"page": page})) for band in page.body)


def option_names(*, page: Any) -> tuple[dict[str, str], ...]:
    """Return the names of the options: `{"ko": "색상", "en": "Colour"}`."""
    pairs = [(page.option1_name, page.option1_name_en), (page.option2_name, page.option2_name_en)]
    return tuple(_words(korean, english) for korean, english in pairs if korean)


def options_of(*, page: Any, variant: Any) -> tuple[dict[str, str], ...]:
    """Return a variant's options in the order of the names."""
    rows = [
        (page.option1_name, variant.option1, variant.option1_en),
        (page.option2_name, variant.option2, variant.option2_en),
    ]
    return tuple(_words(korean, english) for name, korean, english in rows if name)


def pictures_of(*, page: Any) -> tuple[dict[str, Any], ...]:
    """Return the pictures in the editor's order."""
    rows = [row for row in ordered(page.pictures) if row.image]
    pictures.load_renditions([row.image for row in rows])
    return tuple(
        pictures.picture_data(
            row.image, name=picture_name(row.image_id), role=row.role, alt_ko=row.alt, alt_en=row.alt_en
        )
        for row in rows
    )


def picture_name(image_id: int | None) -> str:
    """Return the name by which a variant points to a picture of its product."""
    return f"picture-{image_id}" if image_id else ""


def category_picture(*, page: Any) -> dict[str, Any]:
    """Return the picture of a category; empty when it has none."""
    if not page.picture:
        return {}
    return pictures.picture_data(
        page.picture,
        name=picture_name(page.picture_id),
        role="front",
        alt_ko=page.picture_alt,
        alt_en=page.picture_alt_en,
    )


def _words(korean: str, english: str) -> dict[str, str]:
    return {"ko": korean, "en": english or korean}
