"""The fields of `PortOne.requestPayment`, checked as PortOne does before its window opens."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from tools.portone_sandbox import times
from tools.portone_sandbox.config import Config
from tools.portone_sandbox.errors import WindowError
from tools.portone_sandbox.model import Json

PAY_METHODS = (
    "CARD",
    "VIRTUAL_ACCOUNT",
    "TRANSFER",
    "MOBILE",
    "GIFT_CERTIFICATE",
    "EASY_PAY",
    "PAYPAL",
    "ALIPAY",
    "CONVENIENCE_STORE",
    "ALIPAY_PLUS",
)
PAYMENT_ID = re.compile(r"[A-Za-z0-9_-]{6,64}")
MAX_VALID_HOURS = 24 * 365
CURRENCY = re.compile(r"(?:CURRENCY_)?([A-Z]{3})")


@dataclass(frozen=True, slots=True, kw_only=True)
class PayRequest:
    payment_id: str
    order_name: str
    total: int
    tax_free: int
    vat: int | None
    currency: str
    pay_method: str
    redirect_url: str | None
    notice_urls: list[str]
    locale: str
    customer: Json
    products: list[Json]
    custom_data: str | None
    easy_pay_provider: str | None
    account_expires_at: str | None
    cash_receipt: Json
    parent_origin: str | None = field(default=None)


def read(raw: Mapping[str, Any], *, config: Config, now: datetime) -> PayRequest:
    """Check every field; raises WindowError with the code that the browser SDK throws."""
    _check_shop(raw, config)
    total = _won(raw, "totalAmount", least=1)
    tax_free = _won(raw, "taxFreeAmount", default=0)
    if tax_free > total:
        raise _bad("taxFreeAmount", "총 결제 금액보다 큽니다.")
    method = _one_of(raw, "payMethod", PAY_METHODS)
    if method == "MOBILE" and raw.get("productType") not in ("REAL", "DIGITAL", "PHYSICAL"):
        raise _bad("productType", "휴대폰 결제에 필요합니다.")
    vat = _won(raw, "vatAmount") if raw.get("vatAmount") is not None else None
    if tax_free + (vat or 0) > total:
        raise _bad("vatAmount", "면세 금액과 부가세의 합이 총 결제 금액보다 큽니다.")
    account = _object(raw, "virtualAccount")
    wallet = str(_object(raw, "easyPay").get("easyPayProvider") or "")
    return PayRequest(
        payment_id=_matching(raw, "paymentId", PAYMENT_ID).group(),
        order_name=_text(raw, "orderName"),
        total=total,
        tax_free=tax_free,
        vat=vat,
        currency=_matching(raw, "currency", CURRENCY).group(1),
        pay_method=method,
        redirect_url=_url(raw["redirectUrl"], "redirectUrl") if raw.get("redirectUrl") else None,
        notice_urls=[_url(one, "noticeUrls") for one in _list(raw, "noticeUrls")],
        locale="EN_US" if raw.get("locale") == "EN_US" else "KO_KR",
        customer=_customer(_object(raw, "customer")),
        products=[_product(one) for one in _list(raw, "products")],
        custom_data=_custom_data(raw.get("customData")),
        easy_pay_provider=wallet.removeprefix("EASY_PAY_PROVIDER_") or None,
        account_expires_at=_expiry(_object(account, "accountExpiry"), now),
        cash_receipt=_cash_receipt(account, _object(raw, "transfer")),
        parent_origin=_url(raw["parentOrigin"], "parentOrigin") if raw.get("parentOrigin") else None,
    )


def from_form(pairs: list[tuple[str, str]]) -> Json:
    """Turn form fields into a request: `customer.fullName` nests, `noticeUrls` may repeat, amounts are digits."""
    raw: Json = {}
    for name, value in pairs:
        if value == "":
            continue
        *parents, leaf = name.split(".")
        place = raw
        for parent in parents:
            place = place.setdefault(parent, {}) if isinstance(place.get(parent, {}), dict) else {}
        if leaf == "noticeUrls":
            place.setdefault(leaf, []).extend(value.split())
        elif leaf in ("totalAmount", "taxFreeAmount", "vatAmount", "validHours") and value.isdigit():
            place[leaf] = int(value)
        else:
            place[leaf] = value
    return raw


def _check_shop(raw: Mapping[str, Any], config: Config) -> None:
    if _text(raw, "storeId") != config.store_id:
        raise WindowError("StoreNotFound", "상점을 찾을 수 없습니다.")
    if not raw.get("channelKey") and not raw.get("channelGroupId"):
        raise _bad("channelKey", "channelKey 또는 channelGroupId가 필요합니다.")
    if raw.get("channelKey") != config.channel_key:
        raise WindowError("ChannelNotFound", "채널을 찾을 수 없습니다.")


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _bad(name, "필수 값입니다.")
    return value


def _matching(raw: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> re.Match[str]:
    match = pattern.fullmatch(_text(raw, name))
    if match is None:
        raise _bad(name, f"{pattern.pattern} 형식이어야 합니다.")
    return match


def _one_of(raw: Mapping[str, Any], name: str, choices: tuple[str, ...]) -> str:
    value = _text(raw, name)
    if value not in choices:
        raise _bad(name, "알 수 없는 값입니다.")
    return value


def _won(raw: Mapping[str, Any], name: str, *, least: int = 0, default: int | None = None) -> int:
    value = raw.get(name, default)
    if type(value) is not int or value < least:
        raise _bad(name, f"{least} 이상의 정수여야 합니다.")
    return value


def _object(raw: Mapping[str, Any], name: str) -> Json:
    value = raw.get(name) or {}
    if not isinstance(value, dict):
        raise _bad(name, "객체여야 합니다.")
    return value


def _list(raw: Mapping[str, Any], name: str) -> list[Any]:
    value = raw.get(name) or []
    if not isinstance(value, list):
        raise _bad(name, "배열이어야 합니다.")
    return value


def _url(value: object, name: str) -> str:
    parts = urlsplit(value) if isinstance(value, str) else None
    if not parts or parts.scheme not in ("http", "https") or not parts.hostname:
        raise _bad(name, "http 또는 https 주소여야 합니다.")
    return parts.geturl()


def _customer(raw: Json) -> Json:
    """Rename the SDK's customer to the API's; absent stays absent."""
    words = ("customerId", "fullName", "firstName", "lastName", "email", "phoneNumber", "zipcode")
    if any(not isinstance(raw.get(name) or "", str) for name in words):
        raise _bad("customer", "문자열이어야 합니다.")
    name = raw.get("fullName") or " ".join(filter(None, (raw.get("firstName"), raw.get("lastName"))))
    pairs = {
        "id": raw.get("customerId"),
        "name": name,
        "email": raw.get("email"),
        "phoneNumber": raw.get("phoneNumber"),
        "zipcode": raw.get("zipcode"),
        "address": _address(_object(raw, "address")),
    }
    return {key: value for key, value in pairs.items() if value}


def _address(raw: Json) -> Json:
    first, second = str(raw.get("addressLine1") or ""), str(raw.get("addressLine2") or "")
    if not first:
        return {}
    line = f"{first} {second}".strip()
    return {"type": "SEPARATED", "oneLine": line, "addressLine1": first, "addressLine2": second}


def _product(raw: object) -> Json:
    if not isinstance(raw, dict):
        raise _bad("products", "객체의 배열이어야 합니다.")
    return {
        "id": _text(raw, "id"),
        "name": _text(raw, "name"),
        "amount": _won(raw, "amount"),
        "quantity": _won(raw, "quantity", least=1),
    }


def _custom_data(raw: object) -> str | None:
    if raw is None or isinstance(raw, str):
        return raw
    if not isinstance(raw, dict):
        raise _bad("customData", "객체여야 합니다.")
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":"))


def _expiry(raw: Json, now: datetime) -> str | None:
    if raw.get("validHours") is not None:
        hours = _won(raw, "validHours", least=1)
        if hours > MAX_VALID_HOURS:
            raise _bad("validHours", f"{MAX_VALID_HOURS} 이하여야 합니다.")
        return times.stamp(now + timedelta(hours=hours))
    if raw.get("dueDate") is not None:
        try:
            due = times.read(str(raw["dueDate"]))
        except ValueError as error:
            raise _bad("dueDate", "날짜를 읽을 수 없습니다.") from error
        if due <= now:
            raise _bad("dueDate", "지난 시각입니다.")
        return times.stamp(due)
    return None


def _cash_receipt(account: Json, transfer: Json) -> Json:
    asked = account.get("cashReceiptType") or transfer.get("cashReceiptType")
    return {"type": asked} if asked else {}


def _bad(name: str, message: str) -> WindowError:
    return WindowError("BadRequest", f"{name}: {message}")
