"""What belongs to a product and is written in rows: variants, pictures, lines of information, related products."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PageChooserPanel

from cms.models.base import Row
from cms.models.products import ProductPage, check_barcode
from commerce.catalog import barcodes
from commerce.catalog.sku import normalise_sku


class ProductVariant(Row):
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

    class Meta(Row.Meta):
        verbose_name = _("variant")

    def __str__(self) -> str:
        return self.sku

    def clean(self) -> None:
        """Write SKU and barcode as the shop stores them."""
        super().clean()
        self.sku = normalise_sku(self.sku or "")
        self.barcode = barcodes.normalise(self.barcode or "")


class ProductPicture(Row):
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

    class Meta(Row.Meta):
        verbose_name = _("picture")

    def __str__(self) -> str:
        return self.alt


class ProductDetail(Row):
    """A line of what the law and shoppers want to know: material, size, origin."""

    page = ParentalKey(ProductPage, on_delete=models.CASCADE, related_name="details")
    name = models.CharField(_("name"), max_length=80)
    value = models.TextField(_("value"))

    panels = [FieldRowPanel([FieldPanel("name"), FieldPanel("value")])]

    class Meta(Row.Meta):
        verbose_name = _("line")

    def __str__(self) -> str:
        return self.name


class ProductRelation(Row):
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

    class Meta(Row.Meta):
        verbose_name = _("related product")

    def __str__(self) -> str:
        return f"{self.kind}: {self.product_id}"
