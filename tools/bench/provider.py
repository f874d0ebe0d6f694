"""A payment provider that answers at once that everything is paid: `python -m tools.bench.provider PORT`.

What a provider takes is not the shop's cost; what the shop does to ask it is.
"""

import http.server
import json
import os
import re
import sys
from typing import Any

_PAYMENT = re.compile(r"/payments/([A-Za-z0-9]+)(/pre-register)?")
_NOW = "2026-11-24T03:00:00Z"


class Answers(http.server.BaseHTTPRequestHandler):
    """Takes an amount in advance, and says later that it was paid."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    amounts: dict[str, int] = {}

    def do_POST(self) -> None:
        """Remember the amount of a payment."""
        body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
        if found := _PAYMENT.search(self.path):
            self.amounts[found[1]] = body["totalAmount"]
        self._answer({})

    def do_GET(self) -> None:
        """Say that a payment was made."""
        found = _PAYMENT.search(self.path)
        self._answer(paid(payment_id=found[1], amount=self.amounts[found[1]]) if found else {})

    def log_message(self, format: str, *_args: object) -> None:
        """Say nothing."""

    def _answer(self, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        self.send_response_only(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def paid(*, payment_id: str, amount: int) -> dict[str, Any]:
    """Return a payment by card of `amount` won as the provider's API tells of it."""
    channel = {
        "type": "TEST",
        "id": "channel-id",
        "key": os.environ["PORTONE_API_KEY"],
        "name": "bench",
        "pgProvider": "TOSSPAYMENTS",
        "pgMerchantId": "bench",
    }
    money = {"total": amount, "taxFree": 0, "supply": amount, "vat": 0, "discount": 0, "paid": amount}
    return {
        "status": "PAID",
        "id": payment_id,
        "transactionId": f"tx-{payment_id}",
        "merchantId": "merchant-bench",
        "storeId": os.environ["PORTONE_STORE_ID"],
        "method": {"type": "PaymentMethodCard", "card": {"name": "신한카드"}},
        "channel": channel,
        "version": "V2",
        "requestedAt": _NOW,
        "updatedAt": _NOW,
        "statusChangedAt": _NOW,
        "orderName": "찻잔",
        "amount": money | {"cancelled": 0, "cancelledTaxFree": 0},
        "currency": "KRW",
        "customer": {},
        "paidAt": _NOW,
        "origin": {"platformType": "PC", "ipAddress": "127.0.0.1"},
        "disputes": [],
    }


if __name__ == "__main__":
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answers).serve_forever()
