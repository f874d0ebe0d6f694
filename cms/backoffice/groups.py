"""The group of people who run the shop. Editors stay what they are: they see no order and nobody's address."""

from typing import Any

STAFF = "Staff"
_PERMISSIONS = {
    ("wagtailadmin", "admin"): ("access_admin",),
    ("commerce", "order"): ("view_order", "change_order", "view_personal_data", "export_order"),
    ("commerce", "stockitem"): ("view_stockitem", "change_stockitem"),
    ("commerce", "shippingmethod"): ("view_shippingmethod", "add_shippingmethod", "change_shippingmethod"),
    ("commerce", "shippingzone"): (
        "view_shippingzone",
        "add_shippingzone",
        "change_shippingzone",
        "delete_shippingzone",
    ),
}
_NAMES = {
    "access_admin": "Can access Wagtail admin",
    "view_personal_data": "Can see names, addresses, phones and e-mails of customers",
    "export_order": "Can download lists of orders",
}


def ensure_groups(*, models: Any) -> None:
    """Create the group "Staff" with what it needs, or bring it up to date; permissions given by hand stay.

    `models` is the registry of models: `django.apps.apps`, or a migration's own. Permissions that do not
    exist yet, as in the middle of a migration, are created here.
    """
    group, _ = models.get_model("auth", "Group").objects.get_or_create(name=STAFF)
    types = models.get_model("contenttypes", "ContentType").objects
    permissions = models.get_model("auth", "Permission").objects
    for (app_label, model), codenames in _PERMISSIONS.items():
        content_type, _ = types.get_or_create(app_label=app_label, model=model)
        for codename in codenames:
            name = _NAMES.get(codename, f"Can {codename.replace('_', ' ')}")
            permission, _ = permissions.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": name}
            )
            group.permissions.add(permission)
