"""Webhooks in the words of the back office: states, refusals, what came back."""

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.backoffice.words import moment
from workers.models import Delivery, State, WebhookEndpoint, WebhookTry
from workers.webhooks import catalogue

Words = str | Promise

STATES: dict[int, Words] = {
    State.PENDING: pgettext_lazy("webhook", "Waiting"),
    State.RUNNING: pgettext_lazy("webhook", "Being sent"),
    State.RETRY: pgettext_lazy("webhook", "To be tried again"),
    State.DONE: pgettext_lazy("webhook", "Delivered"),
    State.DEAD: pgettext_lazy("webhook", "Given up"),
    State.CANCELLED: pgettext_lazy("webhook", "Not sent"),
}
TONES: dict[int, str] = {
    State.PENDING: "calm",
    State.RUNNING: "calm",
    State.RETRY: "wait",
    State.DONE: "good",
    State.DEAD: "bad",
    State.CANCELLED: "mute",
}
REFUSALS: dict[str, Words] = {
    "malformed": _("This is no web address: write it like https://erp.example.com/hooks."),
    "scheme": _("The address must begin with https://."),
    "userinfo": _("The address must not hold a name or password: the signature proves who sends."),
    "port": _("Webhooks are not sent to this port. Use 443 or 8443."),
    "host": _("Webhooks need a full public name such as erp.example.com."),
    "unknown": _("No server is found under this name."),
    "address": _("This leads into a private network, where no webhook is sent."),
}
_NO_ANSWER: dict[str, Words] = {
    "ConnectTimeout": _("The receiver took no connection in time."),
    "ReadTimeout": _("The receiver did not answer within 15 seconds."),
    "WriteTimeout": _("The receiver did not answer within 15 seconds."),
    "ReadError": _("The receiver broke the connection off."),
    "WriteError": _("The receiver broke the connection off."),
    "RemoteProtocolError": _("What answered does not speak HTTP."),
}
_CERTIFICATE = _("The receiver's certificate is not valid for this address.")
_NO_CONNECTION = _("No connection to the receiver.")
OVERLAPS: dict[int, Words] = {
    0: _("no time (it leaked)"),
    1: _("one hour"),
    24: _("one day"),
    24 * 7: _("seven days"),
}


def state(delivery: Delivery) -> tuple[Words, str]:
    """Return a delivery's state in words and its tone."""
    return STATES[delivery.state], TONES[delivery.state]


def endpoint_state(endpoint: WebhookEndpoint) -> tuple[Words, str]:
    """Return an endpoint's state in words and its tone."""
    if not endpoint.enabled:
        return pgettext_lazy("webhook", "Off"), "mute" if endpoint.disabled_reason == "staff" else "bad"
    if endpoint.failing_since:
        return pgettext_lazy("webhook", "Failing"), "wait"
    return pgettext_lazy("webhook", "On"), "good"


def answer(sent: WebhookTry | None) -> Words:
    """Return in short what came back."""
    if sent is None:
        return ""
    return f"HTTP {sent.status}" if sent.status else trouble(sent.error)


def trouble(error: str) -> Words:
    """Return why there was no answer."""
    kind, _colon, rest = error.partition(":")
    if kind in REFUSALS:
        return REFUSALS[kind]
    if "certificate" in rest.lower():
        return _CERTIFICATE
    return _NO_ANSWER.get(kind, _NO_CONNECTION)


def milliseconds(ms: int) -> str:
    """Return a duration as the log shows it."""
    return f"{ms} ms" if ms < 1000 else f"{ms / 1000:.1f} s"


def kind(type_: str) -> Words:
    """Return what a fact is called here."""
    known = catalogue.PUBLIC.get(type_)
    return known.label if known else type_


def next_try(delivery: Delivery) -> str:
    """Return when a delivery is tried next, empty when it is not."""
    return moment(delivery.available_at) if delivery.state == State.RETRY else ""


def hours(count: int) -> timedelta:
    """Return an overlap of secrets."""
    return timedelta(hours=count)
