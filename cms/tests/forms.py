"""What the admin's edit form of a product sends."""

from typing import Any

from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from cms.models import ProductPage


def product_form(page: ProductPage, *, variants: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """Return the POST data of the edit view; `variants` are the rows, the pictures stay as they are."""
    pictures = [
        {
            "id": str(row.pk),
            "image": str(row.image_id),
            "role": row.role,
            "alt": row.alt,
            "alt_en": row.alt_en,
        }
        for row in page.pictures.all()
    ]
    known = sum(1 for row in variants if row.get("id"))
    data = {
        "title": page.title,
        "slug": page.slug,
        "summary": page.summary,
        "rank": "0",
        "option1_name": page.option1_name,
        "option1_name_en": page.option1_name_en,
        "option2_name": "",
        "option2_name_en": "",
        "seo_title": "",
        "search_description": "",
        "body": streamfield([]),
        "notice_kind": page.notice_kind,
        "notice_in_description": "on" if page.notice_in_description else "",
        "relations": inline_formset([]),
        "details": inline_formset([]),
        "variants": inline_formset(variants, initial=known),
        "pictures": inline_formset(pictures, initial=len(pictures)),
        "comments": inline_formset([]),
        **changes,
    }
    return nested_form_data(data)  # type: ignore[no-any-return]


def rows(page: ProductPage) -> list[dict[str, Any]]:
    """Return the page's variants as rows of the form."""
    return [
        row_of(variant.sku, id=str(variant.pk), option1=variant.option1, price=str(variant.price))
        for variant in page.variants.all()
    ]


def row_of(sku: str, **fields: Any) -> dict[str, Any]:
    """Return a new variant as a row of the form."""
    return {
        "id": "",
        "sku": sku,
        "price": "10000",
        "weight": "300",
        "option1": sku,
        "option1_en": sku,
        "option2": "",
        "option2_en": "",
        "image": "",
        "sale_price": "",
        "sale_from": "",
        "sale_until": "",
        "content": "",
        "content_unit": "",
        **fields,
    }
