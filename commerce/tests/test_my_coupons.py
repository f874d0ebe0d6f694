"""Coupons of my page: what there is, what is over, and a code."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from commerce.coupons import changing
from commerce.coupons.models import Coupon, CouponTicket
from commerce.mypage import signing_in
from commerce.privacy import parts, withdrawal
from commerce.tests.factories import NOW, cart, place, product
from commerce.tests.people import customer, signed_in
from commerce.tests.shopping import text
from commerce.tests.wallets import coupon, ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
PAGE = "/en/account/coupons/"


def words(answer) -> str:
    return " ".join(text(answer).split())


def test_who_is_not_signed_in_is_asked_to() -> None:
    assert Client().get(PAGE).status_code == 302


def test_it_shows_what_can_be_used_and_what_is_over() -> None:
    user = customer()
    ticket(user, kind="percent", value=10, most=10_000, least=30_000)
    ticket(user, ends_at=NOW + timedelta(hours=5), title_en="Hurry")
    ticket(user, starts_at=NOW - timedelta(days=3), ends_at=NOW + timedelta(seconds=1), title_en="Nearly")
    used = ticket(user, title_en="Gone")
    product()
    order = place(cart(("CUP", 2)), total=46_000, customer_id=user.pk, coupon=used.pk)
    Coupon.objects.filter(title_en="Nearly").update(withdrawn_at=NOW)

    page = words(signed_in(user).get(PAGE))

    assert "2 coupons" in page
    assert "10% off, ₩10,000 at most Autumn coupon from ₩30,000 of goods" in page
    assert "Hurry Expires soon" in page and "Last day" in page
    usable, past = page.split("Used or not valid any more")
    assert "Gone" not in usable and f"Used for an order {order.number}" in past
    assert "Nearly" not in usable and "This coupon is not available any more." in past


def test_what_the_shop_took_back_is_not_called_expired() -> None:
    user = customer()
    over = ticket(
        user, starts_at=NOW - timedelta(days=3), ends_at=NOW + timedelta(seconds=1), title_en="Over"
    )
    back = ticket(user, title_en="Back")
    CouponTicket.objects.filter(pk=over.pk).update(
        issued_at=NOW - timedelta(days=2), ends_at=NOW - timedelta(days=1)
    )
    changing.take_back(ticket_id=back.pk, now=NOW)

    page = words(signed_in(user).get(PAGE))

    _usable, past = page.split("Used or not valid any more")
    assert "₩5,000 off Back The shop took this coupon back. ₩5,000 off Over This coupon has expired. " in past
    assert past.count("expired") == 1


def test_without_any_it_says_so_and_the_shop_without_coupons_has_no_such_entry() -> None:
    client = signed_in(customer())

    assert "Coupons" not in text(client.get("/en/account/"))
    assert "You have no coupon that can be used." in text(client.get(PAGE))

    coupon()
    assert "Coupons 0 coupons" in words(client.get("/en/account/"))


def test_a_code_is_registered() -> None:
    user = customer()
    client = signed_in(user)
    offered = coupon(code="MARU10")

    answer = client.post(PAGE, {"code": "maru 10"}, follow=True)

    assert answer.redirect_chain == [(PAGE, 302)]
    assert "“Autumn coupon” is yours now." in text(answer)
    assert CouponTicket.objects.get().customer == user
    again = client.post(PAGE, {"code": "maru 10"})
    assert again.status_code == 422
    assert "You have this coupon already" in text(again) and 'value="maru 10"' in again.content.decode()
    assert (CouponTicket.objects.count(), Coupon.objects.get(pk=offered.pk).issued) == (1, 1)


@pytest.mark.parametrize("typed", ["", " ", "\x00", "x" * 500, "없는코드"])
def test_nonsense_is_refused_in_words(typed: str) -> None:
    coupon(code="MARU10")

    answer = signed_in(customer()).post(PAGE, {"code": typed})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not CouponTicket.objects.exists()


def test_who_tries_too_often_waits() -> None:
    client = signed_in(customer())
    coupon(code="MARU10")
    for number in range(10):
        assert client.post(PAGE, {"code": f"GUESS{number}"}).status_code == 422

    answer = client.post(PAGE, {"code": "MARU10"})

    assert (answer.status_code, answer["Retry-After"]) == (429, "600")
    assert not CouponTicket.objects.exists()


def test_a_new_member_finds_the_coupon_for_joining() -> None:
    coupon(on_joining=True)
    user = customer(date_joined=NOW)

    class Proven:
        user_id, email = user.pk, user.email

    for _again in range(2):
        signing_in.address_proven(None, None, Proven)

    assert CouponTicket.objects.get().cause == "joined"


def test_a_copy_has_them_and_leaving_forgets_whose_they_were() -> None:
    user = customer()
    used, kept = ticket(user), ticket(user)
    product()
    order = place(cart(("CUP", 2)), total=46_000, customer_id=user.pk, coupon=used.pk)
    by_name = {part.name: part for part in parts.all_parts()}

    rows = by_name["coupons"].collect(user.pk)

    assert [(row["title"], row["used_for"]) for row in rows] == [
        ("가을 쿠폰", [order.number]),
        ("가을 쿠폰", []),
    ]
    assert by_name["orders"].collect(user.pk)[0]["coupon"] == "가을 쿠폰"
    order.status = "cancelled"
    order.save(update_fields=["status"])
    withdrawal.withdraw(customer_id=user.pk, now=NOW)
    assert set(CouponTicket.objects.values_list("pk", "customer")) == {(used.pk, None), (kept.pk, None)}
    assert order.coupon_use.ticket == used


def test_the_check_of_money_names_coupons_that_do_not_add_up(capsys) -> None:
    offered = ticket(customer()).coupon
    call_command("check_balances")
    Coupon.objects.filter(pk=offered.pk).update(issued=7)

    with pytest.raises(CommandError, match="1 other doubts"):
        call_command("check_balances")

    assert f"coupons: coupon {offered.pk}: 7 given out, 1 tickets" in capsys.readouterr().out
