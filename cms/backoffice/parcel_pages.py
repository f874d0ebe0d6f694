"""Send a parcel, correct its number, mark it delivered, take it back: a question, the deed, and what came of it."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.log_actions import log

from cms.backoffice import order_acts, parcel_block, parcel_forms, people, words
from cms.backoffice.about_order import AboutOrder
from commerce.fulfilment import dates, selectors, services, tracking
from commerce.fulfilment.models import Shipment

_REFUSED = (services.UnableToShip, tracking.BadNumber)


class _OrderForm(AboutOrder):
    template_name = "backoffice/parcel_act.html"
    label: Any
    slug: str

    def perform(self, answers: dict[str, Any], now: datetime) -> str:
        """Do it and return what to tell."""
        raise NotImplementedError

    def refuse(self, form: Any, refusal: Exception) -> None:
        """Tell why not."""
        form.add_error(None, parcel_forms.why(refusal))

    def get_page_title(self) -> Any:
        """Call the page by what will be done."""
        return self.label

    def get_success_url(self) -> str:
        """Return to the order's parcels."""
        return f"{reverse('orders:inspect', args=[self.order.pk])}#bo-parcels"

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it as the person who asked."""
        user = self.request.user
        try:
            with people.acting(user):
                told = self.perform(form.cleaned_data, timezone.now())
        except Shipment.DoesNotExist:
            messages.warning(self.request, _("Somebody else took this parcel back."))
            return redirect(self.get_success_url())
        except _REFUSED as refusal:
            self.refuse(form, refusal)
            return self.form_invalid(form)
        log(instance=self.order, action=f"backoffice.{self.slug}", user=user, data=_plain(form.cleaned_data))
        messages.success(self.request, told)
        self.warn(form.cleaned_data)
        return redirect(self.get_success_url())

    def warn(self, answers: dict[str, Any]) -> None:
        """Warn of what is odd but may be meant."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show what is wrong."""
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 422
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the order and the words."""
        return {**super().get_context_data(**kwargs), "order": self.order, "label": self.label}

    def _warn_of_same_number(self, answers: dict[str, Any], shipment_id: int) -> None:
        number = answers["tracking_number"]
        same = selectors.same_number(courier=answers["courier"], number=number, but=shipment_id)
        if same:
            text = _("%(number)s is also the number of a parcel of order %(orders)s. Is that right?")
            messages.warning(self.request, text % {"number": number, "orders": ", ".join(same)})


class DispatchPage(_OrderForm):
    """Send a parcel."""

    template_name = "backoffice/dispatch.html"
    label = gettext_lazy("Send a parcel")
    slug = "dispatch"

    def find(self) -> HttpResponse | None:
        """Read what is left."""
        instead = super().find()
        self.found = selectors.parcels(order=self.order)
        return instead

    def get_form(self, form_class: Any = None) -> Any:
        """Ask for units, courier and number."""
        data = self.request.POST if self.request.method == "POST" else None
        return parcel_block.dispatch_form(found=self.found, order=self.order, data=data)

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the units for the deed."""
        self.units = form.units()
        return super().form_valid(form)

    def perform(self, answers: dict[str, Any], now: datetime) -> str:
        """Send it."""
        self.shipment = services.dispatch(
            order_id=self.order.pk,
            lines=self.units,
            courier=answers["courier"].code,
            tracking_number=answers["tracking_number"],
            now=now,
        )
        return _("Sent with %(courier)s, %(number)s. The shopper gets a mail.") % {
            "courier": answers["courier"].name,
            "number": self.shipment.tracking_number,
        }

    def refuse(self, form: Any, refusal: Exception) -> None:
        """Say what is left now, when it is less than was asked for."""
        super().refuse(form, refusal)
        if isinstance(refusal, services.TooMany):
            names = {row.pk: row.title for row in self.order.lines.all()}
            form.add_error(None, parcel_forms.many(refusal, names))

    def warn(self, answers: dict[str, Any]) -> None:
        """Warn of a number that another parcel has."""
        self._warn_of_same_number(answers, self.shipment.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether anything can be sent."""
        possible = bool(self.found.left) and services.may_ship(order=self.order)
        return {**super().get_context_data(**kwargs), "possible": possible}


class _ParcelForm(_OrderForm):
    def find(self) -> HttpResponse | None:
        """Read the parcel, which must be the order's own."""
        instead = super().find()
        rows = Shipment.objects.select_related("courier")
        try:
            self.shipment = rows.get(pk=self.kwargs["shipment"], order=self.order)
        except Shipment.DoesNotExist as unknown:
            raise Http404 from unknown
        return instead

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the parcel."""
        found = selectors.parcel(shipment_id=self.shipment.pk)
        contents = parcel_block.contents(found.items)
        return {**super().get_context_data(**kwargs), "shipment": self.shipment, "contents": contents}


class TrackingPage(_ParcelForm):
    """Correct courier and number."""

    label = gettext_lazy("Correct the tracking number")
    slug = "tracking"
    form_class = parcel_forms.Label

    def get_initial(self) -> dict[str, Any]:
        """Begin with what is known."""
        return {"courier": self.shipment.courier.code, "tracking_number": self.shipment.tracking_number}

    def perform(self, answers: dict[str, Any], now: datetime) -> str:
        """Correct it."""
        changed = services.correct_tracking(
            shipment_id=self.shipment.pk,
            courier=answers["courier"].code,
            tracking_number=answers["tracking_number"],
            now=now,
        )
        return _("Corrected. The shopper gets a mail.") if changed else _("Nothing has changed.")

    def warn(self, answers: dict[str, Any]) -> None:
        """Warn of a number that another parcel has."""
        self._warn_of_same_number(answers, self.shipment.pk)


class DeliveredPage(_ParcelForm):
    """Mark a parcel delivered."""

    label = gettext_lazy("Mark as delivered")
    slug = "delivered"

    def get_form(self, form_class: Any = None) -> Any:
        """Ask for the day."""
        data = self.request.POST if self.request.method == "POST" else None
        return parcel_forms.Delivered(
            data,
            first=dates.day_of(at=self.shipment.shipped_at),
            today=dates.day_of(at=timezone.now()),
        )

    def perform(self, answers: dict[str, Any], now: datetime) -> str:
        """Write it down; only the day counts, so it is taken as late as possible."""
        last = datetime.combine(answers["day"], time(23, 59, 59), words.SEOUL)
        at = max(min(last, now), self.shipment.shipped_at)
        if not services.mark_delivered(shipment_id=self.shipment.pk, at=at, now=now):
            return _("It was marked as delivered already.")
        until = words.calendar_day(dates.withdraw_until(delivered_at=at))
        return _("Delivered. The shopper can return it until %(day)s.") % {"day": until}


class TakeBackPage(_ParcelForm):
    """Undo a dispatch."""

    label = gettext_lazy("Take the parcel back")
    slug = "take-back"
    form_class: type[forms.Form] = order_acts.Plain

    def perform(self, answers: dict[str, Any], now: datetime) -> str:
        """Take it back."""
        services.take_back(shipment_id=self.shipment.pk, now=now)
        return _("The parcel is taken back; its units are to be sent again.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what it means."""
        question = _("The parcel did not leave: what is in it is to be sent again.")
        return {**super().get_context_data(**kwargs), "question": question, "serious": True}


def _plain(answers: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) for name, value in answers.items() if value is not None}
