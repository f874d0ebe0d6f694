"""Everything that the pages "Events" and "Backups" tell Wagtail. Imported by `workers.wagtail_hooks`."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from workers.backoffice import desk, urls
from workers.backoffice.backup_page import BackupPage
from workers.backoffice.panel import TroublePanel


class OperatorsItem(MenuItem):
    """An entry in the shop's menu, for those who may."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether this person sees it."""
        return desk.may(request)


def addresses() -> list[URLPattern | URLResolver]:
    """Add the pages."""
    return [
        path("events/", include((urls.urlpatterns, "events"))),
        path("backups/", BackupPage.as_view(), name="backups"),
    ]


def menu() -> OperatorsItem:
    """Add the entry after everything that the shop's staff works with."""
    return OperatorsItem(
        _("Events"), reverse_lazy("events:index"), name="events", icon_name="history", order=900
    )


def backups() -> OperatorsItem:
    """Add the entry of the backups, for the same people."""
    return OperatorsItem(
        _("Backups"), reverse_lazy("backups"), name="backups", icon_name="download", order=910
    )


def dashboard(request: HttpRequest, panels: list[Any]) -> None:
    """Tell those who may mend it that something is late or was given up."""
    if desk.may(request):
        panels.append(TroublePanel())


def permissions() -> Any:
    """Let administrators give the permission to other groups."""
    return desk.permission()


hooks.register("register_admin_urls", addresses)
hooks.register("register_shop_menu_item", menu)
hooks.register("register_shop_menu_item", backups)
hooks.register("construct_homepage_panels", dashboard)
hooks.register("register_permissions", permissions)
