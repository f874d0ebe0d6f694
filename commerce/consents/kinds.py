"""What may be agreed to, and the version of each text. A changed text gets a new version: its date."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One thing to agree to. Refusing what is not required denies no service (PIPA §22(5))."""

    code: str
    label: "_StrPromise"
    required: bool
    version: str


AGE = Kind(code="age_14", label=_("I am 14 years old or older"), required=True, version="2026-11-01")
TERMS = Kind(code="terms", label=_("I agree to the terms of use"), required=True, version="2026-11-01")
PRIVACY = Kind(
    code="privacy",
    label=_("I agree to the collection and use of my personal data"),
    required=True,
    version="2026-11-01",
)
EMAIL = Kind(
    code="marketing_email",
    label=_("I agree to receive advertisements by e-mail"),
    required=False,
    version="2026-11-01",
)
SMS = Kind(
    code="marketing_sms",
    label=_("I agree to receive advertisements by text message"),
    required=False,
    version="2026-11-01",
)

ALL = (AGE, TERMS, PRIVACY, EMAIL, SMS)
REQUIRED = tuple(kind for kind in ALL if kind.required)
OPTIONAL = tuple(kind for kind in ALL if not kind.required)
BY_CODE = {kind.code: kind for kind in ALL}
