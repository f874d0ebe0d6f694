"""Who may manage webhooks: administrators, and groups that got the permission in Wagtail's group settings."""

from collections.abc import Collection
from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from workers.models import WebhookEndpoint

MANAGE = "workers.manage_webhookendpoint"


class OnePermission(ModelPermissionPolicy):
    """Whoever may manage webhooks may do everything with them; there is no looking without it."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Ask for the one permission, whatever the action."""
        return bool(super().user_has_permission(user, "manage"))

    def users_with_any_permission(self, actions: Collection[str]) -> Any:
        """Return who has the one permission."""
        return super().users_with_any_permission({"manage"})


def register() -> None:
    """Tell Wagtail the policy; must run before the viewset is made."""
    register_permission_policy(WebhookEndpoint, OnePermission(WebhookEndpoint))
