"""PortOne's webhooks (Standard Webhooks): whether one is genuine, and what it is about."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from portone_server_sdk import webhook

from commerce.payments import portone_answers as answers
from commerce.payments.gateway import ForgedNotice, Notice, UnreadableNotice


def read_notice(*, body: str, headers: Mapping[str, str]) -> Notice:
    """Verify a webhook (Standard Webhooks, at most five minutes old) and return what it is about.

    Raises:
        ForgedNotice: the signature is missing, wrong or old.
        UnreadableNotice: it is signed but no JSON object.
        ImproperlyConfigured: the shop's own secret is unusable.
    """
    try:
        content = webhook.verify(settings.PORTONE_WEBHOOK_SECRET, body, headers)
    except webhook.WebhookVerificationError as forged:
        raise ForgedNotice(str(forged.reason)) from forged
    except webhook.InvalidInputError as misconfigured:
        raise ImproperlyConfigured("PORTONE_WEBHOOK_SECRET is not a webhook secret") from misconfigured
    except ValueError as unreadable:
        raise UnreadableNotice(str(unreadable)) from unreadable
    data = content.get("data", {}) if isinstance(content, dict) else content.data
    return Notice(
        notice_id=headers["webhook-id"],
        kind=_kind(content),
        payment_id=answers.word(data, "payment_id", "paymentId"),
        store_id=answers.word(data, "store_id", "storeId"),
        body=body,
    )


def _kind(content: Any) -> str:
    return str(content.get("type", "")) if isinstance(content, dict) else type(content).__name__
