"""PortOne V2 through its official client. Facts: https://developers.portone.io/api/rest-v2/payment"""

import threading
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

import httpx
from django.conf import settings
from portone_server_sdk import PaymentClient, errors
from portone_server_sdk import payment as sdk
from portone_server_sdk.common import PageInput, PaymentAmountInput
from portone_server_sdk.payment import cash_receipt as sdk_receipts

from commerce.payments import portone_answers as answers
from commerce.payments.gateway import (
    BankAccount,
    GatewayPayment,
    GatewayReceipt,
    GatewayRefund,
    GatewayTrouble,
    LeftChanged,
    PaymentUnknown,
    ReceiptRefused,
)
from commerce.payments.portone_calls import ask
from commerce.payments.states import ReceiptKind, ReceiptState, RefundState

_NOT_TO_CONFIRM = (
    errors.InvalidPaymentTokenError,
    errors.InvalidRequestError,
    errors.InformationMismatchError,
)
_PAGE = 100  # payments in one answer
# In seconds. Money: PortOne works on after we hang up, so we wait as long as it advises (60 s or more). Looking:
# a shopper may sit before the page, and asking again costs nothing.
CONNECT, MONEY, LOOK = 5.0, 60.0, 10.0
_building = threading.Lock()
_LEFT_CHANGED = (errors.CancellableAmountConsistencyBrokenError, errors.PaymentAlreadyCancelledError)
_REFUSED = (
    errors.InvalidRequestError,
    errors.PaymentNotFoundError,
    errors.PaymentNotPaidError,
    errors.CancelAmountExceedsCancellableAmountError,
    errors.CancelTaxAmountExceedsCancellableTaxAmountError,
    errors.CancelTaxFreeAmountExceedsCancellableTaxFreeAmountError,
    errors.SumOfPartsExceedsCancelAmountError,
)
_NO_RECEIPT = (
    errors.InvalidRequestError,
    errors.ChannelNotFoundError,
    errors.PgProviderError,
)
_LIMITS = frozenset({"MAX_CANCEL_COUNT_REACHED"})  # newer than the client


class PortOne:
    """The gateway that speaks to PortOne V2, or to anything that speaks like it.

    `quick` is a second client, for questions only: it gives up sooner.
    """

    def __init__(self, client: PaymentClient, quick: PaymentClient | None = None) -> None:
        self._client = client
        self._quick = quick or client

    def register(self, *, payment_id: str, amount: int) -> None:
        """Pre-register the amount in won: a window with another one will not open.

        Raises:
            GatewayTrouble: PortOne did not accept or did not answer.
        """
        try:
            ask(
                lambda: self._quick.pre_register_payment(
                    payment_id=payment_id, total_amount=amount, tax_free_amount=0, currency="KRW"
                )
            )
        except errors.AlreadyPaidError:
            return  # settling finds out

    def fetch(self, *, payment_id: str) -> GatewayPayment:
        """Return the payment.

        Raises:
            PaymentUnknown: nothing was tried under this id yet.
            GatewayTrouble: PortOne did not answer in a way that can be trusted.
        """
        try:
            found = ask(lambda: self._quick.get_payment(payment_id=payment_id))
        except errors.PaymentNotFoundError as unknown:
            raise PaymentUnknown(payment_id) from unknown
        if type(found) not in answers.STATES:
            raise GatewayTrouble(f"payment {payment_id} is in a state that this version does not know")
        return answers.payment(found)

    def changed(self, *, since: datetime, until: datetime) -> Iterator[GatewayPayment]:
        """Read PortOne's list of payments page by page, by the time of their last change.

        A payment in a state that this version does not know is left out: settling tells of it.

        Raises:
            GatewayTrouble: PortOne did not answer, or not in a way that can be read.
        """
        wanted = sdk.PaymentFilterInput(
            timestamp_type="STATUS_CHANGED_AT",
            from_=since.isoformat(),
            until=until.isoformat(),
            sort_by="STATUS_CHANGED_AT",
            sort_order="ASC",
        )
        number = seen = 0
        while True:
            page = ask(
                partial(self._client.get_payments, page=PageInput(number=number, size=_PAGE), filter=wanted)
            )
            known = (answers.payment(found) for found in page.items if type(found) in answers.STATES)
            yield from (one for one in known if one.changed_at < until)  # PortOne's own end is inclusive
            seen += len(page.items)
            if not page.items or seen >= page.page.total_count:
                return
            number += 1

    def confirm(self, *, payment_id: str, payment_token: str, transaction_id: str, amount: int) -> None:
        """Confirm a payment of a channel with manual approval (수동 승인); a refusal is found by `fetch`.

        Raises:
            GatewayTrouble: PortOne did not answer; the money may have moved.
        """
        try:
            ask(
                lambda: self._client.confirm_payment(
                    payment_id=payment_id,
                    payment_token=payment_token,
                    tx_id=transaction_id or None,
                    currency="KRW",
                    total_amount=amount,
                    tax_free_amount=0,
                )
            )
        except (errors.AlreadyPaidError, errors.PgProviderError):
            return
        except GatewayTrouble as trouble:
            if not isinstance(trouble.__cause__, _NOT_TO_CONFIRM):
                raise

    def close_account(self, *, payment_id: str) -> None:
        """Close the virtual account of a payment; one that waits for no deposit is closed already.

        Raises:
            GatewayTrouble: PortOne did not answer, or the bank cannot close accounts.
        """
        try:
            ask(lambda: self._client.close_virtual_account(payment_id=payment_id))
        except (errors.PaymentNotFoundError, errors.AlreadyPaidError, errors.PaymentAlreadyCancelledError):
            return
        except errors.PgProviderError as refused:
            raise GatewayTrouble(f"the bank does not close the account: {refused.pg_message}") from refused
        except GatewayTrouble as trouble:
            if not isinstance(trouble.__cause__, errors.PaymentNotWaitingForDepositError):
                raise

    def refund(
        self,
        *,
        payment_id: str,
        amount: int,
        cancellable: int,
        reason: str,
        vat: int | None = None,
        account: BankAccount | None = None,
        by_customer: bool = False,
    ) -> GatewayRefund:
        """Cancel `amount` won of the payment, of which `vat` is VAT and nothing is tax-free.

        Raises:
            LeftChanged: not `cancellable` won are left; nothing was done.
            GatewayUnreachable: PortOne was not asked, or did not let us in.
            GatewayTrouble: the outcome is unknown; fetch the payment before trying again.
        """
        try:
            answer = ask(
                lambda: self._client.cancel_payment(
                    payment_id=payment_id,
                    amount=amount,
                    tax_free_amount=0,
                    vat_amount=vat,
                    reason=reason,
                    current_cancellable_amount=cancellable,
                    requester="CUSTOMER" if by_customer else "ADMIN",
                    refund_account=_to(account),
                ),
                told=(*_LEFT_CHANGED, *_REFUSED, errors.PgProviderError, errors.UnknownError),
            )
        except errors.PgProviderError as refused:
            return GatewayRefund(
                state=RefundState.FAILED, cancellation_id="", failure=refused.pg_message, amount=amount
            )
        except _LEFT_CHANGED as changed:
            raise LeftChanged(type(changed).__name__) from changed
        except _REFUSED as refused:
            return GatewayRefund(
                state=RefundState.FAILED, cancellation_id="", failure=_why(refused), amount=amount
            )
        except errors.UnknownError as unknown:
            kind = str(unknown.error.get("type", ""))
            if kind not in _LIMITS:
                raise GatewayTrouble(kind) from unknown
            return GatewayRefund(state=RefundState.FAILED, cancellation_id="", failure=kind, amount=amount)
        return answers.refund(answer.cancellation)

    def receipt(self, *, payment_id: str) -> GatewayReceipt | None:
        """Return the cash receipt of a payment.

        Raises:
            GatewayTrouble: PortOne did not answer in a way that can be trusted.
        """
        try:
            found = ask(
                lambda: self._quick.cash_receipt.get_cash_receipt_by_payment_id(payment_id=payment_id),
                told=(errors.CashReceiptNotFoundError,),
            )
        except errors.CashReceiptNotFoundError:
            return None
        return answers.receipt(found)

    def issue_receipt(
        self, *, payment_id: str, order_name: str, amount: int, kind: ReceiptKind, number: str
    ) -> GatewayReceipt:
        """Issue a cash receipt by the shop's channel.

        Raises:
            ReceiptRefused: PortOne or the tax office does not take it.
            GatewayTrouble: the outcome is unknown, or one stands already; read it before trying again.
        """
        personal = kind == ReceiptKind.PERSONAL
        try:
            made = ask(
                lambda: self._client.cash_receipt.issue_cash_receipt(
                    payment_id=payment_id,
                    channel_key=settings.PORTONE_CHANNEL_KEY,
                    type="PERSONAL" if personal else "CORPORATE",
                    order_name=order_name,
                    currency="KRW",
                    amount=PaymentAmountInput(total=amount, tax_free=0),
                    customer=sdk_receipts.IssueCashReceiptCustomerInput(
                        identity_number=number, identity_number_type="PHONE" if personal else "BUSINESS"
                    ),
                ),
                told=_NO_RECEIPT,
            )
        except _NO_RECEIPT as refused:
            raise ReceiptRefused(_why(refused)) from refused
        issued = made.cash_receipt
        return GatewayReceipt(
            state=ReceiptState.ISSUED,
            amount=amount,
            issue_number=issued.issue_number,
            url=issued.url or "",
        )

    def cancel_receipt(self, *, payment_id: str) -> None:
        """Cancel the cash receipt of a payment.

        Raises:
            ReceiptRefused: the tax office does not take it back.
            GatewayTrouble: the outcome is unknown; read it before trying again.
        """
        nothing_stands = (errors.CashReceiptNotFoundError, errors.CashReceiptNotIssuedError)
        try:
            ask(
                lambda: self._client.cash_receipt.cancel_cash_receipt_by_payment_id(payment_id=payment_id),
                told=(*nothing_stands, *_NO_RECEIPT),
            )
        except nothing_stands:
            return
        except _NO_RECEIPT as refused:
            raise ReceiptRefused(_why(refused)) from refused


def gateway() -> PortOne:
    """Return this process's clients.

    Building them costs a third of a second of computing. A process that has just started gets its first orders in all
    its threads at once: one builds, the others wait for it instead of building too, which took many seconds.
    """
    with _building:
        return _gateway()


@lru_cache(maxsize=1)
def _gateway() -> PortOne:
    return PortOne(_client(MONEY), _client(LOOK))


def _client(seconds: float) -> PaymentClient:
    client = PaymentClient(
        secret=settings.PORTONE_API_SECRET,
        base_url=settings.PORTONE_API_BASE_URL,
        store_id=settings.PORTONE_STORE_ID,
    )
    client._sync_client.timeout = httpx.Timeout(seconds, connect=CONNECT)  # it has no argument for it
    return client


def _to(account: BankAccount | None) -> sdk.CancelPaymentBodyRefundAccount | None:
    if account is None:
        return None
    return sdk.CancelPaymentBodyRefundAccount(
        bank=account.bank, number=account.number, holder_name=account.holder
    )


def _why(refused: Any) -> str:
    told = refused.pg_message if isinstance(refused, errors.PgProviderError) else refused.message
    return str(told or type(refused).__name__)
