"""`GET /payments`: filter, order and cut the list the way PortOne's requestBody asks."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tools.portone_sandbox import fields, times, wire
from tools.portone_sandbox.model import Attempt, Json
from tools.portone_sandbox.sandbox import Sandbox

MAX_SIZE = 1000
WINDOW = timedelta(days=90)
SEARCHED: dict[str, Callable[[Attempt], str]] = {
    "PAYMENT_ID": lambda attempt: attempt.payment_id,
    "TX_ID": lambda attempt: attempt.tx_id,
    "ORDER_NAME": lambda attempt: attempt.order_name,
    "PG_TX_ID": lambda attempt: attempt.pg_tx_id or "",
    "CUSTOMER_NAME": lambda attempt: attempt.customer.get("name", ""),
    "CUSTOMER_EMAIL": lambda attempt: attempt.customer.get("email", ""),
    "CUSTOMER_PHONE_NUMBER": lambda attempt: attempt.customer.get("phoneNumber", ""),
}
METHODS = {
    "CARD": "PaymentMethodCard",
    "TRANSFER": "PaymentMethodTransfer",
    "VIRTUAL_ACCOUNT": "PaymentMethodVirtualAccount",
    "GIFT_CERTIFICATE": "PaymentMethodGiftCertificate",
    "MOBILE": "PaymentMethodMobile",
    "EASY_PAY": "PaymentMethodEasyPay",
    "CONVENIENCE_STORE": "PaymentMethodConvenienceStore",
}
Test = Callable[[Attempt], bool]


def page(sandbox: Sandbox, text: str | None) -> Json:
    """Answer one page of payments; raises ApiError for a body it cannot honour."""
    wanted = _parse(text)
    cut, chosen = fields.child(wanted, "page"), fields.child(wanted, "filter")
    number = fields.optional_whole(cut, "number") or 0
    size = fields.optional_whole(cut, "size", least=1) or 10
    if size > MAX_SIZE:
        raise fields.invalid("page.size", f"{MAX_SIZE} 이하여야 합니다.")
    with sandbox.store.lock:
        known = [one.current for one in sandbox.store.payments.values() if one.current]
        found = _sorted(_filtered(known, chosen, now=sandbox.clock()), chosen)
        items = [sandbox.as_json(one) for one in found[number * size : (number + 1) * size]]
    return {"items": items, "page": {"number": number, "size": size, "totalCount": len(found)}}


def _parse(text: str | None) -> Json:
    try:
        wanted = json.loads(text or "{}")
    except ValueError as error:
        raise fields.invalid("requestBody", "JSON이 아닙니다.") from error
    if not isinstance(wanted, dict):
        raise fields.invalid("requestBody", "객체여야 합니다.")
    return wanted


def _filtered(attempts: list[Attempt], chosen: fields.Body, *, now: datetime) -> list[Attempt]:
    """Apply every filter; one that the sandbox does not know is refused rather than ignored."""
    tests = [_between(chosen, now)]
    for name, value in chosen.items():
        if name in ("timestampType", "from", "until", "sortBy", "sortOrder", "merchantId", "storeId"):
            continue
        maker = _FILTERS.get(name)
        if maker is None:
            raise fields.invalid(f"filter.{name}", "샌드박스가 제공하지 않는 조건입니다.")
        tests.append(maker(value))
    return [one for one in attempts if all(test(one) for test in tests)]


def _sorted(attempts: list[Attempt], chosen: fields.Body) -> list[Attempt]:
    by_request = chosen.get("sortBy", "REQUESTED_AT") == "REQUESTED_AT"
    return sorted(
        attempts,
        key=lambda one: one.requested_at if by_request else one.status_changed_at,
        reverse=chosen.get("sortOrder", "DESC") == "DESC",
    )


def _between(chosen: fields.Body, now: datetime) -> Test:
    """Without an end it is now; without a start it is ninety days before the end."""
    until = _moment(chosen, "until") or now
    start = _moment(chosen, "from") or until - WINDOW
    low, high = times.stamp(start), times.stamp(until)
    created = chosen.get("timestampType") == "CREATED_AT"
    return lambda one: low <= (one.requested_at if created else one.status_changed_at) <= high


def _moment(chosen: fields.Body, name: str) -> datetime | None:
    text = fields.optional_text(chosen, name)
    try:
        return times.read(text) if text else None
    except ValueError as error:
        raise fields.invalid(f"filter.{name}", "RFC 3339 시각이어야 합니다.") from error


def _statuses(value: Any) -> Test:
    # the filter says PENDING where the payment itself says PAY_PENDING
    wanted = {"PAY_PENDING" if one == "PENDING" else one for one in _list(value, "status")}
    return lambda one: one.status in wanted


def _methods(value: Any) -> Test:
    wanted = {METHODS.get(one) for one in _list(value, "methods")}
    return lambda one: (one.method or {}).get("type") in wanted


def _pg_providers(value: Any) -> Test:
    known = wire.PG_PROVIDER in _list(value, "pgProvider")
    return lambda one: known


def _text_search(value: Any) -> Test:
    tests = [_search(one) for one in _list(value, "textSearch", dict)]
    return lambda one: any(test(one) for test in tests)


def _search(wanted: Any) -> Test:
    field, needle = fields.text(wanted, "field"), fields.text(wanted, "value")
    if field != "ALL" and field not in SEARCHED:
        raise fields.invalid("filter.textSearch.field", "샌드박스가 제공하지 않는 항목입니다.")
    readers = list(SEARCHED.values()) if field == "ALL" else [SEARCHED[field]]
    return lambda one: any(needle in read(one) for read in readers)


def _list(value: Any, name: str, kind: type = str) -> list[Any]:
    if not isinstance(value, list) or not all(isinstance(one, kind) for one in value):
        raise fields.invalid(f"filter.{name}", f"{kind.__name__}의 배열이어야 합니다.")
    return value


_FILTERS: dict[str, Callable[[Any], Test]] = {
    "status": _statuses,
    "methods": _methods,
    "pgProvider": _pg_providers,
    "isTest": lambda value: lambda one: value is True,
    "isScheduled": lambda value: lambda one: value is False,
    "isEscrow": lambda value: lambda one: value is False,
    "version": lambda value: lambda one: value == "V2",
    "currency": lambda value: lambda one: one.currency == value,
    "platformType": lambda value: lambda one: value == f"SDK_{one.platform}",
    "textSearch": _text_search,
}
