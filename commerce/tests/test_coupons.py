"""Coupons are offered, given out and taken back: never more than the limit, nobody twice for the same reason."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from commerce.coupons import changing, rules, selectors, services
from commerce.coupons.models import Coupon, CouponTicket
from commerce.coupons.rules import Off, Reason
from commerce.coupons.services import CodeReason, CodeRefused, UnableToIssue, UnableToOffer
from commerce.customers.models import User
from commerce.events.models import OutboxEvent
from commerce.tests.factories import NOW
from commerce.tests.people import customer
from commerce.tests.wallets import coupon, sound, ticket

DAY = timedelta(days=1)


def facts() -> list[str]:
    return list(
        OutboxEvent.objects.filter(type__startswith="coupon.").order_by("pk").values_list("type", flat=True)
    )


def refusal(code: str, user: User, now=NOW) -> CodeReason:
    before = (CouponTicket.objects.count(), list(Coupon.objects.values_list("pk", "issued")))
    with pytest.raises(CodeRefused) as refused:
        services.register(customer_id=user.pk, code=code, now=now)
    assert (CouponTicket.objects.count(), list(Coupon.objects.values_list("pk", "issued"))) == before
    assert sound()
    return refused.value.reason


# --- what one is worth ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "goods", "room", "expected"),
    [
        ({"value": 5_000}, 48_000, 50_900, Off(5_000)),
        ({"value": 5_000}, 4_000, 6_900, Off(4_000)),
        ({"value": 5_000}, 4_000, 3_900, Off(3_900)),
        ({"kind": "percent", "value": 10}, 48_999, 50_000, Off(4_899)),
        ({"kind": "percent", "value": 10, "most": 3_000}, 48_999, 50_000, Off(3_000)),
        ({"kind": "percent", "value": 100}, 48_000, 50_900, Off(48_000)),
        ({"value": 5_000, "least": 50_000}, 48_000, 50_900, Off(reason=Reason.TOO_LITTLE, missing=2_000)),
        ({"value": 5_000, "least": 48_000}, 48_000, 50_900, Off(5_000)),
        ({"kind": "percent", "value": 1}, 99, 3_000, Off(reason=Reason.NOTHING)),
        ({"value": 5_000}, 90, -10, Off(reason=Reason.NOTHING)),
    ],
)
def test_what_it_takes_off(terms, goods: int, room: int, expected: Off) -> None:
    offered = Coupon(**{"kind": "fixed", "least": 0} | terms)

    assert rules.off(coupon=offered, goods=goods, room=room) == expected


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("MARU10", "MARU10"),
        (" maru-10 ", "MARU10"),
        ("ＭＡＲＵ１０", "MARU10"),
        ("ma ru–10", "MARU10"),
        ("ABC", ""),
        ("A" * 20, "A" * 20),
        ("A" * 21, ""),
        ("쿠폰쿠폰", ""),
        ("MARU_10", ""),
        ("", ""),
    ],
)
def test_how_a_code_is_read(typed: str, plain: str) -> None:
    assert rules.plain(typed) == plain


# --- offering -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title_en": " "}, "title_en"),
        ({"kind": "free"}, "kind"),
        ({"value": 0}, "value"),
        ({"kind": "percent", "value": 101}, "value"),
        ({"most": 100}, "most"),
        ({"kind": "percent", "value": 10, "most": 0}, "most"),
        ({"least": -1}, "least"),
        ({"code": "abc"}, "code"),
        ({"code": "ta-ken"}, "code"),
        ({"ends_at": NOW - DAY}, "ends_at"),
        ({"lives_days": 0}, "lives_days"),
        ({"issue_limit": 0}, "issue_limit"),
    ],
)
def test_what_cannot_be_offered(changes, field: str) -> None:
    coupon(code="TAKEN")

    with pytest.raises(UnableToOffer) as refused:
        coupon(**changes)

    assert refused.value.field == field
    assert str(refused.value.text)
    assert Coupon.objects.count() == 1
    assert facts() == ["coupon.offered"]


@pytest.mark.django_db
def test_a_code_is_kept_plain_and_none_is_none() -> None:
    assert (coupon(code="ma ru-10").code, coupon().code, coupon().code) == ("MARU10", None, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"value": 0},
        {"kind": "percent", "value": 101},
        {"most": 5},
        {"ends_at": F("starts_at")},
        {"lives_days": 0},
        {"issue_limit": 1, "issued": 2},
        {"code": "maru"},
    ],
)
def test_the_database_keeps_terms_sound(changes) -> None:
    offered = coupon()

    with pytest.raises(IntegrityError), transaction.atomic():
        Coupon.objects.filter(pk=offered.pk).update(**changes)


# --- a code ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_code_gives_a_ticket_once() -> None:
    user, offered = customer(), coupon(code="MARU10", issue_limit=1)

    given = services.register(customer_id=user.pk, code="maru-10", now=NOW)

    assert (given.coupon, given.customer, given.cause) == (offered, user, "code")
    assert (given.issued_at, given.ends_at) == (NOW, NOW + timedelta(days=30))
    assert refusal("MARU10", user) == CodeReason.ALREADY
    assert refusal("MARU10", customer("other@example.com")) == CodeReason.ALL_GIVEN
    assert facts() == ["coupon.offered", "coupon.issued"]


@pytest.mark.django_db
def test_codes_that_give_nothing() -> None:
    user = customer()
    coupon(code="LATER", starts_at=NOW + timedelta(seconds=1))
    coupon(code="OVER", starts_at=NOW - 2 * DAY, ends_at=NOW)
    services.withdraw(coupon_id=coupon(code="BACK").pk, now=NOW)

    assert refusal("NOBODY", user) == CodeReason.UNKNOWN
    assert refusal("?", user) == CodeReason.UNKNOWN
    assert refusal("LATER", user) == CodeReason.NOT_YET
    assert refusal("OVER", user) == CodeReason.OVER
    assert refusal("BACK", user) == CodeReason.OVER


@pytest.mark.django_db
def test_a_ticket_lives_so_many_days_but_not_longer_than_the_coupon() -> None:
    user = customer()
    coupon(code="SHORT", lives_days=3)
    coupon(code="LONG", lives_days=300)
    early = coupon(lives_days=3, starts_at=NOW + 5 * DAY)

    assert services.register(customer_id=user.pk, code="SHORT", now=NOW).ends_at == NOW + 3 * DAY
    assert services.register(customer_id=user.pk, code="LONG", now=NOW).ends_at == NOW + 30 * DAY
    assert ticket(user, early).ends_at == NOW + 8 * DAY


@pytest.mark.django_db
def test_who_got_one_from_the_shop_gets_none_for_its_code() -> None:
    user, offered = customer(), coupon(code="MARU10")
    ticket(user, offered)

    assert refusal("MARU10", user) == CodeReason.ALREADY


# --- from the shop --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_shop_gives_once_for_each_reason_and_says_who_got_none() -> None:
    offered = coupon(issue_limit=3)
    one, two, three = (customer(f"{name}@example.com") for name in ("one", "two", "three"))
    gone = customer("gone@example.com")
    User.objects.filter(pk=gone.pk).update(is_active=False)

    def give(people: list[int], why: str) -> services.Issued:
        return services.issue(coupon_id=offered.pk, customer_ids=people, why=why, by="staff:7", now=NOW)

    first = give([two.pk, one.pk, one.pk, gone.pk, 999_999_999], "sorry")
    again = give([one.pk, two.pk], "sorry")
    other = give([three.pk, one.pk, two.pk], "thanks")

    assert [row.customer_id for row in first.tickets] == [one.pk, two.pk]
    assert (first.had, first.unknown, first.left_out) == ((), (gone.pk, 999_999_999), ())
    assert (again.tickets, again.had) == ((), (one.pk, two.pk))
    assert [row.customer_id for row in other.tickets] == [one.pk]
    assert other.left_out == (two.pk, three.pk)
    assert set(CouponTicket.objects.values_list("cause", "given_by")) == {
        ("staff:sorry", "staff:7"),
        ("staff:thanks", "staff:7"),
    }
    offered.refresh_from_db()
    assert offered.issued == 3
    assert sound()


@pytest.mark.django_db
def test_what_is_over_or_withdrawn_is_given_to_nobody() -> None:
    user, over, back = customer(), coupon(), coupon()
    services.withdraw(coupon_id=back.pk, now=NOW)

    for offered, now in ((over, NOW + 30 * DAY), (back, NOW)):
        with pytest.raises(UnableToIssue):
            services.issue(coupon_id=offered.pk, customer_ids=[user.pk], why="x", by="", now=now)
    for why in ("", "x" * 51):
        with pytest.raises(ValueError, match="why"):
            services.issue(coupon_id=over.pk, customer_ids=[user.pk], why=why, by="", now=NOW)

    assert not CouponTicket.objects.exists()


@pytest.mark.django_db
def test_it_is_withdrawn_once() -> None:
    offered = coupon()

    assert services.withdraw(coupon_id=offered.pk, now=NOW)
    assert not services.withdraw(coupon_id=offered.pk, now=NOW + DAY)

    offered.refresh_from_db()
    assert offered.withdrawn_at == NOW
    assert facts() == ["coupon.offered", "coupon.withdrawn"]


# --- new members ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_new_members_get_what_was_offered_before_they_joined_once() -> None:
    offered = coupon(on_joining=True, lives_days=10)
    for other in ({}, {"on_joining": True, "starts_at": NOW + DAY}, {"on_joining": True, "ends_at": NOW}):
        coupon(**other)
    services.withdraw(coupon_id=coupon(on_joining=True).pk, now=NOW)
    fresh = customer("fresh@example.com", date_joined=NOW)
    old = customer("old@example.com", date_joined=NOW - 2 * DAY)

    given = services.welcome(customer_id=fresh.pk, now=NOW)

    assert [(one.coupon, one.cause, one.ends_at) for one in given] == [(offered, "joined", NOW + 10 * DAY)]
    assert services.welcome(customer_id=fresh.pk, now=NOW) == []
    assert services.welcome(customer_id=old.pk, now=NOW) == []
    assert CouponTicket.objects.count() == 1
    assert sound()


@pytest.mark.django_db
def test_when_all_are_given_out_a_new_member_gets_none() -> None:
    offered = coupon(on_joining=True, issue_limit=1)
    one, two = (customer(f"{name}@example.com", date_joined=NOW) for name in ("one", "two"))

    assert len(services.welcome(customer_id=one.pk, now=NOW)) == 1
    assert services.welcome(customer_id=two.pk, now=NOW) == []

    offered.refresh_from_db()
    assert offered.issued == 1


# --- what pages and audits read -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_wallet_has_what_can_be_used_and_what_is_over() -> None:
    user = customer()
    last_day = ticket(user, ends_at=NOW + timedelta(hours=2))
    later = ticket(user, starts_at=NOW + DAY)
    plenty = ticket(user, ends_at=NOW + 60 * DAY)
    over = ticket(user, starts_at=NOW - 2 * DAY, ends_at=NOW + timedelta(hours=1))
    gone, back, both = ticket(user), ticket(user), ticket(user)
    services.withdraw(coupon_id=gone.coupon_id, now=NOW)
    changing.take_back(ticket_id=back.pk, now=NOW)
    changing.take_back(ticket_id=both.pk, now=NOW)
    services.withdraw(coupon_id=both.coupon_id, now=NOW)
    now = NOW + timedelta(hours=1)

    found = selectors.wallet(customer_id=user.pk, now=now)

    assert [(one.ticket_id, one.reason, one.days, one.soon) for one in found.usable] == [
        (last_day.pk, None, 0, True),
        (later.pk, Reason.NOT_YET, 30, False),
        (plenty.pk, None, 60, False),
    ]
    assert {(one.ticket_id, one.reason) for one in found.past} == {
        (over.pk, Reason.EXPIRED),
        (gone.pk, Reason.GONE),
        (back.pk, Reason.TAKEN_BACK),
        (both.pk, Reason.TAKEN_BACK),
    }
    assert (found.count, selectors.usable(customer_id=user.pk, now=now)) == (2, 2)


@pytest.mark.django_db
def test_who_leaves_is_taken_out_and_so_is_everybody_after_a_year() -> None:
    user, other = customer(), customer("other@example.com")
    mine, theirs = ticket(user), ticket(other)

    services.forget(customer_id=user.pk)
    early = services.forget_old(now=theirs.ends_at + timedelta(days=365))
    done = services.forget_old(now=theirs.ends_at + timedelta(days=365, seconds=1))

    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.customer, early, done, theirs.customer) == (None, 0, 1, None)
    assert sound()


@pytest.mark.django_db
def test_a_count_that_is_not_the_tickets_is_in_doubt() -> None:
    offered = ticket(customer()).coupon
    Coupon.objects.filter(pk=offered.pk).update(issued=2)

    assert list(selectors.doubts()) == [f"coupon {offered.pk}: 2 given out, 1 tickets"]


@pytest.mark.django_db
def test_staff_sees_how_many_there_are(django_assert_num_queries) -> None:
    offered = ticket(customer()).coupon

    with django_assert_num_queries(1):
        rows = [(one.pk, one.issued, one.used, one.took) for one in selectors.offered()]
    with django_assert_num_queries(2):
        held = [(one.customer.email, list(one.uses.all())) for one in selectors.tickets(coupon_id=offered.pk)]

    assert rows == [(offered.pk, 1, 0, 0)]
    assert held == [("hana@example.com", [])]
