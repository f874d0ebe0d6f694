"""Memory of the sandbox, written through to an optional SQLite file so that a restart keeps payments."""

import json
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tools.portone_sandbox.model import Attempt, Cancellation, Delivery, Payment, Predefined, Receipt, Try


class Store:
    """Payments, cash receipts and deliveries by id; hold `lock` around every read-change-save."""

    def __init__(self, path: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.payments: dict[str, Payment] = {}
        self.receipts: dict[str, Receipt] = {}
        self.deliveries: dict[str, Delivery] = {}
        self._file = _open(path) if path else None  # raises sqlite3.Error
        self._load()

    def save(self, *things: Payment | Receipt | Delivery) -> None:
        """Remember each of `things`, in memory and in the file."""
        with self.lock:
            for thing in things:
                self._keep(thing)
            if self._file:
                with self._file:
                    self._file.executemany(
                        # an upsert keeps the rowid, and so the order in which things appeared
                        "INSERT INTO things VALUES (?, ?, ?) "
                        "ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                        [_row(thing) for thing in things],
                    )

    def attempt(self, tx_id: str) -> tuple[Payment, Attempt] | None:
        """Find an attempt by its transaction id."""
        for payment in self.payments.values():
            for attempt in payment.attempts:
                if attempt.tx_id == tx_id:
                    return payment, attempt
        return None

    def deliveries_of(self, payment_id: str) -> list[Delivery]:
        """List the genuine webhooks of one payment, oldest first."""
        return [one for one in self.deliveries.values() if one.payment_id == payment_id and not one.forged]

    def clear(self) -> None:
        """Forget everything, in the file too."""
        with self.lock:
            self.payments.clear()
            self.receipts.clear()
            self.deliveries.clear()
            if self._file:
                with self._file:
                    self._file.execute("DELETE FROM things")

    def close(self) -> None:
        """Close the file; the memory stays readable."""
        with self.lock:
            if self._file:
                self._file.close()
                self._file = None

    def _keep(self, thing: Payment | Receipt | Delivery) -> None:
        if isinstance(thing, Payment):
            self.payments[thing.payment_id] = thing
        elif isinstance(thing, Receipt):
            self.receipts[thing.payment_id] = thing
        else:
            self.deliveries[thing.id] = thing

    def _load(self) -> None:
        if not self._file:
            return
        for kind, body in self._file.execute("SELECT kind, body FROM things ORDER BY rowid"):
            self._keep(_READERS[kind](json.loads(body)))


def _open(path: Path) -> sqlite3.Connection:
    # Every use happens under the store's lock, so threads may share the connection.
    file = sqlite3.connect(path, check_same_thread=False)
    file.execute("PRAGMA journal_mode=WAL")
    file.execute("PRAGMA synchronous=NORMAL")
    file.execute(
        "CREATE TABLE IF NOT EXISTS things "
        "(kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, id))"
    )
    file.commit()
    return file


def _row(thing: Payment | Receipt | Delivery) -> tuple[str, str, str]:
    id = thing.id if isinstance(thing, Delivery) else thing.payment_id
    return type(thing).__name__, id, json.dumps(asdict(thing), ensure_ascii=False)


def _payment(body: dict[str, Any]) -> Payment:
    predefined = body["predefined"]
    return Payment(
        payment_id=body["payment_id"],
        attempts=[_attempt(one) for one in body["attempts"]],
        predefined=Predefined(**predefined) if predefined else None,
    )


def _attempt(body: dict[str, Any]) -> Attempt:
    return Attempt(**{**body, "cancellations": [Cancellation(**one) for one in body["cancellations"]]})


def _receipt(body: dict[str, Any]) -> Receipt:
    return Receipt(**body)


def _delivery(body: dict[str, Any]) -> Delivery:
    return Delivery(**{**body, "tries": [Try(**one) for one in body["tries"]]})


_READERS: dict[str, Callable[[dict[str, Any]], Payment | Receipt | Delivery]] = {
    "Payment": _payment,
    "Receipt": _receipt,
    "Delivery": _delivery,
}
