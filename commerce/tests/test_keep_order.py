"""A guest who has just bought keeps the order with one password; the address is proven by its code."""

import re

import pytest
from django.test import Client

from commerce.accounts.models import AccountLetter
from commerce.cart.models import Cart
from commerce.consents.models import Consent
from commerce.customers.models import User
from commerce.mypage import services
from commerce.orders.models import Order
from commerce.tests import signing
from commerce.tests.factories import NOW, product
from commerce.tests.fakes import FakeGateway
from commerce.tests.people import customer, signed_in
from commerce.tests.shopping import fill, submit, text
from commerce.tests.told import told

pytestmark = pytest.mark.django_db
SENT = {"password1": signing.PASSWORD, **signing.BOXES}


@pytest.fixture
def bought(client: Client, gateway: FakeGateway) -> Order:
    """What a guest has just ordered with hana@example.com."""
    product(units=20)
    fill(client)
    assert submit(client).status_code == 303
    return Order.objects.get()


def keep(client: Client, order: Order, **changes):
    sent = {name: value for name, value in (SENT | changes).items() if value is not None}
    return client.post(f"/en/orders/{order.token}/keep/", sent)


def offer(client: Client, order: Order) -> str:
    """Return what the order's page offers about accounts."""
    page = client.get(f"/en/orders/{order.token}/").content.decode()
    found = re.search(r'<section class="summary" aria-labelledby="claim">.*?</section>', page, re.DOTALL)
    return found.group() if found else ""


def nobody() -> None:
    """Check that no account was made and nothing was sent."""
    assert (User.objects.count(), Consent.objects.count(), AccountLetter.objects.count()) == (0, 0, 0)
    assert Order.objects.get().customer_id is None


def test_the_page_asks_for_one_password_and_no_box_is_ticked(client: Client, bought: Order) -> None:
    section = offer(client, bought)

    assert re.findall(
        r'<input[^>]*type="password"[^>]*name="(\w+)"|name="(\w+)"[^>]*type="password"', section
    )
    assert section.count('type="password"') == 1
    boxes = re.findall(r'<input[^>]*type="checkbox"[^>]*>', section)
    assert len(boxes) == 5 and not [box for box in boxes if "checked" in box]
    assert "at least" in section  # the rules for passwords
    assert 'name="email"' not in section


def test_the_order_is_kept_and_the_code_opens_the_account(client: Client, bought: Order) -> None:
    response = keep(client, bought, marketing_email="on")

    assert (response.status_code, response["Location"]) == (302, "/en/accounts/confirm-email/")
    user = User.objects.get()
    bought.refresh_from_db()
    assert (user.email, bought.customer) == ("hana@example.com", user)
    assert [row.kind for row in Consent.objects.order_by("pk")] == [
        "age_14",
        "terms",
        "privacy",
        "marketing_email",
    ]
    assert [row["how"] for row in told("order.claimed")] == ["page"]
    assert "_auth_user_id" not in client.session

    response = client.post("/en/accounts/confirm-email/", {"code": signing.last_code()})

    assert (response.status_code, response["Location"]) == (302, f"/en/orders/{bought.token}/")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert bought.number in text(client.get("/en/account/orders/"))
    assert offer(client, bought) == ""


def test_other_orders_of_the_address_wait_for_the_code(client: Client, bought: Order) -> None:
    other = Client()
    fill(other)
    submit(other)
    earlier = Order.objects.exclude(pk=bought.pk).get()

    keep(client, bought)
    earlier.refresh_from_db()
    assert earlier.customer_id is None
    client.post("/en/accounts/confirm-email/", {"code": signing.last_code()})

    earlier.refresh_from_db()
    assert earlier.customer == User.objects.get()


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"password1": "short"}, "password1"),
        ({"password1": "12345678901"}, "password1"),
        ({"password1": ""}, "password1"),
        ({"age_14": None}, "age_14"),
        ({"terms": None}, "terms"),
        ({"privacy": None}, "privacy"),
    ],
)
def test_what_is_wrong_is_named_and_the_boxes_stay(
    client: Client, bought: Order, changes, wrong: str
) -> None:
    response = keep(client, bought, marketing_sms="on", **changes)

    page = response.content.decode()
    assert response.status_code == 200
    assert f'id="id_{wrong}_error"' in page
    assert bought.number in page
    ticked = [box for box in re.findall(r'<input[^>]*type="checkbox"[^>]*>', page) if "checked" in box]
    assert len(ticked) == 4 - (wrong in signing.BOXES)
    nobody()


def test_another_address_that_is_posted_counts_for_nothing(client: Client, bought: Order) -> None:
    keep(client, bought, email="other@example.com")

    assert User.objects.get().email == "hana@example.com"


def test_another_browser_with_the_page_cannot_keep_it(client: Client, bought: Order) -> None:
    """The page may have been passed on: who did not place the order signs up as usual."""
    stranger = Client()

    assert 'type="password"' not in offer(stranger, bought)
    response = keep(stranger, bought)
    assert (response.status_code, response["Location"]) == (302, f"/en/orders/{bought.token}/")
    fill(stranger)  # another cart is no proof either
    assert keep(stranger, bought)["Location"] == f"/en/orders/{bought.token}/"
    nobody()


def test_the_cart_of_the_order_is_asked_again_when_it_is_given(bought: Order) -> None:
    user, other = customer(), Cart.objects.create(created_at=NOW, changed_at=NOW)

    with pytest.raises(services.OthersOrder):
        services.keep_order(customer_id=user.pk, token=bought.token, cart_token=other.token, now=NOW)

    bought.refresh_from_db()
    assert bought.customer_id is None


def test_an_address_with_an_account_is_answered_alike_and_its_owner_gets_a_mail(
    client: Client, bought: Order
) -> None:
    signing.person("hana@example.com")

    response = keep(client, bought)

    assert (response.status_code, response["Location"]) == (302, "/en/accounts/confirm-email/")
    assert [(row.kind, row.to) for row in AccountLetter.objects.all()] == [
        ("already_exists", "hana@example.com")
    ]
    bought.refresh_from_db()
    assert bought.customer_id is None
    assert User.objects.count() == 1


def test_nobody_reads_from_the_order_whether_its_address_has_an_account(
    client: Client, bought: Order
) -> None:
    """With an account of that address, and without one: its page says the same before the code is typed."""
    stranger = Client()
    keep(client, bought)
    without = [offer(each, bought) for each in (client, stranger)]
    again = keep(client, bought)
    User.objects.all().delete()
    signing.person("hana@example.com")
    keep(client, bought)

    with_one = [offer(each, bought) for each in (client, stranger)]

    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert [token.sub("", page) for page in with_one] == [token.sub("", page) for page in without]
    assert again["Location"] == "/en/accounts/confirm-email/"


def test_who_is_signed_in_is_asked_for_no_password(client: Client, bought: Order) -> None:
    assert 'type="password"' not in offer(signed_in(customer()), bought)


def test_an_unknown_order_is_not_found(client: Client) -> None:
    assert client.post("/en/orders/unknown/keep/", SENT).status_code == 404
