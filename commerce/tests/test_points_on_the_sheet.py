"""The order sheet's field for points: what is typed is taken off, what cannot be is said, and nothing typed is lost."""

import re

import pytest
from django.test import Client
from django.utils import translation

from commerce.checkout import points_entry
from commerce.orders.models import Order
from commerce.tests.factories import product
from commerce.tests.fakes import FakeGateway
from commerce.tests.people import customer, signed_in
from commerce.tests.purses import balance, entries, give
from commerce.tests.shopping import FORM, fill, submit, text, token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def shopper(gateway: FakeGateway):
    """Somebody with 5,000 points and two cups in the cart: 48,000 and 3,000 for delivery."""
    product()
    user = customer(first_name="김하나", phone="01012345678")
    give(user, 5_000)
    client = signed_in(user)
    fill(client)
    return user, client


def post(client: Client, **changes: str):
    sent = FORM | {"cart_token": token(), "shown_total": "51000"} | changes
    return client.post("/en/checkout/", sent)


def value(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found
    said = re.search(r'value="([^"]*)"', found.group())
    return said.group(1) if said else ""


def button(answer) -> str:
    return " ".join(re.search(r"Pay ₩[\d,]+", text(answer)).group().split())


def test_who_has_points_sees_them_and_a_field(shopper) -> None:
    _user, client = shopper

    answer = client.get("/en/checkout/")

    assert "You have ₩5,000. This order takes ₩5,000 at most" in text(answer)
    assert value(answer.content.decode(), "points") == ""
    assert button(answer) == "Pay ₩51,000"


def test_without_points_there_is_no_field(gateway: FakeGateway) -> None:
    product()
    client = signed_in(customer())
    fill(client)

    assert 'name="points"' not in client.get("/en/checkout/").content.decode()


def test_a_guest_has_no_field_and_what_is_sent_as_points_counts_for_nothing(
    client: Client, gateway: FakeGateway
) -> None:
    product()
    fill(client)

    assert 'name="points"' not in client.get("/en/checkout/").content.decode()
    assert submit(client, points="3000").status_code == 303
    assert (Order.objects.get().total, Order.objects.get().points_total) == (51_000, 0)


@pytest.mark.parametrize("typed", ["1,200", "１２００", "1200원", " 1200 "])
def test_apply_takes_them_off_and_keeps_what_was_typed(shopper, typed: str) -> None:
    user, client = shopper

    answer = post(client, points=typed, points_act="typed", name="typed name", address1="typed street")

    page = answer.content.decode()
    assert (value(page, "name"), value(page, "address1")) == ("typed name", "typed street")
    assert (button(answer), value(page, "shown_total")) == ("Pay ₩49,800", "49800")
    assert "₩1,200 in points are taken off. The total is ₩49,800." in page
    assert "Points used −₩1,200" in text(answer)
    assert not Order.objects.exists()
    assert balance(user) == 5_000


def test_use_all_fills_in_what_the_order_takes(shopper) -> None:
    user, client = shopper
    give(user, 90_000)

    answer = post(client, points="", points_act="all")

    page = answer.content.decode()
    assert (value(page, "points"), value(page, "shown_total")) == ("48000", "3000")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1.5", "Please enter whole points, such as 1000."),
        ("abc", "Please enter whole points, such as 1000."),
        ("-5", "Please enter whole points, such as 1000."),
        ("٣٠٠", "Please enter whole points, such as 1000."),
        ("9" * 15, "Please enter whole points, such as 1000."),
        ("5001", "You have ₩5,000 in points."),
    ],
)
@pytest.mark.parametrize("act", [{"points_act": "typed"}, {}], ids=["apply", "order"])
def test_what_cannot_be_used_is_said_and_stays(shopper, typed: str, said: str, act: dict[str, str]) -> None:
    user, client = shopper

    answer = post(client, points=typed, **act)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert value(page, "points") == typed
    assert button(answer) == "Pay ₩51,000"
    assert not Order.objects.exists()
    assert entries(user) == [("earned", 5_000)]


def test_an_order_says_how_much_it_takes(shopper) -> None:
    user, client = shopper
    give(user, 90_000)

    answer = post(client, points="48001")

    assert "This order takes ₩48,000 in points at most." in answer.content.decode()
    assert not Order.objects.exists()


def test_points_that_were_typed_but_not_shown_in_the_sum_are_agreed_to_first(shopper) -> None:
    """Without scripts somebody types points and orders at once: the button had said another sum."""
    user, client = shopper

    answer = post(client, points="1200")

    assert button(answer) == "Pay ₩49,800"
    assert "If you agree with the new total, please confirm the order again." in text(answer)
    assert not Order.objects.exists()
    again = post(client, points="1200", shown_total="49800")
    assert again.status_code == 303
    assert Order.objects.get().total == 49_800
    assert entries(user) == [("earned", 5_000), ("used", -1_200)]


def test_a_change_of_points_is_named(shopper) -> None:
    _user, client = shopper
    first = post(client, points="1200", points_act="typed").content.decode()

    answer = post(client, points="900", shown_total="49800", shown=value(first, "shown"))

    assert "The points that are used changed from ₩1,200 to ₩900." in text(answer)
    assert not Order.objects.exists()


def test_an_order_with_points_says_so_everywhere(shopper) -> None:
    user, client = shopper

    post(client, points="5000", shown_total="46000")

    order = Order.objects.get()
    assert (order.customer, order.total, order.points_total) == (user, 46_000, 5_000)
    assert "Points used −₩5,000" in text(client.get(f"/en/orders/{order.token}/"))
    assert "Points used ₩5,000" in client.get(f"/en/orders/{order.token}/document/").content.decode()
    ledger = text(client.get("/en/account/points/"))
    assert "Used for an order" in ledger and order.number in ledger


def test_the_script_is_answered_with_the_new_sum_or_what_is_wrong(shopper) -> None:
    _user, client = shopper
    sent = {"cart_token": token(), "shown_total": "51000", "postcode": "", "about": "points"}

    good = client.post("/en/checkout/sums/", sent | {"points": "1000"}).content.decode()
    bad = client.post("/en/checkout/sums/", sent | {"points": "6000"}).content.decode()

    assert '<p data-part="points-news">₩1,000 in points are taken off. The total is ₩50,000.</p>' in good
    assert '<p data-part="points"></p>' in good
    assert '<p data-part="points">You have ₩5,000 in points.</p>' in bad
    assert value(bad, "shown_total") == "51000"


def test_what_expires_now_is_not_offered(shopper) -> None:
    user, client = shopper
    give(user, 100, days=0)

    page = post(client, points="5100")

    assert "You have ₩5,000 in points." in page.content.decode()
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("have", "most", "said"),
    [(0, 0, "You have ₩0 in points."), (9, 4, "This order takes ₩4 in points at most.")],
)
def test_a_refusal_says_which_limit_it_was(have: int, most: int, said: str) -> None:
    with translation.override("en"):
        assert points_entry.refusal(have=have, most=most) == said
