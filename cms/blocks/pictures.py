"""Bands that show a picture."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, StructBlock, TextBlock
from wagtail.images.blocks import ImageChooserBlock

from cms.blocks.links import LinkBlock

_ALT_HELP = _("What the picture shows, for those who cannot see it. Empty when it only decorates.")


class HeroBlock(StructBlock):
    """The first thing that a page says: one still picture, one sentence, one way on."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = CharBlock(required=False, max_length=200, label=_("Alternative text"), help_text=_ALT_HELP)
    eyebrow = CharBlock(required=False, max_length=60, label=_("Small line above"))
    heading = CharBlock(max_length=80, label=_("Heading"))
    text = TextBlock(required=False, rows=2, label=_("Text"))
    link = LinkBlock()

    class Meta:
        label = _("Opening picture")
        group = _("Pictures")
        icon = "image"
        template = "cms/blocks/hero.html"
        description = _("A large still picture with one sentence and one link")
        preview_value = {
            "eyebrow": "가을의 상차림",
            "heading": "매일 쓰는 것을 아름답게",
            "text": "손으로 빚은 그릇",
        }


class BandBlock(StructBlock):
    """A quiet word about the house."""

    heading = CharBlock(max_length=120, label=_("Heading"))
    text = TextBlock(required=False, rows=4, label=_("Text"))
    image = ImageChooserBlock(required=False, label=_("Picture"))
    alt = CharBlock(required=False, max_length=200, label=_("Alternative text"), help_text=_ALT_HELP)
    link = LinkBlock()

    class Meta:
        label = _("Quiet band")
        group = _("Words")
        icon = "minus"
        template = "cms/blocks/band.html"
        description = _("A few calm lines about the brand, with or without a picture")
        preview_value = {
            "heading": "오래 쓰는 물건만 들입니다",
            "text": "만드는 이를 찾아가 쓰임을 묻습니다.",
        }


class PictureBlock(StructBlock):
    """A picture within a text."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = CharBlock(required=False, max_length=200, label=_("Alternative text"), help_text=_ALT_HELP)
    caption = CharBlock(required=False, max_length=200, label=_("Caption"))
    wide = BooleanBlock(required=False, label=_("Wider than the text"))

    class Meta:
        label = _("Picture")
        group = _("Pictures")
        icon = "image"
        template = "cms/blocks/picture.html"
        description = _("A picture with its caption")
        preview_value = {"caption": "가마에서 갓 꺼낸 백자"}
