"""What the admin's first page says of the workers: nothing, unless something is late or was given up."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from workers import health
from workers.backoffice import words
from workers.backup import records


class TroublePanel(Component):
    """One line for each trouble, each a link to where it is mended."""

    name = "events"
    order = 40
    template_name = "backoffice/events/panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Add the troubles."""
        return {"troubles": troubles(health.lag())}


def troubles(lag: health.Lag) -> list[dict[str, Any]]:
    """Return what somebody should look at, in words."""
    found = []
    if lag["dead"]:
        text = ngettext("%(count)s delivery was given up", "%(count)s deliveries were given up", lag["dead"])
        found.append({"text": text % {"count": f"{lag['dead']:,}"}, "address": reverse("events:dead")})
    if health.late(lag):
        found.append({"text": _late(lag), "address": reverse("events:index")})
    if records.health() == "late":
        found.append({"text": _("The newest backup is too old."), "address": reverse("backups")})
    return found


def _late(lag: health.Lag) -> str:
    if lag["relay"] is None or lag["relay"] > health.LATE:
        return _("No relay is running: mails, payments and pictures wait.")
    longest = max(lag["outbox"], lag["due"], lag["schedule"])
    return _("The workers are late: something waits for %(time)s.") % {"time": words.age(longest)}
