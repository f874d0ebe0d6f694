"""Bands of words."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, RichTextBlock, StructBlock
from wagtail.blocks import TextBlock as PlainTextBlock

FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "hr"]


class TextBlock(RichTextBlock):
    """Flowing text with headings, lists and links."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**{"features": FEATURES, **kwargs})

    class Meta:
        label = _("Text")
        group = _("Words")
        icon = "pilcrow"
        template = "cms/blocks/text.html"
        description = _("Paragraphs with headings, lists and links")
        preview_value = "<h2>흙에서 그릇까지</h2><p>한 점이 완성되기까지 스무 날이 걸립니다.</p>"


class QuoteBlock(StructBlock):
    """Somebody's words."""

    text = PlainTextBlock(rows=3, label=_("Words"))
    source = CharBlock(required=False, max_length=120, label=_("Who says it"))

    class Meta:
        label = _("Quote")
        group = _("Words")
        icon = "openquote"
        template = "cms/blocks/quote.html"
        description = _("A sentence to stop at, and who said it")
        preview_value = {"text": "그릇은 비어 있을 때 가장 아름답다고 배웠습니다.", "source": "도예가"}


class QuestionBlock(StructBlock):
    """A question and its answer."""

    question = CharBlock(max_length=200, label=_("Question"))
    answer = RichTextBlock(features=["bold", "italic", "ul", "ol", "link"], label=_("Answer"))

    class Meta:
        label = _("Question")
        icon = "help"


class FaqBlock(StructBlock):
    """Questions that open to their answers, without a script."""

    heading = CharBlock(required=False, max_length=120, label=_("Heading"))
    questions = ListBlock(QuestionBlock(), min_num=1, label=_("Questions"))

    class Meta:
        label = _("Questions and answers")
        group = _("Words")
        icon = "help"
        template = "cms/blocks/faq.html"
        description = _("Questions that shoppers ask, each opening to its answer")
        preview_value = {
            "heading": "자주 묻는 질문",
            "questions": [
                {"question": "식기세척기에 넣어도 되나요?", "answer": "<p>백자와 흑유는 괜찮습니다.</p>"}
            ],
        }


class ServiceItemBlock(StructBlock):
    """One promise."""

    heading = CharBlock(max_length=60, label=_("Heading"))
    text = CharBlock(required=False, max_length=160, label=_("Text"))

    class Meta:
        label = _("Promise")
        icon = "check"


class ServiceStripBlock(StructBlock):
    """Delivery, returns, packing: what a shopper may rely on."""

    promises = ListBlock(ServiceItemBlock(), min_num=1, max_num=4, label=_("Promises"))

    class Meta:
        label = _("Service strip")
        group = _("Shop")
        icon = "check"
        template = "cms/blocks/service.html"
        description = _("Delivery, returns and care in one quiet row")
        preview_value = {
            "promises": [{"heading": "5만원 이상 무료배송", "text": "제주·도서산간은 추가 배송비"}]
        }
