"""The cart page: whatever is typed, it answers in words, and nothing typed is lost."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commerce.cart.models import CartLine
from commerce.catalog.models import Variant
from commerce.tests.factories import on_shelf, product, withdraw
from commerce.tests.shopping import fill, text, token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

QUERIES = 10  # of the cart page, without any cache
HANGUL = re.compile("[가-힣]")

BAD = [
    ("", "수량을 입력해 주세요.", "Please enter a quantity."),
    ("abc", "수량은 숫자로 입력해 주세요.", "Please enter the quantity as a whole number."),
    ("1.5", "수량은 숫자로 입력해 주세요.", "Please enter the quantity as a whole number."),
    ("1e3", "수량은 숫자로 입력해 주세요.", "Please enter the quantity as a whole number."),
    ("-1", "수량은 1개 이상으로 입력해 주세요.", "Please enter a quantity of 1 or more."),
    ("0", "수량은 1개 이상으로 입력해 주세요.", "Please enter a quantity of 1 or more."),
    ("100", "한 상품은 99개까지 주문할 수 있습니다.", "You can order at most 99 of one product."),
    ("9" * 25, "한 상품은 99개까지 주문할 수 있습니다.", "You can order at most 99 of one product."),
    ("6", "장바구니에 담긴 수량을 포함해 5개까지", "Only 5 are left"),
    ("\x00", "수량은 숫자로 입력해 주세요.", "Please enter the quantity as a whole number."),
    ("<script>", "수량은 숫자로 입력해 주세요.", "Please enter the quantity as a whole number."),
]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(("typed", "korean", "english"), BAD)
def test_a_bad_quantity_is_explained_and_adds_nothing(
    client: Client, typed: str, korean: str, english: str, language: str
) -> None:
    product()

    answer = client.post(
        "/cart/add/" if language == "ko" else "/en/cart/add/", {"sku": "CUP", "quantity": typed}
    )

    assert answer.status_code == 200
    assert (korean if language == "ko" else english) in text(answer)
    assert not CartLine.objects.exists()
    assert "cart" not in answer.cookies


@pytest.mark.parametrize(("typed", "kept"), [("abc", "abc"), ("-1", "-1"), ("<b>", "&lt;b&gt;"), ("6", "6")])
def test_the_bad_quantity_stays_in_its_field(client: Client, typed: str, kept: str) -> None:
    product()

    page = client.post("/cart/add/", {"sku": "CUP", "quantity": typed}).content.decode()

    assert f'name="quantity" value="{kept}"' in page


@pytest.mark.parametrize(("typed", "korean", "english"), [row for row in BAD if row[0] not in ("0", "-1")])
def test_a_bad_change_leaves_the_line_as_it_was(
    client: Client, typed: str, korean: str, english: str
) -> None:
    product()
    fill(client)

    answer = client.post("/cart/change/", {"sku": "CUP", "quantity": typed})

    assert answer.status_code == 200
    assert korean in text(answer)
    assert CartLine.objects.get().quantity == 2


def test_a_negative_change_is_refused_and_zero_takes_the_line_out(client: Client) -> None:
    product()
    fill(client)

    assert "수량은 0개 이상으로" in text(client.post("/cart/change/", {"sku": "CUP", "quantity": "-1"}))
    assert CartLine.objects.get().quantity == 2

    answer = client.post("/cart/change/", {"sku": "CUP", "quantity": "0"})
    assert answer["Location"] == "/cart/?removed=CUP&quantity=2"
    assert not CartLine.objects.exists()


@pytest.mark.parametrize("sku", ["", "NOTHING", "x" * 500, "\x00", "'; --", "찻잔"])
@pytest.mark.parametrize("path", ["/cart/add/", "/cart/change/", "/cart/remove/"])
def test_what_is_not_for_sale_is_explained(client: Client, path: str, sku: str) -> None:
    product()
    fill(client)

    answer = client.post(path, {"sku": sku, "quantity": "1"})

    assert answer.status_code in (200, 302)
    assert CartLine.objects.get().quantity == 2


@pytest.mark.parametrize("path", ["/cart/add/", "/cart/change/", "/cart/remove/"])
def test_a_visit_to_an_act_shows_the_cart(client: Client, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer["Location"]) == (302, "/cart/")


def test_adding_gives_the_browser_a_cart_of_its_own(client: Client) -> None:
    product()

    answer = client.post("/cart/add/", {"sku": "CUP", "quantity": "2"})

    assert (answer.status_code, answer["Location"]) == (302, "/cart/")
    cookie = answer.cookies["cart"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert "찻잔" in text(client.get("/cart/"))
    assert "장바구니가 비어 있습니다" in text(Client().get("/cart/"))


def test_a_forged_cookie_is_no_cart(client: Client) -> None:
    product()
    fill(client)
    client.cookies["cart"] = token()

    assert "장바구니가 비어 있습니다" in text(client.get("/cart/"))


@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("/checkout/", "/checkout/"),
        ("/p/cup/?variant=CUP", "/p/cup/?variant=CUP"),
        ("https://evil.example/", "/cart/"),
        ("//evil.example/", "/cart/"),
        ("javascript:alert(1)", "/cart/"),
        ("\\\\evil.example", "/cart/"),
        ("", "/cart/"),
    ],
)
def test_going_on_stays_in_the_shop(client: Client, wanted: str, target: str) -> None:
    product()

    answer = client.post("/cart/add/", {"sku": "CUP", "quantity": "1", "next": wanted})

    assert answer["Location"] == target


def test_the_cart_says_what_it_costs(client: Client) -> None:
    product()
    fill(client, 1)

    said = text(client.get("/cart/"))

    assert "상품 금액 24,000원" in said
    assert "배송비 3,000원" in said
    assert "총 결제 금액 27,000원부터" in said
    assert "부가가치세 2,455원 포함" in said
    assert "26,000원 더 담으면 무료배송" in said


def test_the_english_cart_speaks_english_only(client: Client) -> None:
    product(title=("찻잔", "Tea cup"))
    fill(client, 1, prefix="/en")

    said = text(client.get("/en/cart/"))

    assert "Tea cup" in said
    assert "Total to pay from ₩27,000" in said
    assert HANGUL.search(said) is None


def test_a_cold_cart_page_is_cheap(client: Client) -> None:
    product(skus=("A", "B", "C", "D"))
    for sku in "ABCD":
        fill(client, 1, sku)

    client.get("/cart/")  # loads the address book and makes the row of settings
    cache.clear()

    with CaptureQueriesContext(connection) as queries:
        client.get("/cart/")

    assert len(queries) <= QUERIES, "\n".join(query["sql"][:120] for query in queries)


def test_changes_since_adding_are_said_in_words(client: Client) -> None:
    product(skus=("A", "B", "C"), units=5)
    product("pot", skus=("POT",))
    for sku in ("A", "B", "C", "POT"):
        fill(client, 2, sku)
    Variant.objects.filter(sku="A").update(price=26_000)
    on_shelf(Variant.objects.get(sku="B"), 1)
    on_shelf(Variant.objects.get(sku="C"), 0)
    withdraw("pot")

    answer = client.get("/cart/")
    said = text(answer)

    assert "가격이 24,000원에서 26,000원으로 바뀌었습니다." in said
    assert "1개 남았습니다. 수량을 줄여 주세요." in said
    assert "품절된 상품입니다. 삭제해 주세요." in said
    assert "판매가 끝난 상품입니다. 삭제해 주세요." in said
    assert 'href="/checkout/"' not in answer.content.decode()
    assert client.get("/checkout/")["Location"] == "/cart/"


def test_what_was_removed_can_be_put_back(client: Client) -> None:
    product()
    fill(client)
    answer = client.post("/cart/remove/", {"sku": "CUP"}, follow=True)

    page = answer.content.decode()
    assert "되돌리기" in text(answer)
    assert '<input type="hidden" name="sku" value="CUP">' in page
    assert '<input type="hidden" name="quantity" value="2">' in page
    fill(client)
    assert CartLine.objects.get().quantity == 2


@pytest.mark.parametrize(
    "query", ["removed=CUP&quantity=x", "removed=&quantity=1", "removed=CUP", "removed=%00&quantity=1"]
)
def test_an_invented_removal_is_ignored(client: Client, query: str) -> None:
    assert "되돌리기" not in text(client.get(f"/cart/?{query}"))
