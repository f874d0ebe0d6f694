"""Bands of words."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.blocks import CharBlock, ListBlock, RichTextBlock, StructBlock
from wagtail.blocks import TextBlock as PlainTextBlock

from cms.blocks.examples import Example, Sample

FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "hr"]


class TextBlock(Example, RichTextBlock):
    """Flowing text with headings, lists and links."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"features": FEATURES, **kwargs})

    def example(self, sample: Sample) -> str:
        """A heading and its paragraph."""
        return sample.word(
            "<h2>흙에서 그릇까지</h2><p>한 점이 완성되기까지 스무 날이 걸립니다. 빚고, 말리고, 두 번 굽습니다.</p>",
            "<h2>From clay to bowl</h2><p>Each piece takes twenty days: thrown, dried, and fired twice.</p>",
        )

    class Meta:
        label = _("Text")
        group = pgettext_lazy("block", "Words")
        icon = "pilcrow"
        template = "cms/blocks/text.html"
        description = _("Paragraphs with headings, lists and links")


class QuoteBlock(Example, StructBlock):
    """Somebody's words."""

    text = PlainTextBlock(rows=3, label=pgettext_lazy("block", "Words"))
    source = CharBlock(required=False, max_length=120, label=_("Who says it"))

    def example(self, sample: Sample) -> dict[str, Any]:
        """A sentence and its source."""
        return {
            "text": sample.word(
                "그릇은 비어 있을 때 가장 아름답다고 배웠습니다.",
                "A bowl is most beautiful when it is empty.",
            ),
            "source": sample.word("도예가", "A potter"),
        }

    class Meta:
        label = _("Quote")
        group = pgettext_lazy("block", "Words")
        icon = "openquote"
        template = "cms/blocks/quote.html"
        description = _("A sentence to stop at, and who said it")


class QuestionBlock(StructBlock):
    """A question and its answer."""

    question = CharBlock(max_length=200, label=_("Question"))
    answer = RichTextBlock(features=["bold", "italic", "ul", "ol", "link"], label=_("Answer"))

    class Meta:
        label = _("Question")
        icon = "help"


class FaqBlock(Example, StructBlock):
    """Questions that open to their answers, without a script."""

    heading = CharBlock(required=False, max_length=120, label=_("Heading"))
    questions = ListBlock(QuestionBlock(), min_num=1, label=_("Questions"))

    def example(self, sample: Sample) -> dict[str, Any]:
        """Two questions that shoppers ask."""
        rows = [
            sample.word("식기세척기에 넣어도 되나요?", "May it go into the dishwasher?"),
            sample.word("선물 포장이 되나요?", "Do you wrap gifts?"),
        ]
        answer = sample.word("<p>네, 괜찮습니다.</p>", "<p>Yes, it may.</p>")
        return {
            "heading": sample.word("자주 묻는 질문", "Questions"),
            "questions": [{"question": row, "answer": answer} for row in rows],
        }

    class Meta:
        label = _("Questions and answers")
        group = pgettext_lazy("block", "Words")
        icon = "help"
        template = "cms/blocks/faq.html"
        description = _("Questions that shoppers ask, each opening to its answer")


class ServiceItemBlock(StructBlock):
    """One promise."""

    heading = CharBlock(max_length=60, label=_("Heading"))
    text = CharBlock(required=False, max_length=160, label=_("Text"))

    class Meta:
        label = _("Promise")
        icon = "check"


class ServiceStripBlock(Example, StructBlock):
    """Delivery, returns, packing: what a shopper may rely on."""

    promises = ListBlock(ServiceItemBlock(), min_num=1, max_num=4, label=_("Promises"))

    def example(self, sample: Sample) -> dict[str, Any]:
        """Three promises."""
        rows = [
            (
                sample.word("5만원 이상 무료배송", "Free delivery from ₩50,000"),
                sample.word("미만은 3,000원", "Below that ₩3,000"),
            ),
            (
                sample.word("7일 안에 편히 반품", "Seven days to return"),
                sample.word("단순 변심도 가능", "For any reason"),
            ),
            (
                sample.word("깨짐 없이 도착하도록", "Packed to arrive whole"),
                sample.word("하나씩 종이로 감쌉니다", "Wrapped one by one"),
            ),
        ]
        return {"promises": [{"heading": heading, "text": text} for heading, text in rows]}

    class Meta:
        label = _("Service strip")
        group = _("Shop")
        icon = "check"
        template = "cms/blocks/service.html"
        description = _("Delivery, returns and care in one quiet row")
