"""Words that products share: who made them, what kind they are, how they are cared for. Editors keep them as snippets."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable
from wagtail.search import index

from cms import attributes


class Brand(index.Indexed, models.Model):
    """Who made it. Its key stands in addresses of listings and is not changed."""

    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60, blank=True)
    key = models.SlugField(_("key"), max_length=60, unique=True, help_text=_("In addresses of listings."))

    panels = [FieldRowPanel([FieldPanel("name"), FieldPanel("name_en")]), FieldPanel("key")]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ["name"]
        verbose_name = _("brand")
        verbose_name_plural = _("brands")

    def __str__(self) -> str:
        return self.name


class ProductType(index.Indexed, ClusterableModel):
    """A kind of product: which attributes its products have."""

    name = models.CharField(_("name"), max_length=60, unique=True)

    panels = [FieldPanel("name"), InlinePanel("attributes", heading=_("Attributes"), label=_("Attribute"))]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ["name"]
        verbose_name = _("product type")
        verbose_name_plural = _("product types")

    def __str__(self) -> str:
        return self.name


class ProductAttribute(Orderable):
    """An attribute of a product type. Types that share a code share the filter in listings."""

    class Kind(models.TextChoices):
        TEXT = "text", _("free text")
        NUMBER = "number", _("figure")
        CHOICE = "choice", _("choice")
        BOOLEAN = "boolean", _("yes or no")
        COLOUR = "colour", _("colour")

    product_type = ParentalKey(ProductType, on_delete=models.CASCADE, related_name="attributes")
    code = models.CharField(
        _("code"),
        max_length=40,
        validators=[validate_slug],
        help_text=_("Latin letters, digits, hyphens: it stands in addresses of listings."),
    )
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TEXT)
    unit = models.CharField(_("unit"), max_length=12, blank=True, help_text=_("Of numbers: cm, g, W."))
    choices = models.TextField(
        _("choices"),
        blank=True,
        help_text=_("One a line: 백자 = White. A colour has its value too: 백자 = White #f4f1ea"),
    )
    bounds = models.CharField(
        _("ranges"),
        max_length=120,
        blank=True,
        help_text=_("Of numbers: where one range of the filter ends and the next begins, as 10, 20, 30."),
    )
    facet = models.BooleanField(
        _("filter"), default=True, help_text=_("Listings can be narrowed by it. Texts never are.")
    )

    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("name_en"), FieldPanel("code")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("unit"), FieldPanel("facet")]),
        FieldPanel("choices"),
        FieldPanel("bounds"),
    ]

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]
        verbose_name = _("attribute")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse lists that nobody could choose from, at their fields."""
        super().clean()
        wrong: dict[str, Any] = {}
        if self.kind in (self.Kind.CHOICE, self.Kind.COLOUR):
            options = attributes.parse_choices(self.choices)
            if not options:
                wrong["choices"] = _now("Write at least one choice, one a line.")
            elif self.kind == self.Kind.COLOUR and not all(option.swatch for option in options):
                wrong["choices"] = _now("Write the value of each colour behind it: 백자 = White #f4f1ea")
        if self.bounds and attributes.parse_bounds(self.bounds) is None:
            wrong["bounds"] = _now("Write rising numbers with commas between: 10, 20, 30")
        if wrong:
            raise ValidationError(wrong)


class Guide(index.Indexed, models.Model):
    """How goods are cared for, or how their size is chosen: written once, shown with many products."""

    class Kind(models.TextChoices):
        CARE = "care", _("care")
        SIZE = "size", _("size")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=80)
    title_en = models.CharField(_("title (English)"), max_length=80, blank=True)
    body = RichTextField(_("text"))
    body_en = RichTextField(_("text (English)"), blank=True)

    panels = [
        FieldPanel("kind"),
        FieldRowPanel([FieldPanel("title"), FieldPanel("title_en")]),
        FieldPanel("body"),
        FieldPanel("body_en"),
    ]
    search_fields = [index.SearchField("title"), index.AutocompleteField("title"), index.FilterField("kind")]

    class Meta:
        ordering = ["kind", "title"]
        verbose_name = _("guide")
        verbose_name_plural = _("guides")

    def __str__(self) -> str:
        return self.title
