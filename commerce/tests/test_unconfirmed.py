"""Accounts that nobody ever got into are deleted; consents of those who left stay, without what names them."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from commerce.accounts.forgetting import forget_unconfirmed
from commerce.consents.models import Consent
from commerce.customers.models import User
from commerce.orders.models import Order
from commerce.privacy import withdrawal
from commerce.tests import signing
from commerce.tests.factories import NOW, order
from commerce.tests.people import customer

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)


def signed_up(email: str = "typo@example.com", *, days: int = 31, **fields) -> User:
    """Return somebody who never typed the code."""
    user = signing.person(email, verified=False)
    User.objects.filter(pk=user.pk).update(date_joined=NOW - timedelta(days=days), **fields)
    return user


def forget() -> int:
    return forget_unconfirmed(now=NOW, after=MONTH)


def test_an_account_whose_code_was_never_typed_goes_and_its_order_is_a_guests_again() -> None:
    user = signed_up()
    placed = order()
    Order.objects.filter(pk=placed.pk).update(customer=user)

    assert (forget(), forget()) == (1, 0)

    assert not User.objects.exists() and not EmailAddress.objects.exists()
    placed.refresh_from_db()
    assert (placed.customer_id, placed.email) == (None, "hana@example.com")


def test_whoever_has_more_time_got_in_or_proved_an_address_stays() -> None:
    signed_up("fresh@example.com", days=29)
    signed_up("opened@example.com", last_login=NOW)
    signed_up("left@example.com", is_active=False)
    signed_up("staff@example.com", is_staff=True)
    signed_up("editor@example.com").groups.add(Group.objects.create(name="some editors"))
    EmailAddress.objects.create(user=signed_up("two@example.com"), email="b@example.com", verified=True)
    made_by_a_command = customer("command@example.com")
    User.objects.filter(pk=made_by_a_command.pk).update(date_joined=NOW - timedelta(days=400))

    assert forget() == 0
    assert User.objects.count() == 7


def test_one_run_takes_so_many() -> None:
    for number in range(3):
        signed_up(f"{number}@example.com")

    assert forget_unconfirmed(now=NOW, after=MONTH, limit=2) == 2
    assert User.objects.count() == 1


# --- consents -------------------------------------------------------------------------------------------------


def agreed(user: User, **fields) -> Consent:
    values = {"kind": "terms", "given": True, "text_version": "2026-11-01", "channel": "sign_up", "at": NOW}
    return Consent.objects.create(user=user, address="203.0.113.7", **values | fields)


def test_consents_of_who_left_stay_as_evidence_without_personal_data() -> None:
    user, other = customer(first_name="김하나"), customer("other@example.com")
    agreed(user)
    agreed(user, kind="marketing_email")
    agreed(other)

    withdrawal.withdraw(customer_id=user.pk, now=NOW)

    rows = Consent.objects.filter(user=user).order_by("pk")
    assert [(row.kind, row.given, row.text_version, row.at, row.address) for row in rows] == [
        ("terms", True, "2026-11-01", NOW, None),
        ("marketing_email", True, "2026-11-01", NOW, None),
    ]
    shell = User.objects.get(pk=user.pk)
    assert (shell.first_name, shell.phone, shell.is_active) == ("", "", False)
    assert shell.email.endswith("@withdrawn.invalid")
    assert Consent.objects.get(user=other).address == "203.0.113.7"


@pytest.mark.parametrize(
    "change",
    [
        {"given": False},
        {"address": "203.0.113.8"},
        {"address": None, "text_version": "x"},
        {"kind": "age_14"},
    ],
)
def test_nothing_else_of_a_consent_can_be_changed(change) -> None:
    row = agreed(customer())

    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=row.pk).update(**change)

    row.refresh_from_db()
    assert (row.given, row.address, row.text_version, row.kind) == (
        True,
        "203.0.113.7",
        "2026-11-01",
        "terms",
    )
