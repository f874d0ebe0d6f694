"""The addresses of returns and exchanges, and what an order's page shows of them."""

from typing import Any

from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet

from cms.backoffice import claim_words
from cms.backoffice.claim_list import ClaimFilters, ClaimIndex
from cms.backoffice.claim_pages import ClaimActPage, ClaimPage, photo
from commerce.claims import selectors
from commerce.claims.models import Claim
from commerce.orders.models import Order


class ClaimViewSet(ModelViewSet):
    """A list, a page and acts; shoppers ask for them."""

    model = Claim
    name = "claims"
    icon = "rotate"
    menu_label = _("Returns and exchanges")
    add_to_reference_index = False
    inspect_view_enabled = True
    copy_view_enabled = False
    list_per_page = 50
    form_fields = ["reply"]  # no form is ever made of it: there is no edit view
    index_view_class = ClaimIndex
    inspect_view_class = ClaimPage
    filterset_class = ClaimFilters

    def get_urlpatterns(self) -> list[URLPattern]:
        """Leave every raw form out."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", self.inspect_view, name="inspect"),
            path("<int:pk>/photos/<int:number>/", photo, name="photo"),
            path("<int:pk>/<slug:slug>/", self.construct_view(ClaimActPage), name="act"),
        ]

    def register_admin_url_finder(self) -> None:
        """Have none: it would look for an edit view."""


def block(*, order: Order) -> list[dict[str, Any]]:
    """Return an order's claims for its page."""
    now = timezone.now()
    rows = []
    for claim in selectors.of_order(order=order):
        clock, tone = claim_words.deadline(claim=claim, now=now)
        rows.append(
            {
                "pk": claim.pk,
                "kind": claim.get_kind_display(),
                "state": claim.get_state_display(),
                "state_tone": claim_words.TONES[claim.state],
                "reason": claim.get_reason_display(),
                "contents": claim_words.contents(claim=claim),
                "clock": clock,
                "tone": tone,
            }
        )
    return rows
