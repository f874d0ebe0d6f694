"""What the admin's first page says while webhooks do not arrive."""

from typing import Any

from django.db.models import Q
from wagtail.admin.ui.components import Component

from workers.models import WebhookEndpoint
from workers.webhooks.backoffice import words
from workers.webhooks.backoffice.screen import page_of


class TroublePanel(Component):
    """Webhooks that the shop switched off by itself, and those that fail; empty while all is well."""

    name = "webhook-trouble"
    template_name = "backoffice/webhooks/trouble.html"
    order = 20

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Read them."""
        off = Q(enabled=False, disabled_reason__in=["gone", "failing"])
        rows = WebhookEndpoint.objects.filter(off | Q(enabled=True, failing_since__isnull=False))
        return {
            "rows": [
                {"row": row, "page": page_of(row), "state": words.endpoint_state(row)}
                for row in rows.order_by("enabled", "name")[:10]
            ]
        }
