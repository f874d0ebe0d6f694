"""A band that asks for an address."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock, TextBlock

from cms.blocks.examples import Example, Sample
from commerce.newsletter.forms import NewsletterForm


class NewsletterBlock(Example, StructBlock):
    """The shop's news by mail. What follows from an address is the shop's: `commerce.newsletter`."""

    heading = CharBlock(max_length=120, label=_("Heading"))
    text = TextBlock(required=False, rows=2, label=_("Text"))

    def example(self, sample: Sample) -> dict[str, Any]:
        """A heading and a promise."""
        return {
            "heading": sample.word("가마가 열리는 날 알려 드립니다", "Hear when the kiln opens"),
            "text": sample.word(
                "한 달에 한두 번, 새로 온 것과 쓰임 이야기를 보냅니다.",
                "Once or twice a month: what is new, and how to use it.",
            ),
        }

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add an empty form."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        return {**context, "form": NewsletterForm()}

    class Meta:
        label = _("News by e-mail")
        group = _("Shop")
        icon = "mail"
        template = "cms/blocks/newsletter.html"
        description = _("A form to subscribe, with the consent that the law wants and a mail to confirm")
