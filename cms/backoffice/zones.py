"""Areas that parcels reach by ship: their postcodes as one text, and what they cost more."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from cms.backoffice import words, zone_history
from cms.backoffice.columns import WonColumn
from commerce.shipping import ranges, zones
from commerce.shipping.models import PostcodeRange, ShippingZone


class ZoneForm(WagtailAdminModelForm):
    """A zone whose postcodes lie in no other."""

    postcodes = forms.CharField(
        label=_("Postcodes"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "bo-code"}),
        help_text=_(
            "Five digits each, ranges with a hyphen: 63000-63644 32133. Spaces, commas or lines between."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["postcodes"].initial = "\n".join(map(str, self.instance.ranges.all()))

    def clean_postcodes(self) -> list[ranges.Range]:
        """Read the ranges; refuse what is none, and what lies in two places."""
        try:
            found = ranges.parse(self.cleaned_data["postcodes"])
        except ranges.NotARange as wrong:
            raise ValidationError(
                _("“%(part)s” is no postcode of five digits and no range of two."),
                params={"part": wrong.part},
            ) from wrong
        if twice := ranges.overlap(ranges=found):
            raise ValidationError(
                _("%(one)s and %(other)s overlap."), params={"one": twice[0], "other": twice[1]}
            )
        for one in found:
            self._refuse_foreign(one)
        return found

    def save(self, commit: bool = True) -> ShippingZone:
        """Write the zone with its postcodes, both or neither."""
        with transaction.atomic():
            zone: ShippingZone = super().save(commit)
            zones.set_ranges(zone_id=zone.pk, ranges=self.cleaned_data["postcodes"])
        return zone

    def _refuse_foreign(self, one: ranges.Range) -> None:
        taken = PostcodeRange.objects.filter(first__lte=one.last, last__gte=one.first)
        other = taken.exclude(zone=self.instance.pk).select_related("zone").first()
        if other:
            raise ValidationError(
                _("%(one)s overlaps %(other)s of the zone %(zone)s."),
                params={"one": one, "other": other, "zone": other.zone},
            )


class _Telling:
    """A form whose change is told, and kept in the zone's history, in the transaction that Wagtail opens around it."""

    form: Any
    request: Any

    def save_instance(self) -> ShippingZone:
        """Store the zone and record how it differs."""
        before = zones.standing(zone_id=self.form.instance.pk)
        zone: ShippingZone = super().save_instance()  # type: ignore[misc]  # of Wagtail's view
        changed = zones.tell_of_change(zone=zone, before=before, now=timezone.now())
        if before and changed:
            log(instance=zone, action=zone_history.ACTION, user=self.request.user, data={"changed": changed})
        return zone


class ZoneCreate(_Telling, generic.CreateView):
    """Add a zone."""


class ZoneEdit(_Telling, generic.EditView):
    """Change a zone."""


class ZoneDelete(generic.DeleteView):
    """Remove a zone."""

    def delete_action(self) -> None:
        """Delete it, with its fact."""
        with transaction.atomic():
            zones.tell_of_end(zone=self.object, now=timezone.now())
            super().delete_action()


class ZoneViewSet(ModelViewSet):
    """List and forms."""

    add_view_class = ZoneCreate
    edit_view_class = ZoneEdit
    delete_view_class = ZoneDelete

    model = ShippingZone
    name = "shipping-zones"
    icon = "site"
    menu_label = _("Shipping zones")
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = [
        "name_ko",
        WonColumn("surcharge", label=_("Surcharge"), sort_key="surcharge", classname="bo-won"),
        Column(
            "free_from", label=_("No surcharge from"), accessor=lambda row: _free(row), classname="bo-won"
        ),
        Column("ranges", label=_("Postcode ranges"), accessor=lambda row: row.ranges.count()),
        BooleanColumn("active", label=_("Active")),
    ]
    panels = [
        FieldRowPanel([FieldPanel("name_ko"), FieldPanel("name_en")]),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        FieldPanel(
                            "surcharge", help_text=_("Won, VAT included; charged also when delivery is free.")
                        ),
                        FieldPanel("free_from", help_text=_("Won of goods; empty means always charged.")),
                    ]
                )
            ],
            heading=_("Surcharge"),
        ),
        FieldPanel("postcodes"),
        FieldRowPanel([FieldPanel("active"), FieldPanel("position")]),
    ]

    def get_edit_handler(self) -> Any:
        """Use the form that checks."""
        handler = super().get_edit_handler()
        handler.base_form_class = ZoneForm
        return handler.bind_to_model(self.model)


def _free(row: ShippingZone) -> Any:
    return words.won(row.free_from) if row.free_from is not None else _("Never")
