"""Everything that importing tells Wagtail. Imported by `cms.wagtail_hooks`."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.importing import access, urls

_ACTIONS = {
    "catalog.import_started": _("Begin to import products"),
    "catalog.import": _("Import products"),
    "catalog.import_cancelled": _("Cancel an import of products"),
}


class ImportItem(MenuItem):
    """An entry in the menu, for those who may."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether this person sees it."""
        return access.may_import(request.user)


def addresses() -> list[URLPattern | URLResolver]:
    """Add the pages."""
    return [path("imports/", include((urls.urlpatterns, "imports")))]


def menu() -> ImportItem:
    """Add the entry below the products."""
    return ImportItem(
        _("Import products"), reverse_lazy("imports:index"), name="imports", icon_name="upload", order=113
    )


def log_actions(actions: Any) -> None:
    """Name what was done, for the site's history."""
    for action, label in _ACTIONS.items():
        actions.register_action(action, label, label)


hooks.register("register_admin_urls", addresses)
hooks.register("register_admin_menu_item", menu)
hooks.register("register_log_actions", log_actions)
