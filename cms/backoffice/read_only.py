"""Lists whose rows services write: a list and a page for each row, never a raw form."""

from django.urls import URLPattern, path
from wagtail.admin.viewsets.model import ModelViewSet


class ReadOnlyViewSet(ModelViewSet):
    """A list and a page. `form_fields` must name something, though no form is ever made of it."""

    add_to_reference_index = False
    inspect_view_enabled = True
    copy_view_enabled = False

    def get_urlpatterns(self) -> list[URLPattern]:
        """Leave every raw form out."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", self.inspect_view, name="inspect"),
        ]

    def register_admin_url_finder(self) -> None:
        """Have none: it would look for an edit view."""
