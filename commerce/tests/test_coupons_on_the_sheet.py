"""Coupons at the order sheet: what can be used is offered, the best first, and nothing that was typed is lost."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from commerce.coupons import services
from commerce.coupons.models import CouponTicket, CouponUse
from commerce.orders.models import Order
from commerce.tests.factories import NOW, product
from commerce.tests.fakes import FakeGateway
from commerce.tests.people import customer, signed_in
from commerce.tests.purses import give
from commerce.tests.shopping import FORM, fill, nothing_ordered, submit, text, token
from commerce.tests.test_points_on_the_sheet import button, value
from commerce.tests.wallets import coupon, sound, ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def shopper(gateway: FakeGateway):
    """Somebody with two cups in the cart: 48,000 and 3,000 for delivery."""
    product()
    user = customer(first_name="김하나", phone="01012345678")
    client = signed_in(user)
    fill(client)
    return user, client


def post(client: Client, **changes: str):
    sent = FORM | {"cart_token": token(), "shown_total": "51000"} | changes
    return client.post("/en/checkout/", sent)


def offered(page: str) -> list[tuple[str, bool]]:
    """Return the tickets that can be chosen, and whether each is."""
    found = re.findall(r'<input type="radio" name="coupon"[^>]*value="(\d*)"( checked)?>', page)
    return [(number, bool(checked)) for number, checked in found]


def test_what_can_be_used_is_offered_the_best_first(shopper) -> None:
    user, client = shopper
    small, big = ticket(user, value=3_000), ticket(user, kind="percent", value=15)
    ticket(user, least=50_000, title_en="Big order")
    ticket(user, starts_at=NOW + timedelta(days=2), title_en="Later")
    over = ticket(user, title_en="Over")
    CouponTicket.objects.filter(pk=over.pk).update(ends_at=NOW)

    answer = client.get("/en/checkout/")

    page = text(answer)
    assert offered(answer.content.decode()) == [("", True), (str(big.pk), False), (str(small.pk), False)]
    assert "15% off" in page and "−₩7,200" in page and "−₩3,000" in page
    assert "Big order" in page and "Add ₩2,000 more of goods to use it." in page
    assert "Later" in page and "It can be used from Nov. 26, 2026." in page
    assert "Over" not in page
    assert button(answer) == "Pay ₩51,000"


def test_a_shop_without_coupons_says_nothing_of_them(shopper) -> None:
    _user, client = shopper

    assert "coupon" not in client.get("/en/checkout/").content.decode().lower().replace("sheet-sums", "")


def test_a_guest_sees_nothing_and_what_is_sent_counts_for_nothing(
    client: Client, gateway: FakeGateway
) -> None:
    product()
    held = ticket(customer(), coupon(code="MARU10"))
    fill(client)

    assert 'name="coupon' not in client.get("/en/checkout/").content.decode()
    assert submit(client, coupon=str(held.pk), coupon_code="MARU10").status_code == 303
    assert (Order.objects.get().total, Order.objects.get().reduction) == (51_000, 0)
    assert CouponTicket.objects.count() == 1


def test_apply_takes_it_off_and_keeps_what_was_typed(shopper) -> None:
    user, client = shopper
    held = ticket(user)

    answer = post(client, coupon=str(held.pk), coupon_act="choose", name="typed name", coupon_code="half-typ")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert offered(page) == [("", False), (str(held.pk), True)]
    assert (value(page, "name"), value(page, "coupon_code")) == ("typed name", "half-typ")
    assert "The coupon takes ₩5,000 off. The total is ₩46,000." in text(answer)
    assert "Coupon −₩5,000" in " ".join(text(answer).split())
    assert button(answer) == "Pay ₩46,000"
    nothing_ordered()


def test_an_order_with_coupon_and_points(shopper) -> None:
    user, client = shopper
    give(user, 5_000)
    held = ticket(user, kind="percent", value=50)
    shown = post(client, coupon=str(held.pk), points_act="all")
    assert button(shown) == "Pay ₩22,000"

    answer = post(client, coupon=str(held.pk), points="5000", shown_total="22000")

    assert answer.status_code == 303
    order = Order.objects.get()
    assert (order.reduction, order.points_total, order.total) == (24_000, 5_000, 22_000)
    page = " ".join(text(client.get(f"/en/orders/{order.token}/")).split())
    assert "Coupon Autumn coupon −₩24,000 Points used −₩5,000" in page
    assert "Coupon (Autumn coupon) ₩24,000" in text(client.get(f"/en/orders/{order.token}/document/"))


def test_points_that_the_coupon_leaves_no_room_for_are_said(shopper) -> None:
    user, client = shopper
    give(user, 90_000)
    held = ticket(user, kind="percent", value=50)

    answer = post(client, coupon=str(held.pk), points="24001", points_act="typed")

    assert "This order takes ₩24,000 in points at most." in text(answer)
    assert button(answer) == "Pay ₩27,000"


def test_a_code_is_registered_and_chosen(shopper) -> None:
    user, client = shopper
    coupon(code="MARU10", kind="percent", value=10)

    answer = post(client, coupon_code="maru-10", coupon_act="register", name="typed name")

    page = answer.content.decode()
    held = CouponTicket.objects.get(customer=user)
    assert offered(page) == [("", False), (str(held.pk), True)]
    assert (value(page, "name"), value(page, "coupon_code")) == ("typed name", "")
    assert button(answer) == "Pay ₩46,200"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Please enter the code of a coupon."),
        ("NOBODY", "There is no coupon with this code."),
        ("<b>x</b>\x00", "There is no coupon with this code."),
        ("OVER10", "The time of this coupon is over."),
        ("LATER10", "This code can be entered from Nov. 26, 2026."),
        ("NONE10", "All of these coupons have been given out."),
        ("MINE10", "You have this coupon already, or you have used it."),
    ],
)
def test_a_code_that_gives_nothing_stays_with_the_reason(shopper, typed: str, said: str) -> None:
    user, client = shopper
    coupon(code="OVER10", starts_at=NOW - timedelta(days=2), ends_at=NOW)
    coupon(code="LATER10", starts_at=NOW + timedelta(days=2))
    ticket(customer("other@example.com"), coupon(code="NONE10", issue_limit=1))
    held = ticket(user, coupon(code="MINE10"))
    before = CouponTicket.objects.count()

    answer = post(client, coupon_code=typed, coupon=str(held.pk), coupon_act="register")

    assert answer.status_code == 200
    assert said in text(answer)
    assert offered(answer.content.decode())[1] == (str(held.pk), True)
    assert button(answer) == "Pay ₩46,000"
    assert CouponTicket.objects.count() == before
    assert sound()


def test_codes_cannot_be_guessed_for_ever(shopper) -> None:
    _user, client = shopper
    coupon(code="MARU10")
    for number in range(10):
        post(client, coupon_code=f"GUESS{number}", coupon_act="register")

    answer = post(client, coupon_code="MARU10", coupon_act="register")

    assert "Too many tries. Please try again in 10 minutes." in text(answer)
    assert not CouponTicket.objects.exists()


def test_a_code_that_was_typed_and_not_registered_is_not_passed_over(shopper) -> None:
    _user, client = shopper
    coupon(code="MARU10")

    answer = post(client, coupon_code="MARU10")

    assert "Please register this code first, or empty the field." in text(answer)
    assert value(answer.content.decode(), "coupon_code") == "MARU10"
    nothing_ordered()


@pytest.mark.parametrize("typed", ["999999999999", "x", "-1", "１", "1" * 19, "\x00"])
def test_a_ticket_that_is_none_is_refused_in_words(shopper, typed: str) -> None:
    user, client = shopper
    ticket(user)

    answer = post(client, coupon=typed)

    assert answer.status_code == 200
    assert re.search(r'id="id_coupon_error"[^>]*>[^<]{10,}<', answer.content.decode())
    nothing_ordered()


def test_what_was_withdrawn_in_between_is_said_and_nothing_is_ordered(shopper) -> None:
    user, client = shopper
    held, other = ticket(user), ticket(user, value=1_000)
    services.withdraw(coupon_id=held.coupon_id, now=NOW)

    answer = post(client, coupon=str(held.pk), shown_total="46000", name="typed name")

    page = answer.content.decode()
    assert "This coupon is not available any more." in text(answer)
    assert offered(page) == [("", True), (str(other.pk), False)]
    assert (button(answer), value(page, "name")) == ("Pay ₩51,000", "typed name")
    assert "checked" not in re.search(r'<input[^>]*name="agree_order"[^>]*>', page).group()
    nothing_ordered()
    assert not CouponUse.objects.exists()


def test_the_sheets_script_asks_for_the_sum(shopper) -> None:
    user, client = shopper
    give(user, 90_000)
    held = ticket(user, kind="percent", value=50)

    sent = {"cart_token": token(), "shown_total": "51000", "about": "coupon"}
    used = client.post("/en/checkout/sums/", sent | {"coupon": str(held.pk)})
    none = client.post("/en/checkout/sums/", sent | {"coupon": ""})
    gone = client.post("/en/checkout/sums/", sent | {"coupon": "1"})

    used, none, gone = (answer.content.decode() for answer in (used, none, gone))
    assert "The coupon takes ₩24,000 off. The total is ₩27,000." in used
    assert 'data-most="24000"' in used
    assert "Pay ₩27,000" in used
    assert "No coupon is used. The total is ₩51,000." in none
    assert 'data-most="48000"' in none
    assert "This coupon is not available any more." in gone


def test_a_double_click_orders_once(shopper) -> None:
    user, client = shopper
    held = ticket(user)
    sent = FORM | {"cart_token": token(), "shown_total": "46000", "coupon": str(held.pk)}

    answers = [client.post("/en/checkout/", sent) for _ in range(2)]

    assert {answer.status_code for answer in answers} == {303}
    assert (Order.objects.count(), CouponUse.objects.count()) == (1, 1)


def test_cancelling_says_what_becomes_of_the_coupon(shopper) -> None:
    user, client = shopper
    held = ticket(user)
    post(client, coupon=str(held.pk), shown_total="46000")
    order = Order.objects.get()

    assert "The coupon that you used comes back to you." in text(
        client.get(f"/en/orders/{order.token}/cancel/")
    )
