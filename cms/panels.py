"""Panels that show what a page of one language may say."""

from typing import Any

from django.utils.functional import cached_property
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList, Panel, TabbedInterface

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


class OwnFieldsPanel(Panel):
    """Fields that the form makes for one product, those whose names begin with a prefix."""

    def __init__(self, *args: Any, prefix: str, source: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prefix, self.source = prefix, source

    def clone_kwargs(self) -> dict[str, Any]:
        """Keep the prefix, and the field from which the others follow, when the panel is bound to a model."""
        return {**super().clone_kwargs(), "prefix": self.prefix, "source": self.source}

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/editing/own_fields.html"

        def is_shown(self) -> bool:
            """Show itself where the form has such fields, or may get them."""
            return bool(super().is_shown() and (self.own() or self.panel.source in self.form.fields))

        def own(self) -> list[Any]:
            """Return the fields."""
            names = [name for name in self.form.fields if name.startswith(self.panel.prefix)]
            return [self.form[name] for name in names]

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the fields."""
            return {
                **super().get_context_data(parent_context),
                "own": self.own(),
                "prefix": self.panel.prefix,
                "source": self.panel.source,
                "number": self.instance.pk,
            }


class ProductTabs(TabbedInterface):
    """The tabs of a product page, which know that some of its fields are shown by `OwnFieldsPanel`."""

    class BoundPanel(TabbedInterface.BoundPanel):
        def render_missing_fields(self) -> Any:
            """Add what no panel shows, as forms of rows have it, but nothing twice."""
            own = {name: field for name, field in self.form.fields.items() if name in self.form.own_fields}
            for name in own:
                del self.form.fields[name]
            try:
                return super().render_missing_fields()
            finally:
                self.form.fields.update(own)


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
