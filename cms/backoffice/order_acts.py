"""What staff may do with an order. Each act is asked about, done by a use case of the shop, and told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.backoffice import receipt_facts, words
from commerce.checkout import closing, paybacks, refunding, settling
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.orders.states import Status
from commerce.payments.gateway import Gateway, GatewayTrouble, ReceiptRefused
from commerce.payments.models import Refund
from commerce.payments.states import RefundState


class UnableToAct(Exception):
    """An act was refused; its text is for the person at the desk."""


class Plain(forms.Form):
    """An act that needs no words."""


class Noted(forms.Form):
    """An act that must be explained."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("It stays on the order's timeline."),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something to do with an order; `perform` returns what to tell afterwards."""

    slug: str
    label: words.Words
    question: words.Words
    icon: str
    possible: Callable[[Order], bool]
    perform: Callable[[Order, dict[str, Any], Gateway, datetime], str]
    form: type[forms.Form] = Plain
    serious: bool = False


def possible(*, order: Order) -> list[Act]:
    """Return what can be done with an order as it stands."""
    return [act for act in ACTS.values() if act.possible(order)]


def perform(*, act: Act, order: Order, answers: dict[str, Any], gateway: Gateway, now: datetime) -> str:
    """Do it and return what to tell.

    Raises:
        UnableToAct: it was refused, or the provider could not be asked.
    """
    if not act.possible(order):
        raise UnableToAct(_("This is no longer possible: the order has moved on."))
    try:
        return act.perform(order, answers, gateway, now)
    except GatewayTrouble as trouble:
        raise UnableToAct(
            _("PortOne cannot be reached at the moment. Nothing was changed: try again in a few minutes.")
        ) from trouble


def _ask(order: Order, answers: dict[str, Any], gateway: Gateway, now: datetime) -> str:
    outcome = settling.settle_payment(payment_id=order.payment.payment_id, gateway=gateway, now=now)
    return str(words.OUTCOMES[outcome])


def _look(order: Order, answers: dict[str, Any], gateway: Gateway, now: datetime) -> str:
    if not orders.clear_flag(order_id=order.pk, note=answers["note"], now=now):
        raise UnableToAct(_("Somebody else took the flag off already."))
    return _("The flag is gone; your note is on the timeline.")


def _cancel(order: Order, answers: dict[str, Any], gateway: Gateway, now: datetime) -> str:
    try:
        closing.cancel_unpaid(
            order_id=order.pk, reason="cancelled by the shop", note=answers["note"], gateway=gateway, now=now
        )
    except closing.BeingConfirmed as refusal:
        raise UnableToAct(
            _(
                "The customer has just agreed to pay and the goods are held for it. If no money comes of it, the "
                "order can be cancelled from %(time)s on."
            )
            % {"time": words.moment(refusal.until)}
        ) from refusal
    except closing.NotUnpaid as refusal:
        raise UnableToAct(
            _("Not cancelled. %(outcome)s") % {"outcome": words.OUTCOMES[refusal.outcome]}
        ) from refusal
    return _("The order is cancelled and its stock is free again.")


def _refund(order: Order, answers: dict[str, Any], gateway: Gateway, now: datetime) -> str:
    refund = _open_refund(order)
    if refund is None:
        raise UnableToAct(_("Nothing is left to give back."))
    state = paybacks.execute_refund(refund_id=refund.pk, gateway=gateway, now=now)
    if state == RefundState.FAILED:
        refund.refresh_from_db()
        raise UnableToAct(_("PortOne refused the refund: %(why)s") % {"why": refund.failure or "–"})
    if state == RefundState.WAITING_FOR_ACCOUNT:
        return _("The customer is asked for an account first.")
    if state == RefundState.PENDING:
        return _("PortOne has taken the refund and is working on it.")
    return _("%(amount)s went back.") % {"amount": words.won(refund.amount)}


def _give_up(order: Order, answers: dict[str, Any], gateway: Gateway, now: datetime) -> str:
    refund = _stuck_refund(order)
    try:
        given_up = refund and refunding.abandon(refund_id=refund.pk, note=answers["note"], now=now)
    except refunding.NotOurs as refusal:
        raise UnableToAct(
            _(
                "This money came for an order that was closed, so it is the customer's and must go back: try the "
                "refund again, or cancel the payment in PortOne's console."
            )
        ) from refusal
    if refund is None or not given_up:
        raise UnableToAct(_("This refund is under way or done."))
    return _("The refund of %(amount)s is given up.") % {"amount": words.won(refund.amount)}


def _settle_receipt(order: Order, answers: dict[str, Any], gateway: Gateway, now: datetime) -> str:
    number = answers.pop("number")  # it must not reach the log of what staff did
    try:
        receipt_facts.retry(order, number=number, gateway=gateway, now=now)
    except ReceiptRefused as refusal:
        raise UnableToAct(_("The cash receipt was refused: %(why)s") % {"why": refusal}) from refusal
    return _("The cash receipt is settled.")


def _stuck_refund(order: Order) -> Refund | None:
    states = [RefundState.FAILED, RefundState.WAITING_FOR_ACCOUNT]
    return Refund.objects.filter(payment__order=order, state__in=states).order_by("requested_at").first()


def _open_refund(order: Order) -> Refund | None:
    states = [RefundState.FAILED, RefundState.REQUESTED]
    return Refund.objects.filter(payment__order=order, state__in=states).order_by("requested_at").first()


ACTS = {
    act.slug: act
    for act in (
        Act(
            slug="ask",
            label=gettext_lazy("Ask PortOne again"),
            question=gettext_lazy(
                "PortOne is asked what became of the payment; the order follows what it says."
            ),
            icon="rotate",
            possible=lambda order: hasattr(order, "payment"),
            perform=_ask,
        ),
        Act(
            slug="looked-at",
            label=gettext_lazy("Mark as looked at"),
            question=gettext_lazy("The flag goes away. Say what you found, for whoever comes after you."),
            icon="check",
            possible=lambda order: bool(order.flag),
            perform=_look,
            form=Noted,
        ),
        Act(
            slug="refund",
            label=gettext_lazy("Retry refund"),
            question=gettext_lazy("PortOne is asked what is left of the payment and gives it back."),
            icon="resubmit",
            possible=lambda order: _open_refund(order) is not None,
            perform=_refund,
        ),
        Act(
            slug="give-up-refund",
            label=gettext_lazy("Give up refund"),
            question=gettext_lazy(
                "The oldest refund that PortOne refused, or that has no account, counts for nothing any more: "
                "its units and its sum can be refunded anew. Say how the customer gets the money."
            ),
            icon="cross",
            possible=lambda order: _stuck_refund(order) is not None,
            perform=_give_up,
            form=Noted,
            serious=True,
        ),
        Act(
            slug="receipt",
            label=gettext_lazy("Retry cash receipt"),
            question=gettext_lazy(
                "PortOne is asked which cash receipt stands; one over another sum than what is left of the "
                "payment is cancelled and issued anew."
            ),
            icon="resubmit",
            possible=lambda order: receipt_facts.is_stuck(order=order),
            perform=_settle_receipt,
            form=receipt_facts.Number,
        ),
        Act(
            slug="cancel",
            label=gettext_lazy("Cancel unpaid order"),
            question=gettext_lazy(
                "PortOne is asked first: an order that turns out to be paid stays. "
                "Otherwise the order is cancelled for good and its stock is free again."
            ),
            icon="cross",
            possible=lambda order: order.status == Status.PLACED and hasattr(order, "payment"),
            perform=_cancel,
            form=Noted,
            serious=True,
        ),
    )
}
