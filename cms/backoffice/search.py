"""The menu group "Search": synonyms, promoted results, what shoppers did not find, and feeds for other searches."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminPageChooser
from wagtail.coreutils import resolve_model_string
from wagtail.models import Page

from cms import languages
from cms.backoffice.columns import MomentColumn, NumberColumn
from cms.backoffice.feeds import FeedViewSet
from cms.backoffice.read_only import ReadOnlyViewSet
from commerce.catalog.models import Product
from commerce.search import services
from commerce.search.models import EmptySearch, PromotedResult, Synonyms, phrases

_PAGES = "cms.ProductPage"  # by name: the models of the CMS show panels of the back office
_FEWEST = 2  # words that can mean the same


class SynonymsForm(WagtailAdminModelForm):
    """Words with commas between."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk and (word := self.initial.get("words")):
            self.initial["words"] = f"{word}, "

    def clean_words(self) -> str:
        """Refuse a single word: it means what it means."""
        words = phrases(self.cleaned_data["words"])
        if len(words) < _FEWEST:
            raise ValidationError(_("Write at least two words, with a comma between."))
        return ", ".join(words)

    def save(self, commit: bool = True) -> Synonyms:
        """Keep the words, and complete and correct them from now on."""
        row: Synonyms = super().save(commit)
        services.learn_words(text=row.words)
        return row


class PromotedForm(WagtailAdminModelForm):
    """A product that comes first. It is chosen among the pages on which products are written."""

    page = forms.ModelChoiceField(
        label=_("Product"),
        queryset=Page.objects.none(),
        widget=AdminPageChooser(target_models=[_PAGES]),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pages = Page.objects.type(resolve_model_string(_PAGES)).filter(alias_of=None)
        self.fields["page"].queryset = pages
        if self.instance.pk:
            ours = pages.filter(translation_key=self.instance.product.key)
            self.fields["page"].initial = ours.filter(locale__language_code=languages.default()).first()

    def clean_words(self) -> str:
        """Refuse signs without a word."""
        words = phrases(self.cleaned_data["words"])
        if not words:
            raise ValidationError(_("Write at least one word that shoppers search for."))
        return ", ".join(words)

    def clean_page(self) -> Product:
        """Find the product; refuse one that was never on sale."""
        product = Product.objects.filter(key=self.cleaned_data["page"].translation_key, listed=True).first()
        if product is None:
            raise ValidationError(_("This product is not on sale: publish it first."))
        return product

    def save(self, commit: bool = True) -> PromotedResult:
        """Keep the product that was chosen."""
        self.instance.product = self.cleaned_data["page"]
        row: PromotedResult = super().save(commit)
        return row


class _FormViewSet(ModelViewSet):
    """A list, and a form that checks."""

    form_class_used: type[WagtailAdminModelForm]
    add_to_reference_index = False
    copy_view_enabled = False

    def get_edit_handler(self) -> Any:
        """Use the form that checks."""
        handler = super().get_edit_handler()
        handler.base_form_class = self.form_class_used
        return handler.bind_to_model(self.model)


class SynonymsCreate(generic.CreateView):
    """A form that may begin with a word that was not found: `?words=`."""

    def get_initial(self) -> dict[str, Any]:
        """Take the word over."""
        return {**super().get_initial(), "words": self.request.GET.get("words", "")[:60]}


class SynonymsViewSet(_FormViewSet):
    """Words that mean the same."""

    model = Synonyms
    name = "search-synonyms"
    icon = "tag"
    menu_label = _("Synonyms")
    form_class_used = SynonymsForm
    add_view_class = SynonymsCreate
    list_display = ["words", BooleanColumn("both_ways", label=_("Both ways"))]
    search_fields = ["words"]
    search_backend_name = None
    panels = [FieldPanel("words"), FieldPanel("both_ways")]


class PromotedViewSet(_FormViewSet):
    """Products that come first for certain words."""

    model = PromotedResult
    name = "search-promoted"
    icon = "arrow-up"
    menu_label = _("Promoted results")
    form_class_used = PromotedForm
    list_display = [
        "words",
        Column("product", label=_("Product"), accessor=lambda row: _title(row.product)),
        NumberColumn("position", label=_("Position")),
    ]
    search_fields = ["words"]
    search_backend_name = None
    panels = [FieldPanel("words"), FieldPanel("page"), FieldPanel("position")]


class EmptyIndex(generic.IndexView):
    """What was not found, what was asked most first; each leads to a new synonym."""

    table_classname = "listing bo-listing"

    @cached_property
    def columns(self) -> list[Column]:
        """Search, language, how often, what was shown, when."""
        return [
            TitleColumn("query", label=_("Search"), get_url=_as_synonym, sort_key="query"),
            Column("language", label=_("Language")),
            NumberColumn("times", label=_("Times"), sort_key="times"),
            Column("shown", label=_("Shown instead"), accessor=lambda row: row.get_shown_display()),
            MomentColumn("last_at", label=_("Last"), sort_key="last_at"),
        ]


class EmptyViewSet(ReadOnlyViewSet):
    """A list that shoppers write; it is forgotten after ninety days."""

    model = EmptySearch
    name = "search-empty"
    icon = "help"
    menu_label = _("Searches without results")
    list_per_page = 50
    form_fields = ["times"]  # no form is ever made of it: there is no edit view
    list_filter = ["language", "shown"]
    search_fields = ["query"]
    search_backend_name = None
    index_view_class = EmptyIndex
    inspect_view_enabled = False

    def get_urlpatterns(self) -> list[URLPattern]:
        """Have the list and nothing else."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
        ]


class SearchGroup(ViewSetGroup):
    """What editors teach the search."""

    menu_label = _("Search in the shop")
    menu_name = "shop-search"
    menu_icon = "search"
    menu_order = 350
    items = (SynonymsViewSet, PromotedViewSet, EmptyViewSet, FeedViewSet)


def _as_synonym(row: EmptySearch) -> str:
    return f"{reverse('search-synonyms:add')}?{urlencode({'words': row.query})}"


def _title(product: Product) -> str:
    text = product.texts.filter(language=languages.default()).first() or product.texts.first()
    return text.title if text else product.slug
