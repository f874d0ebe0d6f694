"""Products as editors write them. Stock is no part of a page: publishing an old draft would bring it back."""

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.models import Orderable
from wagtail.search import index

from cms import blocks, languages, preview
from cms.backoffice.panels import StockPanel
from cms.fields import BlocksField
from cms.forms import PictureRows, ProductCopyForm, ProductForm, VariantRows
from cms.models.base import BasePage
from cms.models.permissions import ArchivePermissionTester
from cms.panels import CheckedInlinePanel, LeadFieldPanel, LeadTab
from commerce.catalog.sku import normalise_sku


class ProductIndexPage(BasePage):
    """Where products are kept, all on one level; shoppers see the first page instead."""

    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.ProductPage"]
    max_count_per_parent = 1
    preview_modes: list[Any] = []

    class Meta:
        verbose_name = _("list of products")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send shoppers to the first page."""
        return redirect(self.get_parent().get_url(request) or "/")

    def permissions_for_user(self, user: Any) -> ArchivePermissionTester:
        """Keep the list from being deleted with everything in it."""
        return ArchivePermissionTester(user, self)


class ProductPage(BasePage):
    """A product. The page of the default language says what is sold; the others translate its words."""

    summary = models.TextField(_("summary"), blank=True, help_text=_("One or two sentences for cards."))
    body = BlocksField(blocks.PRODUCT, blank=True, verbose_name=_("story"))
    option1_name = models.CharField(
        _("first option"), max_length=40, blank=True, help_text=_("Colour, size…")
    )
    option1_name_en = models.CharField(_("first option (English)"), max_length=40, blank=True)
    option2_name = models.CharField(_("second option"), max_length=40, blank=True)
    option2_name_en = models.CharField(_("second option (English)"), max_length=40, blank=True)
    categories = ParentalManyToManyField(
        "cms.CategoryPage",
        blank=True,
        related_name="products",
        verbose_name=_("categories"),
        limit_choices_to={"alias_of": None},
    )
    search_words = models.CharField(
        _("other words for it"),
        max_length=255,
        blank=True,
        default="",
        db_default="",
        help_text=_("What else shoppers may type to find it, with commas between. It is not shown."),
    )
    rank = models.IntegerField(
        _("rank"), default=0, help_text=_("Higher comes first where products are sorted by recommendation.")
    )

    base_form_class = ProductForm
    copy_form_class = ProductCopyForm
    parent_page_types = ["cms.ProductIndexPage"]
    subpage_types: list[str] = []
    search_fields = [*BasePage.search_fields, index.SearchField("summary")]

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    *BasePage.content_panels,
                    FieldPanel("summary"),
                    FieldPanel("body"),
                    InlinePanel("details", heading=_("Product information"), label=_("Line")),
                    FieldPanel("search_words"),
                ],
                heading=_("Content"),
            ),
            LeadTab(
                [
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel("option1_name"), FieldPanel("option1_name_en")]),
                            FieldRowPanel([FieldPanel("option2_name"), FieldPanel("option2_name_en")]),
                        ],
                        heading=_("Options"),
                    ),
                    CheckedInlinePanel(
                        "variants", heading=_("Variants"), label=_("Variant"), formset=VariantRows
                    ),
                    StockPanel(heading=_("Stock")),
                ],
                heading=_("Variants"),
            ),
            LeadTab(
                [
                    CheckedInlinePanel(
                        "pictures", heading=_("Pictures"), label=_("Picture"), formset=PictureRows
                    ),
                ],
                heading=_("Pictures"),
            ),
            LeadTab([FieldPanel("categories"), FieldPanel("rank")], heading=_("Merchandising")),
            ObjectList(
                [
                    MultiFieldPanel(
                        [LeadFieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
                        heading=_("Search engines"),
                    ),
                    FieldPanel("social_image"),
                ],
                heading=_("Promote"),
            ),
            ObjectList(BasePage.settings_panels, heading=_("Settings")),
        ]
    )

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")

    @cached_property
    def lead(self) -> "ProductPage":
        """Return the page of the default language: it alone knows variants, pictures and the address."""
        page: ProductPage = languages.lead_of(page=self)
        return page

    def get_url_parts(self, request: HttpRequest | None = None) -> Any:
        """Give the address at which the shop shows the product, wherever the page is kept."""
        parts = super().get_url_parts(request)
        if parts is None or parts[2] is None:
            return parts
        path = languages.address(kind="p", path=self.lead.slug, language=languages.of(page=self))
        return parts[0], parts[1], path

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send shoppers who come by the tree to the one address; that address itself is the shop's."""
        url = self.get_url(request)
        if not url or url == request.path:
            raise Http404
        return redirect(url, permanent=True)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """Offer the product page, its card in a list, and both when nothing is left."""
        return [
            ("", _("Product page")),
            (preview.CARD, _("Card in a list")),
            (preview.SOLD_OUT, _("Sold out")),
        ]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the unsaved page as shoppers will see it, with today's stock."""
        return preview.product_response(page=self, request=request, mode=mode_name)

    def permissions_for_user(self, user: Any) -> ArchivePermissionTester:
        """Take products off sale instead of deleting them."""
        return ArchivePermissionTester(user, self)

    def streams(self) -> list[Any]:
        """Return the story."""
        return [self.body]

    def images(self) -> list[Any]:
        """Return the product's pictures and those within its story."""
        return [row.image for row in self.pictures.all() if row.image] + super().images()


class ProductVariant(Orderable):
    """One thing that can be bought. Its key is the SKU; this row's own key changes when the page is published."""

    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField(
        "SKU",
        max_length=64,
        help_text=_("Latin letters and digits. Orders and stock know the variant by it."),
    )
    option1 = models.CharField(_("first option"), max_length=40, blank=True)
    option1_en = models.CharField(_("first option (English)"), max_length=40, blank=True)
    option2 = models.CharField(_("second option"), max_length=40, blank=True)
    option2_en = models.CharField(_("second option (English)"), max_length=40, blank=True)
    price = models.PositiveIntegerField(
        _("price"), validators=[MinValueValidator(1)], help_text=_("Won, VAT included.")
    )
    image = models.ForeignKey(
        "cms.ShopImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("picture"),
        help_text=_("One of the product's pictures: it is shown when this variant is chosen."),
    )
    weight = models.PositiveIntegerField(_("weight"), default=0, help_text=_("Grams."))

    panels = [
        FieldRowPanel([FieldPanel("sku"), FieldPanel("price"), FieldPanel("weight")]),
        FieldRowPanel([FieldPanel("option1"), FieldPanel("option1_en")]),
        FieldRowPanel([FieldPanel("option2"), FieldPanel("option2_en")]),
        FieldPanel("image"),
    ]

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]  # rows made by code have no order of their own but their age
        verbose_name = _("variant")

    def __str__(self) -> str:
        return self.sku

    def clean(self) -> None:
        """Write the SKU as the shop stores it."""
        super().clean()
        self.sku = normalise_sku(self.sku or "")


class ProductPicture(Orderable):
    """A picture of the product; what it shows is said in both languages."""

    class Role(models.TextChoices):
        FRONT = "front", _("the product")
        DETAIL = "detail", _("detail")
        SCALE = "scale", _("in scale: beside a hand, a table, a book")

    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="pictures")
    image = models.ForeignKey(
        "cms.ShopImage", null=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("picture")
    )
    role = models.CharField(_("shows"), max_length=10, choices=Role.choices, default=Role.FRONT)
    alt = models.CharField(_("what it shows"), max_length=200)
    alt_en = models.CharField(_("what it shows (English)"), max_length=200)

    panels = [
        FieldPanel("image"),
        FieldPanel("role"),
        FieldRowPanel([FieldPanel("alt"), FieldPanel("alt_en")]),
    ]

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]  # rows made by code have no order of their own but their age
        verbose_name = _("picture")

    def __str__(self) -> str:
        return self.alt


class ProductDetail(Orderable):
    """A line of what the law and shoppers want to know: material, size, origin."""

    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="details")
    name = models.CharField(_("name"), max_length=80)
    value = models.TextField(_("value"))

    panels = [FieldRowPanel([FieldPanel("name"), FieldPanel("value")])]

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]  # rows made by code have no order of their own but their age
        verbose_name = _("line")

    def __str__(self) -> str:
        return self.name
