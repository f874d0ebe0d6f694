"""The life of a review, and why somebody reports one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    PENDING = "pending", _("Waits for a look")
    PUBLISHED = "published", _("Published")
    REJECTED = "rejected", _("Rejected")


class Complaint(models.TextChoices):
    """What is wrong with a review."""

    RUDE = "rude", _("It insults or harasses somebody")
    PRIVATE = "private", _("It shows personal data")
    ADVERT = "advert", _("It is advertising")
    UNTRUE = "untrue", _("It is not about this product")
    OTHER = "other", _("Something else")
