"""What the shop's own people are told by mail."""

import logging

from django.conf import settings

from workers import letters, mail
from workers.jobs import Context, Fact
from workers.models import WebhookEndpoint
from workers.sender import sender

logger = logging.getLogger(__name__)


def tell_of_webhook(fact: Fact, context: Context) -> None:
    """Tell the shop's address that webhooks stopped; not when the endpoint was deleted meanwhile.

    It speaks the language of whoever made the endpoint, as far as that is known.
    """
    rows = WebhookEndpoint.objects.select_related("created_by")
    endpoint = rows.filter(pk=fact.payload["endpoint_id"]).first()
    if endpoint is None:
        return
    language = _language(endpoint)
    to = sender(language=language).email
    if not to:
        logger.warning("webhook %s was switched off, and the shop has no address to tell it to", endpoint.pk)
        return
    letter = letters.webhook_disabled(
        endpoint=endpoint,
        reason=fact.payload["reason"],
        to=to,
        language=language,
        moment=fact.occurred_at,
    )
    mail.send_once(letter=letter, key=context.idempotency_key, now=context.now)


def _language(endpoint: WebhookEndpoint) -> str:
    profile = getattr(endpoint.created_by, "wagtail_userprofile", None)
    chosen = getattr(profile, "preferred_language", "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
