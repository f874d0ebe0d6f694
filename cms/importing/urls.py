"""Addresses under /admin/imports/."""

from django.urls import path, register_converter

from cms.importing import import_pages


class _Format:
    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        """Return the format as it is written."""
        return value

    def to_url(self, value: str) -> str:
        """Return the format as it is written."""
        return value


register_converter(_Format, "table")

urlpatterns = [
    path("", import_pages.IndexPage.as_view(), name="index"),
    path("<int:pk>/", import_pages.RunPage.as_view(), name="run"),
    path("<int:pk>/progress/", import_pages.progress, name="progress"),
    path("<int:pk>/cancel/", import_pages.cancel, name="cancel"),
    path("<int:pk>/go-on/", import_pages.go_on, name="go_on"),
    path("<int:pk>/errors.<table:form>", import_pages.errors, name="errors"),
    path("export.<table:form>", import_pages.export, name="export"),
]
