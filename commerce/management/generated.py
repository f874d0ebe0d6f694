"""A catalog of any size, made by numbers: product 7 is the same in every shop. For measuring only.

Rows are sent with COPY; 50,000 products with three variants each take some ten seconds.
"""

import json
import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from commerce.catalog import indexing, projecting
from commerce.catalog.models import Category, CategoryText, Product

MOST = 500_000
_READ = ("product", "producttext", "variant", "stockitem", "product_categories", "productfacets", "variantfacets",
         "facetvalue")  # fmt: skip
_FIRST = 500_000_000  # the key of number 0: far from what the shop counts
_BATCH = 5_000
_SLUG = "generated-"
_SPACE = uuid.UUID("b7f0a9c4-6a3e-5a43-9f6d-3f1c0a2d9e10")

_GLAZES = ["백자 White", "청자 Celadon", "분청 Buncheong", "흑유 Tenmoku", "옹기 Onggi", "유리 Glass", "옻칠 Lacquer",
           "호두나무 Walnut", "참나무 Oak", "황동 Brass", "유기 Bronze", "리넨 Linen", "삼베 Hemp", "한지 Hanji", "무명 Cotton"]  # fmt: skip
_LOOKS = ["무광 Matte", "둥근 Round", "각진 Faceted", "얇은 Thin", "손잡이 Handled", "줄무늬 Striped", "매화 Plum", "연꽃 Lotus",
          "구름 Cloud", "물결 Wave", "달빛 Moonlit", "새벽 Dawn", "겨울 Winter", "작은 Little", "넓은 Wide", "높은 Tall"]  # fmt: skip
_THINGS = ["밥공기 rice bowl", "국그릇 soup bowl", "접시 plate", "찻잔 tea cup", "머그 mug", "주전자 kettle", "다관 teapot",
           "차통 caddy", "다반 tray", "소반 soban", "화병 vase", "항아리 jar", "향꽂이 incense holder", "캔들 candle", "조명 lamp",
           "수저 spoon", "젓가락 chopsticks", "앞치마 apron", "다포 cloth", "방석 cushion", "바구니 basket", "도마 board",
           "수납함 box", "액자 frame"]  # fmt: skip
_MAKERS = [
    "이천 공방",
    "여주 가마",
    "담양 대숲",
    "안동 길쌈",
    "통영 소목",
    "강진 흙집",
    "전주 종이",
    "제주 돌밭",
]
_COLOURS = ["흰색 White", "회색 Grey", "먹색 Ink", "쪽빛 Indigo", "쑥색 Sage", "흙색 Earth"]
_SHELVES = [
    "generated/table 상차림 Table",
    "generated/tea 찻자리 Tea table",
    "generated/room 방 Room",
    "generated/cloth 천 Cloth",
]


@dataclass(frozen=True, slots=True)
class _Made:
    """One product."""

    number: int
    korean: str
    english: str
    maker: str
    shelf: int
    price: int
    rank: int
    colours: tuple[tuple[str, str], ...]
    material: tuple[str, str]

    @property
    def pk(self) -> int:
        return _FIRST + self.number


def count() -> int:
    """Return how many generated products there are."""
    return Product.objects.filter(slug__startswith=_SLUG).count()


def fill(*, products: int, now: datetime) -> int:
    """Put generated products on sale until there are so many; return how many were made."""
    there = count()
    shelves = _shelves()
    pictures = [row.pictures for row in Product.objects.exclude(pictures=[]).order_by("pk")[:12]]
    for first in range(there, products, _BATCH):
        made = [_make(number) for number in range(first, min(first + _BATCH, products))]
        with transaction.atomic():
            _write(made, shelves, pictures or [[]], now)
        projecting.project(products=[one.pk for one in made])
    with connection.cursor() as cursor:
        for table in _READ:
            cursor.execute(f"ANALYZE commerce_{table}")
    return max(products - there, 0)


def _make(number: int) -> _Made:
    chance = random.Random(number)
    parts = [_pair(chance.choice(words)) for words in (_LOOKS, _GLAZES, _THINGS)]
    thing = _THINGS.index(" ".join(parts[2]))
    return _Made(
        number=number,
        korean=f"{' '.join(part[0] for part in parts)} {number}호",
        english=f"{' '.join(part[1] for part in parts)} no. {number}",
        maker=chance.choice(_MAKERS),
        shelf=thing % len(_SHELVES),
        price=chance.randrange(9_000, 300_000, 1_000),
        rank=chance.randrange(100),
        material=parts[1],
        colours=tuple(_pair(word) for word in chance.sample(_COLOURS, 3)),
    )


def _pair(words: str) -> tuple[str, str]:
    korean, _, english = words.partition(" ")
    return korean, english


@transaction.atomic
def _shelves() -> list[tuple[Category, tuple[str, str]]]:
    found = []
    for place, line in enumerate(_SHELVES):
        path, korean, english = line.split(" ", 2)
        row, _new = Category.objects.get_or_create(
            key=uuid.uuid5(_SPACE, path), defaults={"path": path, "listed": True, "position": 900 + place}
        )
        for language, title in (("ko", korean), ("en", english)):
            CategoryText.objects.get_or_create(category=row, language=language, defaults={"title": title})
        found.append((row, (korean, english)))
    return found


def _write(
    made: Sequence[_Made],
    shelves: list[tuple[Category, tuple[str, str]]],
    pictures: list[list[dict[str, Any]]],
    now: datetime,
) -> None:
    _copy("product", "id, key, slug, listed, listed_at, price_min, price_max, option_names, pictures, rank, "
          "search_title, search_keys, search_initials, brand, attributes", _products(made, shelves, pictures, now))  # fmt: skip
    _copy("producttext", "product_id, language, title, summary, body, details, seo_title, seo_description, "
          "source_version, keywords", _texts(made))  # fmt: skip
    _copy(
        "product_categories", "product_id, category_id", ((one.pk, shelves[one.shelf][0].pk) for one in made)
    )
    _copy(
        "variant", "id, product_id, sku, options, price, picture, weight, active, position", _variants(made)
    )
    _copy("stockitem", "id, variant_id, on_hand, reserved, backorder_limit, owed, doubt",
          ((pk, pk, units, 0, 0, 0, "") for pk, units in _units(made)))  # fmt: skip
    _copy("stockmovement", "item_id, kind, on_hand_difference, reserved_difference, owed_difference, limit_difference, "
          "reference, reason, actor, at",
          ((pk, "received", units, 0, 0, 0, "", "generated", "generate_catalog", now) for pk, units in _units(made)))  # fmt: skip


def _units(made: Iterable[_Made]) -> Iterator[tuple[int, int]]:
    """Yield the variants with what lies on the shelf of each."""
    for one in made:
        for place in range(len(one.colours)):
            yield one.pk * 3 + place, 5 + (one.number + place) % 20


def _products(
    made: Iterable[_Made],
    shelves: list[tuple[Category, tuple[str, str]]],
    pictures: list[list[dict[str, Any]]],
    now: datetime,
) -> Iterator[tuple[Any, ...]]:
    names = json.dumps([{"ko": "색", "en": "Colour"}], ensure_ascii=False)
    shots = [json.dumps(one, ensure_ascii=False) for one in pictures]
    for one in made:
        words = [word for pair in one.colours for word in pair]
        searched = indexing.columns(
            titles=[one.korean, one.english],
            words=[*words, *shelves[one.shelf][1], one.maker],
            codes=[_sku(one, place) for place in range(len(one.colours))],
        )
        yield (
            one.pk, uuid.uuid5(_SPACE, str(one.number)), f"{_SLUG}{one.number}", True,
            now - timedelta(minutes=one.number), one.price, one.price + 2_000, names,
            shots[one.number % len(shots)], one.rank,
            searched["search_title"], searched["search_keys"], searched["search_initials"],
            json.dumps({"key": f"maker-{_MAKERS.index(one.maker)}", "ko": one.maker}, ensure_ascii=False),
            json.dumps([_material(one)], ensure_ascii=False),
        )  # fmt: skip


def _material(one: _Made) -> dict[str, Any]:
    labels = {"ko": one.material[0], "en": one.material[1]}
    place = next(place for place, words in enumerate(_GLAZES) if words.startswith(one.material[0]))
    return {
        "code": "material",
        "kind": "choice",
        "names": {"ko": "소재", "en": "Material"},
        "labels": labels,
        "facet": {"value": one.material[0], "labels": labels, "place": place},
    }


def _texts(made: Iterable[_Made]) -> Iterator[tuple[Any, ...]]:
    for one in made:
        for language, title, label in (("ko", one.korean, "제조자"), ("en", one.english, "Maker")):
            details = json.dumps([[label, one.maker]], ensure_ascii=False)
            yield one.pk, language, title, "", "", details, "", "", 0, ""


def _variants(made: Iterable[_Made]) -> Iterator[tuple[Any, ...]]:
    for one in made:
        for place, (korean, english) in enumerate(one.colours):
            options = json.dumps([{"ko": korean, "en": english}], ensure_ascii=False)
            price = one.price + 1_000 * place
            yield one.pk * 3 + place, one.pk, _sku(one, place), options, price, "", 500, True, place


def _sku(one: _Made, place: int) -> str:
    return f"G{one.number}-{'ABC'[place]}"


def _copy(table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY commerce_{table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
