"""Coupons of people in the back office: given, listed with a note of who looked, and taken back."""

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.backoffice import coupon_addresses
from cms.tests.coupons import address, coupon, everything, give, history, noted
from commerce.coupons import services
from commerce.coupons.models import CouponTicket
from commerce.customers.models import User
from commerce.tests.factories import cart, place, product
from commerce.tests.people import customer

pytestmark = pytest.mark.django_db

# --- give ---------------------------------------------------------------------------------------------------


def test_addresses_as_people_paste_them():
    found = coupon_addresses.parse(
        "Hana@Example.com, 두리 <duri@example.com>;\n\nno\nhana@example.com  set@example.com\t@x"
    )

    assert found.addresses == ["hana@example.com", "duri@example.com", "set@example.com"]
    assert found.malformed == ["no", "@x"]


def test_a_coupon_is_given_and_everybody_is_told_of(staff):
    offered = coupon(issue_limit=3)
    hana, dul = customer("hana@example.com"), customer("dul@example.com")
    customer("gone@example.com", is_active=False)
    give(offered, dul)

    answer = staff.post(
        address("give", offered),
        {
            "addresses": "HANA@example.com\nhana@example.com, dul@example.com; nobody@example.com\ngone@example.com\nwrong",
            "why": "사과",
        },
    )

    assert answer.status_code == 200
    assert [group[2] for group in answer.context["outcome"]] == [
        ["hana@example.com"],
        ["dul@example.com"],
        ["gone@example.com", "nobody@example.com"],
        ["wrong"],
    ]
    ticket = CouponTicket.objects.get(customer=hana)
    author = User.objects.get(email="staff@maru.example")
    assert (ticket.cause, ticket.given_by) == ("staff:사과", f"user:{author.pk}")
    assert CouponTicket.objects.count() == 2
    assert answer.context["form"]["addresses"].value() == "wrong\nnobody@example.com\ngone@example.com"
    assert answer.context["form"]["why"].value() == "사과"
    assert ModelLogEntry.objects.for_instance(offered).get().data == {"given": 1, "why": "사과"}
    assert noted() == [("coupon", f"coupon:{offered.pk}", 2)]


def test_the_same_form_twice_gives_once(staff):
    offered, person = coupon(), customer()
    sent = {"addresses": person.email, "why": "사과", "again": "on"}
    staff.post(address("give", offered), sent)
    before = everything()

    answer = staff.post(address("give", offered), sent)

    assert [group[2] for group in answer.context["outcome"]] == [[person.email]]
    assert everything() == before
    staff.post(address("give", offered), sent | {"why": "또 사과"})
    assert CouponTicket.objects.filter(customer=person).count() == 2


def test_who_has_one_gets_another_only_when_that_is_ticked(staff):
    offered, person = coupon(), customer()
    give(offered, person)
    before = everything()

    staff.post(address("give", offered), {"addresses": person.email, "why": "사과"})

    assert everything() == before


def test_what_is_left_is_given_and_the_rest_stays_in_the_field(staff):
    offered = coupon(issue_limit=1)
    first, second = customer("one@example.com"), customer("two@example.com")

    answer = staff.post(
        address("give", offered), {"addresses": "two@example.com one@example.com", "why": "사과"}
    )

    assert list(CouponTicket.objects.values_list("customer", flat=True)) == [first.pk]
    assert [group[2] for group in answer.context["outcome"]] == [[first.email], [second.email]]
    assert answer.context["form"]["addresses"].value() == second.email


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("addresses", {"addresses": " \n"}),
        ("addresses", {"addresses": ",;"}),
        ("addresses", {"addresses": "\n".join(f"p{number}@example.com" for number in range(501))}),
        ("why", {"why": ""}),
        ("why", {"why": "가" * 51}),
    ],
)
def test_what_cannot_be_given_is_refused_and_stays(staff, field, changes):
    offered = coupon()
    customer("p1@example.com")
    before = everything()

    answer = staff.post(address("give", offered), {"addresses": "p1@example.com", "why": "사과"} | changes)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"]["why"].value() == changes.get("why", "사과")
    assert everything() == before


def test_nobody_gets_what_is_over(staff):
    offered, person = coupon(), customer()
    services.withdraw(coupon_id=offered.pk, now=timezone.now())
    before = everything()

    answer = staff.post(address("give", offered), {"addresses": person.email, "why": "사과"})

    assert answer.status_code == 422
    assert answer.context["form"]["addresses"].value() == person.email
    assert everything() == before


# --- people -------------------------------------------------------------------------------------------------


def test_who_has_it_is_listed_and_noted(staff):
    offered = coupon()
    give(offered, customer(), customer("dul@example.com"))

    html = staff.get(address("holders", offered)).content.decode()
    found = staff.get(address("holders", offered), {"q": "dul@"})

    assert "hana@example.com" in html
    assert [row["customer"].email for row in found.context["tickets"]] == ["dul@example.com"]
    assert noted() == [("coupon", f"coupon:{offered.pk}", 2), ("coupon", f"coupon:{offered.pk}", 1)]


def test_a_person_gets_one_and_it_is_taken_back(staff):
    offered, person = coupon(), customer()
    page = reverse("coupons:person", args=[person.pk])

    assert staff.post(page, {"coupon": offered.pk, "why": "생일"}).status_code == 302
    ticket = CouponTicket.objects.get()
    assert (ticket.customer, ticket.cause) == (person, "staff:생일")
    html = staff.get(page).content.decode()
    back = reverse("coupons:take-back", args=[ticket.pk])
    assert "생일" in html
    assert back in html
    assert CouponTicket.objects.get().ends_at == ticket.ends_at

    answer = staff.post(back, {"why": "잘못 줌"})

    assert answer.url == page
    assert CouponTicket.objects.get().taken_back
    assert back not in staff.get(page).content.decode()
    assert [action for action, _who in history(offered)] == [
        "backoffice.coupon-give",
        "backoffice.coupon-take-back",
    ]
    assert ("person-coupons", f"customer:{person.pk}", 1) in noted()


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("coupon", {"coupon": ""}),
        ("coupon", {"coupon": "999"}),
        ("coupon", {"coupon": "x"}),
        ("why", {"why": ""}),
    ],
)
def test_a_person_gets_nothing_without_coupon_and_reason(staff, field, changes):
    offered, person = coupon(), customer()
    before = everything()

    answer = staff.post(
        reverse("coupons:person", args=[person.pk]), {"coupon": offered.pk, "why": "생일"} | changes
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert everything() == before


def test_a_person_who_has_it_all_given_or_for_the_same_reason(staff):
    offered, person, other = coupon(issue_limit=2), customer(), customer("dul@example.com")
    page = reverse("coupons:person", args=[person.pk])
    give(offered, person, why="생일")
    before = everything()

    has = staff.post(page, {"coupon": offered.pk, "why": "사과"})
    same = staff.post(page, {"coupon": offered.pk, "why": "생일", "again": "on"})
    assert (list(has.context["form"].errors), list(same.context["form"].errors)) == (["again"], ["why"])
    assert everything() == before

    give(offered, other)
    before = everything()
    full = staff.post(page, {"coupon": offered.pk, "why": "사과", "again": "on"})
    assert list(full.context["form"].errors) == ["coupon"]
    assert everything() == before


def test_what_is_used_is_not_taken_back_and_the_order_names_it(staff):
    offered, person = coupon(), customer()
    give(offered, person)
    ticket = CouponTicket.objects.get()
    product(units=9)
    bought = place(
        cart(("CUP", 2)), total=46_000, customer_id=person.pk, coupon=ticket.pk, now=timezone.now()
    )
    before = everything()

    answer = staff.post(reverse("coupons:take-back", args=[ticket.pk]), {"why": "잘못"})

    assert answer.status_code == 422
    assert everything() == before
    order = staff.get(reverse("orders:inspect", args=[bought.pk]))
    assert ("-5,000원") in [value for _label, value in order.context["sums"]]
    html = order.content.decode()
    assert address("inspect", offered) in html
    assert reverse("coupons:person", args=[person.pk]) in html
    page = staff.get(address("inspect", offered))
    assert [(row["number"], row["amount"], row["goods"]) for row in page.context["orders"]] == [
        (bought.number, "5,000원", "48,000원")
    ]
    assert [value for _label, value in page.context["figures"]] == ["1", "1", "0", "0", "5,000원", "48,000원"]


def test_the_account_leads_to_its_coupons(admin_client):
    person = customer()

    html = admin_client.get(reverse("wagtailusers_users:edit", args=[person.pk])).content.decode()

    assert reverse("coupons:person", args=[person.pk]) in html
