"""What a product page must say before it may be published. Drafts may be as incomplete as they like."""

from collections import Counter
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm

from cms import attributes, languages, notice_rows
from commerce.catalog import barcodes
from commerce.catalog.models import Variant
from commerce.catalog.sku import normalise_sku

LEAD_FIELDS = (
    "option1_name",
    "option1_name_en",
    "option2_name",
    "option2_name_en",
    "categories",
    "rank",
    "brand",
    "product_type",
    "notice_kind",
    "notice_in_description",
    "badge",
    "badge_en",
    "made_to_order",
    "care_guide",
    "size_guide",
)
LEAD_FORMSETS = ("variants", "pictures", "relations")


class RowsFormSet(BaseChildFormSet):
    """Rows of a product page that are checked together once the page is to be published."""

    is_deferred_validation = False
    nothing = ""

    def clean(self) -> None:
        """Check the rows that stay."""
        super().clean()
        if self.is_deferred_validation:
            return
        rows = _kept(self)
        if not rows:
            raise forms.ValidationError(_(self.nothing))
        self.check(rows)

    def check(self, rows: list[Any]) -> None:
        """Add errors to the rows that have them."""


class VariantRows(RowsFormSet):
    """The variants: every SKU once in the whole shop, every choice of options once in the product."""

    nothing = gettext_noop("Add at least one variant: there is nothing to buy yet.")

    def check(self, rows: list[Any]) -> None:
        """Check SKUs, then options."""
        self._check_skus(rows)
        self._check_barcodes(rows)
        self._check_options(rows)
        self._check_sales(rows)

    def _check_sales(self, rows: list[Any]) -> None:
        """A lower price is lower, and its window ends after it begins; a content has a unit."""
        for form in rows:
            data = form.cleaned_data
            price, lower = data.get("price"), data.get("sale_price")
            since, until = data.get("sale_from"), data.get("sale_until")
            if lower and price and lower >= price:
                form.add_error("sale_price", _("The sale price must be lower than the price."))
            if since and until and since >= until:
                form.add_error("sale_until", _("The sale must end after it begins."))
            if (since or until) and not lower and "sale_price" not in form.errors:
                form.add_error("sale_price", _("Write the price that counts in this time."))
            if data.get("content") and not data.get("content_unit"):
                form.add_error("content_unit", _("Say of what the content is so much."))

    def _check_skus(self, rows: list[Any]) -> None:
        skus = {form: normalise_sku(form.cleaned_data.get("sku") or "") for form in rows}
        times = Counter(sku for sku in skus.values() if sku)
        foreign = Variant.objects.filter(sku__in=times).exclude(product__key=self.instance.translation_key)
        owners = dict(foreign.values_list("sku", "product__slug"))
        for form, sku in skus.items():
            if not sku and "sku" not in form.errors:
                form.add_error("sku", _("Write a SKU of Latin letters and digits."))
            elif times[sku] > 1:
                form.add_error("sku", _("The SKU %(sku)s is used more than once.") % {"sku": sku})
            elif sku in owners:
                values = {"sku": sku, "slug": owners[sku]}
                form.add_error("sku", _("The SKU %(sku)s belongs to the product “%(slug)s”.") % values)

    def _check_barcodes(self, rows: list[Any]) -> None:
        codes = {form: barcodes.normalise(form.cleaned_data.get("barcode") or "") for form in rows}
        times = Counter(code for code in codes.values() if code)
        spelt = [spelling for code in times for spelling in barcodes.spellings(code)]
        foreign = Variant.objects.filter(barcode__in=spelt, active=True)
        others = foreign.exclude(product__key=self.instance.translation_key).values_list("barcode", "sku")
        owners = {barcodes.normalise(code): sku for code, sku in others}
        for form, code in codes.items():
            if times[code] > 1:
                form.add_error(
                    "barcode", _("The barcode %(barcode)s is used more than once.") % {"barcode": code}
                )
            elif code in owners:
                values = {"barcode": code, "sku": owners[code]}
                form.add_error(
                    "barcode", _("The barcode %(barcode)s belongs to the variant %(sku)s.") % values
                )

    def _check_options(self, rows: list[Any]) -> None:
        named = [field for field in ("option1", "option2") if getattr(self.instance, f"{field}_name")]
        for form in rows:
            for field in named:
                if not form.cleaned_data.get(field) and field not in form.errors:
                    name = getattr(self.instance, f"{field}_name")
                    form.add_error(field, _("Say which “%(name)s” this variant is.") % {"name": name})
        choices = {form: tuple(form.cleaned_data.get(field) or "" for field in named) for form in rows}
        times = Counter(choices.values())
        for form, choice in choices.items():
            if times[choice] > 1 and not form.errors:
                form.add_error(
                    "sku", _("Two variants have the same options: shoppers cannot tell them apart.")
                )


class PictureRows(RowsFormSet):
    """The pictures: each once."""

    nothing = gettext_noop("Add at least one picture: nobody buys what cannot be seen.")

    def check(self, rows: list[Any]) -> None:
        """Refuse a picture that is shown twice."""
        times = Counter(form.cleaned_data.get("image") for form in rows)
        for form in rows:
            image = form.cleaned_data.get("image")
            if image and times[image] > 1:
                form.add_error("image", _("This picture is in the list already."))
        if not any(form.cleaned_data.get("role") == "scale" for form in rows):
            said = _(
                "Let one picture show the product in scale, beside a hand or a table: its size is read from it."
            )
            rows[0].add_error("role", said)


class ProductForm(WagtailAdminPageForm):
    """The editor's form of a product page; on pages of other languages it holds their words only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.locale_id and not languages.leads(page=self.instance):
            for name in LEAD_FIELDS:
                self.fields.pop(name, None)
            for name in LEAD_FORMSETS:
                self.formsets.pop(name, None)
        self.own_fields = self._own_fields()
        self.fields.update(self.own_fields)

    def clean(self) -> dict[str, Any]:
        """Keep what the product's own fields say; refuse to publish what the law wants to be told more of."""
        cleaned: dict[str, Any] = super().clean()
        page = self.instance
        page.notice_values = notice_rows.values_of(cleaned=cleaned, before=page.notice_values)
        if not self._leads():
            return cleaned
        page.attribute_values = attributes.values_of(
            defined=self._defined(), cleaned=cleaned, before=page.attribute_values
        )
        if not self.is_deferred_validation:
            kind, rest = cleaned.get("notice_kind") or "", bool(cleaned.get("notice_in_description"))
            for name, error in notice_rows.errors(kind=kind, cleaned=cleaned, in_description=rest).items():
                self.add_error(name, error)
        return cleaned

    def _leads(self) -> bool:
        return not self.instance.locale_id or languages.leads(page=self.instance)

    def _own_fields(self) -> dict[str, forms.Field]:
        page = self.instance
        kind = page.notice_kind if self._leads() else languages.lead_of(page=page).notice_kind
        if self._leads() and self.is_bound:
            kind = self.data.get(self.add_prefix("notice_kind"), kind)
        found = notice_rows.fields(kind=kind, values=page.notice_values)
        if self._leads():
            found |= attributes.fields(defined=self._defined(), values=page.attribute_values)
        if self.is_bound:  # a field that was not shown yet says nothing: it is not emptied either
            found = {name: field for name, field in found.items() if self.add_prefix(name) in self.data}
        return found

    def _defined(self) -> list[Any]:
        """Return the attributes of the type that is chosen now."""
        chosen = self.instance.product_type_id
        if self.is_bound:
            chosen = self.data.get(self.add_prefix("product_type"), chosen)
        if not str(chosen or "").isdigit():
            return []
        field = self.instance._meta.get_field("product_type")
        kind = field.related_model.objects.filter(pk=chosen).prefetch_related("attributes").first()
        return list(kind.attributes.all()) if kind else []

    def defer_required_fields(self) -> None:
        """Tell the rows that a draft is being saved."""
        super().defer_required_fields()
        self._tell_rows(deferred=True)

    def restore_required_fields(self) -> None:
        """Tell the rows that everything counts again."""
        super().restore_required_fields()
        self._tell_rows(deferred=False)

    def is_valid(self) -> bool:
        """Check fields and rows, then that variants point to pictures which the product has."""
        valid = bool(super().is_valid())
        return self._variants_are_shown() and valid if not self.is_deferred_validation else valid

    def _tell_rows(self, *, deferred: bool) -> None:
        for name in LEAD_FORMSETS:
            if isinstance(self.formsets.get(name), RowsFormSet):
                self.formsets[name].is_deferred_validation = deferred

    def _variants_are_shown(self) -> bool:
        if not self.is_bound or any(name not in self.formsets for name in ("variants", "pictures")):
            return True
        pictures = {form.cleaned_data.get("image") for form in _kept(self.formsets["pictures"])}
        lost = [
            form
            for form in _kept(self.formsets["variants"])
            if form.cleaned_data.get("image") and form.cleaned_data["image"] not in pictures
        ]
        for form in lost:
            form.add_error(
                "image", _("Add this picture to the product's pictures first, and say what it shows.")
            )
        return not lost


class ProductCopyForm(CopyForm):
    """Copy a product as a draft: its SKUs are taken, so a copy can be neither live nor an alias."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("publish_copies", "alias"):
            self.fields.pop(name, None)


def _kept(formset: Any) -> list[Any]:
    """Return the rows that stay; each is read, though reading ends early where a formset before it is wrong."""
    return [
        form
        for form in formset.forms
        if form.errors is not None
        and getattr(form, "cleaned_data", None)
        and not formset._should_delete_form(form)
    ]
