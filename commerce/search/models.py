"""What editors teach the search, and what it teaches them."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commerce.catalog import keys
from commerce.catalog.models import Product


def phrases(text: str) -> list[str]:
    """Return the words and phrases of a text, one after each comma or line."""
    parts = (part.strip() for part in text.replace("\n", ",").split(","))
    return [part for part in parts if keys.of(part)]


class Synonyms(models.Model):
    """Words that mean the same to a shopper."""

    words = models.CharField(
        _("words"),
        max_length=500,
        help_text=_("With commas between: 컵, 잔, 머그, cup. Korean and English may be mixed."),
    )
    both_ways = models.BooleanField(
        _("each word finds all others"),
        default=True,
        help_text=_("Off: the first word finds the others, but they do not find it."),
    )
    keys = ArrayField(models.CharField(max_length=200), default=list, editable=False)  # what may be typed

    class Meta:
        ordering = ["words"]
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")
        indexes = [GinIndex(fields=["keys"], name="synonyms_keys")]

    def __str__(self) -> str:
        return self.words

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the keys beside the words."""
        typed = [keys.of(phrase) for phrase in phrases(self.words)]
        self.keys = list(dict.fromkeys(typed if self.both_ways else typed[:1]))
        super().save(*args, **kwargs)


class PromotedResult(models.Model):
    """A product that comes first when certain words are searched."""

    words = models.CharField(
        _("searched words"),
        max_length=500,
        help_text=_("With commas between: 선물, 집들이 선물, gift. Compared with the whole search."),
    )
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="+", verbose_name=_("product")
    )
    position = models.PositiveSmallIntegerField(
        pgettext_lazy("order in a list", "position"), default=0, help_text=_("Lower comes first.")
    )
    keys = ArrayField(models.CharField(max_length=200), default=list, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("promoted result")
        verbose_name_plural = _("promoted results")
        indexes = [GinIndex(fields=["keys"], name="promoted_keys")]

    def __str__(self) -> str:
        return self.words

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the keys beside the words."""
        self.keys = list(dict.fromkeys(keys.of(phrase) for phrase in phrases(self.words)))
        super().save(*args, **kwargs)


class SearchWord(models.Model):
    """A word by which something is found: completes what is being typed, and corrects what was mistyped."""

    word = models.CharField(max_length=60, unique=True)
    keys = models.CharField(max_length=240)
    initials = models.CharField(max_length=120)

    class Meta:
        indexes = [
            GistIndex(fields=["keys"], name="search_word_keys", opclasses=["gist_trgm_ops"]),
            models.Index(fields=["keys"], name="search_word_start", opclasses=["text_pattern_ops"]),
            models.Index(fields=["initials"], name="search_word_initials", opclasses=["text_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.word


class FoundInstead(models.TextChoices):
    """What a shopper saw whose words found nothing."""

    NOTHING = "nothing", _("Nothing")
    PARTLY = "partly", _("Products for some of the words")


class EmptySearch(models.Model):
    """What was searched and not found, counted by its words alone: nobody knows who searched."""

    query = models.CharField(_("search"), max_length=60)
    language = models.CharField(_("language"), max_length=5)
    times = models.PositiveIntegerField(_("times"), default=0)
    shown = models.CharField(
        _("shown instead"), max_length=10, choices=FoundInstead.choices, default=FoundInstead.NOTHING
    )
    first_at = models.DateTimeField(_("first"))
    last_at = models.DateTimeField(_("last"))

    class Meta:
        ordering = ["-times", "-last_at"]
        verbose_name = _("search without results")
        verbose_name_plural = _("searches without results")
        constraints = [models.UniqueConstraint(fields=["query", "language"], name="empty_search_once")]
        indexes = [models.Index(F("last_at"), name="empty_search_age")]

    def __str__(self) -> str:
        return self.query
