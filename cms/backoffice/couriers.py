"""The couriers that the shop works with."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.model import ModelViewSet

from commerce.fulfilment.models import Courier


class CourierViewSet(ModelViewSet):
    """List and forms. The model checks the address; no courier is deleted, parcels name it."""

    model = Courier
    name = "couriers"
    icon = "redirect"
    menu_label = _("Couriers")
    add_to_reference_index = False
    copy_view_enabled = False
    list_display = [
        "name_ko",
        Column("name_en", label=_("name (English)")),
        Column("digits", label=_("Digits"), accessor=lambda row: f"{row.digits_min}–{row.digits_max}"),
        BooleanColumn("active", label=_("Active")),
    ]
    panels = [
        FieldRowPanel([FieldPanel("name_ko"), FieldPanel("name_en")]),
        FieldPanel("code", help_text=_("Latin letters; systems and uploaded files know the courier by it.")),
        FieldPanel("tracking_url"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("digits_min"), FieldPanel("digits_max")])],
            heading=_("How long a tracking number is"),
        ),
        FieldRowPanel([FieldPanel("active"), FieldPanel("position")]),
    ]
