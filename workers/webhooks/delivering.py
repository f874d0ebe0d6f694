"""One try of one delivery to a merchant's endpoint: the handler behind every `webhook:<id>`."""

import random
import re
from typing import NoReturn

from django.db import IntegrityError

from workers.jobs import QUEUES, Context, Elsewhere, Fact, Handler, Later, NotNow, Withdrawn
from workers.models import Delivery, State, WebhookEndpoint, WebhookTry
from workers.webhooks import endpoints, messages, sending, targets
from workers.webhooks.messages import Message
from workers.webhooks.sending import Answer

# Standard Webhooks, "Deliverability and reliability": waits in seconds; ten tries in about 75 hours
DELAYS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
AT_ONCE = QUEUES["webhooks"].each  # the relay keeps it; this is for what an older one sent, or a person twice
ASKED_TO_WAIT = frozenset({429, 502, 503, 504})  # answers whose Retry-After is honoured

_NAME = re.compile(r"^webhook:([0-9]{1,18})$")
_patience = random.SystemRandom().uniform


class NotAccepted(Elsewhere):
    """A receiver did not accept a message; `http_status` is None when it did not answer."""

    def __init__(self, message: str, *, http_status: int | None = None) -> None:
        Exception.__init__(self, message)  # not the next in line: a subclass is a `Later` too
        self.http_status = http_status


class AskedToWait(NotAccepted, Later):
    """A receiver did not accept a message and said when to come back."""

    def __init__(self, message: str, *, http_status: int, seconds: float) -> None:
        NotAccepted.__init__(self, message, http_status=http_status)
        self.seconds = seconds


def handler(*, name: str) -> Handler | None:
    """Return the handler of a name such as `webhook:17`, or None for any other name."""
    if not _NAME.match(name):
        return None
    return Handler(name=name, function=deliver, queue="webhooks", kind="external", timeout=25, delays=DELAYS)


def deliver(fact: Fact, context: Context) -> None:
    """Send a fact to the endpoint that the handler's name holds, and write down what came of it.

    Raises:
        Withdrawn: the endpoint is off or deleted.
        NotNow: enough is under way to it already.
        NotAccepted: it did not take the message: the queue tries again.
    """
    found = _NAME.match(context.handler)
    endpoint = WebhookEndpoint.objects.filter(pk=int(found[1])).first() if found else None
    if endpoint is None:
        raise Withdrawn(endpoints.DELETED)
    if not endpoint.enabled:
        raise Withdrawn(endpoints.PARKED)
    delivery = Delivery.objects.get(event_id=fact.pk, handler=context.handler)
    _wait_for_room(endpoint, delivery)
    message = messages.of_fact(fact=fact, message_id=str(context.idempotency_key))
    _send(endpoint, delivery, message, context)


def _wait_for_room(endpoint: WebhookEndpoint, delivery: Delivery) -> None:
    """Let the first few send: a slow receiver keeps a few threads busy, not all."""
    running = Delivery.objects.filter(state=State.RUNNING, handler=endpoint.handler)
    if running.filter(pk__lt=delivery.pk).count() < AT_ONCE:
        return
    took = (
        WebhookTry.objects.filter(endpoint=endpoint).order_by("-sent_at").values_list("ms", flat=True).first()
    )
    raise NotNow("others are under way", seconds=_patience(1, 4) * min(max((took or 0) / 500, 1), 30))


def _send(endpoint: WebhookEndpoint, delivery: Delivery, message: Message, context: Context) -> None:
    headers = message.headers(secrets=endpoints.secrets(endpoint=endpoint, now=context.now), now=context.now)
    deadline = sending.Deadline()
    row = {
        "sent_at": context.now,
        "url": endpoint.url,
        "headers": headers,
        "body": message.body.decode(),
    }
    try:
        target = targets.resolve(url=endpoint.url, policy=targets.policy())
        answer = sending.post(
            target=target, headers=headers, body=message.body, now=context.now, deadline=deadline
        )
    except (targets.Refused, sending.Unreachable) as trouble:
        _keep(endpoint, delivery, row, ms=deadline.passed(), error=str(trouble)[:500])
        _refuse(endpoint, context, NotAccepted(str(trouble)))
    _keep(endpoint, delivery, row, ms=answer.ms, status=answer.status, response=answer.body)
    _judge(endpoint, answer, context)


def _judge(endpoint: WebhookEndpoint, answer: Answer, context: Context) -> None:
    status, text = answer.status, f"the receiver answered {answer.status}"
    if answer.good:
        endpoints.succeeded(endpoint_id=endpoint.pk)
    elif status == 410 and _is_gone(endpoint, context):
        raise Withdrawn(text)
    elif status in ASKED_TO_WAIT and answer.retry_after is not None:
        _refuse(endpoint, context, AskedToWait(text, http_status=status, seconds=answer.retry_after))
    else:
        _refuse(endpoint, context, NotAccepted(text, http_status=status))


def _is_gone(endpoint: WebhookEndpoint, context: Context) -> bool:
    """Switch off what the receiver says is gone; False when staff gave the endpoint another address meanwhile."""
    endpoints.disable(
        endpoint_id=endpoint.pk, reason=endpoints.Reason.GONE, now=context.now, url=endpoint.url
    )
    return not WebhookEndpoint.objects.filter(pk=endpoint.pk, enabled=True).exists()


def _is_deleted(endpoint: WebhookEndpoint) -> bool:
    return not WebhookEndpoint.objects.filter(pk=endpoint.pk).exists()


def _refuse(endpoint: WebhookEndpoint, context: Context, trouble: NotAccepted) -> NoReturn:
    if _is_deleted(endpoint):
        raise Withdrawn(f"{endpoints.DELETED}: {trouble}")
    if endpoints.failed(endpoint_id=endpoint.pk, now=context.now):
        raise Withdrawn(f"{endpoints.PARKED}: {trouble}")
    raise trouble


def _keep(endpoint: WebhookEndpoint, delivery: Delivery, row: dict[str, object], **outcome: object) -> None:
    """Write down what was sent and what came of it; a deleted endpoint has no log any more."""
    empty = {"status": None, "response": "", "error": ""}
    try:
        WebhookTry.objects.update_or_create(
            delivery=delivery, defaults={"endpoint": endpoint, **row, **empty, **outcome}
        )
    except IntegrityError:
        if not _is_deleted(endpoint):  # staff may delete it while we wait for an answer
            raise
