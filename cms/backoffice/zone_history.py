"""What changed of a shipping zone, in the words of its history."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter

from cms.backoffice import words

ACTION = "backoffice.zone_changed"
LABEL = gettext_lazy("Change a shipping zone")
_NAMES: dict[str, Any] = {
    "name_ko": gettext_lazy("Name (Korean)"),
    "name_en": gettext_lazy("Name (English)"),
    "surcharge": gettext_lazy("Surcharge"),
    "free_from": gettext_lazy("No surcharge from"),
    "active": gettext_lazy("Active"),
    "position": gettext_lazy("Position"),
    "postcodes": gettext_lazy("Postcodes"),
}
_SHOWN = 300  # characters of a value: the postcodes of a zone are many


class Formatter(LogFormatter):
    """Old and new of every field: `Surcharge: 5,000원 → 4,000원`."""

    label = LABEL

    def format_message(self, log_entry: Any) -> str:
        """Return what changed."""
        changed = log_entry.data.get("changed", {})
        return " · ".join(
            _("%(field)s: %(before)s → %(after)s")
            % {"field": _NAMES.get(name, name), "before": _value(name, old), "after": _value(name, new)}
            for name, (old, new) in changed.items()
        )


def _value(name: str, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in ("surcharge", "free_from"):
        return words.won(value)
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]} …"
