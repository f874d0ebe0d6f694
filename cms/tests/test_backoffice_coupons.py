"""Coupons in the back office: who may see and do what, the forms and their refusals, and what is written down."""

import csv
import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from cms.backoffice import coupon_addresses
from cms.backoffice.words import SEOUL
from commerce.coupons import services
from commerce.coupons.models import Coupon, CouponTicket
from commerce.customers.models import User
from commerce.events.models import OutboxEvent
from commerce.privacy.models import PersonalDataAccess
from commerce.tests import wallets
from commerce.tests.factories import cart, place, product
from commerce.tests.people import customer

pytestmark = pytest.mark.django_db

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
    keys = [person.pk for person in people]
    services.issue(coupon_id=offered.pk, customer_ids=keys, why=why, by="user:1", now=timezone.now())


def everything() -> tuple[Any, ...]:
    return (
        list(Coupon.objects.order_by("pk").values()),
        list(CouponTicket.objects.order_by("pk").values()),
        OutboxEvent.objects.count(),
        ModelLogEntry.objects.count(),
    )


def address(name: str, offered: Coupon) -> str:
    return reverse(f"coupons:{name}", args=[offered.pk])


def titles(answer: Any) -> list[str]:
    return [row.title_ko for row in answer.context["object_list"]]


def noted() -> list[tuple[str, str, int]]:
    return [(row.act, row.subject, row.people) for row in PersonalDataAccess.objects.order_by("pk")]


def history(offered: Coupon) -> list[tuple[str, str]]:
    rows = ModelLogEntry.objects.for_instance(offered).order_by("pk")
    return [(row.action, str(row.user)) for row in rows]


# --- the list -------------------------------------------------------------------------------------------------


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


# --- offer ----------------------------------------------------------------------------------------------------


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


# --- change ---------------------------------------------------------------------------------------------------


def shown(page: Any) -> dict[str, Any]:
    """Return what a browser sends of a form as it is shown: nothing of what is locked."""
    sent: dict[str, Any] = {}
    for bound in page.context["form"]:
        value = bound.value()
        if bound.field.disabled or value in (None, False, ""):
            continue
        sent[bound.html_name] = f"{value:%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else str(value)
    return sent


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


# --- withdraw -------------------------------------------------------------------------------------------------


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


# --- give -----------------------------------------------------------------------------------------------------


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


# --- people ---------------------------------------------------------------------------------------------------


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


# --- who may --------------------------------------------------------------------------------------------------


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
