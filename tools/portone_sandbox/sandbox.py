"""The use cases: each one locks, changes a payment, saves it and announces what happened."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from tools.portone_sandbox import attempts, cancels, opening, receipts, times, wire
from tools.portone_sandbox.attempts import IllegalStep, Notice
from tools.portone_sandbox.behaviour import Behaviour, Faults
from tools.portone_sandbox.config import Config
from tools.portone_sandbox.errors import ApiError, WindowError
from tools.portone_sandbox.idempotency import Answers
from tools.portone_sandbox.model import (
    SETTLED,
    Attempt,
    Cancellation,
    Delivery,
    Json,
    Payment,
    Predefined,
    Receipt,
)
from tools.portone_sandbox.opening import Visitor
from tools.portone_sandbox.payrequest import PayRequest
from tools.portone_sandbox.store import Store
from tools.portone_sandbox.timers import Timers
from tools.portone_sandbox.webhooks import Courier

MAX_RESENDS = 10


@dataclass(slots=True)
class Sandbox:
    config: Config
    clock: Callable[[], datetime] = times.utc_now
    store: Store = field(init=False)
    timers: Timers = field(init=False)
    courier: Courier = field(init=False)
    behaviour: Behaviour = field(init=False)
    answers: Answers = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store(self.config.state)
        self.timers = Timers()
        self.courier = Courier(config=self.config, store=self.store, timers=self.timers, clock=self.clock)
        self.behaviour = Behaviour()
        self.answers = Answers(clock=self.clock)
        self.reset_faults()
        self.courier.resume()
        self._resume_cancellations()

    # -- the payment window -------------------------------------------------------------------------

    def pre_register(self, payment_id: str, predefined: Predefined) -> None:
        """Fix the amounts that the window may open for; raises ApiError once the payment is paid."""
        with self.store.lock:
            payment = self.store.payments.get(payment_id) or Payment(payment_id=payment_id)
            if payment.current and payment.current.status in SETTLED:
                raise ApiError("ALREADY_PAID", "결제가 이미 완료되었습니다.")
            payment.predefined = predefined
            self.store.save(payment)

    def open_window(self, request: PayRequest, visitor: Visitor) -> Attempt:
        """Start an attempt and announce it; raises WindowError when the payment may not be tried."""
        now = self.clock()
        with self.store.lock:
            payment = self.store.payments.get(request.payment_id) or Payment(payment_id=request.payment_id)
            if payment.current and payment.current.status in SETTLED:
                raise WindowError("PaymentAlreadyPaid", "이미 결제된 결제 건입니다.")
            opening.check_predefined(payment, request)
            attempt = opening.new_attempt(request, visitor, times.stamp(now))
            payment.attempts.append(attempt)
            return self._commit(payment, attempt, [Notice(type="Ready")])

    def approve(
        self, tx_id: str, *, total: int | None = None, late: bool = False, duplicates: int = 0
    ) -> Attempt:
        """Pay an attempt; `late` delays its webhook, `duplicates` repeats it. Raises IllegalStep."""
        with self.store.lock:
            payment, attempt = self._find(tx_id)
            now, faults = self.clock(), self.behaviour.faults
            if faults.manual_approval:
                notices = attempts.authenticate(payment, attempt, now=now, total=total)
            else:
                notices = attempts.approve(payment, attempt, now=now, total=total, pending=faults.pay_pending)
            delay = faults.webhook_delay_seconds * self.config.time_scale if late else 0.0
            return self._commit(payment, attempt, notices, delay=delay, duplicates=duplicates)

    def fail(self, tx_id: str, *, pg_code: str, pg_message: str) -> Attempt:
        """Fail an attempt, for the PG's reasons or the shopper's; raises IllegalStep."""
        with self.store.lock:
            payment, attempt = self._find(tx_id)
            notices = attempts.fail(
                payment, attempt, now=self.clock(), pg_code=pg_code, pg_message=pg_message
            )
            return self._commit(payment, attempt, notices)

    def issue_account(self, tx_id: str) -> Attempt:
        """Issue a virtual account for an attempt; raises IllegalStep."""
        with self.store.lock:
            payment, attempt = self._find(tx_id)
            return self._commit(payment, attempt, attempts.issue_account(payment, attempt, now=self.clock()))

    # -- what happens at the bank and in the console ------------------------------------------------

    def deposit(self, payment_id: str, *, late: bool = False) -> Attempt:
        """Pay into the payment's virtual account; raises ApiError, IllegalStep."""
        with self.store.lock:
            payment, attempt = self._waiting(payment_id, "VIRTUAL_ACCOUNT_ISSUED")
            notices = attempts.deposit(payment, attempt, now=self.clock(), late=late)
            return self._commit(payment, attempt, notices)

    def expire(self, payment_id: str) -> Attempt:
        """Let the virtual account's deadline pass; raises ApiError, IllegalStep."""
        with self.store.lock:
            payment, attempt = self._waiting(payment_id, "VIRTUAL_ACCOUNT_ISSUED")
            return self._commit(payment, attempt, attempts.expire(payment, attempt, now=self.clock()))

    def settle_pending(self, payment_id: str, *, paid: bool) -> Attempt:
        """End an asynchronous payment; raises ApiError, IllegalStep."""
        with self.store.lock:
            payment, attempt = self._waiting(payment_id, "PAY_PENDING")
            notices = attempts.settle_pending(payment, attempt, now=self.clock(), paid=paid)
            return self._commit(payment, attempt, notices)

    def cancel(self, payment_id: str, wish: cancels.Wish) -> Cancellation:
        """Cancel a paid payment as the current mode says; raises ApiError."""
        with self.store.lock:
            payment, attempt = self.payment(payment_id)
            faults = self.behaviour.faults
            cancellation, notices = cancels.cancel(attempt, wish, mode=faults.cancel_mode, now=self.clock())
            self._commit(payment, attempt, notices)
            if cancellation.status == "REQUESTED":
                self._settle_later(payment_id, cancellation.id, faults.cancel_settle_seconds)
            return cancellation

    def settle_cancellation(
        self, payment_id: str, cancellation_id: str | None, *, succeeded: bool
    ) -> Cancellation:
        """End an asynchronous cancellation, the oldest waiting one by default; raises IllegalStep."""
        with self.store.lock:
            payment, attempt = self.payment(payment_id)
            for one in attempt.cancellations:
                if one.id == cancellation_id or (cancellation_id is None and one.status == "REQUESTED"):
                    notices = cancels.settle(attempt, one, succeeded=succeeded, now=self.clock())
                    self._commit(payment, attempt, notices)
                    return one
            raise IllegalStep("no such cancellation is waiting")

    def stop_cancellation(self, payment_id: str, cancellation_id: str) -> None:
        """Withdraw an asynchronous cancellation; raises ApiError."""
        with self.store.lock:
            payment, attempt = self.payment(payment_id)
            cancels.stop(attempt, cancellation_id, now=self.clock())
            self._commit(payment, attempt, [])

    def close_account(self, payment_id: str) -> Attempt:
        """Close the payment's virtual account; raises ApiError."""
        with self.store.lock:
            payment, attempt = self.payment(payment_id)
            return self._commit(payment, attempt, attempts.close_account(attempt, now=self.clock()))

    def confirm(self, payment: Payment, attempt: Attempt, *, skip_webhook: bool) -> Attempt:
        """Charge an attempt whose token and amounts the caller has checked under the lock."""
        notices = attempts.confirm(attempt, now=self.clock())
        return self._commit(payment, attempt, [] if skip_webhook else notices)

    def keep_receipt(self, order: receipts.Order) -> Receipt:
        """Issue a cash receipt; raises ApiError."""
        with self.store.lock:
            existing = self.store.receipts.get(order.payment_id)
            receipt = receipts.issue(
                order, existing=existing, base_url=self.config.base_url, now=self.clock()
            )
            self.store.save(receipt)
            return receipt

    def cancel_receipt(self, payment_id: str) -> Receipt:
        """Cancel a cash receipt; raises ApiError."""
        with self.store.lock:
            receipt = receipts.cancel(self.store.receipts.get(payment_id), now=self.clock())
            self.store.save(receipt)
            return receipt

    def resend(self, payment_id: str, webhook_id: str | None) -> Delivery:
        """Send a webhook of the payment again, its latest by default; raises ApiError."""
        with self.store.lock:
            self.payment(payment_id)
            found = [one for one in self.store.deliveries_of(payment_id) if webhook_id in (None, one.id)]
            if not found:
                raise ApiError("WEBHOOK_NOT_FOUND", "웹훅 내역이 존재하지 않습니다.")
            if found[-1].resends >= MAX_RESENDS:
                raise ApiError("MAX_WEBHOOK_RETRY_COUNT_REACHED", "웹훅 재발송 횟수를 초과했습니다.")
            self.courier.resend(found[-1])
            return found[-1]

    def forge(self, payment_id: str, type: str = "Paid") -> Delivery:
        """Send the shop a webhook with a bad signature; raises ApiError."""
        return self.courier.forge(self.payment(payment_id)[1], Notice(type=type))

    def moment(self) -> str:
        """Now, as the API writes it."""
        return times.stamp(self.clock())

    # -- reading ------------------------------------------------------------------------------------

    def payment(self, payment_id: str) -> tuple[Payment, Attempt]:
        """Find a payment and the attempt that speaks for it; raises ApiError PAYMENT_NOT_FOUND."""
        payment = self.store.payments.get(payment_id)
        if payment is None or payment.current is None:
            raise ApiError("PAYMENT_NOT_FOUND", "결제 건이 존재하지 않습니다.")
        return payment, payment.current

    def as_json(self, attempt: Attempt, *, transaction: bool = False) -> Json:
        """An attempt as the API shows it: as the payment itself, or as one of its transactions."""
        write = wire.transaction if transaction else wire.payment
        return write(
            attempt,
            config=self.config,
            receipt=self.store.receipts.get(attempt.payment_id),
            deliveries=self.store.deliveries_of(attempt.payment_id),
        )

    # -- the machine room ---------------------------------------------------------------------------

    def reset_faults(self) -> None:
        """Behave well again."""
        self.behaviour.faults = Faults(manual_approval=self.config.manual_approval)
        self.courier.silent = False

    def change_faults(self, wanted: Json) -> None:
        """Set faults by their camelCase names; raises UnknownFault."""
        self.courier.silent = self.behaviour.change(wanted).lose_webhooks

    def reset(self) -> None:
        """Forget payments, receipts, deliveries, waiting jobs, idempotency keys and faults."""
        self.store.clear()  # first, so that a delivery about to leave finds itself forgotten
        self.timers.clear()
        self.answers.clear()
        self.reset_faults()

    def stop(self) -> None:
        """Stop the background jobs and close the state file."""
        self.timers.stop()
        self.store.close()

    def _find(self, tx_id: str) -> tuple[Payment, Attempt]:
        found = self.store.attempt(tx_id)
        if found is None:
            raise IllegalStep("no such attempt")
        return found

    def _waiting(self, payment_id: str, status: str) -> tuple[Payment, Attempt]:
        payment, attempt = self.payment(payment_id)
        waiting = [one for one in payment.attempts if one.status == status]
        return payment, waiting[-1] if waiting else attempt

    def _commit(
        self,
        payment: Payment,
        attempt: Attempt,
        notices: list[Notice],
        *,
        delay: float = 0,
        duplicates: int = 0,
    ) -> Attempt:
        self.store.save(payment)
        self._follow_with_receipt(attempt)
        for notice in notices:
            self.courier.announce(attempt, notice, delay_seconds=delay, duplicates=duplicates)
            if duplicates:  # the same fact once more under a webhook-id of its own
                self.courier.announce(attempt, notice, delay_seconds=delay)
        return attempt

    def _follow_with_receipt(self, attempt: Attempt) -> None:
        """A PG issues the receipt asked for in its window, and withdraws it with the whole payment."""
        receipt = self.store.receipts.get(attempt.payment_id)
        order = receipts.wanted_by(attempt)
        if order and receipt is None:
            self.keep_receipt(order)
        elif (
            receipt and not receipt.is_manual and (receipt.status, attempt.status) == ("ISSUED", "CANCELLED")
        ):
            self.cancel_receipt(attempt.payment_id)

    def _settle_later(self, payment_id: str, cancellation_id: str, seconds: float) -> None:
        if not seconds:
            return

        def settle() -> None:
            try:
                self.settle_cancellation(payment_id, cancellation_id, succeeded=True)
            except (IllegalStep, ApiError):
                pass  # settled by hand, stopped or reset in the meantime

        self.timers.after(seconds * self.config.time_scale, settle)

    def _resume_cancellations(self) -> None:
        for payment in list(self.store.payments.values()):
            for one in payment.current.cancellations if payment.current else []:
                if one.status == "REQUESTED":
                    self._settle_later(payment.payment_id, one.id, Faults().cancel_settle_seconds)
