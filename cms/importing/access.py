"""Who may import and export products."""

from typing import Any

from cms.backoffice import policies
from cms.importing.shelf import index_page


def may_import(user: Any) -> bool:
    """Tell whether a person may publish products: they may import them, nobody else."""
    index = index_page()
    if user is None or index is None or not user.is_active:
        return False
    return bool(index.permissions_for_user(user).can_publish_subpage())


def may_stock(user: Any) -> bool:
    """Tell whether a person may count stock."""
    return bool(user and user.has_perm(policies.ACT_ON_STOCK))
