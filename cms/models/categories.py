"""Shelves: a tree of their own, to which products are linked."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    TabbedInterface,
)

from cms import languages, preview
from cms.category_form import CategoryForm
from cms.models.base import BasePage, Row
from cms.models.permissions import ArchivePermissionTester
from cms.panels import LeadFieldPanel, LeadTab


class CategoryIndexPage(BasePage):
    """The root of the shelves; shoppers see the first page instead."""

    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.CategoryPage"]
    max_count_per_parent = 1
    preview_modes: list[Any] = []

    class Meta:
        verbose_name = _("category tree")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send shoppers to the first page."""
        return redirect(self.get_parent().get_url(request) or "/")

    def permissions_for_user(self, user: Any) -> ArchivePermissionTester:
        """Keep the tree from being deleted with everything on it."""
        return ArchivePermissionTester(user, self)


class CategoryPage(BasePage):
    """A shelf. Its address follows its place in the tree: `/c/tableware/bowls/`."""

    intro = models.TextField(_("intro"), blank=True)
    picture = models.ForeignKey(
        "cms.ShopImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("picture"),
    )
    picture_alt = models.CharField(_("what the picture shows"), max_length=200, blank=True)
    fills = models.CharField(
        _("how it fills"),
        max_length=10,
        blank=True,
        default="",
        db_default="",
        choices=[
            ("", _("products name it")),
            ("picked", _("collection, by hand")),
            ("rule", _("collection, by a rule")),
        ],
        help_text=_("Collections have the filters of a listing and are not in the menu."),
    )
    rule_brand = models.ForeignKey(
        "cms.Brand",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("brand"),
    )
    rule_category = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("category")
    )
    rule_attribute = models.CharField(
        _("attribute"),
        max_length=160,
        blank=True,
        default="",
        db_default="",
        help_text=_("Its code and a value, as in addresses of listings: material:백자"),
    )
    rule_below = models.PositiveIntegerField(
        _("price up to"), null=True, blank=True, help_text=_("Won, VAT included.")
    )
    rule_days = models.PositiveIntegerField(_("new within days"), null=True, blank=True)
    rule_reduced = models.BooleanField(_("on sale now"), default=False, db_default=False)
    picture_alt_en = models.CharField(_("what the picture shows (English)"), max_length=200, blank=True)

    base_form_class = CategoryForm
    parent_page_types = ["cms.CategoryIndexPage", "cms.CategoryPage"]
    subpage_types = ["cms.CategoryPage"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    *BasePage.content_panels,
                    FieldPanel("intro"),
                    MultiFieldPanel(
                        [
                            LeadFieldPanel("picture"),
                            LeadFieldPanel("picture_alt"),
                            LeadFieldPanel("picture_alt_en"),
                        ],
                        heading=_("Picture"),
                    ),
                ],
                heading=_("Content"),
            ),
            LeadTab(
                [
                    FieldPanel("fills"),
                    InlinePanel("picks", heading=_("Products by hand"), label=_("Product")),
                    MultiFieldPanel(
                        [
                            FieldPanel("rule_brand"),
                            PageChooserPanel("rule_category", "cms.CategoryPage"),
                            FieldPanel("rule_attribute"),
                            FieldRowPanel([FieldPanel("rule_below"), FieldPanel("rule_days")]),
                            FieldPanel("rule_reduced"),
                        ],
                        heading=_("Rule: every part that is filled in counts"),
                    ),
                ],
                heading=_("Collection"),
            ),
            ObjectList(BasePage.promote_panels, heading=_("Promote")),
            ObjectList(BasePage.settings_panels, heading=_("Settings")),
        ]
    )

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    @cached_property
    def lead(self) -> Any:
        """Return the page of the default language, whose place in the tree counts."""
        return languages.lead_of(page=self)

    @property
    def shelf(self) -> str:
        """Return the address below `/c/`: the slugs from the tree's root down."""
        # not `lead` of a page that leads: Wagtail copies a page, that cached one included, to ask for its old address
        page = self if languages.leads(page=self) else self.lead
        return "/".join(page.url_path.strip("/").split("/")[2:])

    def get_url_parts(self, request: HttpRequest | None = None) -> Any:
        """Give the address at which the shop shows the category."""
        parts = super().get_url_parts(request)
        if parts is None or parts[2] is None:
            return parts
        path = languages.address(kind="c", path=self.shelf, language=languages.of(page=self))
        return parts[0], parts[1], path

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send shoppers who come by the tree to the one address; that address itself is the shop's."""
        url = self.get_url(request)
        if not url or url == request.path:
            raise Http404
        return redirect(url, permanent=True)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the unsaved page as shoppers will see it."""
        return preview.category_response(page=self, request=request)

    def images(self) -> list[Any]:
        """Return the picture."""
        return [self.picture] if self.picture else []


class CollectionPick(Row):
    """A product of a collection that was filled by hand."""

    page = ParentalKey(CategoryPage, on_delete=models.CASCADE, related_name="picks")
    product = models.ForeignKey(
        "cms.ProductPage", on_delete=models.CASCADE, related_name="+", verbose_name=_("product")
    )

    panels = [PageChooserPanel("product", "cms.ProductPage")]

    class Meta(Row.Meta):
        verbose_name = _("product")

    def __str__(self) -> str:
        return str(self.product_id)
