"""The form of a product in the editor, tab by tab; what only the page of the default language knows is in `LeadTab`s."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)

from cms import attributes, notice_rows
from cms.backoffice.panels import StockPanel
from cms.forms import PictureRows, VariantRows
from cms.models.base import BasePage
from cms.panels import CheckedInlinePanel, LeadFieldPanel, LeadTab, OwnFieldsPanel, ProductTabs

TABS = ProductTabs(
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
