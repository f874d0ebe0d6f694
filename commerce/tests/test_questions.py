"""Questions: asked once, secret ones read by nobody else, answered by mail, and never somebody else's."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from commerce.questions import services
from commerce.questions.models import Question
from commerce.tests.factories import NOW, product
from commerce.tests.shopping import text
from commerce.tests.told import latest, names, told

pytestmark = pytest.mark.django_db
KEY = "0b1f4a1e-7d5c-4e0c-9d6b-0d2b6b1f6a02"
PAGE = "/en/p/cup/questions/"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "key": KEY,
        "name": "김하나",
        "email": "hana@example.com",
        "text": "식기세척기에 넣어도 되나요?",
    } | changes


def asked(client: Client, **changes: Any) -> Question:
    assert client.post(PAGE, typed(**changes)).status_code == 302
    return Question.objects.latest("pk")


def test_a_question_is_asked_and_everybody_reads_it_and_its_answer(client: Client) -> None:
    product()
    question = asked(client)

    assert "식기세척기에 넣어도 되나요?" in text(client.get("/en/p/cup/"))
    assert services.answer(question_id=question.pk, text="네, 넣으셔도 돼요.", now=NOW)
    assert not services.answer(question_id=question.pk, text="네, 넣으셔도 돼요.", now=NOW)

    page = text(client.get(PAGE))
    assert "네, 넣으셔도 돼요." in page
    assert "김*나" in page
    assert "hana@example.com" not in page
    assert [fact["again"] for fact in told("question.answered")] == [False]


def test_a_secret_question_is_read_by_its_asker_alone(client: Client) -> None:
    product()
    question = asked(client, secret="on", text="제 주문만 늦게 오나요?")
    services.answer(question_id=question.pk, text="확인해 드릴게요.", now=NOW)

    for path in ("/en/p/cup/", PAGE):
        page = Client().get(path).content.decode()
        assert "for the shop only" in page
        assert "제 주문만" not in page
        assert "확인해" not in page
    assert "확인해 드릴게요." in text(Client().get(f"/en/questions/{question.token}/"))
    assert told("question.asked")[0]["shop_only"] is True


def test_the_button_pressed_twice_is_one_question(client: Client) -> None:
    product()

    assert asked(client) == asked(client)

    assert (Question.objects.count(), len(told("question.asked"))) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "가" * 10_000}, "text"),
        ({"text": "무엇\x00인가요?"}, "text"),
        ({"email": "hana@"}, "email"),
        ({"name": ""}, "name"),
        ({"key": "1"}, "key"),
    ],
)
def test_odd_entries_are_told_and_stay(client: Client, changes: dict[str, Any], field: str) -> None:
    product()
    before = latest()

    answer = client.post(PAGE, typed(**changes))

    assert (answer.status_code, Question.objects.count(), names(after=before)) == (422, 0, [])
    assert list(answer.context["form"].errors) == [field]


def test_scripts_are_only_words(client: Client) -> None:
    product()
    asked(client, text="<script>alert(1)</script>", name="<b>x</b>")

    page = client.get(PAGE).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_somebody_who_asks_too_often_has_to_wait(client: Client) -> None:
    product()

    codes = [
        client.post(PAGE, typed(key=f"0b1f4a1e-7d5c-4e0c-9d6b-0d2b6b1f6a{n:02}")).status_code
        for n in range(6)
    ]

    assert codes == [302] * 5 + [429]
    assert Question.objects.count() == 5


def test_who_asked_deletes_the_question_and_nobody_else(client: Client) -> None:
    product()
    question = asked(client)

    for token in ("x" * 32, str(question.pk), KEY):
        assert client.get(f"/en/questions/{token}/").status_code == 404
        assert client.post(f"/en/questions/{token}/withdraw/").status_code == 404
    client.get(f"/en/questions/{question.token}/withdraw/")
    assert Question.objects.exists()
    client.post(f"/en/questions/{question.token}/withdraw/")

    assert not Question.objects.exists()
    assert len(told("question.withdrawn")) == 1


def test_my_questions_are_mine_alone(client: Client, django_user_model: Any) -> None:
    product()
    me, you = (django_user_model.objects.create_user(f"{name}@example.com", "pw") for name in ("me", "you"))
    client.force_login(me)
    question = asked(client)
    assert question.customer == me
    assert question.token in client.get("/en/account/questions/").content.decode()

    client.force_login(you)

    assert question.token not in client.get("/en/account/questions/").content.decode()
    assert Client().get("/en/account/questions/").status_code == 302


def test_a_hidden_question_is_on_no_page(client: Client) -> None:
    product()
    question = asked(client)

    assert services.hide(question_id=question.pk, hidden=True, now=NOW)
    assert not services.hide(question_id=question.pk, hidden=True, now=NOW)

    assert "식기세척기" not in text(client.get(PAGE))


def test_nothing_is_asked_about_what_is_not_sold(client: Client) -> None:
    assert client.post("/p/nothing/questions/", typed()).status_code == 404
