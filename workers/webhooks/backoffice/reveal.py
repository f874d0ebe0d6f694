"""Show a secret in full once: the session remembers that it may be shown, never the secret."""

from django.http import HttpRequest

from workers.models import WebhookEndpoint

_KEY = "webhook_secret_to_show"


def reveal_once(request: HttpRequest, *, endpoint: WebhookEndpoint) -> None:
    """Let the next look at the endpoint's page, in this session, show its secret."""
    request.session[_KEY] = endpoint.pk


def revealed(request: HttpRequest, *, endpoint: WebhookEndpoint) -> str:
    """Return the secret if it may be shown now, and never again; otherwise nothing."""
    if request.session.get(_KEY) != endpoint.pk:
        return ""
    del request.session[_KEY]
    return endpoint.secret
