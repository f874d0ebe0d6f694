"""Who runs the shop, who keeps its machines going, and who teaches its search and keeps its words.

Editors see no order and no address. They see which coupons there are, to write about them.
"""

from typing import Any

STAFF = "Staff"
OPERATORS = "Operators"
EDITORS = "Editors"
MODERATORS = "Moderators"
_SEARCH = {
    ("commerce", "synonyms"): ("view_synonyms", "add_synonyms", "change_synonyms", "delete_synonyms"),
    ("commerce", "promotedresult"): (
        "view_promotedresult",
        "add_promotedresult",
        "change_promotedresult",
        "delete_promotedresult",
    ),
    ("commerce", "emptysearch"): ("view_emptysearch",),
    ("commerce", "feed"): ("view_feed",),
}
_WORDS = {
    ("cms", model): tuple(f"{act}_{model}" for act in ("view", "add", "change", "delete"))
    for model in ("brand", "producttype", "guide", "shopvideo")
}
_COUPONS = {("commerce", "coupon"): ("view_coupon",)}
_PERMISSIONS: dict[str, dict[tuple[str, str], tuple[str, ...]]] = {
    STAFF: {
        ("wagtailadmin", "admin"): ("access_admin",),
        ("commerce", "order"): ("view_order", "change_order", "view_personal_data", "export_order"),
        ("commerce", "paymentcomparison"): ("view_paymentcomparison",),
        ("commerce", "review"): ("view_review", "change_review"),
        ("commerce", "question"): ("view_question", "change_question"),
        ("commerce", "stockitem"): ("view_stockitem", "change_stockitem"),
        ("commerce", "coupon"): ("view_coupon", "add_coupon", "change_coupon"),
        ("commerce", "feed"): ("view_feed",),
        ("commerce", "courier"): ("view_courier", "add_courier", "change_courier"),
        ("commerce", "shippingmethod"): (
            "view_shippingmethod",
            "add_shippingmethod",
            "change_shippingmethod",
        ),
        ("commerce", "shippingzone"): (
            "view_shippingzone",
            "add_shippingzone",
            "change_shippingzone",
            "delete_shippingzone",
        ),
    },
    OPERATORS: {
        ("wagtailadmin", "admin"): ("access_admin",),
        ("workers", "delivery"): ("steer_delivery",),
    },
    EDITORS: {**_SEARCH, **_WORDS, **_COUPONS},
    MODERATORS: {**_SEARCH, **_WORDS, **_COUPONS},
}
_NAMES = {
    "access_admin": "Can access Wagtail admin",
    "view_personal_data": "Can see names, addresses, phones and e-mails of customers",
    "export_order": "Can download lists of orders",
    "steer_delivery": "Can see events and steer their deliveries",
}


def ensure_groups(*, models: Any) -> None:
    """Create the groups with what they need beyond their pages, or bring them up to date; permissions given by hand stay.

    `models` is the registry of models: `django.apps.apps`, or a migration's own. Permissions that do not
    exist yet, as in the middle of a migration, are created here.
    """
    for name, wanted in _PERMISSIONS.items():
        group, _ = models.get_model("auth", "Group").objects.get_or_create(name=name)
        for (app_label, model), codenames in wanted.items():
            for codename in codenames:
                group.permissions.add(_permission(models, app_label, model, codename))


def _permission(models: Any, app_label: str, model: str, codename: str) -> Any:
    types = models.get_model("contenttypes", "ContentType").objects
    content_type, _ = types.get_or_create(app_label=app_label, model=model)
    permission, _ = models.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename=codename,
        defaults={"name": _NAMES.get(codename, f"Can {codename.replace('_', ' ')}")},
    )
    return permission
