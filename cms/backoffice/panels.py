"""What an editor sees of stock on a product page: numbers to read, never a field."""

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel

from cms.backoffice import stock_words, words
from commerce.catalog.models import Variant


class StockPanel(Panel):
    """Each variant that the shop knows of this product, with price and stock and a link to the stock page."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one page."""

        template_name = "backoffice/stock_panel.html"

        def is_shown(self) -> bool:
            """Show itself once the product was published."""
            return bool(super().is_shown() and self.instance.pk and self.rows())

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the rows."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, "rows": self.rows()}

        def rows(self) -> list[dict[str, Any]]:
            """Read the variants once."""
            if not hasattr(self, "_rows"):
                links = self.request is not None and self.request.user.has_perm("commerce.view_stockitem")
                self._rows = [_row(variant, links=links) for variant in _variants(self.instance)]
            return self._rows


def _variants(page: Any) -> Any:
    rows = Variant.objects.filter(product__key=page.translation_key, stock__isnull=False)
    return rows.select_related("product", "stock").order_by("-active", "position", "pk")


def _row(variant: Variant, *, links: bool) -> dict[str, Any]:
    item = variant.stock
    return {
        "sku": variant.sku,
        "option": stock_words.option_of(variant=variant),
        "price": words.won(variant.price),
        "on_hand": item.on_hand,
        "available": item.available,
        "level": stock_words.level_text(item),
        "tone": stock_words.level_tone(item),
        "address": reverse("stock:inspect", args=[item.pk]) if links else "",
    }
