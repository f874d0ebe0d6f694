"""Products as editors write them. Stock is no part of a page: publishing an old draft would bring it back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.search import index

from cms import blocks, languages, preview
from cms.fields import BlocksField
from cms.forms import ProductCopyForm, ProductForm
from cms.models.base import BasePage
from cms.models.permissions import ArchivePermissionTester
from cms.models.product_tabs import TABS
from commerce.catalog import barcodes, notices


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

    edit_handler = TABS

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


def check_barcode(text: str) -> None:  # migrations know it here
    """Refuse a number that no scanner reads.

    Raises:
        ValidationError: its length or its check digit is wrong.
    """
    if not barcodes.valid(barcodes.normalise(text)):
        raise ValidationError(
            _("“%(text)s” is no barcode: 8, 12, 13 or 14 digits, the last of which fits the others.")
            % {"text": text}
        )
