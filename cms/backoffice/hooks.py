"""Everything that the back office tells Wagtail. Imported by `cms.wagtail_hooks`."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from cms.backoffice import coupon_history, policies, staff_facts, users, zone_history
from cms.backoffice.dashboard import ShopPanel
from cms.backoffice.search import SearchGroup
from cms.backoffice.viewsets import ShopGroup

policies.register()
users.adopt()

_ACTIONS = {
    "backoffice.ask": _("Ask PortOne again"),
    "backoffice.looked-at": _("Mark as looked at"),
    "backoffice.cancel": _("Cancel unpaid order"),
    "backoffice.refund": _("Retry refund"),
    "backoffice.refund_order": _("Refund"),
    "backoffice.give-up-refund": _("Give up refund"),
    "backoffice.explain_refund": _("Explain a refund of PortOne's console"),
    "backoffice.unexplain_refund": _("Take the explanation of a refund back"),
    "backoffice.receive": _("Receive stock"),
    "backoffice.count": _("Count stock"),
    "backoffice.terms": _("Change backorder terms"),
    "backoffice.export_orders": _("Download orders"),
    "backoffice.dispatch": _("Send a parcel"),
    "backoffice.tracking": _("Correct the tracking number"),
    "backoffice.delivered": _("Mark a parcel as delivered"),
    "backoffice.take-back": _("Take a parcel back"),
    "backoffice.export_to_ship": _("Download what is to ship"),
    "backoffice.upload_tracking": _("Upload tracking numbers"),
    "backoffice.send_many": _("Send several orders"),
    "backoffice.print": _("Print orders"),
    "backoffice.claim-approve": _("Approve a return or exchange"),
    "backoffice.claim-reject": _("Refuse a return or exchange"),
    "backoffice.claim-receive": _("Receive returned goods"),
    "backoffice.claim-send-back": _("Send refused goods back"),
    "backoffice.review-publish": _("Publish a review"),
    "backoffice.review-reject": _("Reject a review"),
    "backoffice.review-answer": _("Answer a review"),
    "backoffice.review-keep": _("Keep a reported review"),
    "backoffice.claim-settle": _("Settle a return or exchange"),
}


def shop_menu() -> ShopGroup:
    """Add the menu group with its viewsets."""
    return ShopGroup()


def search_menu() -> SearchGroup:
    """Add the menu group in which editors teach the search."""
    return SearchGroup()


def log_actions(actions: Any) -> None:
    """Name what staff does, for the site's history."""
    for action, label in _ACTIONS.items():
        actions.register_action(action, label, label)
    actions.register_action(zone_history.ACTION)(zone_history.Formatter)
    for action, formatter in coupon_history.FORMATTERS.items():
        actions.register_action(action)(formatter)


def dashboard(request: HttpRequest, panels: list[Any]) -> None:
    """Put the shop's numbers first for those who may see any."""
    if request.user.has_perm("commerce.view_order") or request.user.has_perm("commerce.view_stockitem"):
        panels.append(ShopPanel())


def style() -> str:
    """Add the back office's few rules."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/backoffice.css"))


hooks.register("register_admin_viewset", shop_menu)
hooks.register("register_admin_viewset", search_menu)
hooks.register("register_log_actions", log_actions)
hooks.register("construct_homepage_panels", dashboard)
hooks.register("insert_global_admin_css", style)
hooks.register("before_bulk_action", staff_facts.before_bulk)
hooks.register("after_bulk_action", staff_facts.after_bulk)
