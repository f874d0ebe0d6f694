"""Once a day somebody looks whether money, points and coupons add up."""

import logging
import uuid

import pytest

from commerce.coupons.models import Coupon
from commerce.tests.factories import NOW
from commerce.tests.people import customer
from commerce.tests.wallets import ticket
from workers.handlers import orders
from workers.jobs import Context

pytestmark = pytest.mark.django_db


def context() -> Context:
    return Context(handler="orders.check_balances", attempt=1, idempotency_key=uuid.uuid4(), now=NOW)


def test_what_does_not_add_up_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    offered = ticket(customer()).coupon
    with caplog.at_level(logging.ERROR, logger=orders.__name__):
        orders.check_balances(None, context())  # type: ignore[arg-type]
        assert caplog.messages == []

        Coupon.objects.filter(pk=offered.pk).update(issued=7)
        orders.check_balances(None, context())  # type: ignore[arg-type]

    assert caplog.messages == [f"coupons do not add up: coupon {offered.pk}: 7 given out, 1 tickets"]
