"""What a category page must say before it may be published."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from cms import languages

LEAD_FIELDS = (
    "fills",
    "rule_brand",
    "rule_category",
    "rule_attribute",
    "rule_below",
    "rule_days",
    "rule_reduced",
)
_PARTS = LEAD_FIELDS[1:]


class CategoryForm(WagtailAdminPageForm):
    """The editor's form of a category; on pages of other languages it holds words only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.locale_id and not languages.leads(page=self.instance):
            for name in LEAD_FIELDS:
                self.fields.pop(name, None)
            self.formsets.pop("picks", None)

    def clean(self) -> dict[str, Any]:
        """Refuse a rule that nothing could meet, and one that says nothing."""
        cleaned: dict[str, Any] = super().clean()
        attribute = cleaned.get("rule_attribute") or ""
        code, _colon, value = attribute.partition(":")
        if attribute and not (code and value):
            self.add_error("rule_attribute", _("Write a code, a colon and a value: material:백자"))
        said = any(cleaned.get(name) for name in _PARTS)
        if (
            cleaned.get("fills") == "rule"
            and not said
            and not self.errors
            and not self.is_deferred_validation
        ):
            self.add_error("fills", _("Fill in at least one part of the rule."))
        return cleaned
