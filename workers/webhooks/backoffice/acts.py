"""What staff does with a webhook besides changing it: each is asked for, done, logged and told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from workers.models import WebhookEndpoint
from workers.webhooks import endpoints, log
from workers.webhooks.backoffice import words
from workers.webhooks.backoffice.forms import ResendForm, RotateForm

Perform = Callable[[WebhookEndpoint, dict[str, Any], datetime], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that can be done. `serious`: the button warns."""

    slug: str
    label: words.Words
    question: words.Words
    perform: Perform
    possible: Callable[[WebhookEndpoint], bool] = lambda endpoint: True
    form: type[forms.Form] = forms.Form
    icon: str = "form"
    serious: bool = False


def _rotate(endpoint: WebhookEndpoint, answers: dict[str, Any], now: datetime) -> str:
    endpoints.rotate(endpoint_id=endpoint.pk, overlap=words.hours(answers["overlap"]), now=now)
    return _("The new secret signs from now on. Give it to the receiver.")


def _enable(endpoint: WebhookEndpoint, _answers: dict[str, Any], _now: datetime) -> str:
    endpoints.enable(endpoint_id=endpoint.pk)
    return _("The webhook is on. What it missed can be sent again.")


def _disable(endpoint: WebhookEndpoint, _answers: dict[str, Any], now: datetime) -> str:
    endpoints.disable(endpoint_id=endpoint.pk, reason=endpoints.Reason.BY_STAFF, now=now)
    return _("The webhook is off. What waited for it is kept and can be sent again.")


def _resend(endpoint: WebhookEndpoint, answers: dict[str, Any], now: datetime) -> str:
    found = log.resend_unsent(endpoint=endpoint, since=answers["since"], missed=answers["missed"], now=now)
    count = found.again + found.missed
    text = ngettext("%(count)d delivery is sent again.", "%(count)d deliveries are sent again.", count)
    return text % {"count": count}


def _delete(endpoint: WebhookEndpoint, _answers: dict[str, Any], _now: datetime) -> str:
    name, cancelled = endpoint.name, endpoints.delete(endpoint_id=endpoint.pk)
    text = ngettext(
        "“%(name)s” is deleted; %(count)d open delivery was cancelled.",
        "“%(name)s” is deleted; %(count)d open deliveries were cancelled.",
        cancelled,
    )
    return text % {"name": name, "count": cancelled}


ACTS = {
    act.slug: act
    for act in (
        Act(
            slug="enable",
            label=gettext_lazy("Switch on"),
            question=gettext_lazy(
                "Events are sent from now on. What it missed can be sent again afterwards."
            ),
            perform=_enable,
            possible=lambda endpoint: not endpoint.enabled,
            icon="check",
        ),
        Act(
            slug="resend",
            label=gettext_lazy("Send again…"),
            question=gettext_lazy(
                "Everything that was not accepted is sent again, with the same webhook-id: "
                "a receiver that has a message already knows it by that."
            ),
            perform=_resend,
            possible=lambda endpoint: endpoint.enabled,
            form=ResendForm,
            icon="redirect",
        ),
        Act(
            slug="rotate",
            label=gettext_lazy("New secret…"),
            question=gettext_lazy(
                "The new secret signs at once. While the old one stays valid, every message carries both "
                "signatures, so the receiver can change over without losing one. An older secret that is "
                "still valid ends now."
            ),
            perform=_rotate,
            form=RotateForm,
            icon="key",
        ),
        Act(
            slug="disable",
            label=gettext_lazy("Switch off"),
            question=gettext_lazy(
                "Nothing is sent any more. What waits is kept and can be sent again later."
            ),
            perform=_disable,
            possible=lambda endpoint: endpoint.enabled,
            icon="cross",
        ),
        Act(
            slug="delete",
            label=gettext_lazy("Delete"),
            question=gettext_lazy(
                "The webhook, its secret and its log are gone for good; what waits is cancelled. "
                "To stop for a while, switch it off instead."
            ),
            perform=_delete,
            icon="bin",
            serious=True,
        ),
    )
}

LOGGED: dict[str, words.Words] = {
    "webhooks.rotate": gettext_lazy("Make a new webhook secret"),
    "webhooks.enable": gettext_lazy("Switch webhook on"),
    "webhooks.disable": gettext_lazy("Switch webhook off"),
    "webhooks.resend": gettext_lazy("Send webhook events again"),
    "webhooks.test": gettext_lazy("Send a test event"),
    "webhooks.skip": gettext_lazy("Skip a webhook event"),
}


def possible(*, endpoint: WebhookEndpoint) -> list[Act]:
    """Return what can be done with an endpoint right now."""
    return [act for act in ACTS.values() if act.possible(endpoint)]
