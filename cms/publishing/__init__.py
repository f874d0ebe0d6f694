"""From pages to the shop: the only signal receivers, and the repair of what signals never tell.

Wagtail's publishing is not one transaction and its signals are unguarded, so a receiver never raises: what
goes wrong is logged, shown to editors and repaired by `reconcile`.
"""

from cms.publishing.projection import (
    follow_vocabulary,
    project,
    project_all,
    refresh_category,
    refresh_product,
)
from cms.publishing.reconciliation import Report, reconcile

__all__ = [
    "Report",
    "follow_vocabulary",
    "project",
    "project_all",
    "reconcile",
    "refresh_category",
    "refresh_product",
]
