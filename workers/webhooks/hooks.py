"""Everything that the webhooks' staff screens tell Wagtail. Imported by `workers.wagtail_hooks`."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from workers.webhooks.backoffice import acts, policies
from workers.webhooks.backoffice.notice import TroublePanel
from workers.webhooks.backoffice.viewset import WebhookViewSet

policies.register()


def screens() -> WebhookViewSet:
    """Add the screens; their menu entry joins the shop's."""
    return WebhookViewSet("webhooks")


def log_actions(actions: Any) -> None:
    """Name what staff does, for the site's history."""
    for action, label in acts.LOGGED.items():
        actions.register_action(action, label, label)


def dashboard(request: HttpRequest, panels: list[Any]) -> None:
    """Tell those who can do something about it that a webhook does not arrive."""
    if request.user.has_perm(policies.MANAGE):
        panels.append(TroublePanel())


hooks.register("register_admin_viewset", screens)
hooks.register("register_log_actions", log_actions)
hooks.register("construct_homepage_panels", dashboard)
