"""Points: a ledger that nobody changes, a balance that is its sum, and never below zero."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commerce.catalog.models import Variant
from commerce.events.models import OutboxEvent
from commerce.orders.models import Order
from commerce.orders.states import FulfilmentStatus, Status
from commerce.payments.models import Payment, Refund, RefundLine
from commerce.payments.states import RefundState
from commerce.points import ledger, selectors, services
from commerce.points.models import PointsAccount, PointsEntry, PointsUse
from commerce.tests.factories import NOW, cart, order, place, product
from commerce.tests.people import customer, signed_in
from commerce.tests.purses import give
from commerce.tests.shopping import text

YEAR = timedelta(days=365)


@pytest.fixture
def user(db):
    return customer()


def confirmed(user, placed: Order | None = None) -> Order:
    placed = placed or order()
    Order.objects.filter(pk=placed.pk).update(
        customer=user, status=Status.FULFILLED, fulfilment_status=FulfilmentStatus.DELIVERED, confirmed_at=NOW
    )
    Payment.objects.filter(order=placed).update(received=placed.total)
    return placed


def earn(placed: Order, *, now=NOW, percent: int = 1):
    return services.earn(order_id=placed.pk, percent=percent, days=365, now=now)


def refund(placed: Order, *, units: int = 1, cause: str = "return") -> Refund:
    """Let the money of so many units go back."""
    line, goods = placed.lines.get(), units * 24_000
    row = Refund.objects.create(
        payment=placed.payment, cause=cause, amount=goods, goods_amount=goods, reason="r", requested_at=NOW
    )
    RefundLine.objects.create(refund=row, order_line=line, quantity=units, amount=goods)
    return row


def balance(user) -> int:
    assert list(selectors.doubts()) == []
    return PointsAccount.objects.get(customer=user).balance


def test_a_confirmed_purchase_earns_a_hundredth_of_its_goods_once(user) -> None:
    placed = confirmed(user)

    entry = earn(placed)

    assert earn(placed) is None
    assert (entry.amount, entry.base, entry.expires_at) == (480, 48_000, NOW + YEAR)  # delivery earns nothing
    assert balance(user) == 480
    assert OutboxEvent.objects.get(type="points.changed").payload == {
        "account_id": entry.account_id,
        "entry_id": entry.pk,
        "kind": "earned",
        "amount": 480,
        "balance": 480,
    }


def test_nothing_is_earned_by_guests_before_the_confirmation_or_without_a_rate(user) -> None:
    placed = order()
    assert earn(placed) is None
    Order.objects.filter(pk=placed.pk).update(customer=user)
    assert earn(placed) is None
    confirmed(user, placed)
    assert earn(placed, percent=0) is None

    assert not PointsEntry.objects.exists()


def test_what_was_given_back_before_earns_nothing(user) -> None:
    placed = confirmed(user)
    refund(placed)

    assert earn(placed).amount == 240


def test_a_refund_takes_its_points_back_once(user) -> None:
    placed = confirmed(user)
    earn(placed)
    back = refund(placed)

    services.follow_refund(refund_id=back.pk, now=NOW)
    services.follow_refund(refund_id=back.pk, now=NOW)
    assert balance(user) == 240
    services.follow_refund(refund_id=refund(placed, cause="rest").pk, now=NOW)

    assert balance(user) == 0
    assert [entry.amount for entry in PointsEntry.objects.order_by("pk")] == [480, -240, -240]


def test_a_refund_that_was_given_up_takes_nothing(user) -> None:
    placed = confirmed(user)
    earn(placed)
    back = refund(placed)
    Refund.objects.filter(pk=back.pk).update(state=RefundState.ABANDONED)

    assert services.follow_refund(refund_id=back.pk, now=NOW) is None
    assert balance(user) == 480


def test_what_has_expired_is_not_taken_back_again(user) -> None:
    placed = confirmed(user)
    earn(placed)
    services.expire(now=NOW + YEAR)

    assert services.follow_refund(refund_id=refund(placed, units=2).pk, now=NOW + YEAR) is None
    assert balance(user) == 0


def test_points_expire_on_their_day_oldest_first(user) -> None:
    product(units=50)
    first, second = (confirmed(user, place(cart(("CUP", 1)), total=27_000)) for _each in range(2))
    earn(first)
    earn(second, now=NOW + timedelta(days=10))

    assert services.expire(now=NOW + YEAR - timedelta(seconds=1)) == 0
    assert services.expire(now=NOW + YEAR) == 1
    assert services.expire(now=NOW + YEAR) == 0
    assert balance(user) == 240
    assert services.expire(now=NOW + 2 * YEAR) == 1
    assert balance(user) == 0


def test_the_shop_gives_points_once_for_each_reason(user) -> None:
    first = services.grant(customer_id=user.pk, amount=500, why="welcome", days=10, now=NOW)
    assert services.grant(customer_id=user.pk, amount=500, why="welcome", days=10, now=NOW) is None
    services.grant(customer_id=user.pk, amount=30, why="sorry", days=10, now=NOW)

    assert (first.kind, first.amount, first.expires_at) == ("granted", 500, NOW + timedelta(days=10))
    assert balance(user) == 530
    with pytest.raises(ValueError, match="more than nothing"):
        services.grant(customer_id=user.pk, amount=0, why="x", days=10, now=NOW)


def test_leaving_gives_all_of_them_up(user) -> None:
    earn(confirmed(user))

    assert services.forfeit(customer_id=user.pk, now=NOW) == 480
    assert services.forfeit(customer_id=user.pk, now=NOW) == 0
    assert balance(user) == 0


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE commerce_pointsentry SET amount = 9999",
        "DELETE FROM commerce_pointsentry",
        "UPDATE commerce_pointsaccount SET balance = -1",
    ],
)
def test_the_database_refuses_to_rewrite_the_ledger(user, act: str) -> None:
    earn(confirmed(user))

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)

    assert balance(user) == 480


def test_no_more_goes_from_a_lot_than_came(user) -> None:
    lot = earn(confirmed(user))
    gone = ledger.take(
        account=lot.account, entry=PointsEntry(kind="forfeited", cause="x"), amount=480, now=NOW
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        PointsUse.objects.create(lot=lot, entry=lot, amount=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        PointsEntry.objects.create(account=lot.account, kind="forfeited", cause="y", amount=-1, at=NOW)
    assert [(use.lot_id, use.entry_id, use.amount) for use in PointsUse.objects.all()] == [
        (lot.pk, gone.pk, 480)
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    acts=st.lists(
        st.tuples(st.sampled_from(["earn", "refund", "expire", "leave"]), st.integers(1, 400)), max_size=12
    )
)
def test_whatever_happens_the_books_agree(db, acts) -> None:
    """A property: after any acts at any times the balance is the sum, lots carry what went, nothing is below zero."""
    who, now = customer(f"{uuid.uuid4()}@example.com"), NOW
    orders: list[Order] = []
    if not Variant.objects.filter(sku="CUP").exists():
        product(units=9_000)
    for number, (act, size) in enumerate(acts):
        now += timedelta(days=size)
        if act == "earn":
            orders.append(confirmed(who, place(cart(("CUP", 1 + size % 5)), total=_total(1 + size % 5))))
            earn(orders[-1], now=now, percent=1 + size % 7)
        elif act == "refund" and orders:
            chosen = orders[size % len(orders)]
            if RefundLine.objects.filter(order_line__order=chosen).count() < chosen.lines.get().quantity:
                services.follow_refund(refund_id=refund(chosen, cause=f"c{number}").pk, now=now)
        elif act == "expire":
            services.expire(now=now)
        elif act == "leave" and size > 350:
            services.forfeit(customer_id=who.pk, now=now)
        assert list(selectors.doubts()) == []
    account = PointsAccount.objects.filter(customer=who).first()
    assert account is None or account.balance >= 0


def _total(units: int) -> int:
    goods = units * 24_000
    return goods + (0 if goods >= 50_000 else 3_000)


@pytest.mark.usefixtures("noon")
def test_my_page_shows_them_where_the_shop_has_points(user, settings) -> None:
    settings.POINTS_PERCENT = 1
    earn(confirmed(user))
    client = signed_in(user)

    said = text(client.get("/en/account/points/"))

    assert "₩480" in said and "Earned with a purchase" in said
    assert "₩480" in text(client.get("/en/account/"))
    assert "Expiring soon" not in said


@pytest.mark.usefixtures("noon")
def test_a_shop_without_points_shows_none_but_to_who_has_some(user, settings) -> None:
    """The setting may be taken back to 0; what was earned is still there."""
    settings.POINTS_PERCENT = 0
    nobody = signed_in(customer("nobody@example.com"))
    give(user, 700, days=12)
    give(user, 40, days=80)

    assert nobody.get("/en/account/points/").status_code == 404
    assert "Points" not in nobody.get("/en/account/").content.decode()
    said = text(signed_in(user).get("/en/account/points/"))
    assert "₩740" in said and "₩700 of them expire within 30 days" in said
    assert "Expiring soon Dec. 6, 2026 ₩700" in said and "You earn" not in said
    assert "₩740" in text(signed_in(user).get("/en/account/"))


@pytest.mark.usefixtures("noon")
def test_the_history_has_pages_and_a_wrong_number_is_no_error(user) -> None:
    for number in range(1, 26):
        give(user, number * 1_000)
    client = signed_in(user)

    assert "+₩25,000" in text(client.get("/en/account/points/"))
    second = text(client.get("/en/account/points/?page=2"))
    assert "+₩5,000" in second and "+₩6,000" not in second
    assert client.get("/en/account/points/?page=x").status_code == 200
    assert client.get("/en/account/points/?page=99").status_code == 200


def _race(acts) -> None:
    barrier = threading.Barrier(len(acts))

    def run(act) -> None:
        try:
            barrier.wait()
            act()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.usefixtures("committed")
def test_two_workers_that_earn_at_once_write_it_once() -> None:
    who = customer("race@example.com")
    try:
        placed = confirmed(who)

        _race([lambda: earn(placed)] * 3)

        assert [entry.amount for entry in PointsEntry.objects.filter(account__customer=who)] == [480]
        assert balance(who) == 480
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE commerce_pointsaccount CASCADE")
        who.delete()


@pytest.mark.usefixtures("committed")
def test_twin_without_the_unique_cause_they_write_it_twice(monkeypatch) -> None:
    """Without lock and key: each worker sees no entry and writes one."""
    who = customer("race@example.com")
    try:
        account = PointsAccount.objects.create(customer=who)
        seen = threading.Barrier(2)

        def careless(cause: str) -> None:
            if not account.entries.filter(kind="earned").exists():
                seen.wait()
                PointsEntry.objects.create(
                    account=account, kind="earned", cause=cause, amount=480, at=NOW, expires_at=NOW + YEAR
                )

        _race([lambda: careless("one"), lambda: careless("two")])

        assert PointsAccount.objects.get(customer=who).balance == 960
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE commerce_pointsaccount CASCADE")
        who.delete()
