"""Coupons of the back office's tests: one that is offered, its forms as a browser sends them, and what was written down."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.backoffice.words import SEOUL
from commerce.coupons import services
from commerce.coupons.models import Coupon, CouponTicket
from commerce.customers.models import User
from commerce.events.models import OutboxEvent
from commerce.privacy.models import PersonalDataAccess
from commerce.tests import wallets

LIST = "/admin/coupons/"
DAY = timedelta(days=1)


def typed(at: datetime) -> str:
    """Return a time as a browser sends it."""
    return f"{timezone.localtime(at, SEOUL):%Y-%m-%dT%H:%M}"


def coupon(**changes: Any) -> Coupon:
    """Offer 5,000 won, from yesterday for a month."""
    now = timezone.now()
    return wallets.coupon(**{"starts_at": now - DAY, "ends_at": now + 30 * DAY} | changes)


def form(**changes: Any) -> dict[str, Any]:
    """Return a form of 5,000 won off for a month as a browser sends it."""
    now = timezone.now()
    return {
        "title_ko": "겨울 쿠폰",
        "title_en": "Winter coupon",
        "kind": "fixed",
        "value": "5000",
        "most": "",
        "least": "",
        "starts_at": typed(now),
        "ends_at": typed(now + 30 * DAY),
        "lives_days": "",
        "code": "",
        "issue_limit": "",
    } | changes


def give(offered: Coupon, *people: User, why: str = "gift") -> None:
    """Give a coupon to people."""
    keys = [person.pk for person in people]
    services.issue(coupon_id=offered.pk, customer_ids=keys, why=why, by="user:1", now=timezone.now())


def everything() -> tuple[Any, ...]:
    """Return all that a refusal must leave alone."""
    return (
        list(Coupon.objects.order_by("pk").values()),
        list(CouponTicket.objects.order_by("pk").values()),
        OutboxEvent.objects.count(),
        ModelLogEntry.objects.count(),
    )


def address(name: str, offered: Coupon) -> str:
    """Return the address of a page of a coupon."""
    return reverse(f"coupons:{name}", args=[offered.pk])


def titles(answer: Any) -> list[str]:
    """Return which coupons a list shows, in its order."""
    return [row.title_ko for row in answer.context["object_list"]]


def noted() -> list[tuple[str, str, int]]:
    """Return who looked at personal data: the act, of what, and of how many people."""
    return [(row.act, row.subject, row.people) for row in PersonalDataAccess.objects.order_by("pk")]


def history(offered: Coupon) -> list[tuple[str, str]]:
    """Return what staff did with a coupon, and who."""
    rows = ModelLogEntry.objects.for_instance(offered).order_by("pk")
    return [(row.action, str(row.user)) for row in rows]


def shown(page: Any) -> dict[str, Any]:
    """Return what a browser sends of a form as it is shown: nothing of what is locked."""
    sent: dict[str, Any] = {}
    for bound in page.context["form"]:
        value = bound.value()
        if bound.field.disabled or value in (None, False, ""):
            continue
        sent[bound.html_name] = f"{value:%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else str(value)
    return sent
