"""Entries of the menu and of the footer. One entry speaks both languages: a page's own title, or words of the editor."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock
from wagtail.blocks.struct_block import StructBlockValidationError

from cms.blocks.choosers import PageChooser

MOST_CHILDREN = 12


class EntryBlock(StructBlock):
    """A link to a page, or to any address of the shop."""

    page = PageChooser(
        required=False, label=_("Page"), help_text=_("Its translation is linked on English pages.")
    )
    address = CharBlock(
        required=False,
        max_length=200,
        label=_("Address"),
        help_text=_("Used when no page is chosen: /c/tea/ or https://…"),
    )
    text = CharBlock(
        required=False,
        max_length=40,
        label=pgettext_lazy("block", "Words"),
        help_text=_("Empty: the title of the page."),
    )
    text_en = CharBlock(required=False, max_length=40, label=_("Words (English)"))

    def clean(self, value: Any) -> Any:
        """Refuse entries that lead nowhere or say nothing."""
        cleaned = super().clean(value)
        address = cleaned.get("address") or ""
        errors = {}
        if not cleaned.get("page") and not address:
            errors["page"] = ValidationError(gettext("Choose a page, or enter an address."))
        if address and not address.startswith(("/", "https://")):
            errors["address"] = ValidationError(gettext("An address begins with / or https://"))
        if not cleaned.get("page") and not cleaned.get("text"):
            errors["text"] = ValidationError(gettext("An address has no title: enter the words of the link."))
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned

    class Meta:
        label = _("Link")
        icon = "link"
        label_format = "{text} {page}"


class MenuEntryBlock(EntryBlock):
    """An entry of the menu with those below it."""

    children = ListBlock(EntryBlock(), default=[], max_num=MOST_CHILDREN, label=_("Entries below it"))

    class Meta:
        label = _("Menu entry")
        icon = "list-ul"
        label_format = "{text} {page}"


class ColumnBlock(StructBlock):
    """A column of the footer."""

    heading = CharBlock(max_length=40, label=_("Heading"))
    heading_en = CharBlock(required=False, max_length=40, label=_("Heading (English)"))
    links = ListBlock(EntryBlock(), min_num=1, max_num=MOST_CHILDREN, label=_("Links"))

    class Meta:
        label = _("Column")
        icon = "list-ul"
        label_format = "{heading}"
