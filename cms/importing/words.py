"""What was found, in the editor's language. Rows keep codes, so that everybody reads them in their own."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

# Why a file is of no use.
REASONS: dict[str, Any] = {
    "encoding": _("This is no table: save the sheet as CSV (UTF-8) or as XLSX."),
    "csv": _("Line %(detail)s cannot be read: a quotation mark is not closed or stands alone."),
    "xlsx": _("The workbook is damaged. Open it in a spreadsheet and save it again as XLSX."),
    "zip": _("This is no zip file, or it is damaged."),
    "locked": _("The file is protected by a password. Save it without one."),
    "bomb": _("Unpacked the file would be far larger than it may be. Save it anew or divide it."),
    "rows": _("The file has too many rows: at most %(detail)s. Divide it."),
    "wide": _("Line %(detail)s is too long. Are the columns separated by comma, semicolon or tab?"),
    "empty": _("The file has no rows below its headings."),
    "headings": _("The first line names no column that is known. It needs “slug” and “sku”, or “sku” alone."),
    "twice": _("The column “%(detail)s” is there more than once."),
    "lost": _("The file is not in the shop's storage any more. Upload it again."),
    "nowhere": _("There is no list of products in the page tree yet."),
    "together": _("A row could not be carried out, so nothing was. The row says why."),
    "denied": _("Whoever started this may not publish products any more."),
}

# What is wrong with a row, and what to do.
MESSAGES: dict[str, Any] = {
    "slug_needed": _("Write the product's address, for example “moon-jar”."),
    "slug_wrong": _("An address has lower-case Latin letters, digits and hyphens only."),
    "sku_needed": _("Write a SKU of Latin letters and digits."),
    "sku_wrong": _("A SKU has Latin letters, digits and hyphens only."),
    "sku_unknown": _("No product has the SKU %(sku)s. Correct it, or import the product first."),
    "sku_taken": _("The SKU %(sku)s belongs to the product “%(slug)s”."),
    "sku_twice": _("The SKU %(sku)s is in line %(line)s as well. Every SKU may stand in a file once."),
    "needed": _("This is needed for a new product or variant."),
    "title_empty": _("A product has a title: this may not be emptied."),
    "too_long": _("%(length)s characters: at most %(longest)s."),
    "number": _("“%(text)s” is no whole number."),
    "too_small": _("%(text)s is too small: at least %(least)s."),
    "too_large": _("%(text)s is too large."),
    "status": _("“%(text)s” is not known: write “live” or “draft”."),
    "category": _(
        "There is no category “%(path)s”. Write its address, for example “tableware/bowls”, or make it first."
    ),
    "differs": _(
        "Line %(line)s says something else of the same product. Write it once, or the same in each line."
    ),
    "picture": _("No picture is called “%(name)s”: neither in the zip nor in the library."),
    "picture_url": _(
        "“%(name)s” is no address from which a picture may be fetched: https and a public host."
    ),
    "picture_fetch": _("The picture “%(name)s” could not be fetched: %(why)s"),
    "picture_bad": _(
        "“%(name)s” is no picture: JPEG, PNG, WebP, AVIF or GIF of at most 10 MB and 30 megapixels."
    ),
    "picture_twice": _("The picture “%(name)s” stands in the list twice."),
    "picture_needed": _("A product that is on sale has at least one picture."),
    "alts": _("There are more texts than pictures."),
    "variant_picture": _(
        "“%(name)s” is none of the product's pictures. Add it to the column “pictures” first."
    ),
    "option_needed": _("Say which “%(name)s” this variant is."),
    "options_twice": _("Two variants have the same options: shoppers cannot tell them apart."),
    "english_title": _("English texts need an English title: fill in “title_en”."),
    "english_nowhere": _("The list of products has no English page yet: translate it first."),
    "barcode": _(
        "“%(text)s” is no barcode: 8, 12, 13 or 14 digits, the last of which fits the others. Format the column as text, so that the spreadsheet keeps every digit."
    ),
    "barcode_taken": _("The barcode %(barcode)s belongs to the variant %(sku)s."),
    "barcode_twice": _("The barcode %(barcode)s is in line %(line)s as well."),
    "detail": _("“%(text)s”: write each line as a name, a colon and a value, for example “Material: oak”."),
    "story": _(
        "The story of this page has more than plain paragraphs. Edit it on the page, or leave the cell as it was exported."
    ),
    "unpublished": _("The page has changes that are not published. Publish or discard them first."),
    "locked": _("The page is locked. Unlock it first."),
    "moved": _("The page was changed after this file was checked. Check the file again."),
    "sibling": _("Another row of this product has errors, so the product is left as it is."),
    "stock_denied": _("You may not change stock. Leave the column “on_hand” out."),
    "stock_early": _("Stock is counted once the product is on sale. Publish it first."),
    "promised": _("%(reserved)s units are promised to orders: fewer cannot be on the shelf."),
    "refused": _("The shop cannot take the product over: %(why)s"),
    "unexpected": _("An unexpected error; nothing of the product was changed. It is in the shop's log."),
}


def message(entry: Mapping[str, Any]) -> str:
    """Return what a row's message says."""
    text = MESSAGES.get(entry["code"])
    return str(text) % entry.get("values", {}) if text else str(entry["code"])


def reason(*, why: str, detail: str) -> str:
    """Return why a file is of no use."""
    text = REASONS.get(why)
    return (str(text) % {"detail": detail} if "%(" in str(text) else str(text)) if text else why
