"""Write, edit and judge reviews. Every use case locks the order line or the review first, the product last."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from commerce.catalog import ratings
from commerce.catalog.models import Product
from commerce.events import outbox, types
from commerce.masking import mask
from commerce.orders.models import OrderLine
from commerce.photos import files
from commerce.photos.files import Photo
from commerce.reviews import selectors
from commerce.reviews.models import STARS, TEXT_LENGTH, Review, ReviewPhoto, ReviewReport
from commerce.reviews.states import Complaint, State

SMALL = 320  # pixels: the side of a photo in a list


class UnableToReview(Exception):
    """Nothing was changed."""


class NotBought(UnableToReview):
    """The line is of another order, has not arrived, was given back, or arrived too long ago."""


class AlreadyReviewed(UnableToReview):
    """Each line has one review, which can be edited."""


class Gone(UnableToReview):
    """There is no such review any more."""


class TooManyPhotos(UnableToReview):
    """A review has five photos at most."""


@transaction.atomic
def post(
    *,
    order_id: int,
    line_id: int,
    rating: int,
    text: str,
    language: str,
    pictures: Sequence[Photo] = (),
    customer_id: int | None = None,
    now: datetime,
) -> Review:
    """Write a review of a line of an order that arrived; staff looks at it before anybody else.

    Raises:
        NotBought: the line is not this order's, or there is nothing to judge.
        AlreadyReviewed: there is one.
        ValueError: not one to five stars, or no words or too many.
    """
    _check(rating, text)
    line = _lock_line(order_id, line_id)
    if Review.objects.filter(order_line=line).exists():
        raise AlreadyReviewed(line_id)
    if line_id not in selectors.reviewable(order=line.order, now=now):
        raise NotBought(line_id)
    review = Review.objects.create(
        order_line=line,
        product_id=line.variant.product_id,
        customer_id=customer_id,
        author=mask(name=line.order.name),
        rating=rating,
        text=text,
        option_text=line.option_text,
        language=language,
        posted_at=now,
    )
    with _kept(review, pictures):
        _record_posted(review, edited=False, now=now)
    return review


@transaction.atomic
def edit(
    *,
    review_id: int,
    rating: int,
    text: str,
    pictures: Sequence[Photo] = (),
    without: Collection[int] = (),
    now: datetime,
) -> Review:
    """Write a review anew: it waits for another look and does not count until then. `without`: photos to delete.

    Raises:
        Gone: it was deleted meanwhile.
        TooManyPhotos: more than five would be there.
        ValueError: not one to five stars, or no words or too many.
    """
    _check(rating, text)
    review = _lock(review_id)
    unwanted = list(review.photos.filter(pk__in=without))
    if review.photos.count() - len(unwanted) + len(pictures) > files.MOST:
        raise TooManyPhotos(review_id)
    counted = review.state == State.PUBLISHED
    review.rating, review.text, review.edited_at = rating, text, now
    review.state, review.reason, review.decided_at = State.PENDING, "", None
    review.save(update_fields=["rating", "text", "edited_at", "state", "reason", "decided_at"])
    _forget_photos(unwanted)
    with _kept(review, pictures):
        _record_posted(review, edited=True, now=now)
        if counted:
            _count(review.product_id)
    return review


@transaction.atomic
def withdraw(*, review_id: int, now: datetime) -> None:
    """Delete a review for its author, with its photos. The line may be reviewed again.

    Raises:
        Gone: it was deleted before.
    """
    review = _lock(review_id)
    counted, key = review.state == State.PUBLISHED, _key(review)
    _forget_photos(list(review.photos.all()))
    review.delete()
    outbox.record(types.ReviewWithdrawn(review_id=review_id, product_key=key, occurred_at=now))
    if counted:
        _count(review.product_id)


@transaction.atomic
def publish(*, review_id: int, now: datetime) -> bool:
    """Let everybody read a review; return False when everybody does already.

    Raises:
        Gone: its author deleted it.
    """
    review = _lock(review_id)
    if review.state == State.PUBLISHED:
        return False
    review.state, review.reason, review.decided_at = State.PUBLISHED, "", now
    review.save(update_fields=["state", "reason", "decided_at"])
    _count(review.product_id)
    outbox.record(
        types.ReviewPublished(
            review_id=review.pk, product_key=_key(review), rating=review.rating, occurred_at=now
        )
    )
    return True


@transaction.atomic
def reject(*, review_id: int, reason: str, now: datetime) -> bool:
    """Do not publish a review, or no longer; its author reads the reason. Return False when it is so already.

    Raises:
        Gone: its author deleted it.
        ValueError: there is no reason.
    """
    if not reason.strip():
        raise ValueError("whoever wrote it wants to know why")
    review = _lock(review_id)
    if review.state == State.REJECTED and review.reason == reason:
        return False
    counted = review.state == State.PUBLISHED
    review.state, review.reason, review.decided_at = State.REJECTED, reason, now
    review.save(update_fields=["state", "reason", "decided_at"])
    _look_at_reports(review, now=now)
    outbox.record(types.ReviewRejected(review_id=review.pk, product_key=_key(review), occurred_at=now))
    if counted:
        _count(review.product_id)
    return True


@transaction.atomic
def answer(*, review_id: int, reply: str, now: datetime) -> None:
    """Answer a review in the shop's name; no words take the answer back.

    Raises:
        Gone: its author deleted it.
    """
    review = _lock(review_id)
    if review.reply == reply:
        return
    review.reply, review.replied_at = reply, now if reply else None
    review.save(update_fields=["reply", "replied_at"])
    outbox.record(types.ReviewAnswered(review_id=review.pk, product_key=_key(review), occurred_at=now))


@transaction.atomic
def report(*, review_id: int, kind: Complaint, text: str, address: str, now: datetime) -> bool:
    """Tell staff that a published review is wrong; return False when this address did so before.

    Raises:
        Gone: there is no such published review.
    """
    review = _lock(review_id)
    if review.state != State.PUBLISHED:
        raise Gone(review_id)
    _row, new = ReviewReport.objects.get_or_create(
        review=review,
        who=salted_hmac("commerce.reviews.report", address).hexdigest()[:32],
        defaults={"kind": kind, "text": text, "at": now},
    )
    if new:
        Review.objects.filter(pk=review.pk).update(reports=F("reports") + 1)
        outbox.record(
            types.ReviewReported(
                review_id=review.pk, kind=cast(types.ReviewComplaint, kind.value), occurred_at=now
            )
        )
    return new


@transaction.atomic
def keep(*, review_id: int, now: datetime) -> None:
    """Leave a reported review as it is: its reports were looked at.

    Raises:
        Gone: its author deleted it.
    """
    _look_at_reports(_lock(review_id), now=now)


def _check(rating: int, text: str) -> None:
    if rating not in STARS or not 0 < len(text.strip()) <= TEXT_LENGTH:
        raise ValueError("a review has one to five stars and some words")


def _lock_line(order_id: int, line_id: int) -> OrderLine:
    rows = OrderLine.objects.select_for_update(of=("self",)).select_related("order", "variant")
    line = rows.filter(pk=line_id, order=order_id).first()
    if line is None:
        raise NotBought(line_id)
    return line


def _lock(review_id: int) -> Review:
    review = Review.objects.select_for_update().filter(pk=review_id).first()
    if review is None:
        raise Gone(review_id)
    return review


@contextmanager
def _kept(review: Review, pictures: Sequence[Photo]) -> Iterator[None]:
    """Keep photos for a block that finishes the use case; nothing of them stays when it cannot."""
    names: list[str] = []
    try:
        for photo in pictures[: files.MOST]:
            small = files.smaller(photo=photo, side=SMALL)
            names.append(files.keep(photo=photo, folder="reviews"))
            names.append(files.keep(photo=small, folder="reviews"))
            ReviewPhoto.objects.create(
                review=review, name=names[-2], small=names[-1], width=small.width, height=small.height
            )
        yield
    except Exception:
        files.forget(names=names)
        raise


def _forget_photos(rows: Sequence[ReviewPhoto]) -> None:
    """Delete rows now and their files once that is certain."""
    names = [name for row in rows for name in (row.name, row.small)]
    ReviewPhoto.objects.filter(pk__in=[row.pk for row in rows]).delete()
    if names:
        transaction.on_commit(partial(files.forget, names=names), robust=True)


def _count(product_id: int) -> None:
    ratings.lock(product_id=product_id)
    bars, with_photos = selectors.counted(product_id=product_id)
    ratings.write(product_id=product_id, bars=bars, with_photos=with_photos)


def _look_at_reports(review: Review, *, now: datetime) -> None:
    review.complaints.filter(looked_at=None).update(looked_at=now)
    Review.objects.filter(pk=review.pk).update(reports=0)


def _record_posted(review: Review, *, edited: bool, now: datetime) -> None:
    outbox.record(
        types.ReviewPosted(
            review_id=review.pk,
            order_id=review.order_line.order_id,
            product_key=_key(review),
            rating=review.rating,
            photos=review.photos.count(),
            edited=edited,
            occurred_at=now,
        )
    )


def _key(review: Review) -> UUID:
    return Product.objects.values_list("key", flat=True).get(pk=review.product_id)
