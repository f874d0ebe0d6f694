"""The page of one stock item: its numbers, the two ways to change them, and everything that ever did."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.log_actions import log

from cms.backoffice import people, policies, stock_words, words
from cms.backoffice.stock_forms import Count, Receive, Terms
from commerce.inventory import ledger, stockroom
from commerce.inventory.models import StockItem, StockMovement
from commerce.orders.models import Order
from commerce.restock import selectors as restock

_PER_PAGE = 50
_FORMS: dict[str, type[Receive] | type[Count] | type[Terms]] = {
    "receive": Receive,
    "count": Count,
    "terms": Terms,
}
_CALLS: dict[str, Any] = {
    "receive": stockroom.receive,
    "count": stockroom.adjust,
    "terms": stockroom.set_terms,
}


class StockPage(generic.InspectView):
    """The page; a POST carries `act`, which says which of the forms was sent."""

    template_name = "backoffice/stock_item.html"
    fields = ["on_hand"]
    object: StockItem
    sent: Receive | Count | Terms | None = None

    def get_object(self, queryset: Any = None) -> StockItem:
        """Read the item with its product."""
        rows = StockItem.objects.select_related("variant__product")
        return get_object_or_404(rows.prefetch_related("variant__product__texts"), pk=self.pk)

    def get_page_title(self) -> str:
        """Call the page by the SKU."""
        return self.object.variant.sku

    def get_page_subtitle(self) -> str:
        """Say nothing twice."""
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": gettext_lazy("Stock")},
            {"url": "", "label": self.object.variant.sku},
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Change the stock; a refusal is told on the form, which keeps what was typed."""
        if not request.user.has_perm(policies.ACT_ON_STOCK):
            raise PermissionDenied
        act = request.POST.get("act", "")
        if act not in _FORMS:
            return redirect(self._address())
        self.sent = _FORMS[act](request.POST)
        if self.sent.is_valid() and self._change(act, self.sent):
            return redirect(self._address())
        answer: HttpResponse = self.render_to_response(self.get_context_data(), status=422)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the template shows."""
        variant = self.object.variant
        page = _movements(self.object, self.request.GET.get("p"))
        return {
            **super().get_context_data(**kwargs),
            "item": self.object,
            "variant": variant,
            "title": stock_words.title_of(variant=variant),
            "option": stock_words.option_of(variant=variant),
            "picture": stock_words.picture_of(variant=variant),
            "price": words.won(variant.price),
            "waiting": restock.waiting(variant_ids=[variant.pk]).get(variant.pk, 0),
            "level": (stock_words.level_text(self.object), stock_words.level_tone(self.object)),
            "may_change": self.request.user.has_perm(policies.ACT_ON_STOCK),
            "receive": self._form(Receive),
            "count": self._form(Count),
            "terms": self._form(Terms),
            "page_obj": page,
            "movements": _ledger(list(page), links=self.request.user.has_perm("commerce.view_order")),
        }

    def _change(self, act: str, form: Any) -> bool:
        answers, user, now = form.cleaned_data, self.request.user, timezone.now()
        try:
            with people.acting(user):
                item = _CALLS[act](variant_id=self.object.variant_id, now=now, **answers)
        except ledger.UnableToChangeStock as refusal:
            form.add_error(*_why(refusal))
            return False
        answers = {name: str(value) if name == "ships_on" else value for name, value in answers.items()}
        log(instance=self.object.variant, action=f"backoffice.{act}", user=user, data=answers)
        text = _("%(sku)s: %(on_hand)s on hand, %(available)s available.")
        messages.success(
            self.request,
            text % {"sku": item.variant.sku, "on_hand": item.on_hand, "available": item.available},
        )
        return True

    def _form(self, kind: Any) -> Any:
        if isinstance(self.sent, kind):
            return self.sent
        item = self.object
        now = {"backorder_limit": item.backorder_limit, "ships_on": item.ships_on}
        return kind(initial=now if kind is Terms else None)

    def _address(self) -> str:
        return reverse("stock:inspect", args=[self.object.pk])


def _why(refusal: ledger.UnableToChangeStock) -> tuple[str, str]:
    """Return the field that cannot stay as it is, and why."""
    if isinstance(refusal, stockroom.BelowPromised):
        text = _("%(reserved)s units are promised to orders: fewer cannot be on the shelf.")
        return "on_hand", text % {"reserved": refusal.reserved}
    if isinstance(refusal, stockroom.BelowOwed):
        text = _("Orders wait for %(owed)s units already: the limit cannot be lower.")
        return "backorder_limit", text % {"owed": refusal.owed}
    raise refusal


def _movements(item: StockItem, number: str | None) -> Page[StockMovement]:
    rows = item.movements.order_by("-at", "-pk")
    return Paginator(rows, _PER_PAGE).get_page(number)


def _ledger(rows: list[StockMovement], *, links: bool) -> list[dict[str, Any]]:
    names = people.names(row.actor for row in rows)
    numbers = {row.reference.removesuffix("-late") for row in rows if row.reference}
    found = Order.objects.filter(number__in=numbers).values_list("number", "pk") if links and numbers else ()
    orders = dict(found)
    return [
        {
            "kind": words.MOVEMENTS[row.kind],
            "on_hand": f"{row.on_hand_difference:+d}" if row.on_hand_difference else "",
            "reserved": f"{row.reserved_difference:+d}" if row.reserved_difference else "",
            "owed": f"{row.owed_difference:+d}" if row.owed_difference else "",
            "terms": _terms(row),
            "reason": row.reason,
            "reference": row.reference,
            "order": orders.get(row.reference.removesuffix("-late")),
            "person": names[row.actor],
            "at": words.moment(row.at),
        }
        for row in rows
    ]


def _terms(row: StockMovement) -> str:
    if row.kind != StockMovement.Kind.TERMS:
        return ""
    limit = f"{row.limit_difference:+d}" if row.limit_difference else ""
    day = _("ships on %(day)s") % {"day": row.ships_on.isoformat()} if row.ships_on else ""
    return " · ".join(filter(None, (limit, day)))
