"""What is for sale, as shoppers see it. Written by the publishing projection, imports and price feeds only."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q


class Category(models.Model):
    """A shelf of the shop; its key is the translation key of the page that describes it."""

    key = models.UUIDField(unique=True)
    path = models.CharField(max_length=255, unique=True)  # "tableware/bowls": the address below /c/
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    position = models.PositiveIntegerField(default=0)
    picture = models.JSONField(default=dict)  # see `Picture` in selectors
    listed = models.BooleanField(default=False)
    listed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.path


class CategoryText(models.Model):
    """A category in one language."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=5)
    title = models.CharField(max_length=255)
    intro = models.TextField(blank=True)
    seo_title = models.CharField(max_length=255, blank=True)
    seo_description = models.TextField(blank=True)
    source_version = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["category", "language"], name="category_text_once")]

    def __str__(self) -> str:
        return self.title


class Product(models.Model):
    """A product; its key is the translation key of the page on which it is written.

    `price_min`, `price_max` and `pictures` are what a card needs, kept here so that a listing reads one table.
    """

    key = models.UUIDField(unique=True)
    slug = models.CharField(max_length=255, unique=True)
    listed = models.BooleanField(default=False)
    listed_at = models.DateTimeField(null=True)  # first time on sale: the sort "new"
    price_min = models.PositiveIntegerField(default=0)  # won
    price_max = models.PositiveIntegerField(default=0)  # won
    option_names = models.JSONField(default=list)  # [{"ko": "색상", "en": "Colour"}, …]
    pictures = models.JSONField(default=list)  # see `Picture` in selectors
    rank = models.IntegerField(default=0)  # the sort "recommended": editors' order, higher first
    categories = models.ManyToManyField(Category, related_name="products")
    # What buyers think of it: a projection of published reviews, written by `ratings`.
    rating_count = models.PositiveIntegerField(default=0, db_default=0)
    rating_sum = models.PositiveIntegerField(default=0, db_default=0)  # stars of all of them
    rating_bars = models.JSONField(
        default=list, db_default=[]
    )  # reviews by stars, one star first; then those with photos
    rating_score = models.PositiveIntegerField(default=0, db_default=0)  # the sort "rating"
    # What search reads, as keys of a keyboard (see `keys`): entries with a space on either side. Written by `indexing`.
    search_title = models.TextField(default="", db_default="", editable=False)  # titles in every language
    search_keys = models.TextField(default="", db_default="", editable=False)  # titles and everything else
    search_initials = models.TextField(default="", db_default="", editable=False)  # first consonants

    class Meta:
        indexes = [
            GinIndex(
                fields=["search_keys"],
                name="product_search_keys",
                opclasses=["gin_trgm_ops"],
                condition=Q(listed=True),
                fastupdate=False,  # products change rarely, and no search reads a list of what is not sorted in yet
            ),
            GinIndex(
                fields=["search_initials"],
                name="product_search_initials",
                opclasses=["gin_trgm_ops"],
                condition=Q(listed=True),
                fastupdate=False,  # products change rarely, and no search reads a list of what is not sorted in yet
            ),
            models.Index(F("listed_at").desc(), name="product_newest", condition=Q(listed=True)),
            models.Index(fields=["price_min"], name="product_price", condition=Q(listed=True)),
            models.Index(F("rating_score").desc(), name="product_rating", condition=Q(listed=True)),
        ]

    def __str__(self) -> str:
        return self.slug


class ProductText(models.Model):
    """A product in one language; each language's page feeds its own row only."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=5)
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    keywords = models.CharField(
        max_length=255, blank=True, default="", db_default=""
    )  # found by, never shown
    body = models.TextField(blank=True)  # HTML of the story blocks, rendered when the page was published
    details = models.JSONField(
        default=list
    )  # [["소재", "백자토"], …]: what the law and shoppers want to know
    seo_title = models.CharField(max_length=255, blank=True)
    seo_description = models.TextField(blank=True)
    source_version = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "language"], name="product_text_once")]

    def __str__(self) -> str:
        return self.title


class Variant(models.Model):
    """One thing that can be bought; its key is the normalised SKU. It is switched off, never deleted."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="variants")
    sku = models.CharField(max_length=64, unique=True)
    options = models.JSONField(
        default=list
    )  # [{"ko": "백자", "en": "White"}, …] in the order of option_names
    price = models.PositiveIntegerField()  # won, VAT included
    picture = models.CharField(max_length=64, blank=True)  # the name of the picture that shows it
    weight = models.PositiveIntegerField(default=0)  # grams
    active = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sku__regex=r"^[A-Z0-9][A-Z0-9-]*$"), name="variant_sku_normalised"
            ),
            models.CheckConstraint(condition=Q(price__gt=0), name="variant_price_positive"),
        ]

    def __str__(self) -> str:
        return self.sku
