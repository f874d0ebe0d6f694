"""Orders for programs: place one, once per key, and see how it stands. No cookies, no session; documented in docs/api.md."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt

from commerce import limits
from commerce.cart import services as carts
from commerce.checkout import idempotency, services
from commerce.checkout.api import bodies
from commerce.checkout.api.problems import Problem
from commerce.checkout.idempotency import Answer, Claim
from commerce.orders import selectors as order_selectors
from commerce.orders.models import Order
from commerce.payments import portone
from commerce.payments.gateway import GatewayTrouble

logger = logging.getLogger(__name__)
View = Callable[..., JsonResponse]


def speaks_json(view: View) -> View:
    """Let a view refuse with a `Problem`, whatever goes wrong."""

    @csrf_exempt  # who calls has no cookie that another site could use
    @cache_control(private=True, no_store=True)
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        try:
            return view(request, *args, **kwargs)
        except Problem as problem:
            return problem.response()
        except OperationalError as busy:  # a lock or a statement took too long: nothing was written
            logger.warning("a request of the API was given up: %s", busy)
            return Problem(503, "busy", gettext("The shop is busy. Please try again."), again=2).response()
        except Exception:
            logger.exception("a request of the API failed")
            return Problem(500, "internal_error", gettext("Something went wrong.")).response()

    return guarded


@speaks_json
def orders(request: HttpRequest) -> JsonResponse:
    """Place an order. The header `Idempotency-Key` makes a repetition safe."""
    _allow(request, "POST")
    now = timezone.now()
    _not_too_often(request, now=now)
    key = _key(request)
    data, text = bodies.read(request)
    with override(bodies.language(data)):
        try:
            claim = idempotency.claim(
                scope="api-orders",
                key=key,
                fingerprint=idempotency.fingerprint(request=text),
                now=now,
            )
        except idempotency.OtherRequest:
            message = gettext("This key was used for another request.")
            raise Problem(422, "idempotency_conflict", message) from None
        except idempotency.InFlight:
            message = gettext("The same request is being carried out.")
            again = idempotency.RETRY_SECONDS
            raise Problem(409, "idempotency_in_flight", message, again=again) from None
        if isinstance(claim, Answer):
            return _answer(claim, replayed=True)
        return _answer(_carry_out(claim, data, now=now))


@speaks_json
def order(request: HttpRequest, token: str) -> JsonResponse:
    """Say how an order stands, to whoever has its token."""
    _allow(request, "GET", "HEAD")
    _not_too_often(request, now=timezone.now())
    found = order_selectors.by_token(token=token)
    if found is None:
        raise Problem(404, "not_found", gettext("There is no such order."))
    return JsonResponse(_whole(found))


def _carry_out(claim: Claim, data: dict[str, Any], *, now: datetime) -> Answer:
    """Place the order of a claimed request and keep the answer; a refusal that may end differently is not kept."""
    try:
        answer = _place(claim, bodies.order(data), now=now)
    except Problem as problem:
        if not problem.kept:
            idempotency.drop(claim=claim)
            raise
        answer = Answer(problem.status, problem.body)
    except Exception:
        idempotency.drop(claim=claim)
        raise
    idempotency.keep(claim=claim, answer=answer)
    return answer


def _place(claim: Claim, body: bodies.OrderBody, *, now: datetime) -> Answer:
    """Place the order from a cart that carries the id of the work: a second try finds what a first one placed."""
    try:
        carts.fill(token=claim.work, quantities=body.quantities, now=now)
        placed = services.place_order(
            cart_token=claim.work,
            shown_total=body.expected_total,
            contact=body.contact,
            method=body.method,
            language=body.language,
            now=now,
        )
    except carts.NotForSale as unknown:
        place = list(body.quantities).index(str(unknown))
        message = gettext("This product is not sold: %(sku)s") % {"sku": unknown}
        raise Problem(400, "not_for_sale", message, param=f"lines[{place}].sku") from None
    except carts.TooMany as many:
        message = gettext("You can order at most %(limit)d of one product.") % {"limit": many.limit}
        raise Problem(400, "too_many", message, param="lines") from None
    except services.CartChanged as changed:
        carts.discard(token=claim.work)
        raise _changed(changed) from None
    return Answer(201, _whole(placed) | {"payment_url": _payment_url(placed)})


def _changed(changed: services.CartChanged) -> Problem:
    """Say what is not as the caller expects: what is short, or the right total."""
    quote = changed.quote
    short = [
        {"sku": line.sku, "reason": str(line.problem), "available": line.available}
        for line in quote.lines
        if line.problem
    ]
    if short:
        message = gettext("Some products cannot be had in this quantity.")
        return Problem(409, "out_of_stock", message, param="lines", lines=short)
    if not quote.deliverable:
        return Problem(409, "no_delivery", gettext("The shop sends no parcels at the moment."))
    message = gettext("The total is not what you expect.")
    amounts = {"total": quote.total, "goods": quote.goods, "shipping": quote.shipping.fee}
    return Problem(409, "total_changed", message, param="expected_total", **amounts)


def _payment_url(placed: Order) -> str:
    """Return where the order is paid: its window, or its page while the provider cannot be reached."""
    try:
        services.prepare_payment(order=placed, gateway=portone.gateway())
    except GatewayTrouble as trouble:
        logger.warning("the payment of order %s could not be prepared: %s", placed.number, trouble)
        return _absolute("order", placed)
    return _absolute("pay", placed)


def _whole(placed: Order) -> dict[str, Any]:
    return {
        "number": placed.number,
        "token": placed.token,
        "status": str(placed.status),
        "payment_status": str(placed.payment_status),
        "fulfilment_status": str(placed.fulfilment_status),
        "currency": placed.payment.currency,
        "goods": placed.items_total,
        "shipping": placed.shipping_total,
        "discount": placed.discount_total,
        "total": placed.total,
        "vat": placed.vat,
        "pay_until": placed.pay_until.isoformat(),
        "lines": [
            {
                "sku": line.sku,
                "title": line.title,
                "options": line.option_text,
                "quantity": line.quantity,
                "unit_price": line.unit_price,
                "total": line.total,
                "late": line.late,
                "ships_on": line.ships_on.isoformat() if line.ships_on else None,
            }
            for line in placed.lines.all()
        ],
        "order_url": _absolute("order", placed),
    }


def _absolute(name: str, placed: Order) -> str:
    with override(placed.language):
        return f"{settings.SHOP_BASE_URL.rstrip('/')}{reverse(name, args=[placed.token])}"


def _answer(answer: Answer, *, replayed: bool = False) -> JsonResponse:
    response = JsonResponse(answer.body, status=answer.status)
    if replayed:
        response["Idempotent-Replayed"] = "true"
    return response


def _key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        message = gettext("The header Idempotency-Key is missing.")
        raise Problem(400, "idempotency_key_required", message)
    if len(key) > 255 or not key.isascii() or not key.isprintable():
        message = gettext("The header Idempotency-Key has at most 255 plain letters and digits.")
        raise Problem(400, "invalid_idempotency_key", message)
    return key


def _allow(request: HttpRequest, *methods: str) -> None:
    if request.method not in methods:
        raise Problem(405, "method_not_allowed", gettext("This address knows %s only.") % ", ".join(methods))


def _not_too_often(request: HttpRequest, *, now: datetime) -> None:
    wait = limits.seconds_to_wait(
        name="api",
        who=limits.client(request),
        tries=settings.API_TRIES,
        seconds=settings.API_SECONDS,
        now=now,
    )
    if wait:
        raise Problem(429, "rate_limit_exceeded", gettext("Too many requests."), again=wait)
