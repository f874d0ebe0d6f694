"""Leave the shop (회원 탈퇴): what the law wants kept is put aside, and everything else is forgotten at once."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import transaction

from commerce.accounts import farewell
from commerce.claims import selectors as claims
from commerce.customers.models import User
from commerce.events import outbox, types
from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus, Status
from commerce.payments.models import Refund
from commerce.payments.states import RefundState
from commerce.privacy import exporting, parts, retaining
from commerce.privacy.models import PersonalExport


class Why(StrEnum):
    """What is in the way of leaving."""

    COLLEAGUE = "colleague"
    ORDER = "order"
    CLAIM = "claim"
    REFUND = "refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why somebody cannot leave yet, and which order it is about."""

    why: Why
    number: str = ""
    token: str = ""


class UnableToWithdraw(Exception):
    """Everything stays as it was; `obstacles` says why."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__(", ".join(one.why for one in obstacles))
        self.obstacles = obstacles


def obstacles(*, customer_id: int) -> list[Obstacle]:
    """Return what is in the way: an order that is not delivered yet, a return, money on its way back."""
    user = User.objects.get(pk=customer_id)
    if user.is_staff or user.is_superuser or user.groups.exists():
        return [Obstacle(why=Why.COLLEAGUE)]
    orders = Order.objects.filter(customer_id=customer_id).order_by("pk")
    open_orders = orders.filter(status__in=[Status.PLACED, Status.PAID])
    returned = claims.still_open().filter(order__in=orders).values("order_id")
    under_way = Refund.objects.exclude(state__in=[RefundState.SUCCEEDED, RefundState.ABANDONED])
    owed = under_way.filter(payment__order__in=orders).values("payment__order_id")
    found = [_about(Why.ORDER, order) for order in open_orders]
    found += [_about(Why.CLAIM, order) for order in orders.filter(pk__in=returned)]
    refunding = orders.filter(pk__in=owed) | orders.filter(payment_status=PaymentStatus.REFUNDING)
    return found + [_about(Why.REFUND, order) for order in refunding.distinct()]


@transaction.atomic
def withdraw(*, customer_id: int, now: datetime) -> None:
    """Let a customer leave. The account stays as an empty shell that nobody can sign in to: orders and facts name it.

    Contracts and complaints go to `RetainedRecord` with the day on which they expire; names, addresses, phones,
    carts, copies, sign-ins and what other parts keep are gone with the commit. A worker tells the
    providers with which they signed in.

    Raises:
        UnableToWithdraw: something is under way; nothing was changed.
        User.DoesNotExist: nobody has this account, or it was left before.
    """
    user = User.objects.select_for_update().get(pk=customer_id, is_active=True)
    orders = list(Order.objects.select_for_update().filter(customer_id=customer_id).order_by("pk"))
    in_the_way = obstacles(customer_id=customer_id)
    if in_the_way:
        raise UnableToWithdraw(in_the_way)
    for order in orders:
        retaining.put_aside(order=order)
    for part in parts.all_parts():
        if part.forget:
            part.forget(customer_id, now)
    copies = list(PersonalExport.objects.filter(customer_id=customer_id))
    PersonalExport.objects.filter(customer_id=customer_id).delete()
    farewell.note(user_id=customer_id, now=now)
    _forget_sign_ins(user)
    _empty(user)
    outbox.record(types.CustomerWithdrew(customer_id=customer_id, occurred_at=now))
    transaction.on_commit(lambda: exporting.forget(rows=copies))


def _about(why: Why, order: Order) -> Obstacle:
    return Obstacle(why=why, number=order.number, token=order.token)


def _forget_sign_ins(user: User) -> None:
    """Delete what packages for signing in keep of an account: proven addresses, social accounts, keys, devices."""
    for relation in User._meta.related_objects:
        model = relation.related_model
        if model._meta.app_label in settings.SIGN_IN_APPS:
            model._default_manager.filter(**{relation.field.name: user}).delete()


def _empty(user: User) -> None:
    user.email = f"left-{secrets.token_hex(12)}@withdrawn.invalid"
    user.first_name = user.last_name = user.phone = ""
    user.is_active, user.last_login = False, None
    user.set_unusable_password()  # every session that is open anywhere ends with it
    user.save()
