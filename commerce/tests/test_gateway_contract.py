"""The fake provider and the real client keep the same promises; the client speaks to a local PortOne V2."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from portone_server_sdk import PaymentClient

from commerce.payments import portone, portone_answers
from commerce.payments.gateway import (
    BankAccount,
    Gateway,
    GatewayReceipt,
    GatewayTrouble,
    GatewayUnreachable,
    LeftChanged,
    PaymentUnknown,
    ReceiptRefused,
)
from commerce.payments.portone import PortOne
from commerce.payments.states import PaymentState, ReceiptKind, ReceiptState, RefundState
from commerce.tests.fakes import FakeGateway
from tools.portone_sandbox.config import Config
from tools.portone_sandbox.server import Server

ID, AMOUNT = "CONTRACT0001", 51_000
MOMENT, HOUR = timedelta(milliseconds=1), timedelta(hours=1)
HANA = BankAccount(bank="KAKAO", number="3333012345678", holder="김하나")


class Provider:
    """A gateway, and a shopper who pays at its provider."""

    def __init__(self, gateway: Gateway, pay: Any, url: str = "") -> None:
        self.gateway = gateway
        self.pay = pay
        self.url = url

    def pull(self, lever: str, **how: Any) -> None:
        """Let something happen at the local PortOne."""
        answer = httpx.post(f"{self.url}/_sandbox/{lever}", json=how, trust_env=False)
        assert answer.status_code == 200, answer.text


@pytest.fixture(params=["fake", "portone"])
def provider(request: pytest.FixtureRequest, settings: Any) -> Iterator[Provider]:
    """Each promise is tried on both."""
    if request.param == "fake":
        fake = FakeGateway()
        yield Provider(fake, lambda **how: _pay_in_memory(fake, **how))
        return
    server = Server(
        Config(
            api_secret=settings.PORTONE_API_SECRET,
            store_id=settings.PORTONE_STORE_ID,
            channel_key=settings.PORTONE_CHANNEL_KEY,
            webhook_secret=settings.PORTONE_WEBHOOK_SECRET,
            webhook_url="http://127.0.0.1:9/",
            port=0,
            time_scale=0.001,
        )
    )
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    url = server.sandbox.config.base_url
    client = PaymentClient(
        secret=settings.PORTONE_API_SECRET, base_url=url, store_id=settings.PORTONE_STORE_ID
    )
    yield Provider(PortOne(client), lambda **changes: _pay(url, settings, **changes), url)
    server.shutdown()
    server.stop()


def _pay_in_memory(
    fake: FakeGateway,
    *,
    payment_id: str = ID,
    action: str = "approve",
    method: str = "CARD",
    manual: bool = False,
) -> str:
    order: Any = SimpleNamespace(payment=SimpleNamespace(payment_id=payment_id), total=AMOUNT)
    if manual:
        return fake.authenticate(order)
    account = {"bank": "SHINHAN", "number": "56211905874893"} if method == "VIRTUAL_ACCOUNT" else {}
    state = PaymentState.AWAITING_DEPOSIT if action == "issue" else PaymentState.PAID
    fake.says(order, state, account=account)
    return ""


def _pay(
    url: str,
    settings: Any,
    *,
    payment_id: str = ID,
    action: str = "approve",
    method: str = "CARD",
    manual: bool = False,
) -> str:
    """Press a button of the window; return the token to confirm with, of a channel with manual approval."""
    httpx.post(f"{url}/_sandbox/faults", json={"manualApproval": manual}, trust_env=False)
    wanted = {
        "storeId": settings.PORTONE_STORE_ID,
        "channelKey": settings.PORTONE_CHANNEL_KEY,
        "paymentId": payment_id,
        "orderName": "찻잔",
        "totalAmount": AMOUNT,
        "currency": "KRW",
        "payMethod": method,
        "redirectUrl": "http://127.0.0.1:9/",
    }
    answer = httpx.post(f"{url}/_sandbox/pay", json={"request": wanted, "action": action}, trust_env=False)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["result"].get("paymentToken", ""))


def test_what_was_never_tried_is_unknown(provider: Provider) -> None:
    provider.gateway.register(payment_id=ID, amount=AMOUNT)

    with pytest.raises(PaymentUnknown):
        provider.gateway.fetch(payment_id=ID)


def test_registering_again_is_harmless(provider: Provider) -> None:
    provider.gateway.register(payment_id=ID, amount=AMOUNT)
    provider.gateway.register(payment_id=ID, amount=AMOUNT)
    provider.pay()
    provider.gateway.register(payment_id=ID, amount=AMOUNT)

    assert provider.gateway.fetch(payment_id=ID).state == PaymentState.PAID


def test_a_paid_payment_says_everything_that_is_compared(provider: Provider, settings: Any) -> None:
    provider.pay()

    found = provider.gateway.fetch(payment_id=ID)

    assert (found.payment_id, found.store_id) == (ID, settings.PORTONE_STORE_ID)
    assert (found.total, found.tax_free, found.cancelled, found.currency) == (AMOUNT, 0, 0, "KRW")
    assert (found.version, found.live, found.channel_key) == ("V2", False, settings.PORTONE_CHANNEL_KEY)
    assert found.paid_at is not None
    assert found.transaction_id


def test_all_of_it_can_be_given_back(provider: Provider) -> None:
    provider.pay()

    answer = provider.gateway.refund(payment_id=ID, amount=AMOUNT, cancellable=AMOUNT, reason="test")

    assert answer.state == RefundState.SUCCEEDED
    found = provider.gateway.fetch(payment_id=ID)
    assert (found.state, found.cancelled) == (PaymentState.CANCELLED, AMOUNT)


def test_a_part_can_be_given_back(provider: Provider) -> None:
    provider.pay()

    provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="test")

    found = provider.gateway.fetch(payment_id=ID)
    assert (found.state, found.cancelled) == (PaymentState.PARTLY_CANCELLED, 1_000)


def test_who_is_wrong_about_what_is_left_gives_nothing_back(provider: Provider) -> None:
    provider.pay()
    provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="test")

    with pytest.raises(GatewayTrouble):
        provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="test")

    assert provider.gateway.fetch(payment_id=ID).cancelled == 1_000


portone_only = pytest.mark.parametrize("provider", ["portone"], indirect=True)


@portone_only
@pytest.mark.parametrize(("succeeded", "end"), [(True, RefundState.SUCCEEDED), (False, RefundState.FAILED)])
def test_a_refund_under_way_is_seen_until_it_ends(
    provider: Provider, succeeded: bool, end: RefundState
) -> None:
    provider.pay()
    provider.pull("faults", cancelMode="REQUESTED", cancelSettleSeconds=0)

    answer = provider.gateway.refund(payment_id=ID, amount=AMOUNT, cancellable=AMOUNT, reason="test")
    waiting = provider.gateway.fetch(payment_id=ID)
    provider.pull(f"payments/{ID}/settle-cancellation", succeeded=succeeded)

    assert answer.state == RefundState.PENDING
    assert (waiting.state, waiting.cancelled, waiting.refunds) == (PaymentState.PAID, 0, (answer,))
    ended = provider.gateway.fetch(payment_id=ID).refunds
    assert [(one.cancellation_id, one.state) for one in ended] == [(answer.cancellation_id, end)]


def test_what_was_given_back_is_listed_with_its_sum_and_our_reason(provider: Provider) -> None:
    provider.pay()
    provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="one #R1-1", vat=91)
    provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT - 1_000, reason="two #R2-1")

    listed = provider.gateway.fetch(payment_id=ID).refunds

    assert [(one.state, one.amount, one.reason) for one in listed] == [
        (RefundState.SUCCEEDED, 1_000, "one #R1-1"),
        (RefundState.SUCCEEDED, 1_000, "two #R2-1"),
    ]
    assert len({one.cancellation_id for one in listed}) == 2


def test_who_is_wrong_about_what_is_left_is_told_so(provider: Provider) -> None:
    provider.pay()

    with pytest.raises(LeftChanged):
        provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT - 1, reason="test")


@portone_only
def test_what_is_cancelled_already_is_read_again_not_believed(provider: Provider) -> None:
    provider.pay()
    provider.gateway.refund(payment_id=ID, amount=AMOUNT, cancellable=AMOUNT, reason="test")

    with pytest.raises(LeftChanged):
        provider.gateway.refund(payment_id=ID, amount=AMOUNT, cancellable=0, reason="test")


@portone_only
def test_a_part_of_a_deposit_goes_back_to_an_account_and_nowhere_else(provider: Provider) -> None:
    provider.pay(action="issue", method="VIRTUAL_ACCOUNT")
    provider.pull(f"payments/{ID}/deposit")

    refused = provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="test")
    given = provider.gateway.refund(
        payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="test", vat=91, account=HANA, by_customer=True
    )

    assert refused.state == RefundState.FAILED
    assert "refundAccount" in refused.failure
    assert (given.state, given.amount) == (RefundState.SUCCEEDED, 1_000)
    found = provider.gateway.fetch(payment_id=ID)
    assert (found.state, found.cancelled, bool(found.account)) == (PaymentState.PARTLY_CANCELLED, 1_000, True)


@portone_only
def test_a_lost_answer_is_trouble_and_found_in_the_list(provider: Provider) -> None:
    provider.pay()
    provider.pull("faults", timeouts=1, timeoutSeconds=0, timeoutAfterWork=True)

    with pytest.raises(GatewayTrouble) as trouble:
        provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="lost #R7-1")

    assert not isinstance(trouble.value, LeftChanged | GatewayUnreachable)
    assert [one.reason for one in provider.gateway.fetch(payment_id=ID).refunds] == ["lost #R7-1"]


@portone_only
def test_a_refusal_of_the_card_company_is_an_answer(provider: Provider) -> None:
    provider.pay()
    provider.pull("faults", pgErrors=1)

    answer = provider.gateway.refund(payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="test")

    assert (answer.state, answer.cancellation_id) == (RefundState.FAILED, "")
    assert answer.failure


def test_whom_nobody_answers_was_not_asked(settings: Any) -> None:
    client = PaymentClient(secret="x", base_url="http://127.0.0.1:9", store_id=settings.PORTONE_STORE_ID)

    with pytest.raises(GatewayUnreachable):
        PortOne(client).refund(payment_id=ID, amount=1_000, cancellable=AMOUNT, reason="test")


def test_money_is_waited_for_longer_than_an_answer_to_a_question() -> None:
    portone._gateway.cache_clear()
    gateway = portone.gateway()

    money, look = gateway._client._sync_client.timeout, gateway._quick._sync_client.timeout

    assert (money.connect, money.read, look.connect, look.read) == (5, 60, 5, 10)


@pytest.mark.parametrize("ask", [portone.gateway, portone._gateway], ids=["locked", "twin"])
def test_threads_that_come_at_once_build_one_pair_of_clients(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[[], PortOne]
) -> None:
    """The twin goes without the lock: several build."""
    portone._gateway.cache_clear()
    together, made = threading.Barrier(8), []

    def slow(seconds: float) -> float:
        made.append(seconds)
        with suppress(threading.BrokenBarrierError):
            together.wait(timeout=0.4)  # who is alone waits in vain
        return seconds

    monkeypatch.setattr(portone, "_client", slow)
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda _number: ask(), range(8)))
    portone._gateway.cache_clear()

    assert (len(made) == 2) == (ask is portone.gateway)


def test_a_cancellation_in_a_state_that_nobody_knows_is_waited_for() -> None:
    unknown = portone_answers.refund(
        {"id": "c-1", "status": "UNHEARD_OF", "totalAmount": 1_000, "reason": "x"}
    )

    assert (unknown.state, unknown.cancellation_id, unknown.amount) == (RefundState.PENDING, "c-1", 1_000)


# --- the list of what changed -----------------------------------------------------------------------------


def test_everything_that_changed_is_listed_however_many_pages_it_takes(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portone, "_PAGE", 2)
    paid = [f"CONTRACT100{number}" for number in range(5)]
    for payment_id in paid:
        provider.pay(payment_id=payment_id)
    times = [provider.gateway.fetch(payment_id=payment_id).changed_at for payment_id in paid]

    listed = list(provider.gateway.changed(since=min(times), until=max(times) + MOMENT))

    assert sorted(one.payment_id for one in listed) == paid
    assert {(one.state, one.total) for one in listed} == {(PaymentState.PAID, AMOUNT)}


def test_two_windows_that_meet_list_a_payment_once(provider: Provider) -> None:
    provider.pay()
    at = provider.gateway.fetch(payment_id=ID).changed_at

    def listed(since: datetime, until: datetime) -> list[str]:
        return [one.payment_id for one in provider.gateway.changed(since=since, until=until)]

    assert listed(at, at + HOUR) == [ID]
    assert listed(at - HOUR, at) == []
    assert listed(at + MOMENT, at + HOUR) == []


# --- manual approval --------------------------------------------------------------------------------------


def confirm(provider: Provider, token: str, *, amount: int = AMOUNT) -> PaymentState:
    """Confirm, and return what became of the payment."""
    provider.gateway.confirm(payment_id=ID, payment_token=token, transaction_id="", amount=amount)
    return provider.gateway.fetch(payment_id=ID).state


def test_who_agreed_in_the_window_pays_only_when_we_say_so(provider: Provider) -> None:
    token = provider.pay(manual=True)
    before = provider.gateway.fetch(payment_id=ID)

    assert (before.state, before.paid_at) == (PaymentState.OPEN, None)
    assert confirm(provider, token) == PaymentState.PAID
    assert provider.gateway.fetch(payment_id=ID).total == AMOUNT


def test_a_wrong_token_takes_no_money_and_the_right_one_still_does(provider: Provider) -> None:
    token = provider.pay(manual=True)

    assert confirm(provider, "guessed") == PaymentState.OPEN
    assert confirm(provider, token) == PaymentState.PAID


def test_another_amount_than_was_agreed_to_is_not_taken(provider: Provider) -> None:
    token = provider.pay(manual=True)

    assert confirm(provider, token, amount=AMOUNT + 1) == PaymentState.OPEN


def test_confirming_what_is_paid_takes_nothing_more(provider: Provider) -> None:
    token = provider.pay(manual=True)
    confirm(provider, token)
    paid = provider.gateway.fetch(payment_id=ID)

    assert confirm(provider, token) == PaymentState.PAID
    assert provider.gateway.fetch(payment_id=ID) == paid


# --- virtual accounts -------------------------------------------------------------------------------------


def test_nobody_can_pay_into_an_account_that_was_closed(provider: Provider) -> None:
    provider.pay(action="issue", method="VIRTUAL_ACCOUNT")
    assert provider.gateway.fetch(payment_id=ID).state == PaymentState.AWAITING_DEPOSIT

    provider.gateway.close_account(payment_id=ID)

    assert provider.gateway.fetch(payment_id=ID).state == PaymentState.FAILED
    provider.gateway.close_account(payment_id=ID)  # closing again changes nothing
    assert provider.gateway.fetch(payment_id=ID).state == PaymentState.FAILED


@portone_only
def test_a_deposit_into_a_closed_account_is_refused_by_the_bank(provider: Provider) -> None:
    provider.pay(action="issue", method="VIRTUAL_ACCOUNT")
    provider.gateway.close_account(payment_id=ID)

    answer = httpx.post(f"{provider.url}/_sandbox/payments/{ID}/deposit", json={}, trust_env=False)

    assert answer.status_code == 409


def test_closing_the_account_of_what_is_paid_leaves_it_paid(provider: Provider) -> None:
    provider.pay()
    paid = provider.gateway.fetch(payment_id=ID)

    provider.gateway.close_account(payment_id=ID)

    assert provider.gateway.fetch(payment_id=ID) == paid


def test_closing_what_nobody_knows_is_harmless(provider: Provider) -> None:
    provider.gateway.close_account(payment_id=ID)

    with pytest.raises(PaymentUnknown):
        provider.gateway.fetch(payment_id=ID)


@portone_only
def test_a_bank_that_does_not_close_accounts_is_trouble_and_the_account_stays(provider: Provider) -> None:
    provider.pay(action="issue", method="VIRTUAL_ACCOUNT")
    provider.pull("faults", pgErrors=1)

    with pytest.raises(GatewayTrouble):
        provider.gateway.close_account(payment_id=ID)

    assert provider.gateway.fetch(payment_id=ID).state == PaymentState.AWAITING_DEPOSIT


# --- cash receipts ----------------------------------------------------------------------------------------


def issue(
    provider: Provider, *, amount: int = AMOUNT, kind: ReceiptKind = ReceiptKind.PERSONAL
) -> GatewayReceipt:
    number = "01012345678" if kind == ReceiptKind.PERSONAL else "1208147521"
    return provider.gateway.issue_receipt(
        payment_id=ID, order_name="찻잔", amount=amount, kind=kind, number=number
    )


def test_who_never_got_a_receipt_has_none(provider: Provider) -> None:
    provider.pay(method="TRANSFER")

    assert provider.gateway.receipt(payment_id=ID) is None


@pytest.mark.parametrize("kind", ReceiptKind)
def test_a_receipt_that_was_issued_is_found_as_it_was_answered(provider: Provider, kind: ReceiptKind) -> None:
    provider.pay(method="TRANSFER")

    made = issue(provider, kind=kind)

    assert (made.state, made.amount) == (ReceiptState.ISSUED, AMOUNT)
    assert made.issue_number and made.url
    assert provider.gateway.receipt(payment_id=ID) == made


def test_a_second_receipt_beside_one_that_stands_is_trouble(provider: Provider) -> None:
    provider.pay(method="TRANSFER")
    made = issue(provider)

    with pytest.raises(GatewayTrouble):
        issue(provider, amount=1_000)

    assert provider.gateway.receipt(payment_id=ID) == made


def test_a_cancelled_receipt_makes_room_for_one_over_what_remains(provider: Provider) -> None:
    provider.pay(method="TRANSFER")
    first = issue(provider)

    provider.gateway.cancel_receipt(payment_id=ID)

    gone = provider.gateway.receipt(payment_id=ID)
    assert gone and (gone.state, gone.issue_number) == (ReceiptState.CANCELLED, first.issue_number)
    second = issue(provider, amount=27_000)
    assert (second.amount, second.issue_number != first.issue_number) == (27_000, True)
    assert provider.gateway.receipt(payment_id=ID) == second


def test_cancelling_what_does_not_stand_is_harmless(provider: Provider) -> None:
    provider.pay(method="TRANSFER")
    provider.gateway.cancel_receipt(payment_id=ID)
    issue(provider)
    provider.gateway.cancel_receipt(payment_id=ID)
    provider.gateway.cancel_receipt(payment_id=ID)

    gone = provider.gateway.receipt(payment_id=ID)
    assert gone and gone.state == ReceiptState.CANCELLED


@portone_only
def test_a_refusal_of_the_tax_office_is_an_answer_and_nothing_stands(provider: Provider) -> None:
    provider.pay(method="TRANSFER")
    provider.pull("faults", pgErrors=1)

    with pytest.raises(ReceiptRefused):
        issue(provider)

    assert provider.gateway.receipt(payment_id=ID) is None


@portone_only
def test_a_lost_answer_to_a_receipt_is_trouble_and_the_receipt_is_found(provider: Provider) -> None:
    provider.pay(method="TRANSFER")
    provider.pull("faults", timeouts=1, timeoutSeconds=0, timeoutAfterWork=True)

    with pytest.raises(GatewayTrouble):
        issue(provider)

    found = provider.gateway.receipt(payment_id=ID)
    assert found and (found.state, found.amount) == (ReceiptState.ISSUED, AMOUNT)
