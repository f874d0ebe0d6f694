"""Facts, deliveries and orders for tests."""

import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from commerce.catalog.models import Product, Variant
from commerce.events import outbox, types
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus, Status
from commerce.payments import refunds
from commerce.payments import services as payments
from commerce.payments.models import Payment, Refund
from commerce.payments.refunds import LinePart, Parts
from commerce.payments.states import PaymentState
from workers import fanout
from workers.jobs import Context, Fact, Handler
from workers.models import Delivery

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)  # 18:30 in Seoul


def paid_fact(order_id: int = 1) -> uuid.UUID:
    """Record that an order was paid; only the fact."""
    with transaction.atomic():
        return outbox.record(
            types.OrderPaid(
                order_id=order_id,
                number=f"20261124-{order_id:07d}",
                total=1000,
                currency="KRW",
                occurred_at=NOW,
            )
        )


def handler(function: Callable[[Fact, Context], None], **options: Any) -> Handler:
    """Return a handler as routes hold them."""
    return Handler(**{"name": "test.handler", "function": function, "queue": "db", "kind": "db"} | options)


def delivery(handler_: Handler, order_id: int = 1) -> Delivery:
    """Record a fact and fan it out to one handler."""
    paid_fact(order_id)
    assert fanout.fan_out(routes={types.OrderPaid.name: (handler_,)}) == 1
    return Delivery.objects.latest("pk")


def an_order(*, language: str = "ko", method: str = "CARD") -> Order:
    """Open an order of one cup in two pieces and a plate, with its payment; recorded facts are not fanned out."""
    product = Product.objects.create(key=uuid.uuid4(), slug=f"cup-{uuid.uuid4().hex[:6]}")
    cup, plate = (
        Variant.objects.create(product=product, sku=f"{name}-{uuid.uuid4().hex[:6].upper()}", price=price)
        for name, price in (("CUP", 24000), ("PLATE", 38000))
    )
    with transaction.atomic():
        order = orders.open_order(
            cart_id=None,
            contact=orders.Contact(
                email="hana@example.com",
                name="김하나",
                phone="01012345678",
                recipient_name="김하나",
                recipient_phone="01012345678",
                postcode="03044",
                address1="서울 종로구 효자로 12",
                address2="3층",
            ),
            items=[
                orders.Item(
                    variant_id=cup.pk,
                    sku=cup.sku,
                    title="달항아리 컵" if language == "ko" else "Moon jar cup",
                    option_text="백자" if language == "ko" else "White",
                    slug=product.slug,
                    unit_price=24000,
                    quantity=2,
                ),
                orders.Item(
                    variant_id=plate.pk,
                    sku=plate.sku,
                    title="접시 <큰>" if language == "ko" else "Plate <large>",
                    option_text="",
                    slug=product.slug,
                    unit_price=38000,
                    quantity=1,
                ),
            ],
            terms=orders.Terms(
                language=language,
                shipping_name="택배",
                shipping_total=3000,
                terms_version="1",
                pay_until=NOW + timedelta(hours=24),
            ),
            now=NOW,
        )
        payments.open_payment(order_id=order.pk, amount=order.total, method=method, now=NOW)
    return order


def pay(order: Order) -> None:
    """Mark an order paid, as settling does."""
    with transaction.atomic():
        Payment.objects.filter(order=order).update(state=PaymentState.PAID, received=order.total)
        orders.mark_paid(order=order, paid_at=NOW, now=NOW)


def refund(order: Order, *, goods: int, shipping: int = 0, fee: int = 0, account: str = "") -> Refund:
    """Ask for money of a paid order back: a unit of its first line for `goods` won."""
    line = order.lines.order_by("pk")[0]
    with transaction.atomic():
        Payment.objects.filter(order=order).update(account={"number": account} if account else {})
        return refunds.request(
            payment=Payment.objects.get(order=order),
            cause="test",
            parts=Parts(
                lines=[LinePart(line_id=line.pk, quantity=1, amount=goods)], shipping=shipping, fee=fee
            ),
            reason="change of mind",
            now=NOW,
        )


def state_of(order: Order, *, status: Status, payment: PaymentStatus) -> None:
    """Set where an order stands."""
    Order.objects.filter(pk=order.pk).update(status=status, payment_status=payment)


def elsewhere(work: Callable[[], Any]) -> Any:
    """Run `work` on a database connection of its own and return its result or raise its error."""
    results: list[Any] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again by the caller
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=30)
    if errors:
        raise errors[0]
    return results[0]


def age(seconds: int) -> None:
    """Let time pass for every lease and due time."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE workers_delivery SET lease_until = lease_until - make_interval(secs => %s),
                      available_at = available_at - make_interval(secs => %s)""",
            [seconds, seconds],
        )
