"""A band with a window: what is said for some days only."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, DateTimeBlock, StructBlock, TextBlock
from wagtail.blocks.struct_block import StructBlockValidationError

from cms.blocks import needs
from cms.blocks.choosers import PictureChooser
from cms.blocks.examples import Example, Sample
from cms.blocks.links import LinkBlock
from cms.blocks.pictures import ALT_HELP


class BannerBlock(Example, StructBlock):
    """News of a campaign. Before its window and from its end on, nothing of it is shown."""

    eyebrow = CharBlock(required=False, max_length=60, label=_("Small line above"))
    heading = CharBlock(max_length=80, label=_("Heading"))
    text = TextBlock(required=False, rows=2, label=_("Text"))
    image = PictureChooser(required=False, label=_("Picture"))
    alt = CharBlock(required=False, max_length=200, label=_("Alternative text"), help_text=ALT_HELP)
    link = LinkBlock()
    starts = DateTimeBlock(required=False, label=_("Shown from"), help_text=_("Empty: at once."))
    ends = DateTimeBlock(required=False, label=_("Shown until"), help_text=_("Empty: for ever."))
    countdown = BooleanBlock(
        required=False, label=_("Count down to the end"), help_text=_("The end stands there as text as well.")
    )

    def example(self, sample: Sample) -> dict[str, Any]:
        """A sale that ends soon."""
        return {
            "eyebrow": sample.word("가을맞이", "For autumn"),
            "heading": sample.word("찻자리를 차리는 한 주", "A week for your tea table"),
            "text": sample.word("다반과 찻잔을 15% 낮춰 드립니다.", "Trays and cups at 15% off."),
            "image": sample.picture(),
            "link": {"address": "/c/", "text": sample.word("보러 가기", "See them")},
            "ends": timezone.now() + timedelta(days=3, hours=4),  # noqa: TID251  # an example is made for one look
            "countdown": True,
        }

    def clean(self, value: Any) -> Any:
        """Refuse a window that ends before it begins, and a countdown to no end."""
        cleaned = super().clean(value)
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            raise _wrong_end(gettext("The end must be after the start."))
        if cleaned.get("countdown") and not ends:
            raise _wrong_end(gettext("A countdown needs an end. Enter one, or take the countdown off."))
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add whether it is shown now; previews show it whenever, and say when shoppers will see it."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        now = needs.found(context, "banner", value).now
        open_ = in_window(starts=value.get("starts"), ends=value.get("ends"), now=now)
        preview = getattr(context.get("request"), "is_preview", False)
        return {**context, "shown": open_ or preview, "outside": not open_}

    class Meta:
        label = _("Banner with a window")
        group = _("Shop")
        icon = "time"
        template = "cms/blocks/banner.html"
        description = _("News that appears and disappears by itself, with a countdown if you like")


def in_window(*, starts: datetime | None, ends: datetime | None, now: datetime) -> bool:
    """Return whether `now` lies in a window: its start belongs to it, its end does not."""
    return (starts is None or starts <= now) and (ends is None or now < ends)


def _wrong_end(words: str) -> StructBlockValidationError:
    return StructBlockValidationError(block_errors={"ends": ValidationError(words)})
