"""Who may see and do what with coupons in the back office."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.tests.coupons import LIST, address, coupon, everything, form, give
from commerce.coupons.models import Coupon, CouponTicket
from commerce.customers.models import User
from commerce.tests.factories import cart, place, product
from commerce.tests.people import customer

pytestmark = pytest.mark.django_db


def pages(offered: Coupon, person: User) -> dict[str, str]:
    ticket = CouponTicket.objects.get()
    return {
        "list": LIST,
        "page": address("inspect", offered),
        "new": reverse("coupons:add"),
        "change": address("change", offered),
        "withdraw": address("withdraw", offered),
        "give": address("give", offered),
        "holders": address("holders", offered),
        "person": reverse("coupons:person", args=[person.pk]),
        "take-back": reverse("coupons:take-back", args=[ticket.pk]),
    }


@pytest.mark.parametrize(
    ("group", "permissions", "seen"),
    [
        (
            "Staff",
            (),
            {"list", "page", "new", "change", "withdraw", "give", "holders", "person", "take-back"},
        ),
        ("Editors", (), {"list", "page"}),
        ("Moderators", (), {"list", "page"}),
        ("Operators", (), set()),
        ("", ("access_admin",), set()),
        ("", ("access_admin", "view_coupon", "change_coupon"), {"list", "page", "change", "withdraw"}),
        ("", ("access_admin", "view_coupon", "view_personal_data"), {"list", "page", "holders", "person"}),
        ("", (), set()),
    ],
)
def test_each_role_sees_and_does_what_it_may(sign_in, group, permissions, seen):
    offered, person = coupon(), customer()
    give(offered, person)
    client = sign_in("somebody@maru.example", group=group, permissions=permissions)
    before = everything()

    got = {name for name, page in pages(offered, person).items() if client.get(page).status_code == 200}

    assert got == seen
    for name, page in pages(offered, person).items():
        if name not in seen:
            assert client.post(page, form() | {"why": "x", "addresses": person.email}).status_code in (
                302,
                403,
                405,
            )
    if "person" in seen and "give" not in seen:
        assert (
            client.post(pages(offered, person)["person"], {"coupon": offered.pk, "why": "x"}).status_code
            == 405
        )
    if "new" not in seen:
        assert everything() == before


def test_strangers_are_sent_to_sign_in(client: Client):
    offered, person = coupon(), customer()
    give(offered, person)
    before = everything()

    for page in pages(offered, person).values():
        for answer in (client.get(page), client.post(page, form())):
            assert answer.status_code == 302
            assert "/login/" in answer.url
    assert everything() == before


def test_editors_see_no_order_and_nobody(sign_in):
    offered, person = coupon(), customer()
    give(offered, person)
    product(units=9)
    ticket = CouponTicket.objects.get()
    bought = place(
        cart(("CUP", 2)), total=46_000, customer_id=person.pk, coupon=ticket.pk, now=timezone.now()
    )

    html = sign_in("editor@maru.example", group="Editors").get(address("inspect", offered)).content.decode()

    assert bought.number not in html
    assert person.email not in html
    assert address("change", offered) not in html
    assert address("holders", offered) not in html


@pytest.mark.parametrize("name", ["inspect", "change", "withdraw", "give", "holders", "person", "take-back"])
def test_what_is_not_there_is_not_found(staff, name):
    assert staff.get(reverse(f"coupons:{name}", args=[987_654])).status_code == 404
