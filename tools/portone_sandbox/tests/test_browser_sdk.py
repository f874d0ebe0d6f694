"""The browser SDK stand-in in a real Chromium, on a shop page with a strict content security policy."""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright
from portone_server_sdk import PaymentClient
from portone_server_sdk.payment import FailedPayment, PaidPayment

from tools.portone_sandbox.tests.conftest import Shop


class ShopPage:
    """A checkout page of another origin whose policy allows the sandbox and nothing inline."""

    def __init__(self, sandbox_url: str, form: dict[str, str] | None = None) -> None:
        policy = (
            f"default-src 'none'; script-src {sandbox_url}; connect-src {sandbox_url}; "
            f"frame-src {sandbox_url}; form-action 'self' {sandbox_url}; style-src 'self'"
        )
        inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in (form or {}).items())
        html = (
            f'<!doctype html><title>shop</title><script src="{sandbox_url}/v2/browser-sdk.js"></script>'
            f'<form method="post" action="{sandbox_url}/pay">{inputs}<button>Pay</button></form>'
        )

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(html.encode())

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://localhost:{self._server.server_address[1]}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    own = playwright.chromium.executable_path
    path = os.environ.get("CHROMIUM") or (own if Path(own).exists() else shutil.which("chromium"))
    if path is None:
        pytest.skip("needs Playwright's Chromium, one on the PATH, or its path in $CHROMIUM")
    browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture
def checkout(chromium: Browser, shop: Shop) -> Iterator[Page]:
    own = ShopPage(shop.url)
    page = chromium.new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda message: page.complaints.append(message.text))  # type: ignore[attr-defined]
    page.goto(own.url + "/checkout/")
    yield page
    page.close()
    own.stop()


def request_of(shop: Shop, page: Page, **changes: Any) -> str:
    own = page.url.replace("/checkout/", "/return/?order=7")
    return json.dumps(shop.request(**{"redirectUrl": own} | changes))


def test_a_forced_redirect_goes_to_the_window_and_comes_back(
    shop: Shop, checkout: Page, client: PaymentClient
) -> None:
    wanted = request_of(shop, checkout, forceRedirect=True)

    checkout.evaluate(f"() => {{ PortOne.requestPayment({wanted}) }}")
    checkout.get_by_role("button", name="결제 승인", exact=True).click()
    checkout.wait_for_url("**/return/**")

    assert "order=7&transactionType=PAYMENT&txId=" in checkout.url
    assert checkout.url.endswith("&paymentId=ORDER0001")
    assert isinstance(client.get_payment(payment_id="ORDER0001"), PaidPayment)
    assert checkout.complaints == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("redirect", [True, False])
def test_on_a_desktop_the_promise_gives_the_result(
    shop: Shop, checkout: Page, client: PaymentClient, redirect: bool
) -> None:
    wanted = request_of(shop, checkout) if redirect else request_of(shop, checkout, redirectUrl=None)

    checkout.evaluate(f"() => {{ window.done = PortOne.requestPayment({wanted}) }}")
    window = checkout.frame_locator("iframe[title=결제창]")
    window.get_by_role("button", name="결제 취소", exact=True).click()
    result = checkout.evaluate("() => window.done")

    payment = client.get_payment(payment_id="ORDER0001")
    assert isinstance(payment, FailedPayment)
    assert result["txId"] == payment.transaction_id
    assert (result["code"], result["pgCode"]) == ("FAILURE_TYPE_PG", "PAY_PROCESS_CANCELED")
    assert checkout.locator("iframe").count() == 0
    assert checkout.url.endswith("/checkout/")
    assert checkout.complaints == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"orderName": ""}, "BadRequest"),
        ({"totalAmount": 12000.5}, "BadRequest"),
        ({"channelKey": "channel-key-other"}, "ChannelNotFound"),
        ({"storeId": "store-other"}, "StoreNotFound"),
        ({"totalAmount": 11000}, "AmountNotEqualToPredefined"),
        ({"paymentId": "PAID00001"}, "PaymentAlreadyPaid"),
    ],
)
def test_errors_before_the_window_are_thrown(
    shop: Shop, checkout: Page, client: PaymentClient, change: dict[str, Any], code: str
) -> None:
    client.pre_register_payment(payment_id="ORDER0001", total_amount=12000)
    shop.pay("PAID00001")
    wanted = request_of(shop, checkout, forceRedirect=True, **change)

    thrown = checkout.evaluate(
        f"""() => PortOne.requestPayment({wanted}).then(
            () => null,
            (error) => [error.__portOneErrorType, error.code, PortOne.isPaymentError(error), error.message],
        )"""
    )

    assert thrown[:3] == ["PaymentError", code, True]
    assert thrown[3]
    assert checkout.url.endswith("/checkout/")


def test_an_unreachable_sandbox_is_an_unknown_error(shop: Shop, checkout: Page) -> None:
    checkout.route("**/v2/prepare", lambda route: route.abort())

    code = checkout.evaluate(
        f"() => PortOne.requestPayment({request_of(shop, checkout)}).catch((error) => error.code)"
    )

    assert code == "UnknownError"


def test_a_phone_is_redirected(shop: Shop, chromium: Browser, checkout: Page) -> None:
    context = chromium.new_context(user_agent="Mozilla/5.0 (Linux; Android 15) Mobile Safari/537.36")
    phone = context.new_page()
    phone.goto(checkout.url)

    phone.evaluate(f"() => {{ PortOne.requestPayment({request_of(shop, checkout)}) }}")
    phone.get_by_role("button", name="결제 승인", exact=True).wait_for()

    assert phone.url.startswith(shop.url + "/pay/")
    context.close()


def test_a_shopper_without_script_pays_by_form(shop: Shop, chromium: Browser, client: PaymentClient) -> None:
    fields = {name: str(value) for name, value in shop.request().items() if name != "customer"}
    own = ShopPage(shop.url, form=fields | {"redirectUrl": "http://localhost:9/return/?order=7"})
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.route("http://localhost:9/**", lambda route: route.fulfill(body="back in the shop"))

    page.goto(own.url)
    page.get_by_role("button", name="Pay").click()
    page.get_by_role("button", name="결제 승인", exact=True).click()
    page.get_by_text("back in the shop").wait_for()

    payment = client.get_payment(payment_id="ORDER0001")
    assert isinstance(payment, PaidPayment)
    assert page.url == (
        f"http://localhost:9/return/?order=7&transactionType=PAYMENT&txId={payment.transaction_id}"
        "&paymentId=ORDER0001"
    )
    context.close()
    own.stop()
