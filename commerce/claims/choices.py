"""What a shopper can choose instead of what was delivered, in the reader's language."""

from django.utils.translation import get_language

from commerce.catalog.models import Variant
from commerce.claims import selectors
from commerce.orders.models import OrderLine


def of(*, line: OrderLine) -> list[tuple[int, str]]:
    """Return variant ids and words of the options that can be sent instead of a line's."""
    language = get_language() or "ko"
    return [(one.pk, words(variant=one, language=language)) for one in selectors.alternatives(line=line)]


def words(*, variant: Variant, language: str) -> str:
    """Return a variant's options as one text."""
    texts = [option.get(language) or option.get("ko", "") for option in variant.options]
    return " / ".join(text for text in texts if text) or variant.sku
