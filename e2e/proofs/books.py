"""The shop's books, read from outside: what orders, money and stock say, and whether they agree."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

import psycopg

from tools.local.paths import ROOT
from tools.local.stack import Stack


class Books:
    """Reads a running shop's database and speaks to its sandbox."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._connection = psycopg.connect(stack.database_url, autocommit=True)
        self._clerk: subprocess.Popen[str] | None = None

    def close(self) -> None:
        """Let go of the database, and send the clerk home."""
        self._connection.close()
        if self._clerk is not None:
            self._clerk.communicate("")

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self._connection.execute(sql, values).fetchall()

    def one(self, sql: str, *values: Any) -> Any:
        """Return the only value of a query."""
        (row,) = self.rows(sql, *values)
        return row[0]

    def do(self, sql: str) -> None:
        """Run a statement."""
        self._connection.execute(sql)

    def shelf(self, sku: str) -> tuple[int, int]:
        """Return units on hand and promised."""
        (row,) = self.rows(
            """SELECT s.on_hand, s.reserved FROM commerce_stockitem s
               JOIN commerce_variant v ON v.id = s.variant_id WHERE v.sku = %s""",
            sku,
        )
        return row[0], row[1]

    def units_in_orders(self, sku: str) -> int:
        """Return how many units orders that are not cancelled have taken."""
        return int(
            self.one(
                """SELECT coalesce(sum(l.quantity), 0) FROM commerce_orderline l
                   JOIN commerce_order o ON o.id = l.order_id WHERE l.sku = %s AND o.status <> 'cancelled'""",
                sku,
            )
        )

    def deadlocks(self) -> int:
        """Return how often PostgreSQL had to break a deadlock in this database."""
        return int(self.one("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))

    def disagreements(self) -> list[str]:
        """Return every way in which money, orders and stock contradict each other; right books have none."""
        checks = {
            "stock is not the sum of its movements": """
                SELECT s.id FROM commerce_stockitem s LEFT JOIN commerce_stockmovement m ON m.item_id = s.id
                GROUP BY s.id HAVING s.on_hand <> coalesce(sum(m.on_hand_difference), 0)
                                  OR s.reserved <> coalesce(sum(m.reserved_difference), 0)""",
            "more is promised than held by open orders": """
                SELECT s.id FROM commerce_stockitem s LEFT JOIN commerce_reservation r
                ON r.item_id = s.id AND r.state = 'held' GROUP BY s.id
                HAVING s.reserved <> coalesce(sum(r.quantity), 0)""",
            "a paid order without its goods, or goods without a paid order": """
                SELECT o.number FROM commerce_order o JOIN commerce_reservation r ON r.reference = o.number
                WHERE (o.status IN ('paid', 'fulfilled')) <> (r.state = 'sold')
                   OR (o.status = 'placed') <> (r.state = 'held')""",
            "money that belongs to no paid order and is not on its way back": """
                SELECT o.number FROM commerce_order o JOIN commerce_payment p ON p.order_id = o.id
                WHERE p.state = 'paid' AND o.status NOT IN ('paid', 'fulfilled')
                  AND NOT EXISTS (SELECT 1 FROM commerce_refund f WHERE f.payment_id = p.id)""",
            "a paid order without money": """
                SELECT o.number FROM commerce_order o JOIN commerce_payment p ON p.order_id = o.id
                WHERE o.status = 'paid' AND p.state NOT IN ('paid', 'partly_cancelled')""",
            "an order without a payment": """
                SELECT o.number FROM commerce_order o LEFT JOIN commerce_payment p ON p.order_id = o.id
                WHERE p.id IS NULL""",
            "an order that became paid more than once": """
                SELECT aggregate_id FROM commerce_outboxevent WHERE type = 'order.paid'
                GROUP BY aggregate_id HAVING count(*) > 1""",
        }
        return [f"{name}: {rows}" for name, sql in checks.items() if (rows := self.rows(sql))]

    def sandbox(self, path: str, **body: Any) -> dict[str, Any]:
        """Use the payment sandbox's levers."""
        request = urllib.request.Request(
            f"{self.stack.sandbox_url}/_sandbox/{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def charged(self) -> dict[str, int]:
        """Return what PortOne holds, in won, by payment id."""
        with urllib.request.urlopen(f"{self.stack.sandbox_url}/_sandbox/payments", timeout=60) as answer:
            payments = json.load(answer)["items"]
        return {
            payment["id"]: payment["amount"]["total"] - payment["amount"]["cancelled"]
            for payment in payments
            if payment["status"] in ("PAID", "PARTIAL_CANCELLED", "CANCELLED")
        }

    def approve(self, window: Mapping[str, str]) -> dict[str, Any]:
        """Pay in a window that asks for this; the browser is not back yet. Returns its result and way back."""
        return self.sandbox("pay", request=_request(window), action="approve")

    def codes(self, payment_id: str) -> list[str]:
        """Return how the shop answered each webhook of a payment."""
        url = f"{self.stack.sandbox_url}/_sandbox/deliveries?paymentId={payment_id}"
        with urllib.request.urlopen(url, timeout=60) as answer:
            deliveries = json.load(answer)["items"]
        return [str(one["code"]) for delivery in deliveries for one in delivery["tries"]]

    def answered(self, payment_id: str) -> int:
        """Return how many webhooks of a payment the shop has taken."""
        return self.codes(payment_id).count("200")

    def run(self, code: str) -> None:
        """Run Python inside the shop, as a worker or a member of staff would."""
        if self._clerk is None:
            self._clerk = _start_clerk(self.stack.env)
        assert self._clerk.stdin and self._clerk.stdout
        self._clerk.stdin.write(json.dumps(code) + "\n")
        self._clerk.stdin.flush()
        answer = json.loads(self._clerk.stdout.readline() or '"the clerk has died"')
        assert answer == "done", answer

    def stock_up(self, *, slug: str, skus: tuple[str, ...], units: int) -> None:
        """Put a product on sale with so many units of each SKU."""
        self.run(
            "from commerce.tests.factories import product\n"
            f"product({slug!r}, skus={skus!r}, units={units}, price=60_000)"
        )


def _request(window: Mapping[str, str]) -> dict[str, Any]:
    plain = {name: value for name, value in window.items() if "." not in name and name != "noticeUrls"}
    customer = {name.split(".")[1]: value for name, value in window.items() if name.startswith("customer.")}
    return plain | {"totalAmount": int(window["totalAmount"]), "customer": customer}


def until(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    """Wait for something that must happen."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.1)


# A process of the shop that does what it is told, line by line: loading Django takes seconds.
_CLERK = """
import json, sys, traceback
import django
django.setup()
for line in sys.stdin:
    try:
        exec(json.loads(line), {})
        answer = "done"
    except Exception:
        answer = traceback.format_exc()
    print(json.dumps(answer), flush=True)
"""


def _start_clerk(env: Mapping[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", _CLERK],
        env={**env, "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}"},
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
