"""Bands that show a picture."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.blocks import BooleanBlock, CharBlock, StructBlock, TextBlock

from cms.blocks.choosers import PictureChooser
from cms.blocks.examples import Example, Sample
from cms.blocks.links import LinkBlock

ALT_HELP = _("What the picture shows, for those who cannot see it. Empty when it only decorates.")


class HeroBlock(Example, StructBlock):
    """The first thing that a page says: one still picture, one sentence, one way on."""

    image = PictureChooser(label=_("Picture"))
    alt = CharBlock(required=False, max_length=200, label=_("Alternative text"), help_text=ALT_HELP)
    eyebrow = CharBlock(required=False, max_length=60, label=_("Small line above"))
    heading = CharBlock(max_length=80, label=_("Heading"))
    text = TextBlock(required=False, rows=2, label=_("Text"))
    link = LinkBlock()

    def example(self, sample: Sample) -> dict[str, Any]:
        """A picture that opens a page."""
        return {
            "image": sample.picture(),
            "eyebrow": sample.word("가을의 상차림", "An autumn table"),
            "heading": sample.word("매일 쓰는 것을 아름답게", "Everyday things, made beautiful"),
            "text": sample.word("손으로 빚은 그릇과 차 도구", "Bowls and tea things, made by hand"),
            "link": {"address": "/c/", "text": sample.word("둘러보기", "Look around")},
        }

    class Meta:
        label = _("Opening picture")
        group = _("Pictures")
        icon = "image"
        template = "cms/blocks/hero.html"
        description = _("A large still picture with one sentence and one link")


class BandBlock(Example, StructBlock):
    """A quiet word about the house."""

    heading = CharBlock(max_length=120, label=_("Heading"))
    text = TextBlock(required=False, rows=4, label=_("Text"))
    image = PictureChooser(required=False, label=_("Picture"))
    alt = CharBlock(required=False, max_length=200, label=_("Alternative text"), help_text=ALT_HELP)
    link = LinkBlock()

    def example(self, sample: Sample) -> dict[str, Any]:
        """A few words beside a picture."""
        return {
            "heading": sample.word("오래 쓰는 물건만 들입니다", "Only what will last"),
            "text": sample.word(
                "만드는 이를 찾아가 쓰임을 묻고, 한 계절을 써 본 뒤에 들여놓습니다.",
                "We visit the makers, and use each thing for a season before we take it in.",
            ),
            "image": sample.picture(1),
        }

    class Meta:
        label = _("Quiet band")
        group = pgettext_lazy("block", "Words")
        icon = "minus"
        template = "cms/blocks/band.html"
        description = _("A few calm lines about the brand, with or without a picture")


class PictureBlock(Example, StructBlock):
    """A picture within a text."""

    image = PictureChooser(label=_("Picture"))
    alt = CharBlock(required=False, max_length=200, label=_("Alternative text"), help_text=ALT_HELP)
    caption = CharBlock(required=False, max_length=200, label=_("Caption"))
    wide = BooleanBlock(required=False, label=_("Wider than the text"))

    def example(self, sample: Sample) -> dict[str, Any]:
        """A picture with its caption."""
        caption = sample.word("가마에서 갓 꺼낸 백자", "White porcelain, fresh from the kiln")
        return {"image": sample.picture(), "caption": caption}

    class Meta:
        label = _("Picture")
        group = _("Pictures")
        icon = "image"
        template = "cms/blocks/picture.html"
        description = _("A picture with its caption")
