"""Tell editors when something that they published did not reach the shop."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.ui.components import Component

from cms.models import ProjectionFailure

SHOWN = 10


class FailuresPanel(Component):
    """Publications that did not reach the shop, newest first; hidden while there are none."""

    name = "failed-publications"
    order = 60
    template_name = "cms/editing/failures.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Add the newest failures."""
        return {"failures": list(ProjectionFailure.objects.all()[:SHOWN])}


def say(request: HttpRequest, page: Any) -> None:
    """Show why a page that was just published is not in the shop yet."""
    failure = ProjectionFailure.objects.filter(page_id=page.pk).first()
    if failure:
        messages.error(
            request,
            _("“%(title)s” is published, but the shop could not take it over: %(reason)s")
            % {"title": page.title, "reason": failure.error},
        )
