"""The numbers of the dashboard."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from cms.backoffice import stock_list, words
from commerce.claims import selectors as claims
from commerce.fulfilment import selectors as parcels
from commerce.orders.models import Order
from commerce.orders.states import PaymentStatus, Status
from commerce.questions import selectors as questions
from commerce.reviews import selectors as reviews
from commerce.sales import selectors as sales
from commerce.sales.selectors import Seller

_DAYS = 7
_SELLING_DAYS = 30


@dataclass(frozen=True, slots=True)
class Day:
    """What was paid on a day in Seoul and not cancelled since."""

    date: date
    orders: int
    won: int


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """What happens with orders."""

    to_ship: int
    overdue: int  # of them: should have left by now (Act §15)
    awaiting_payment: int
    awaiting_deposit: int
    flagged: int
    claims: int  # returns and exchanges on which the shop must act
    claims_overdue: int  # of them: the money should be back by now
    days: tuple[Day, ...]  # the last seven, today last


@dataclass(frozen=True, slots=True)
class StockFigures:
    """What runs out, of what is on sale."""

    sold_out: int
    low: int


def of_orders(*, now: datetime) -> OrderFigures:
    """Return how many orders stand where, and what came in over the last seven days; four queries."""
    open_ = Q(status=Status.PLACED)
    deposit = Q(payment_status=PaymentStatus.AWAITING_DEPOSIT)
    counts = Order.objects.aggregate(
        to_ship=Count("pk", filter=parcels.TO_SHIP),
        overdue=Count("pk", filter=parcels.TO_SHIP & parcels.overdue(now=now)),
        awaiting_payment=Count("pk", filter=open_ & ~deposit),
        awaiting_deposit=Count("pk", filter=open_ & deposit),
        flagged=Count("pk", filter=~Q(flag="")),
    )
    return OrderFigures(
        **counts,
        claims=claims.waiting().count(),
        claims_overdue=claims.overdue(now=now).count(),
        days=_days(now),
    )


def of_stock() -> StockFigures:
    """Return how many things that are on sale run out; one query."""
    levels = {name: Count("pk", filter=condition) for name, condition in stock_list.LEVELS.items()}
    counts = stock_list.on_sale().aggregate(**levels)
    return StockFigures(sold_out=counts["out"], low=counts["low"])


def reviews_to_judge() -> int:
    """Return how many reviews are new or reported; one query."""
    return reviews.waiting().count()


def questions_to_answer() -> int:
    """Return how many questions nobody answered; one query."""
    return questions.waiting().count()


def best_sellers(*, now: datetime) -> list[Seller]:
    """Return what sold best in thirty days, under its Korean name: staff share one list."""
    today = timezone.localtime(now, words.SEOUL).date()
    return sales.best_sellers(since=today - timedelta(days=_SELLING_DAYS), language="ko", limit=5)


def _days(now: datetime) -> tuple[Day, ...]:
    today = timezone.localtime(now, words.SEOUL).date()
    first = today - timedelta(days=_DAYS - 1)
    rows = (
        Order.objects.filter(status__in=[Status.PAID, Status.FULFILLED], paid_at__isnull=False)
        .annotate(day=TruncDate("paid_at", tzinfo=words.SEOUL))
        .filter(day__gte=first, day__lte=today)
        .values("day")
        .annotate(orders=Count("pk"), won=Sum("total"))
    )
    found = {row["day"]: Day(row["day"], row["orders"], row["won"]) for row in rows}
    dates = (first + timedelta(days=offset) for offset in range(_DAYS))
    return tuple(found.get(day, Day(day, 0, 0)) for day in dates)
