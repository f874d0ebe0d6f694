"""What the shop says of itself on every page."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from cms import blocks, theme
from cms.fields import BlocksField

TRANSLATED = (
    "brand",
    "tagline",
    "announcement",
    "legal_name",
    "representative",
    "address",
    "mail_order_authority",
    "hosting_provider",
    "escrow_note",
    "service_hours",
)
PLAIN = ("phone", "email", "business_number", "mail_order_number")


def _pair(name: str) -> FieldRowPanel:
    return FieldRowPanel([FieldPanel(name), FieldPanel(f"{name}_en")])


def _page(label: object) -> "models.ForeignKey[models.Model | None, models.Model | None]":
    return models.ForeignKey(
        "cms.InfoPage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=label,  # type: ignore[arg-type]  # lazy text
    )


@register_setting(icon="home", order=1)
class ShopSettings(BaseSiteSetting):
    """Brand, announcement, and what the Act on Consumer Protection in Electronic Commerce (§10, §13) wants
    on the first screen of a shop."""

    brand = models.CharField(_("brand"), max_length=40, default="마루")
    brand_en = models.CharField(_("brand (English)"), max_length=40, default="Maru")
    tagline = models.CharField(_("tagline"), max_length=120, blank=True)
    tagline_en = models.CharField(_("tagline (English)"), max_length=120, blank=True)
    announcement = models.CharField(
        _("announcement"), max_length=160, blank=True, help_text=_("One line above every page; empty: none.")
    )
    announcement_en = models.CharField(_("announcement (English)"), max_length=160, blank=True)

    legal_name = models.CharField(_("company"), max_length=80, blank=True)
    legal_name_en = models.CharField(_("company (English)"), max_length=80, blank=True)
    representative = models.CharField(_("representative"), max_length=80, blank=True)
    representative_en = models.CharField(_("representative (English)"), max_length=80, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    address_en = models.CharField(_("address (English)"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    business_number = models.CharField(_("business registration number"), max_length=40, blank=True)
    mail_order_number = models.CharField(_("mail-order sales registration number"), max_length=80, blank=True)
    mail_order_authority = models.CharField(_("registered with"), max_length=80, blank=True)
    mail_order_authority_en = models.CharField(_("registered with (English)"), max_length=80, blank=True)
    hosting_provider = models.CharField(_("hosting provider"), max_length=80, blank=True)
    hosting_provider_en = models.CharField(_("hosting provider (English)"), max_length=80, blank=True)
    escrow_note = models.TextField(_("purchase protection"), blank=True)
    escrow_note_en = models.TextField(_("purchase protection (English)"), blank=True)
    service_hours = models.CharField(_("customer service hours"), max_length=160, blank=True)
    service_hours_en = models.CharField(_("customer service hours (English)"), max_length=160, blank=True)

    terms_page = _page(_("terms of use"))
    privacy_page = _page(_("privacy policy"))
    shipping_page = _page(_("delivery and returns"))

    menu = BlocksField(
        blocks.MENU,
        blank=True,
        null=True,
        max_num=8,
        verbose_name=_("menu"),
        help_text=_("Empty: the categories, as they are in their tree, and the stories."),
    )
    footer_columns = BlocksField(
        blocks.COLUMNS,
        blank=True,
        null=True,
        max_num=3,
        verbose_name=_("columns of the footer"),
        help_text=_(
            "Empty: the categories. Customer service and what the law wants stand beside them in any case."
        ),
    )
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        blank=True,
        db_default="",
        default="",
        validators=[theme.check_accent],
        help_text=_("Of buttons and links, like #3e5c50. Empty: the green of the shop."),
    )
    radius = models.PositiveSmallIntegerField(
        _("corners"), choices=theme.RADII, default=theme.RADIUS, db_default=theme.RADIUS
    )
    font = models.CharField(
        _("letters"), max_length=10, choices=theme.FONT_NAMES, default=theme.FONT, db_default=theme.FONT
    )

    select_related = ["site", "terms_page", "privacy_page", "shipping_page"]

    edit_handler = TabbedInterface(
        [
            ObjectList([_pair("brand"), _pair("tagline"), _pair("announcement")], heading=_("Brand")),
            ObjectList([FieldPanel("menu"), FieldPanel("footer_columns")], heading=_("Menu and columns")),
            ObjectList(
                [FieldPanel("accent"), FieldPanel("radius"), FieldPanel("font")],
                heading=_("Colour and letters"),
            ),
            ObjectList(
                [
                    MultiFieldPanel(
                        [
                            _pair("legal_name"),
                            _pair("representative"),
                            _pair("address"),
                            FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                            _pair("service_hours"),
                        ],
                        heading=_("Company"),
                    ),
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel("business_number"), FieldPanel("mail_order_number")]),
                            _pair("mail_order_authority"),
                            _pair("hosting_provider"),
                            _pair("escrow_note"),
                        ],
                        heading=_("Registrations"),
                    ),
                    MultiFieldPanel(
                        [FieldPanel("terms_page"), FieldPanel("privacy_page"), FieldPanel("shipping_page")],
                        heading=_("Pages"),
                    ),
                ],
                heading=_("Footer"),
            ),
        ]
    )

    class Meta:
        verbose_name = _("shop settings")
        verbose_name_plural = _("shop settings")

    def look(self) -> theme.Theme:
        """Return what the editor chose of colour, corners and letters."""
        return theme.Theme(accent=self.accent.lower(), radius=self.radius, font=self.font)
