"""How parcels are sent and what it costs. The shop always has one way that works."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.backoffice import words
from cms.backoffice.columns import WonColumn
from commerce.shipping import services
from commerce.shipping.models import ShippingMethod


class ShippingForm(WagtailAdminModelForm):
    """A method that makes sense, among methods of which one is active."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handling_days"].required = False

    def clean_handling_days(self) -> int:
        """Take nothing as the same day."""
        return self.cleaned_data["handling_days"] or 0

    def clean(self) -> dict[str, Any]:
        """Refuse impossible days, and to switch the last method off."""
        answers: dict[str, Any] = super().clean()
        least, most = answers.get("days_min"), answers.get("days_max")
        if least is not None and most is not None and least > most:
            self.add_error("days_max", ValidationError(_("This is less than the least number of days.")))
        others = ShippingMethod.objects.filter(active=True).exclude(pk=self.instance.pk)
        if not answers.get("active") and not others.exists():
            self.add_error(
                "active", ValidationError(_("Nobody could order: keep at least one method active."))
            )
        return answers


class _Telling:
    """A form whose change is told in the transaction that Wagtail opens around it."""

    form: Any

    def save_instance(self) -> ShippingMethod:
        """Store the method and record how it differs."""
        before = services.standing(method_id=self.form.instance.pk)
        method: ShippingMethod = super().save_instance()  # type: ignore[misc]  # of Wagtail's view
        services.tell_of_change(method=method, before=before, now=timezone.now())
        return method


class ShippingCreate(_Telling, generic.CreateView):
    """Add a method."""


class ShippingEdit(_Telling, generic.EditView):
    """Change a method."""


class ShippingViewSet(ModelViewSet):
    """List and forms."""

    add_view_class = ShippingCreate
    edit_view_class = ShippingEdit

    model = ShippingMethod
    name = "shipping"
    icon = "redirect"
    menu_label = _("Shipping methods")
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    list_display = [
        "name_ko",
        WonColumn("fee", label=_("Fee"), sort_key="fee", classname="bo-won"),
        Column("free_from", label=_("Free from"), accessor=lambda row: _free(row), classname="bo-won"),
        Column("days", label=_("Business days"), accessor=lambda row: f"{row.days_min}–{row.days_max}"),
        BooleanColumn("active", label=_("Active")),
    ]
    panels = [
        FieldRowPanel([FieldPanel("name_ko"), FieldPanel("name_en")]),
        FieldPanel("code", help_text=_("Latin letters; systems know the method by it.")),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        FieldPanel("fee", help_text=_("Won, VAT included.")),
                        FieldPanel("free_from", help_text=_("Won of goods; empty means never free.")),
                    ]
                ),
                FieldRowPanel([FieldPanel("days_min"), FieldPanel("days_max")]),
                FieldRowPanel(
                    [
                        FieldPanel(
                            "cut_off",
                            help_text=_(
                                "Paid before it on a business day: it counts as that day. Empty: no day is promised."
                            ),
                        ),
                        FieldPanel(
                            "handling_days",
                            help_text=_(
                                "Business days from that day until the parcel leaves; 0 is the same day."
                            ),
                        ),
                    ]
                ),
            ],
            heading=_("Fee and time"),
        ),
        FieldRowPanel(
            [FieldPanel("active"), FieldPanel("position", help_text=_("The first active one counts."))]
        ),
    ]

    def get_edit_handler(self) -> Any:
        """Use the form that checks."""
        handler = super().get_edit_handler()
        handler.base_form_class = ShippingForm
        return handler.bind_to_model(self.model)


def _free(row: ShippingMethod) -> Any:
    return words.won(row.free_from) if row.free_from is not None else _("Never")
