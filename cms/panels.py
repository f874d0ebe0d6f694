"""Panels that show what a page of one language may say."""

from typing import Any

from django.utils.functional import cached_property
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList

from cms import languages


def _is_lead(instance: Any) -> bool:
    return instance is None or languages.leads(page=instance)


class LeadTab(ObjectList):
    """A tab that only the page of the default language has: variants, pictures, prices."""

    class BoundPanel(ObjectList.BoundPanel):
        @cached_property
        def children(self) -> list[Any]:
            """Bind nothing on other pages: their form has no such fields."""
            return super().children if _is_lead(self.instance) else []


class LeadFieldPanel(FieldPanel):
    """A field that only the page of the default language has."""

    class BoundPanel(FieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            """Hide the field on other pages."""
            return _is_lead(self.instance) and super().is_shown()


class CheckedInlinePanel(InlinePanel):
    """Rows that are checked together by a form set of their own."""

    def __init__(self, *args: Any, formset: type[BaseChildFormSet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.formset = formset

    def clone_kwargs(self) -> dict[str, Any]:
        """Keep the form set when the panel is bound to a model."""
        return {**super().clone_kwargs(), "formset": self.formset}

    def get_form_options(self) -> dict[str, Any]:
        """Name the form set."""
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = self.formset
        return options
