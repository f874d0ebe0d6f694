"""The shapes of the demo shop's content: plain values, in Korean and English."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Words:
    """A product's or page's words in one language; `story` is rich text, `details` are lines of facts."""

    title: str
    summary: str
    story: str = ""
    quote: tuple[str, str] | None = None  # words, and who says them
    details: tuple[tuple[str, str], ...] = ()
    seo: str = ""


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A picture: the file's name without `.jpg`, what it shows, and its role."""

    file: str
    ko: str
    en: str
    role: str = "front"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A variant: price in won, weight in grams, units that arrive with the first delivery."""

    sku: str
    ko: str
    en: str
    price: int
    weight: int
    stock: int
    picture: str  # the file of the picture that shows it


@dataclass(frozen=True, kw_only=True)
class Good:
    """A product."""

    slug: str
    categories: tuple[str, ...]
    option: tuple[str, str]  # the option's name in Korean and English
    choices: tuple[Choice, ...]
    pictures: tuple[Shot, ...]
    ko: Words
    en: Words
    rank: int = 0


@dataclass(frozen=True, kw_only=True)
class Extra:
    """What a product is beyond words and pictures; `percent` is how much less it costs for a while."""

    brand: str = ""
    kind: str = ""  # its product type
    values: dict[str, Any] = field(default_factory=dict)  # of its attributes
    notice: str = ""
    badge: tuple[str, str] = ("", "")
    made_to_order: bool = False
    guides: bool = False
    percent: int = 0
    content: tuple[int, str] | None = None
    matching: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A category; `path` is its address below /c/."""

    path: str
    picture: str
    ko: tuple[str, str]  # title, intro
    en: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Info:
    """A page to look things up, as rich text."""

    slug: str
    ko: tuple[str, str]  # title, text
    en: tuple[str, str]
    questions: tuple[tuple[str, str, str, str], ...] = field(default=())  # question and answer, ko then en


SERVICE_PHONE = "070-0000-0000"
GUARANTEE = (
    ("품질보증기준", "소비자분쟁해결기준(공정거래위원회 고시)에 따라 보상"),
    ("A/S 책임자와 전화번호", f"마루 고객센터 {SERVICE_PHONE}"),
)
GUARANTEE_EN = (
    ("Guarantee", "According to the Consumer Dispute Resolution Standards of Korea"),
    ("After-sales service", f"Maru customer service {SERVICE_PHONE}"),
)
