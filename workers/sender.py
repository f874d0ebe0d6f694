"""Who signs a mail: what editors wrote into the shop's settings."""

from dataclasses import dataclass

from cms import context


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The shop as a mail names it; a field is empty while editors have not filled it."""

    brand: str
    legal_name: str
    representative: str
    address: str
    business_number: str
    phone: str
    email: str


def sender(*, language: str) -> Sender:
    """Return the shop's names in a language."""
    said = context.shop_settings(language=language)
    return Sender(**{name: said[name] for name in Sender.__slots__})
