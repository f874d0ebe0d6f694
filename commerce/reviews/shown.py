"""The reviews that a product page begins with, as plain values: the same ones are put together once (`templatetags.parts`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from commerce import rows
from commerce.reviews.models import Review, ReviewPhoto

_FIRST = """product_id = %s AND state = 'published'
    ORDER BY EXISTS (SELECT FROM commerce_reviewphoto photo WHERE photo.review_id = commerce_review.id) DESC,
        posted_at DESC, id DESC LIMIT %s"""
_PHOTOS = f"review_id IN (SELECT id FROM commerce_review WHERE {_FIRST}) ORDER BY review_id, id"


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo of a review: the names of the whole and of the small one, and the size of that in pixels."""

    name: str
    small: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A published review."""

    pk: int
    author: str
    rating: int
    text: str
    option_text: str
    language: str
    posted_at: datetime
    edited_at: datetime | None
    reply: str
    shots: tuple[Shot, ...]


def first(*, product_id: int, limit: int) -> rows.Question[tuple[Shown, ...]]:
    """Ask for a product's reviews, those with photos first, newest first."""
    statements = (
        rows.selection(Review, _FIRST, product_id, limit),
        rows.selection(ReviewPhoto, _PHOTOS, product_id, limit),
    )
    return rows.Question(statements, _read)


def _read(brought: list[rows.Rows]) -> tuple[Shown, ...]:
    reviews, photos = rows.made(Review, brought[0]), rows.made(ReviewPhoto, brought[1])
    by_review = {key: tuple(_shots(group)) for key, group in groupby(photos, key=lambda row: row.review_id)}
    return tuple(_shown(row, by_review.get(row.pk, ())) for row in reviews)


def _shots(photos: Iterable[ReviewPhoto]) -> Iterable[Shot]:
    return (Shot(row.name, row.small, row.width, row.height) for row in photos)


def _shown(row: Review, shots: tuple[Shot, ...]) -> Shown:
    return Shown(
        pk=row.pk,
        author=row.author,
        rating=row.rating,
        text=row.text,
        option_text=row.option_text,
        language=row.language,
        posted_at=row.posted_at,
        edited_at=row.edited_at,
        reply=row.reply,
        shots=shots,
    )
