"""The menu entry of films."""

from wagtail.snippets.views.snippets import SnippetViewSet

from cms.models import ShopVideo


class Films(SnippetViewSet):
    """Films that stories and pages show."""

    model = ShopVideo
    icon = "media"
    list_display = ["title", "title_en", "address"]
    add_to_admin_menu = True
    menu_order = 260
