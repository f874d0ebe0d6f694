"""Who signs a mail: what editors wrote into the shop's settings."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The shop as a mail names it; a field is empty while editors have not filled it."""

    brand: str
    legal_name: str = ""
    representative: str = ""
    address: str = ""
    business_number: str = ""
    phone: str = ""
    email: str = ""


def sender(*, language: str) -> Sender:
    """Return the shop's names in a language."""
    row = _settings()
    if row is None:
        return Sender(brand="마루" if language == "ko" else settings.WAGTAIL_SITE_NAME)

    def said(name: str) -> str:
        own = "" if language == "ko" else getattr(row, f"{name}_en")
        return str(own or getattr(row, name))

    return Sender(
        brand=said("brand"),
        legal_name=said("legal_name"),
        representative=said("representative"),
        address=said("address"),
        business_number=row.business_number,
        phone=row.phone,
        email=row.email,
    )


def _settings() -> Any:
    try:
        model: Any = apps.get_model("cms", "ShopSettings")  # type: ignore[misc]  # TODO
    except LookupError:
        return None
    return model.objects.filter(site__is_default_site=True).first()
