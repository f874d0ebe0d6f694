"""Orders, stock, people and a payment provider for tests of the back office."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from commerce.catalog.models import Product, ProductText, Variant
from commerce.customers.models import User
from commerce.inventory import stock, stockroom
from commerce.inventory.models import StockItem
from commerce.orders import services as orders
from commerce.orders.models import Order
from commerce.payments import services as payments
from commerce.payments.gateway import (
    BankAccount,
    GatewayPayment,
    GatewayRefund,
    GatewayTrouble,
    PaymentUnknown,
)
from commerce.payments.models import Payment
from commerce.payments.states import PaymentState, RefundState

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)  # 18:30 in Seoul


def variant(*, sku: str = "CUP-W", title: str = "달항아리 컵", on_hand: int = 10, **fields: Any) -> Variant:
    """Return a variant on sale with units on the shelf."""
    product = Product.objects.create(
        key=uuid.uuid4(), slug=sku.lower(), listed=True, pictures=fields.pop("pictures", [])
    )
    ProductText.objects.create(product=product, language="ko", title=title)
    row = Variant.objects.create(
        product=product, sku=sku, price=24_000, options=[{"ko": "백자", "en": "White"}], **fields
    )
    stock.open_item(variant_id=row.pk)
    if on_hand:
        stockroom.receive(variant_id=row.pk, quantity=on_hand, reason="first delivery", now=NOW)
    return row


def stock_of(row: Variant) -> tuple[int, int]:
    """Return on hand and promised."""
    item = StockItem.objects.get(variant=row)
    return item.on_hand, item.reserved


def order(
    *, item: Variant, quantity: int = 2, now: datetime = NOW, method: str = "CARD", **who: Any
) -> Order:
    """Return an unpaid order with its payment and its stock promised."""
    contact = {
        "email": "hana@example.com",
        "name": "김마루",
        "phone": "01012345678",
        "recipient_name": "박하나",
        "recipient_phone": "01087654321",
        "postcode": "03044",
        "address1": "서울 종로구 효자로 12",
        "address2": "3층",
        "delivery_note": "문 앞에 놓아 주세요",
        **who,
    }
    until = now + timedelta(minutes=30)
    with transaction.atomic():
        row = orders.open_order(
            cart_id=None,
            contact=orders.Contact(**contact),
            items=[
                orders.Item(
                    variant_id=item.pk,
                    sku=item.sku,
                    title=item.product.texts.get(language="ko").title,
                    option_text="백자",
                    slug=item.product.slug,
                    unit_price=item.price,
                    quantity=quantity,
                    picture=item.product.pictures[0] if item.product.pictures else {},
                )
            ],
            terms=orders.Terms(
                language="ko", shipping_name="택배", shipping_total=3_000, terms_version="1", pay_until=until
            ),
            now=now,
        )
        payments.open_payment(order_id=row.pk, amount=row.total, method=method, now=now)
        stock.reserve(quantities={item.pk: quantity}, reference=row.number, expires_at=until, now=now)
    return Order.objects.select_related("payment").get(pk=row.pk)


class Provider:
    """A payment provider that knows what a test tells it; `down` makes it unreachable."""

    def __init__(self) -> None:
        self.known: dict[str, GatewayPayment] = {}
        self.down = False
        self.refund_state = RefundState.SUCCEEDED
        self.refunded: list[int] = []

    def says(self, payment: Payment, state: PaymentState, **fields: Any) -> None:
        """Let the provider know a payment in this state."""
        self.known[payment.payment_id] = GatewayPayment(
            payment_id=payment.payment_id,
            store_id=settings.PORTONE_STORE_ID,
            state=state,
            total=fields.pop("total", payment.amount),
            tax_free=0,
            cancelled=fields.pop("cancelled", 0),
            currency="KRW",
            transaction_id="tx-1",
            version="V2",
            changed_at=fields.pop("changed_at", NOW),
            paid_at=NOW if state == PaymentState.PAID else None,
            method_detail="신한카드",
            provider="TOSSPAYMENTS",
            **fields,
        )

    def register(self, *, payment_id: str, amount: int) -> None:
        """Accept any amount."""

    def fetch(self, *, payment_id: str) -> GatewayPayment:
        """Return what is known."""
        if self.down:
            raise GatewayTrouble("timeout")
        if payment_id not in self.known:
            raise PaymentUnknown(payment_id)
        return self.known[payment_id]

    def refund(
        self,
        *,
        payment_id: str,
        amount: int,
        cancellable: int,
        reason: str,
        vat: int | None = None,
        account: BankAccount | None = None,
        by_customer: bool = False,
    ) -> GatewayRefund:
        """Give money back, or refuse."""
        found = self.known[payment_id]
        if self.refund_state == RefundState.FAILED:
            return GatewayRefund(
                state=self.refund_state, cancellation_id="", failure="card closed", amount=amount
            )
        one = GatewayRefund(
            state=self.refund_state,
            cancellation_id=f"c-{len(found.refunds) + 1}",
            amount=amount,
            reason=reason,
        )
        changes: dict[str, Any] = {"refunds": (*found.refunds, one)}
        if self.refund_state == RefundState.SUCCEEDED:
            self.refunded.append(amount)
            cancelled = found.cancelled + amount
            whole = cancelled == found.total
            state = PaymentState.CANCELLED if whole else PaymentState.PARTLY_CANCELLED
            changes |= {"cancelled": cancelled, "state": state}
        self.known[payment_id] = replace(found, **changes)
        return one


def person(email: str, *, group: str = "", permissions: tuple[str, ...] = (), **fields: Any) -> User:
    """Return somebody who may use the admin as far as group and permissions reach."""
    user = User.objects.create_user(email, "correct horse", **fields)
    if group:
        user.groups.add(Group.objects.get(name=group))
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user
