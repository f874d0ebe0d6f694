"""Delivery of webhooks: signed afresh on each attempt, retried on PortOne's schedule, never on an API thread."""

import http.client
import json
import random
import ssl
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from tools.portone_sandbox import signing, times
from tools.portone_sandbox.attempts import Notice
from tools.portone_sandbox.config import Config, is_loopback
from tools.portone_sandbox.model import Attempt, Delivery, Try
from tools.portone_sandbox.store import Store
from tools.portone_sandbox.timers import Timers

RETRY_MINUTES = (1, 4, 16, 64, 256)  # waits before the retries; the first attempt leaves at once
TIMEOUT_SECONDS = 30
KEPT_BODY = 2000  # characters of an answer worth showing
FORGED_SECRET = "whsec_Zm9yZ2VkLXNlY3JldC1ub2JvZHktc2hvdWxkLWFjY2VwdA=="


class Courier:
    """Turns notices into deliveries and carries them; thread-safe."""

    def __init__(
        self, *, config: Config, store: Store, timers: Timers, clock: Callable[[], datetime]
    ) -> None:
        self._config = config
        self._store = store
        self._timers = timers
        self._clock = clock
        self._random = random.Random()
        self.silent = False  # True loses every webhook, as a broken console address would

    def announce(
        self, attempt: Attempt, notice: Notice, *, delay_seconds: float = 0, duplicates: int = 0
    ) -> list[Delivery]:
        """Queue one delivery per address; `duplicates` sends the same one again that many times."""
        if self.silent:
            return []
        made = []
        for url in attempt.notice_urls or [self._config.webhook_url]:
            delivery = self._write(attempt, notice, url)
            self._later(delivery, delay_seconds)
            for _ in range(duplicates):
                self._timers.after(delay_seconds, partial(self._send, delivery))
            made.append(delivery)
        return made

    def resend(self, delivery: Delivery) -> None:
        """Send once more with the same webhook-id; a failure is not retried."""
        with self._store.lock:
            delivery.resends += 1
            delivery.trigger = "MANUAL"
            self._store.save(delivery)
        self._timers.after(0, partial(self._send, delivery))

    def forge(self, attempt: Attempt, notice: Notice) -> Delivery:
        """Send a webhook signed with a secret that is not the store's, once."""
        delivery = self._write(attempt, notice, self._config.webhook_url, forged=True)
        self._timers.after(0, partial(self._send, delivery))
        return delivery

    def resume(self) -> None:
        """Take up the deliveries that a restart interrupted."""
        with self._store.lock:
            waiting = [one for one in self._store.deliveries.values() if one.next_at]
        for delivery in waiting:
            left = (times.read(delivery.next_at or "") - self._clock()).total_seconds()
            self._timers.after(left, partial(self._carry, delivery))

    def _write(self, attempt: Attempt, notice: Notice, url: str, *, forged: bool = False) -> Delivery:
        moment = times.stamp(self._clock())
        data = {
            "storeId": self._config.store_id,
            "paymentId": attempt.payment_id,
            "transactionId": attempt.tx_id,
            **({"cancellationId": notice.cancellation_id} if notice.cancellation_id else {}),
        }
        body = {"type": f"Transaction.{notice.type}", "timestamp": moment, "data": data}
        delivery = Delivery(
            id=str(uuid.uuid4()),
            payment_id=attempt.payment_id,
            tx_id=attempt.tx_id,
            type=f"Transaction.{notice.type}",
            url=url,
            body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
            payment_status=attempt.status,
            triggered_at=moment,
            trigger=notice.trigger,
            forged=forged,
        )
        self._store.save(delivery)
        return delivery

    def _later(self, delivery: Delivery, seconds: float) -> None:
        with self._store.lock:
            delivery.next_at = times.stamp(self._clock() + timedelta(seconds=seconds))
            self._store.save(delivery)
        self._timers.after(seconds, partial(self._carry, delivery))

    def _carry(self, delivery: Delivery) -> None:
        """Send, and when that failed wait somewhere between nothing and the next delay (full jitter)."""
        with self._store.lock:
            delivery.next_at = None
            if delivery.failures and delivery.status == "SUCCEEDED":
                return  # resent by hand while the retry waited
        if self._send(delivery):
            return
        with self._store.lock:
            failures = delivery.failures
            delivery.failures += 1
        if failures < len(RETRY_MINUTES):
            minutes = self._random.uniform(0, RETRY_MINUTES[failures])
            self._later(delivery, minutes * 60 * self._config.time_scale)

    def _send(self, delivery: Delivery) -> bool:
        if delivery.id not in self._store.deliveries:
            return True  # forgotten by a reset
        attempt, headers = self._sign(delivery)
        refusal = self._refusal(delivery.url)
        if refusal:
            attempt.error = refusal
        else:
            _post(delivery.url, delivery.body.encode(), headers, attempt)
        with self._store.lock:
            attempt.responded_at = times.stamp(self._clock())
            delivery.tries.append(attempt)
            delivery.status = _outcome(attempt)
            if delivery.id in self._store.deliveries:
                self._store.save(delivery)
            return delivery.status == "SUCCEEDED"

    def _sign(self, delivery: Delivery) -> tuple[Try, dict[str, str]]:
        now = self._clock()
        timestamp = int(now.timestamp())
        secret = FORGED_SECRET if delivery.forged else self._config.webhook_secret
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "PortOne-Sandbox",
            "webhook-id": delivery.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signing.sign(
                secret=secret, id=delivery.id, timestamp=timestamp, body=delivery.body
            ),
        }
        lines = "\n".join(f"{name}: {value}" for name, value in headers.items())
        return Try(requested_at=times.stamp(now), header=lines), headers

    def _refusal(self, url: str) -> str | None:
        """A payment may name its own addresses, but the sandbox talks to this machine and its shop only."""
        host = urlsplit(url).hostname or ""
        if is_loopback(host) or host == urlsplit(self._config.webhook_url).hostname:
            return None
        return f"{host} is neither this machine nor the configured shop: not sent"


def _post(url: str, body: bytes, headers: dict[str, str], attempt: Try) -> None:
    """POST without following redirects or using a proxy, and note the answer or the error in `attempt`."""
    parts = urlsplit(url)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(
            parts.netloc, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT_SECONDS)
    try:
        connection.request(
            "POST", (parts.path or "/") + (f"?{parts.query}" * bool(parts.query)), body, headers
        )
        answer = connection.getresponse()
        attempt.code = str(answer.status)
        attempt.response_header = "\n".join(f"{name}: {value}" for name, value in answer.getheaders())
        attempt.response_body = answer.read().decode("utf-8", "replace")[:KEPT_BODY]
    except (OSError, http.client.HTTPException) as error:
        attempt.error = f"{type(error).__name__}: {error}"
    finally:
        connection.close()


def _outcome(attempt: Try) -> str:
    if attempt.error or not attempt.code:
        return "FAILED_UNEXPECTED_ERROR"
    return "SUCCEEDED" if attempt.code.startswith("2") else "FAILED_NOT_OK_RESPONSE"
