"""Reviews and questions at the desk: the queue, acts on one and on many, and who may do it."""

from typing import Any

import pytest
from django.urls import reverse

from cms.tests import desk
from commerce.orders.models import Order
from commerce.questions import services as questions
from commerce.questions.models import Question
from commerce.restock import services as restock
from commerce.reviews import services
from commerce.reviews.models import Review
from commerce.reviews.states import Complaint
from commerce.tests.factories import NOW, on_shelf
from commerce.tests.parcels import arrive, line, paid, send
from commerce.tests.told import told

pytestmark = pytest.mark.django_db
LIST = "reviews:index"


def bought() -> Order:
    order = paid()
    arrive(send(order))
    return order


def write(order: Order, sku: str = "CUP", **changes: Any) -> Review:
    wanted = {"rating": 4, "text": "컵이 가볍고 예뻐요.", "language": "ko", "now": NOW}
    return services.post(order_id=order.pk, line_id=line(order, sku), **{**wanted, **changes})


def page(review: Review) -> str:
    return reverse("reviews:inspect", args=[review.pk])


def state(review: Review) -> tuple[str, str]:
    review.refresh_from_db()
    return review.state, review.reason


def test_a_review_is_published_answered_and_taken_off_again(staff):
    review = write(bought())
    assert "컵이 가볍고" in staff.get(reverse(LIST)).content.decode()

    assert staff.post(page(review), {"act": "publish"}).status_code == 302
    assert state(review) == ("published", "")
    staff.post(page(review), {"act": "answer", "reply": "고맙습니다."})
    review.refresh_from_db()
    assert review.reply == "고맙습니다."
    empty = staff.post(page(review), {"act": "reject", "reason": ""})
    assert (empty.status_code, state(review)) == (422, ("published", ""))
    staff.post(page(review), {"act": "reject", "reason": "전화번호가 있어요."})

    assert state(review) == ("rejected", "전화번호가 있어요.")
    assert told("review.rejected")[0]["review_id"] == review.pk


def test_many_are_judged_at_once(staff):
    order = bought()
    cup, pot = write(order), write(order, "POT")
    judge = reverse("reviews:judge")

    staff.post(judge, {"act": "publish"})
    staff.post(judge, {"act": "reject", "reason": "", "review": [cup.pk]})
    assert (state(cup), state(pot)) == (("pending", ""), ("pending", ""))
    staff.post(judge, {"act": "publish", "review": [cup.pk, pot.pk, 999, "x"]})
    assert (state(cup), state(pot)) == (("published", ""), ("published", ""))
    staff.post(judge, {"act": "reject", "reason": "광고예요.", "review": [cup.pk, pot.pk]})

    assert (state(cup), state(pot)) == (("rejected", "광고예요."), ("rejected", "광고예요."))


def test_a_reported_review_comes_first_and_may_stay(staff):
    order = bought()
    old, new = write(order), write(order, "POT")
    services.publish(review_id=old.pk, now=NOW)
    services.report(review_id=old.pk, kind=Complaint.PRIVATE, text="번호", address="10.0.0.1", now=NOW)

    rows = staff.get(reverse(LIST)).context["object_list"]
    assert [row.pk for row in rows] == [old.pk, new.pk]
    assert "번호" in staff.get(page(old)).content.decode()
    staff.post(page(old), {"act": "keep"})

    old.refresh_from_db()
    assert (old.reports, old.state) == (0, "published")


@pytest.mark.parametrize("who", [{"group": "Editors"}, {"group": "Operators"}])
def test_who_runs_no_shop_judges_no_review(sign_in, who):
    review = write(bought())
    visitor = sign_in("other@maru.example", **who)

    assert visitor.get(page(review)).status_code == 302
    visitor.post(page(review), {"act": "publish"})
    visitor.post(reverse("reviews:judge"), {"act": "publish", "review": [review.pk]})

    assert state(review) == ("pending", "")


def test_who_may_only_look_changes_nothing(sign_in):
    review = write(bought())
    visitor = sign_in("look@maru.example", permissions=("access_admin", "view_review"))

    assert visitor.get(page(review)).status_code == 200
    visitor.post(page(review), {"act": "publish"})
    visitor.post(reverse("reviews:judge"), {"act": "publish", "review": [review.pk]})

    assert state(review) == ("pending", "")


def test_the_list_asks_as_much_for_many_reviews(staff, django_assert_max_num_queries):
    order = bought()
    write(order), write(order, "POT")

    with django_assert_max_num_queries(16):
        staff.get(reverse(LIST))


# --- questions --------------------------------------------------------------------------------------------


def ask(cups: Any, **changes: Any) -> Question:
    wanted: dict[str, Any] = {
        "product_id": cups.product_id,
        "name": "김하나",
        "email": "hana@example.com",
        "text": "언제 오나요?",
        "secret": True,
        "language": "ko",
        "key": "0b1f4a1e-7d5c-4e0c-9d6b-0d2b6b1f6a02",
        "now": NOW,
    }
    return questions.ask(**wanted | changes)


def test_a_question_is_answered_and_hidden(staff, cups):
    question = ask(cups)
    address = reverse("questions:inspect", args=[question.pk])
    assert "언제 오나요?" in staff.get(reverse("questions:index"), {"state": "open"}).content.decode()
    assert "hana@example.com" in staff.get(address).content.decode()

    empty = staff.post(address, {"act": "answer", "text": " "})
    assert empty.status_code == 422
    staff.post(address, {"act": "answer", "text": "내일 떠나요."})
    staff.post(address, {"act": "hide"})

    question.refresh_from_db()
    assert (question.answer, question.hidden) == ("내일 떠나요.", True)
    assert len(told("question.answered")) == 1


def test_an_address_is_masked_for_who_may_not_see_people(sign_in, cups):
    question = ask(cups)
    visitor = sign_in("look@maru.example", permissions=("access_admin", "view_question"))

    html = visitor.get(reverse("questions:inspect", args=[question.pk])).content.decode()

    assert "ha***@example.com" in html
    assert "hana@example.com" not in html
    visitor.post(reverse("questions:inspect", args=[question.pk]), {"act": "answer", "text": "x"})
    question.refresh_from_db()
    assert question.answer == ""


def test_the_desk_sees_what_waits(staff, cups):
    ask(cups)
    write(bought())

    html = staff.get(reverse("wagtailadmin_home")).content.decode()

    assert reverse("questions:index") in html
    assert reverse("reviews:index") in html


def test_stock_says_how_many_wait(staff, cups):
    on_shelf(cups, 0)
    for name in ("a", "b"):
        restock.ask(sku=cups.sku, email=f"{name}@example.com", language="ko", now=NOW)

    rows = staff.get(reverse("stock:index")).context["object_list"]
    assert [(row.variant.sku, row.waiting) for row in rows] == [(cups.sku, 2)]
    assert staff.get(reverse("stock:inspect", args=[cups.stock.pk])).context["waiting"] == 2
    assert desk.stock_of(cups) == (0, 0)
