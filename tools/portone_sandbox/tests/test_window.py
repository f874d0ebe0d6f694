"""The payment window as a browser without script sees it."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from portone_server_sdk import PaymentClient
from portone_server_sdk.payment import FailedPayment, PaidPayment, ReadyPayment, VirtualAccountIssuedPayment

from tools.portone_sandbox.tests.conftest import RETURN_URL, Shop

KOREAN = {
    "approve": "결제 승인",
    "cancel": "결제 취소",
    "fail": "결제 실패",
    "issue": "가상계좌 발급",
    "approve_close": "승인하고 창 닫기",
    "approve_late": "웹훅 지연 승인",
    "approve_twice": "웹훅 중복 승인",
    "tamper": "금액을 바꿔 승인",
}
ENGLISH = {
    "approve": "Approve payment",
    "cancel": "Cancel payment",
    "fail": "Fail payment",
    "issue": "Issue virtual account",
    "approve_close": "Approve and close window",
    "approve_late": "Approve with delayed webhook",
    "approve_twice": "Approve with duplicate webhooks",
    "tamper": "Approve a different amount",
}


class Buttons(HTMLParser):
    """Collects `value: text` of the submit buttons."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._open: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "button" and given.get("type") == "submit" and given.get("name") == "action":
            self._open = given["value"]

    def handle_data(self, data: str) -> None:
        if self._open:
            self.found[self._open] = data
            self._open = None


def form(**changes: str) -> dict[str, str]:
    from_sdk = {
        "customer.fullName": "홍길동",
        "customer.email": "hong@example.kr",
        "customer.phoneNumber": "01012345678",
    }
    return from_sdk | changes


def fields(shop: Shop, **changes: str) -> dict[str, str]:
    request = {name: str(value) for name, value in shop.request().items() if name != "customer"}
    return request | form() | changes


def open_window(shop: Shop, **changes: str) -> httpx.Response:
    opened = shop.http.post("/pay", data=fields(shop, **changes))
    assert opened.status_code == 303, opened.text
    return shop.http.get(opened.headers["Location"])


def press(shop: Shop, action: str, **more: str) -> httpx.Response:
    window = open_window(shop)
    return shop.http.post(window.url.path, data={"action": action, **more})


def result_of(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 303
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


@pytest.mark.parametrize(("locale", "labels"), [("KO_KR", KOREAN), ("EN_US", ENGLISH)])
def test_the_window_offers_every_ending_by_name(shop: Shop, locale: str, labels: dict[str, str]) -> None:
    html = open_window(shop, locale=locale).text

    assert Buttons(html).found == labels
    assert "TEST PAYMENT" in html and "시험 결제" in html
    assert "달항아리 외 1건" in html and "ORDER0001" in html and "12,000" in html
    assert "<script" not in html and " style=" not in html and "<style" not in html


def test_the_first_button_fits_the_method(shop: Shop) -> None:
    card = Buttons(open_window(shop).text).found
    account = Buttons(open_window(shop, payMethod="VIRTUAL_ACCOUNT").text).found

    assert next(iter(card)) == "approve"
    assert next(iter(account)) == "issue"


def test_get_and_post_open_the_same_window(shop: Shop, client: PaymentClient) -> None:
    opened = shop.http.get("/pay", params=fields(shop))

    assert opened.status_code == 303
    payment = client.get_payment(payment_id="ORDER0001")
    assert isinstance(payment, ReadyPayment)
    assert payment.customer.name == "홍길동"
    assert shop.http.get(opened.headers["Location"]).status_code == 200
    assert len(client.get_payment_transactions(payment_id="ORDER0001").items) == 1


def test_approval_returns_to_the_shop_and_keeps_its_query(shop: Shop, client: PaymentClient) -> None:
    answer = press(shop, "approve")

    payment = client.get_payment(payment_id="ORDER0001")
    assert isinstance(payment, PaidPayment)
    assert answer.headers["Location"].startswith(RETURN_URL + "&")
    assert result_of(answer) == {
        "order": "7",
        "transactionType": "PAYMENT",
        "txId": payment.transaction_id,
        "paymentId": "ORDER0001",
    }


@pytest.mark.parametrize("action", ["approve_late", "approve_twice", "tamper"])
def test_other_approvals_return_like_any_other(shop: Shop, client: PaymentClient, action: str) -> None:
    answer = press(shop, action)

    assert set(result_of(answer)) == {"order", "transactionType", "txId", "paymentId"}
    assert isinstance(client.get_payment(payment_id="ORDER0001"), PaidPayment)


def test_failure_returns_with_the_chosen_reason(shop: Shop, client: PaymentClient) -> None:
    result = result_of(press(shop, "fail", reason="PROVIDER_ERROR"))

    assert (result["code"], result["pgCode"]) == ("FAILURE_TYPE_PG", "PROVIDER_ERROR")
    assert result["message"] == result["pgMessage"]
    payment = client.get_payment(payment_id="ORDER0001")
    assert isinstance(payment, FailedPayment)
    assert payment.failure.pg_message == result["pgMessage"]


def test_giving_up_returns_with_a_code(shop: Shop) -> None:
    result = result_of(press(shop, "cancel"))

    assert (result["code"], result["pgCode"]) == ("FAILURE_TYPE_PG", "PAY_PROCESS_CANCELED")


def test_an_issued_account_returns_without_a_code(shop: Shop, client: PaymentClient) -> None:
    result = result_of(press(shop, "issue"))

    assert "code" not in result
    assert isinstance(client.get_payment(payment_id="ORDER0001"), VirtualAccountIssuedPayment)


def test_closing_the_window_never_returns(shop: Shop, client: PaymentClient) -> None:
    answer = press(shop, "approve_close")

    assert answer.status_code == 200
    assert "이 창을 닫아도 됩니다" in answer.text
    assert RETURN_URL not in answer.text
    assert isinstance(client.get_payment(payment_id="ORDER0001"), PaidPayment)


def test_pressing_twice_acts_once(shop: Shop, client: PaymentClient) -> None:
    window = open_window(shop)
    shop.http.post(window.url.path, data={"action": "approve"})

    again = shop.http.post(window.url.path, data={"action": "fail"})

    assert again.status_code == 409
    assert "상점으로 돌아가기" in again.text
    assert isinstance(client.get_payment(payment_id="ORDER0001"), PaidPayment)


def test_an_unknown_button_does_nothing(shop: Shop, client: PaymentClient) -> None:
    answer = press(shop, "steal")

    assert answer.status_code == 409
    assert isinstance(client.get_payment(payment_id="ORDER0001"), ReadyPayment)


def test_going_back_to_an_ended_window_shows_the_way_to_the_shop(shop: Shop) -> None:
    window = open_window(shop)
    shop.http.post(window.url.path, data={"action": "approve"})

    html = shop.http.get(window.url.path).text

    assert Buttons(html).found == {}
    assert "paymentId=ORDER0001" in html


@pytest.mark.parametrize(
    ("change", "code", "status"),
    [
        ({"storeId": "store-other"}, "StoreNotFound", 404),
        ({"channelKey": "channel-key-other"}, "ChannelNotFound", 404),
        ({"channelKey": ""}, "BadRequest", 400),
        ({"paymentId": "한글"}, "BadRequest", 400),
        ({"orderName": ""}, "BadRequest", 400),
        ({"totalAmount": "0"}, "BadRequest", 400),
        ({"totalAmount": "12,000"}, "BadRequest", 400),
        ({"taxFreeAmount": "12001"}, "BadRequest", 400),
        ({"currency": "won"}, "BadRequest", 400),
        ({"payMethod": "GOLD"}, "BadRequest", 400),
        ({"payMethod": "MOBILE"}, "BadRequest", 400),
        ({"redirectUrl": "javascript:alert(1)"}, "BadRequest", 400),
        ({"noticeUrls": "ftp://127.0.0.1/"}, "BadRequest", 400),
    ],
)
def test_a_bad_request_opens_no_window(shop: Shop, change: dict[str, str], code: str, status: int) -> None:
    answer = shop.http.post("/pay", data=fields(shop, **change))

    assert answer.status_code == status
    assert code in answer.text
    assert "javascript:" not in answer.text
    assert shop.http.get("/_sandbox/payments").json() == {"items": []}


@pytest.mark.parametrize(
    "change",
    [
        {"customer": "홍길동"},
        {"customer": {"fullName": 5}},
        {"customer": {"address": "서울"}},
        {"products": ["MUG"]},
        {"products": [{"id": "MUG", "name": "머그", "amount": 1.5, "quantity": 1}]},
        {"noticeUrls": 5},
        {"virtualAccount": 1},
        {"virtualAccount": {"accountExpiry": {"validHours": 10**12}}},
        {"virtualAccount": {"accountExpiry": {"dueDate": "2020-01-01T00:00:00Z"}}},
        {"virtualAccount": {"accountExpiry": {"dueDate": "tomorrow"}}},
        {"taxFreeAmount": 6000, "vatAmount": 6001},
        {"customData": 5},
        {"totalAmount": True},
        {"paymentId": None},
    ],
    ids=str,
)
def test_a_malformed_request_is_a_bad_request(shop: Shop, change: dict[str, object]) -> None:
    answer = shop.http.post("/v2/prepare", json=shop.request(**change))

    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert shop.http.get("/_sandbox/payments").json() == {"items": []}


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_what_is_no_request_is_a_bad_request(shop: Shop, body: bytes) -> None:
    answer = shop.http.post("/v2/prepare", content=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")


def test_a_form_field_that_is_value_and_parent_is_a_bad_request(shop: Shop) -> None:
    answer = shop.http.get("/pay", params={"customer": "홍길동"} | fields(shop))

    assert answer.status_code == 400


def test_a_refused_window_leads_back_with_the_code(shop: Shop) -> None:
    shop.pay()

    answer = shop.http.post("/pay", data=fields(shop))

    assert answer.status_code == 409
    link = re.search(r'href="([^"]+)">상점으로', answer.text)
    assert link is not None
    query = dict(parse_qsl(urlsplit(link[1].replace("&amp;", "&")).query))
    assert (query["order"], query["code"], query["paymentId"]) == ("7", "PaymentAlreadyPaid", "ORDER0001")


def test_text_from_the_shop_is_escaped(shop: Shop) -> None:
    html = open_window(shop, orderName='<b onclick="x">머그</b>').text

    assert "<b onclick" not in html
    assert "&lt;b onclick=&quot;x&quot;&gt;머그&lt;/b&gt;" in html


def test_several_notice_urls_may_share_a_field(shop: Shop) -> None:
    urls = "http://127.0.0.1:9/a http://127.0.0.1:9/b"

    open_window(shop, noticeUrls=urls)

    sent = shop.http.get("/_sandbox/deliveries").json()["items"]
    assert [one["url"] for one in sent] == urls.split()


def test_pages_are_framed_by_shops_only_where_they_must_be(shop: Shop) -> None:
    window, console = open_window(shop), shop.http.get("/console")

    assert "frame-ancestors http: https:" in window.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in console.headers["Content-Security-Policy"]
    assert "'unsafe" not in window.headers["Content-Security-Policy"]


def test_receipts_have_a_page(shop: Shop, client: PaymentClient) -> None:
    shop.pay()
    payment = client.get_payment(payment_id="ORDER0001")
    assert isinstance(payment, PaidPayment)

    answer = httpx.get(payment.receipt_url or "", trust_env=False)

    assert answer.status_code == 200
    assert "12,000원" in answer.text
    assert shop.http.get("/receipts/none").status_code == 404


def test_unknown_pages_are_missing(shop: Shop) -> None:
    assert shop.http.get("/pay/none").status_code == 404
    assert shop.http.post("/pay/none", data={"action": "approve"}).status_code == 404
    assert shop.http.get("/pay/none/done").status_code == 404
    assert shop.http.get("/nowhere").status_code == 404
