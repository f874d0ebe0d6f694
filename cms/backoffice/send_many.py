"""Send several orders at once: courier and tracking number of each on one page; what is wrong is said in its row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.log_actions import log

from cms.backoffice import parcel_block, people, policies, tracking_plan
from cms.backoffice.beside_to_ship import BesideToShip
from cms.backoffice.tracking_file import Row
from commerce.fulfilment import selectors
from commerce.fulfilment.models import Courier, Shipment
from commerce.fulfilment.selectors import Packed
from commerce.orders.models import Order

MOST = 100  # orders on one page


@dataclass(slots=True, kw_only=True)
class Entry:
    """An order on the page, what was typed for it, and what is wrong with that."""

    order: Order
    recipient: str
    contents: str
    waiting: int
    courier: str = ""
    number: str = ""
    anyway: bool = False
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def row(self) -> Row:
        """Return it as a row of a file would say it: everything that lies here, in one parcel."""
        return Row(
            line=self.order.pk,
            order=self.order.number,
            courier=self.courier,
            number=self.number,
            sku="",
            quantity="",
        )


class SendPage(BesideToShip, TemplateView):
    """The ticked orders (GET `?order=`), and sending those that got a number (POST)."""

    template_name = "backoffice/send_many.html"
    header_icon = "redirect"
    page_title = gettext_lazy("Enter tracking numbers")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the ticked orders; without any, the most urgent ones."""
        entries = self._entries(request.GET.getlist("order"))
        if not entries:
            messages.warning(request, _("None of these orders can be sent now."))
            return redirect("to-ship:index")
        return self._show(entries)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send what is right, and keep what is not with what was typed."""
        entries = self._entries(request.POST.getlist("order"), typed=True)
        wanted = [entry for entry in entries if entry.number]
        if not wanted:
            messages.warning(request, _("No tracking number was entered: nothing is sent."))
            return self._show(entries, status=422) if entries else redirect("to-ship:index")
        sent = self._send(wanted)
        self._tell(sent, len(wanted))
        left = [entry for entry in entries if entry.order.pk not in sent]
        if not any(entry.errors or entry.warnings for entry in left):
            return redirect("to-ship:index")
        return self._show(left, status=422)

    def _send(self, entries: Sequence[Entry]) -> set[int]:
        """Send the entries without faults; return the orders that were sent."""
        parcels = tracking_plan.judge(rows=[entry.row() for entry in entries])
        by_order = {parcel.rows[0].line: parcel for parcel in parcels}
        for entry in entries:
            parcel = by_order[entry.order.pk]
            entry.warnings = [] if entry.anyway else parcel.warnings
        held = {entry.order.pk for entry in entries if entry.warnings}
        now = timezone.now()
        with people.acting(self.request.user):
            tracking_plan.carry_out(
                parcels=[parcel for pk, parcel in by_order.items() if pk not in held], now=now
            )
        for entry in entries:
            entry.errors = by_order[entry.order.pk].errors
        return {pk for pk, parcel in by_order.items() if parcel.sent}

    def _entries(self, keys: Sequence[str], *, typed: bool = False) -> list[Entry]:
        ids = [int(text) for text in keys if text.isascii() and text.isdigit() and len(text) < 19]
        rows = selectors.to_ship().filter(pk__in=ids) if ids else selectors.to_ship()
        orders = list(rows.prefetch_related("lines")[:MOST])
        left, ready = selectors.left_and_ready_of(orders=orders)
        last = Shipment.objects.order_by("-pk").values_list("courier__code", flat=True).first()
        entries = []
        for order in orders:
            if not ready[order.pk] and not typed:
                continue
            entry = self._entry(order, left[order.pk], ready[order.pk])
            entry.courier = self._typed("courier", order) if typed else last or ""
            if typed:
                entry.number = self._typed("number", order)
                entry.anyway = bool(self._typed("anyway", order))
            entries.append(entry)
        return entries

    def _entry(self, order: Order, left: dict[int, int], ready: dict[int, int]) -> Entry:
        packed = [
            Packed(line=line, quantity=ready[line.pk]) for line in order.lines.all() if line.pk in ready
        ]
        sees = self.request.user.has_perm(policies.SEE_PEOPLE)
        return Entry(
            order=order,
            recipient=order.recipient_name if sees else people.mask_name(order.recipient_name),
            contents=", ".join(parcel_block.contents(packed)),
            waiting=sum(left.values()) - sum(ready.values()),
        )

    def _typed(self, name: str, order: Order) -> str:
        return self.request.POST.get(f"{name}-{order.pk}", "").strip()[:60]

    def _show(self, entries: Sequence[Entry], *, status: int = 200) -> HttpResponse:
        couriers: list[Courier] = list(selectors.couriers())
        context = self.get_context_data(entries=entries, couriers=couriers)
        return self.render_to_response(context, status=status)

    def _tell(self, sent: set[int], wanted: int) -> None:
        user = self.request.user
        log(
            instance=user,
            action="backoffice.send_many",
            user=user,
            data={"parcels": wanted, "sent": len(sent)},
        )
        count = len(sent)
        text = ngettext("%(count)d parcel is sent.", "%(count)d parcels are sent.", count) % {"count": count}
        if count:
            messages.success(self.request, text)
        if wanted > count:
            kept = wanted - count
            messages.warning(
                self.request,
                ngettext(
                    "%(count)d row needs another look: it was not sent.",
                    "%(count)d rows need another look: they were not sent.",
                    kept,
                )
                % {"count": kept},
            )
