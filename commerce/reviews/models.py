"""What buyers say of what they bought. `services.py` is the only writer."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commerce.reviews.states import Complaint, State

TEXT_LENGTH = 2_000
STARS = range(1, 6)


class Review(models.Model):
    """One buyer's opinion of one line of an order: without a purchase that arrived there is none."""

    order_line = models.OneToOneField("commerce.OrderLine", on_delete=models.PROTECT, related_name="review")
    product = models.ForeignKey("commerce.Product", on_delete=models.PROTECT, related_name="reviews")
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="reviews"
    )
    author = models.CharField(_("author"), max_length=60)  # masked when it is written: 김*나
    rating = models.PositiveSmallIntegerField(_("stars"))
    text = models.TextField(_("review"), max_length=TEXT_LENGTH)
    option_text = models.CharField(_("option"), max_length=255, blank=True)  # as it was ordered
    language = models.CharField(max_length=5)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    reason = models.CharField(
        _("reason"), max_length=500, blank=True
    )  # why it was rejected; the author reads it
    reply = models.TextField(_("the shop's answer"), max_length=1_000, blank=True)
    replied_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(_("written"))
    edited_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    reports = models.PositiveIntegerField(_("reports"), default=0)  # that nobody has looked at yet

    class Meta:
        ordering = ["-posted_at", "-pk"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        indexes = [
            models.Index(
                fields=["product", "-posted_at"], name="review_shown", condition=Q(state="published")
            ),
            models.Index(fields=["posted_at"], name="review_waiting", condition=Q(state="pending")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="review_stars"),
            models.CheckConstraint(condition=~Q(text=""), name="review_says_something"),
            models.CheckConstraint(
                condition=Q(state="pending") | Q(decided_at__isnull=False), name="review_decided_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reason=""), name="review_rejected_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(reply="", replied_at=None) | ~Q(reply="") & Q(replied_at__isnull=False),
                name="review_reply_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating} ★ {self.author}"


class ReviewPhoto(models.Model):
    """A photo of a review and its small copy, both in the private storage under random names."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="photos")
    name = models.CharField(max_length=80, unique=True)
    small = models.CharField(max_length=80, unique=True)
    width = models.PositiveIntegerField()  # of the small one, in pixels
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ReviewReport(models.Model):
    """Somebody finds a review wrong; `who` is a hash of the address, so that each counts once."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="complaints")
    who = models.CharField(max_length=32)
    kind = models.CharField(_("reason"), max_length=10, choices=Complaint.choices)
    text = models.CharField(_("details"), max_length=300, blank=True)
    at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["review", "who"], name="review_report_once")]

    def __str__(self) -> str:
        return self.kind


class ReviewInvitation(models.Model):
    """That a buyer was asked for an opinion: once per order."""

    order = models.OneToOneField("commerce.Order", on_delete=models.CASCADE, related_name="review_invitation")
    invited_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.order_id)


class ReviewOptOut(models.Model):
    """An address that wants no invitations; in lower case."""

    email = models.EmailField(unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
