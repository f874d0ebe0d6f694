"""Coupons in the back office: the list, the forms and their refusals, and what is written down."""

import csv
import io
import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from cms.tests.coupons import (
    DAY,
    LIST,
    address,
    coupon,
    everything,
    form,
    give,
    history,
    shown,
    titles,
    typed,
)
from commerce.coupons import services
from commerce.coupons.models import Coupon
from commerce.customers.models import User
from commerce.events.models import OutboxEvent
from commerce.tests.people import customer

pytestmark = pytest.mark.django_db

# --- the list -----------------------------------------------------------------------------------------------


def test_the_empty_list_says_what_a_coupon_is(staff):
    html = staff.get(LIST).content.decode()

    assert re.search(r"There is no coupon yet|아직 쿠폰이 없습니다", html)
    assert reverse("coupons:add") in html


def test_filters_and_search(staff):
    now = timezone.now()
    coupon(title_ko="진행", code="RUN-1")
    coupon(title_ko="예정", starts_at=now + DAY, on_joining=True)
    coupon(title_ko="종료", starts_at=now - 9 * DAY, ends_at=now - DAY, kind="percent", value=10)
    gone = coupon(title_ko="회수")
    services.withdraw(coupon_id=gone.pk, now=now)

    assert titles(staff.get(LIST)) == ["회수", "종료", "예정", "진행"]
    found = {
        state: titles(staff.get(LIST, {"state": state}))
        for state in ("planned", "running", "over", "withdrawn")
    }
    assert found == {"planned": ["예정"], "running": ["진행"], "over": ["종료"], "withdrawn": ["회수"]}
    assert titles(staff.get(LIST, {"kind": "percent"})) == ["종료"]
    assert titles(staff.get(LIST, {"how": "code"})) == ["진행"]
    assert titles(staff.get(LIST, {"how": "joining"})) == ["예정"]
    assert titles(staff.get(LIST, {"how": "staff"})) == ["회수", "종료"]
    assert titles(staff.get(LIST, {"q": "run1"})) == ["진행"]
    assert titles(staff.get(LIST, {"q": "예정"})) == ["예정"]
    assert titles(staff.get(LIST, {"q": "없음"})) == []


def test_the_list_is_a_spreadsheet_that_runs_nothing(staff):
    offered = coupon(title_ko="=1+1", issue_limit=9)
    give(offered, customer())

    text = b"".join(staff.get(LIST, {"export": "csv"})).decode("utf-8-sig")

    _head, row = csv.reader(io.StringIO(text))
    assert row[0] == "'=1+1"
    assert (row[6], row[7], row[8], row[9]) == ("1", "9", "0", "0")


# --- offer --------------------------------------------------------------------------------------------------


def test_a_coupon_is_offered(staff):
    end = timezone.now() + 9 * DAY
    answer = staff.post(
        reverse("coupons:add"),
        form(
            kind="percent",
            value="10",
            most="10000",
            least="30000",
            code="maru-10",
            ends_at=typed(end),
            on_joining="on",
        ),
    )

    offered = Coupon.objects.get()
    assert answer.url == address("inspect", offered)
    assert (offered.kind, offered.value, offered.most, offered.least, offered.code) == (
        "percent",
        10,
        10_000,
        30_000,
        "MARU10",
    )
    assert (offered.lives_days, offered.issue_limit, offered.on_joining) == (None, None, True)
    assert offered.ends_at == end.replace(second=0, microsecond=0)
    assert history(offered) == [("backoffice.coupon-offer", "박하나")]
    fact = OutboxEvent.objects.get(type="coupon.offered")
    assert fact.actor == f"user:{User.objects.get(email='staff@maru.example').pk}"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("title_ko", {"title_ko": " "}),
        ("title_en", {"title_en": ""}),
        ("kind", {"kind": "free"}),
        ("value", {"value": "0"}),
        ("value", {"value": "lots"}),
        ("value", {"kind": "percent", "value": "101"}),
        ("value", {"value": "9" * 30}),
        ("most", {"most": "1000"}),
        ("most", {"kind": "percent", "value": "10", "most": "0"}),
        ("least", {"least": "-1"}),
        ("starts_at", {"starts_at": "tomorrow"}),
        ("ends_at", {"ends_at": ""}),
        ("ends_at", {"starts_at": "2020-01-02T00:00", "ends_at": "2020-01-03T00:00"}),
        ("ends_at", {"starts_at": "2099-01-02T00:00", "ends_at": "2099-01-01T00:00"}),
        ("lives_days", {"lives_days": "0"}),
        ("code", {"code": "ab!"}),
        ("code", {"code": "한글코드"}),
        ("code", {"code": "taken"}),
        ("issue_limit", {"issue_limit": "0"}),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_stays(staff, field, changes):
    coupon(code="TAKEN")
    before = everything()

    answer = staff.post(reverse("coupons:add"), form(**changes))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert (
        str(answer.context["form"][field].value() or "") == changes.get(field, "").strip()
        or field == "title_ko"
    )
    assert "겨울 쿠폰" in answer.content.decode() or field == "title_ko"
    assert everything() == before


@pytest.mark.parametrize("changing_one", [False, True])
def test_who_loses_the_race_for_a_code_reads_it_at_the_field(staff, monkeypatch, changing_one):
    mine = coupon()
    coupon(code="TAKEN")
    page = address("change", mine) if changing_one else reverse("coupons:add")
    sent = (shown(staff.get(page)) if changing_one else form()) | {"code": "taken"}
    before = everything()
    monkeypatch.setattr(services, "_is_taken", lambda code, but: False)  # it was free a moment ago

    answer = staff.post(page, sent)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"code": [translation.gettext("Another coupon has this code.")]}
    assert everything() == before


def test_everything_wrong_is_said_at_once(staff):
    answer = staff.post(
        reverse("coupons:add"), form(title_en="", kind="percent", value="200", code="?", ends_at="")
    )

    assert sorted(answer.context["form"].errors) == ["code", "ends_at", "title_en", "value"]


def test_the_line_that_shoppers_will_read(staff):
    answer = staff.post(
        reverse("coupons:sentence"),
        form(
            kind="percent",
            value="10",
            most="10000",
            least="30000",
            lives_days="7",
            ends_at="2099-12-31T23:59",
        ),
    )

    korean, english = answer.json()["lines"]
    assert (korean["language"], english["language"]) == ("ko", "en")
    assert english["text"] == (
        "Winter coupon · 10% off, ₩10,000 at most · from ₩30,000 of goods"
        " · until Dec. 31, 2099, 23:59 KST · for 7 days after you get it"
    )
    assert korean["text"].startswith("겨울 쿠폰 · ")
    assert "10,000원" in korean["text"]


def test_half_a_form_has_no_line(staff):
    assert staff.post(reverse("coupons:sentence"), form(value="")).json() == {"lines": []}
    assert staff.post(reverse("coupons:sentence"), {}).json() == {"lines": []}
    assert staff.get(reverse("coupons:sentence")).status_code == 405


def test_a_suggested_code_can_be_taken(staff):
    suggested = staff.get(reverse("coupons:add")).context["suggestion"]

    assert re.fullmatch("[A-Z2-9]{8}", suggested)
    staff.post(reverse("coupons:add"), form(code=suggested))
    assert Coupon.objects.get().code == suggested


# --- change -------------------------------------------------------------------------------------------------


def test_what_nobody_holds_is_changed(staff):
    offered = coupon()
    page = staff.get(address("change", offered))

    answer = staff.post(address("change", offered), shown(page) | {"value": "7000", "title_ko": "새 이름"})

    offered.refresh_from_db()
    assert answer.status_code == 302
    assert (offered.value, offered.title_ko) == (7_000, "새 이름")
    assert history(offered) == [("backoffice.coupon-change", "박하나")]
    html = staff.get(address("inspect", offered)).content.decode()
    assert "가을 쿠폰 → 새 이름" in html
    assert "5,000 → 7,000" in html


def test_a_form_that_is_sent_back_as_it_is_changes_nothing(staff):
    offered = coupon(code="SAME", lives_days=7, issue_limit=5)
    before = everything()

    for held in (False, True):
        if held:
            give(offered, customer())
            before = everything()
        page = staff.get(address("change", offered))
        assert staff.post(address("change", offered), shown(page)).status_code == 302
        assert everything() == before


def test_what_somebody_holds_is_locked_and_the_form_says_why(staff):
    offered = coupon(issue_limit=5)
    give(offered, customer())
    page = staff.get(address("change", offered))
    locked = {name for name, field in page.context["form"].fields.items() if field.disabled}
    later = offered.ends_at + DAY

    answer = staff.post(
        address("change", offered),
        shown(page)
        | {
            "value": "1",
            "on_joining": "on",
            "title_en": "New",
            "code": "new1",
            "issue_limit": "1",
            "ends_at": typed(later),
        },
    )

    assert locked == {"kind", "value", "most", "least", "starts_at", "lives_days", "on_joining"}
    assert re.search("was given out already|이미 1장을 발급해", page.content.decode())
    assert answer.status_code == 302
    offered.refresh_from_db()
    assert (offered.value, offered.on_joining) == (5_000, False)
    assert (offered.title_en, offered.code, offered.issue_limit) == ("New", "NEW1", 1)
    assert offered.ends_at == later.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("issue_limit", lambda offered: "1"),
        ("ends_at", lambda offered: typed(offered.ends_at - DAY)),
        ("code", lambda offered: "taken"),
    ],
)
def test_a_promise_is_not_broken(staff, field, wrong):
    coupon(code="TAKEN")
    offered = coupon(issue_limit=5)
    give(offered, customer(), customer("dul@example.com"))
    page = staff.get(address("change", offered))
    value, before = wrong(offered), everything()

    answer = staff.post(address("change", offered), shown(page) | {field: value})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert f'value="{value}"' in answer.content.decode()
    assert everything() == before


def test_somebody_gets_one_while_the_form_is_open(staff):
    offered = coupon()
    page = staff.get(address("change", offered))
    give(offered, customer())
    before = everything()

    answer = staff.post(address("change", offered), shown(page) | {"value": "1"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["value"]
    assert everything() == before


def test_somebody_withdraws_it_while_the_form_is_open(staff):
    offered = coupon()
    page = staff.get(address("change", offered))
    services.withdraw(coupon_id=offered.pk, now=timezone.now())
    before = everything()

    answer = staff.post(address("change", offered), shown(page) | {"title_ko": "다시"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["__all__"]
    assert everything() == before


# --- withdraw -----------------------------------------------------------------------------------------------


def test_withdrawing_says_how_many_end_before_and_after(staff):
    offered = coupon()
    give(offered, customer(), customer("dul@example.com"))

    question = staff.get(address("withdraw", offered)).content.decode()
    assert re.search("2 unused coupons end|쓰지 않은 쿠폰 2장", question)
    assert Coupon.objects.get().withdrawn_at is None

    answer = staff.post(address("withdraw", offered))

    assert answer.status_code == 302
    assert Coupon.objects.get().withdrawn_at is not None
    assert ModelLogEntry.objects.for_instance(offered).get().data == {"ended": 2}
    html = staff.get(address("inspect", offered)).content.decode()
    assert address("give", offered) not in html
    assert address("withdraw", offered) not in html


def test_withdrawing_twice_is_once(staff):
    offered = coupon()
    staff.post(address("withdraw", offered))
    before = everything()

    answer = staff.post(address("withdraw", offered))

    assert answer.status_code == 302
    assert [message.level_tag for message in get_messages(answer.wsgi_request)][-1] == "warning"
    assert everything() == before
