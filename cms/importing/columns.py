"""The columns of a product file, in one table. A new field of products is one more row here and in `fields`.

A file needs no column but `slug` and `sku`; a column that is missing leaves what is there as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["product", "english", "variant", "stock"]

SEVERAL = "|"  # between several categories, pictures, words for pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: `name` heads it and is data, kept in files of merchants; `also` is what it may be called besides.

    `longest` is in characters; `number` a whole number of at least `least`.
    """

    name: str
    level: Level
    also: tuple[str, ...] = ()
    longest: int = 0
    number: bool = False
    least: int = 0
    needed: bool = False  # of a product that is new


COLUMNS = (
    Column(name="slug", level="product", also=("주소", "상품주소", "상품키"), longest=255),
    Column(name="status", level="product", also=("상태", "판매상태")),
    Column(name="title_ko", level="product", also=("title", "상품명", "제목"), longest=255, needed=True),
    Column(name="title_en", level="english", also=("상품명영문", "영문상품명"), longest=255),
    Column(name="summary_ko", level="product", also=("summary", "요약")),
    Column(name="summary_en", level="english", also=("요약영문",)),
    Column(name="description_ko", level="product", also=("description", "설명", "상품설명")),
    Column(name="description_en", level="english", also=("설명영문",)),
    Column(name="categories", level="product", also=("category", "분류", "카테고리")),
    Column(
        name="option1_name_ko", level="product", also=("option1_name", "옵션1이름", "옵션명1"), longest=40
    ),
    Column(name="option1_name_en", level="product", also=("옵션1이름영문",), longest=40),
    Column(
        name="option2_name_ko", level="product", also=("option2_name", "옵션2이름", "옵션명2"), longest=40
    ),
    Column(name="option2_name_en", level="product", also=("옵션2이름영문",), longest=40),
    Column(name="details_ko", level="product", also=("details", "상품정보", "상세정보")),
    Column(name="details_en", level="english", also=("상품정보영문",)),
    Column(name="search_words", level="product", also=("검색어",), longest=255),
    Column(name="rank", level="product", also=("순위",), number=True, least=-2_147_483_648),
    Column(name="seo_title_ko", level="product", also=("seo_title", "검색제목"), longest=255),
    Column(name="seo_title_en", level="english", longest=255),
    Column(name="seo_description_ko", level="product", also=("seo_description", "검색설명")),
    Column(name="seo_description_en", level="english"),
    Column(name="pictures", level="product", also=("picture", "images", "사진", "상품사진", "이미지")),
    Column(name="pictures_alt_ko", level="product", also=("사진설명",)),
    Column(name="pictures_alt_en", level="product", also=("사진설명영문",)),
    Column(name="sku", level="variant", also=("품목코드", "상품코드"), longest=64),
    Column(name="option1_ko", level="variant", also=("option1", "옵션1"), longest=40),
    Column(name="option1_en", level="variant", also=("옵션1영문",), longest=40),
    Column(name="option2_ko", level="variant", also=("option2", "옵션2"), longest=40),
    Column(name="option2_en", level="variant", also=("옵션2영문",), longest=40),
    Column(
        name="price", level="variant", also=("판매가", "가격"), number=True, least=1, needed=True
    ),  # won, VAT included
    Column(name="weight", level="variant", also=("무게", "무게(g)"), number=True),  # grams
    Column(name="barcode", level="variant", also=("바코드", "gtin", "ean", "upc", "jan"), longest=20),
    Column(name="variant_picture", level="variant", also=("옵션사진",)),
    Column(name="on_hand", level="stock", also=("stock", "재고", "수량"), number=True),
)
BY_NAME = {column.name: column for column in COLUMNS}
CATALOG = tuple(column.name for column in COLUMNS if column.level != "stock")
FEED = ("sku", "price", "on_hand")
MESSAGE = "message"  # what a file of errors has besides
_NAMES = {name: column.name for column in COLUMNS for name in (column.name, *column.also)}


def known(heading: str) -> str:
    """Return the column that a heading means, however it is spaced and capitalised; empty for none."""
    plain = "".join(heading.split()).lower()
    return _NAMES.get(plain, "") or _NAMES.get(plain.replace("-", "_"), "")


def several(text: str) -> list[str]:
    """Return the parts of a cell that holds several."""
    return [part.strip() for part in text.split(SEVERAL) if part.strip()]


def together(parts: Iterable[str]) -> str:
    """Return several parts as one cell."""
    return f" {SEVERAL} ".join(part.replace(SEVERAL, "/") for part in parts)
