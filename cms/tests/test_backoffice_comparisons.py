"""The report of payment comparisons, as staff reads it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from commerce.payments.models import PaymentComparison

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture
def report() -> PaymentComparison:
    return PaymentComparison.objects.create(
        since=DAY,
        until=DAY + timedelta(days=1),
        at=DAY + timedelta(hours=29),
        checked=12,
        differences=[
            {"payment_id": "p" * 24, "order_number": "", "field": "payment", "ours": "", "theirs": "paid"}
        ],
    )


def test_staff_sees_the_nights_and_what_differed(admin_client, report):
    listing = admin_client.get(reverse("comparisons:index")).content.decode()
    page = admin_client.get(reverse("comparisons:inspect", args=[report.pk])).content.decode()

    assert "2026-11-24" in listing
    assert "p" * 24 in page
    assert 'name="checked"' not in page


def test_differing_sums_are_won_and_states_are_words(admin_client, report):
    row = {"payment_id": "p" * 24, "order_number": ""}
    PaymentComparison.objects.update(
        differences=[
            row | {"field": "amount", "ours": "13200", "theirs": "1320"},
            row | {"field": "state", "ours": "open", "theirs": "partly_cancelled"},
        ]
    )

    page = admin_client.get(reverse("comparisons:inspect", args=[report.pk]))

    told = [(one["ours"], str(one["theirs"])) for one in page.context["differences"]]
    assert told[0] == ("13,200원", "1,320원")
    assert told[1][1] == "부분 환불"


def test_equal_books_say_so(admin_client, report):
    PaymentComparison.objects.update(differences=[])

    page = admin_client.get(reverse("comparisons:inspect", args=[report.pk]))

    assert page.context["differences"] == []
    assert page.context["tag"][1] == "good"


def test_nobody_edits_a_report(admin_client, report):
    for tail in ("new/", f"edit/{report.pk}/", f"delete/{report.pk}/"):
        assert admin_client.get(reverse("comparisons:index") + tail).status_code == 404
