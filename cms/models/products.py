"""Products as editors write them. Stock is no part of a page: publishing an old draft would bring it back."""

from typing import Any

from django.core.exceptions import ValidationError
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
    PageChooserPanel,
)
from wagtail.models import Orderable
from wagtail.search import index

from cms import attributes, blocks, languages, notice_rows, preview
from cms.backoffice.panels import StockPanel
from cms.fields import BlocksField
from cms.forms import PictureRows, ProductCopyForm, ProductForm, VariantRows
from cms.models.base import BasePage
from cms.models.permissions import ArchivePermissionTester
from cms.panels import CheckedInlinePanel, LeadFieldPanel, LeadTab, OwnFieldsPanel, ProductTabs
from commerce.catalog import barcodes, notices
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
    brand = models.ForeignKey(
        "cms.Brand",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("brand"),
    )
    product_type = models.ForeignKey(
        "cms.ProductType",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("product type"),
        help_text=_("Its attributes are asked for below once the draft is saved."),
    )
    attribute_values = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    notice_kind = models.CharField(
        _("kind of goods"),
        max_length=20,
        blank=True,
        default="",
        db_default="",
        choices=[(kind.code, kind.label) for kind in notices.KINDS.values()],
        help_text=_(
            "The law asks for other information of clothes than of food. The rows follow once it is saved."
        ),
    )
    notice_values = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    notice_in_description = models.BooleanField(
        _("the rest is in the description"),
        default=False,
        db_default=False,
        help_text=_("Rows left empty then say “See the description of the product” (상품 상세 참조)."),
    )
    badge = models.CharField(_("own badge"), max_length=20, blank=True, default="", db_default="")
    badge_en = models.CharField(
        _("own badge (English)"), max_length=20, blank=True, default="", db_default=""
    )
    made_to_order = models.BooleanField(_("made to order"), default=False, db_default=False)
    care_guide = models.ForeignKey(
        "cms.Guide",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("care guide"),
        limit_choices_to={"kind": "care"},
    )
    size_guide = models.ForeignKey(
        "cms.Guide",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("size guide"),
        limit_choices_to={"kind": "size"},
    )
    rank = models.IntegerField(
        _("rank"), default=0, help_text=_("Higher comes first where products are sorted by recommendation.")
    )

    base_form_class = ProductForm
    copy_form_class = ProductCopyForm
    parent_page_types = ["cms.ProductIndexPage"]
    subpage_types: list[str] = []
    search_fields = [*BasePage.search_fields, index.SearchField("summary")]

    edit_handler = ProductTabs(
        [
            ObjectList(
                [
                    *BasePage.content_panels,
                    FieldPanel("summary"),
                    FieldPanel("body"),
                    InlinePanel("details", heading=_("Product information"), label=_("Line")),
                    MultiFieldPanel(
                        [
                            LeadFieldPanel("notice_kind"),
                            LeadFieldPanel("notice_in_description"),
                            OwnFieldsPanel(prefix=notice_rows.PREFIX, source="notice_kind"),
                        ],
                        heading=_("Information required by law"),
                    ),
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
            LeadTab(
                [
                    FieldPanel("brand"),
                    MultiFieldPanel(
                        [
                            FieldPanel("product_type"),
                            OwnFieldsPanel(prefix=attributes.PREFIX, source="product_type"),
                        ],
                        heading=_("Attributes"),
                    ),
                    FieldRowPanel([FieldPanel("care_guide"), FieldPanel("size_guide")]),
                ],
                heading=_("Attributes"),
            ),
            LeadTab(
                [
                    FieldPanel("categories"),
                    FieldPanel("rank"),
                    FieldRowPanel([FieldPanel("badge"), FieldPanel("badge_en"), FieldPanel("made_to_order")]),
                    InlinePanel("relations", heading=_("Related products"), label=_("Product")),
                ],
                heading=_("Merchandising"),
            ),
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


def check_barcode(text: str) -> None:
    """Refuse a number that no scanner reads.

    Raises:
        ValidationError: its length or its check digit is wrong.
    """
    if not barcodes.valid(barcodes.normalise(text)):
        raise ValidationError(
            _("“%(text)s” is no barcode: 8, 12, 13 or 14 digits, the last of which fits the others.")
            % {"text": text}
        )


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
    barcode = models.CharField(
        _("barcode"),
        max_length=20,
        blank=True,
        default="",
        db_default="",
        validators=[check_barcode],
        help_text=_("The number below the bars: 8, 12, 13 or 14 digits (GTIN, EAN, UPC)."),
    )
    sale_price = models.PositiveIntegerField(
        _("sale price"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Won, VAT included."),
    )
    sale_from = models.DateTimeField(_("on sale from"), null=True, blank=True, help_text=_("Empty: at once."))
    sale_until = models.DateTimeField(
        _("on sale until"), null=True, blank=True, help_text=_("Empty: until further notice.")
    )
    content = models.PositiveIntegerField(
        _("content"),
        null=True,
        blank=True,
        help_text=_("How much is in it: the price per 100 g or ml is shown."),
    )
    content_unit = models.CharField(
        _("unit of content"),
        max_length=4,
        blank=True,
        default="",
        db_default="",
        choices=[("g", "g"), ("ml", "ml"), ("cm", "cm"), ("pc", _("pieces"))],
    )

    panels = [
        FieldRowPanel([FieldPanel("sku"), FieldPanel("price"), FieldPanel("weight")]),
        FieldPanel("barcode"),
        FieldRowPanel([FieldPanel("option1"), FieldPanel("option1_en")]),
        FieldRowPanel([FieldPanel("option2"), FieldPanel("option2_en")]),
        FieldRowPanel([FieldPanel("sale_price"), FieldPanel("sale_from"), FieldPanel("sale_until")]),
        FieldRowPanel([FieldPanel("content"), FieldPanel("content_unit")]),
        FieldPanel("image"),
    ]

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]  # rows made by code have no order of their own but their age
        verbose_name = _("variant")

    def __str__(self) -> str:
        return self.sku

    def clean(self) -> None:
        """Write SKU and barcode as the shop stores them."""
        super().clean()
        self.sku = normalise_sku(self.sku or "")
        self.barcode = barcodes.normalise(self.barcode or "")


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


class ProductRelation(Orderable):
    """Another product that is like this one, or goes well with it."""

    class Kind(models.TextChoices):
        MATCHING = "matching", _("goes well with it")
        SIMILAR = "similar", _("is like it")

    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="relations")
    product = models.ForeignKey(
        ProductPage, on_delete=models.CASCADE, related_name="+", verbose_name=_("product")
    )
    kind = models.CharField(_("relation"), max_length=10, choices=Kind.choices, default=Kind.MATCHING)

    panels = [PageChooserPanel("product", "cms.ProductPage"), FieldPanel("kind")]

    class Meta(Orderable.Meta):
        ordering = ["sort_order", "pk"]  # rows made by code have no order of their own but their age
        verbose_name = _("related product")

    def __str__(self) -> str:
        return f"{self.kind}: {self.product_id}"
