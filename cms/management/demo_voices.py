"""Let the demo shop have been bought from: orders that were paid and arrived, reviews of them, and questions."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from cms.demo.content.voices import BUYERS, QUESTIONS, Buyer, Said
from cms.demo.images import FOLDER
from commerce.cart import quotes
from commerce.cart import services as carts
from commerce.cart.models import Cart
from commerce.catalog.models import Product, Variant
from commerce.checkout import services as checkout
from commerce.checkout import settling
from commerce.fulfilment import services as fulfilment
from commerce.inventory import stockroom
from commerce.orders.models import Order
from commerce.orders.services import Contact
from commerce.payments.gateway import GatewayPayment
from commerce.payments.models import Payment
from commerce.payments.states import PaymentState
from commerce.photos import files
from commerce.photos.files import Photo
from commerce.questions import services as questions
from commerce.questions.models import Question
from commerce.reviews import services as reviews
from commerce.reviews.models import Review

REASON = "데모 주문"
_COURIER = "cj"
_KEYS = uuid.uuid5(uuid.NAMESPACE_DNS, "questions.maru.example")
_ARRIVES, _SAYS, _DECIDED, _ANSWERED = (timedelta(days=days) for days in (2, 5, 6, 7))  # after the order


class PaidAtOnce:
    """A provider that took the money of every payment at a moment: no window was ever opened for these."""

    def __init__(self, *, at: datetime) -> None:
        self.at = at

    def fetch(self, *, payment_id: str) -> GatewayPayment:
        """Return a payment that is paid."""
        payment = Payment.objects.get(payment_id=payment_id)
        return GatewayPayment(
            payment_id=payment_id,
            store_id=settings.PORTONE_STORE_ID,
            state=PaymentState.PAID,
            total=payment.amount,
            tax_free=0,
            cancelled=0,
            currency=payment.currency,
            transaction_id=f"demo-{payment_id}",
            version="V2",
            changed_at=self.at,
            paid_at=self.at,
            provider="DEMO",
        )


def let_them_speak(*, now: datetime) -> int:
    """Make what is missing of orders, reviews and questions; return how many orders are new.

    An order is complete once its buyer confirmed it, so that a run that was cut off is finished by the next.
    """
    made = sum(_bought(buyer, at=now - timedelta(days=buyer.days)) for buyer in BUYERS)
    if not Question.objects.exists():
        _ask(now=now)
    return made


def _bought(buyer: Buyer, *, at: datetime) -> bool:
    order = Order.objects.filter(email=_email(buyer)).first()
    if order and order.confirmed_at:
        return False
    if order is None:
        order = _order(buyer, at=at)
    else:
        at = order.placed_at  # of the run that was cut off
    _deliver(order, buyer, at=at)
    for said in buyer.said:
        _review(order, said, buyer.language, at=at)
    fulfilment.confirm_purchase(order_id=order.pk, now=at + _ANSWERED)
    return True


def _order(buyer: Buyer, *, at: datetime) -> Order:
    cart = _cart(buyer, at=at)
    quote = quotes.quote(token=cart.token, language=buyer.language, now=at)
    phone = f"0100000{buyer.key}"
    return checkout.place_order(
        cart_token=cart.token,
        shown_total=quote.total,
        contact=Contact(
            email=_email(buyer),
            name=buyer.name,
            phone=phone,
            recipient_name=buyer.name,
            recipient_phone=phone,
            postcode="04524",
            address1="서울특별시 중구 데모로 1",
        ),
        method="CARD",
        language=buyer.language,
        now=at,
    )


def _cart(buyer: Buyer, *, at: datetime) -> Cart:
    """Fill a cart with units that came in beside those of the first delivery, which stay on the shelf."""
    cart: Cart | None = None
    variants = dict(
        Variant.objects.filter(sku__in=[said.sku for said in buyer.said]).values_list("sku", "pk")
    )
    for said in buyer.said:
        stockroom.receive(variant_id=variants[said.sku], quantity=1, reason=REASON, now=at)
        cart = carts.add(token=cart.token if cart else None, sku=said.sku, quantity=1, now=at)
    assert cart is not None
    return cart


def _deliver(order: Order, buyer: Buyer, *, at: datetime) -> None:
    if not order.paid_at:
        payment = Payment.objects.get(order=order)
        settling.settle_payment(payment_id=payment.payment_id, gateway=PaidAtOnce(at=at), now=at)  # type: ignore[arg-type]  # it only fetches
    shipment = order.shipments.first()
    if shipment is None:
        shipment = fulfilment.dispatch(
            order_id=order.pk,
            lines=dict(order.lines.values_list("pk", "quantity")),
            courier=_COURIER,
            tracking_number=f"00000000{buyer.key}",
            now=at + _ARRIVES / 2,
        )
    fulfilment.mark_delivered(shipment_id=shipment.pk, at=at + _ARRIVES, now=at + _ARRIVES)


def _review(order: Order, said: Said, language: str, *, at: datetime) -> None:
    line = order.lines.get(sku=said.sku)
    review = Review.objects.filter(order_line=line).first() or reviews.post(
        order_id=order.pk,
        line_id=line.pk,
        rating=said.stars,
        text=said.text,
        language=language,
        pictures=_photos(said.photo),
        now=at + _SAYS,
    )
    if not said.waits:
        reviews.publish(review_id=review.pk, now=at + _DECIDED)
    if said.reply:
        reviews.answer(review_id=review.pk, reply=said.reply, now=at + _ANSWERED)


def _photos(file: str) -> list[Photo]:
    source = FOLDER / f"{file}.jpg"
    if not file or not source.exists():
        return []
    with source.open("rb") as content:
        return [files.clean(size=source.stat().st_size, content=content)]


@transaction.atomic
def _ask(*, now: datetime) -> None:
    products = dict(Product.objects.values_list("slug", "pk"))
    for place, asked in enumerate(QUESTIONS):
        at = now - timedelta(days=asked.days)
        question = questions.ask(
            product_id=products[asked.slug],
            name=asked.name,
            email=f"asker{place + 1}@maru.example",
            text=asked.text,
            secret=asked.secret,
            language=asked.language,
            key=uuid.uuid5(_KEYS, str(place)),
            now=at,
        )
        if asked.answer:
            questions.answer(question_id=question.pk, text=asked.answer, now=at + timedelta(hours=5))


def _email(buyer: Buyer) -> str:
    return f"buyer{buyer.key}@maru.example"
