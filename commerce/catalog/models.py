"""What is for sale, as shoppers see it. Written by the publishing projection, imports and price feeds only."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value


class Category(models.Model):
    """A shelf of the shop; its key is the translation key of the page that describes it."""

    key = models.UUIDField(unique=True)
    path = models.CharField(max_length=255, unique=True)  # "tableware/bowls": the address below /c/
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    position = models.PositiveIntegerField(default=0)
    picture = models.JSONField(default=dict)  # see `Picture` in selectors
    collection = models.BooleanField(default=False, db_default=False)  # it fills itself, by `rule`
    rule = models.JSONField(default=dict, db_default={})  # see `collections`
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
    brand = models.JSONField(default=dict, db_default={})  # {"key": "maru", "ko": "마루", "en": "Maru"}
    attributes = models.JSONField(default=list, db_default=[])  # see `attributes.stored`
    notice = models.CharField(
        max_length=20, blank=True, default="", db_default=""
    )  # a key of `notices.KINDS`
    badges = models.JSONField(default=list, db_default=[])  # editors' own: [{"ko": …, "en": …}]
    made_to_order = models.BooleanField(default=False, db_default=False)
    related = models.JSONField(default=dict, db_default={})  # {"similar": [keys], "matching": [keys]}
    # Keys of what was bought together with it, most often first: written every night by `commerce.sales.together`.
    together = models.JSONField(default=list, db_default=[], editable=False)
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
            GinIndex(
                Func(F("search_title"), Value("="), function="string_to_array"),
                name="product_full_titles",
                condition=Q(listed=True),
                fastupdate=False,
            ),
            models.Index(F("listed_at").desc(), name="product_newest", condition=Q(listed=True)),
            models.Index(fields=["price_min"], name="product_price", condition=Q(listed=True)),
            models.Index(F("rating_score").desc(), name="product_rating", condition=Q(listed=True)),
            models.Index(
                F("rank").desc(),
                F("listed_at").desc(),
                F("id").desc(),
                name="product_recommended",
                condition=Q(listed=True),
            ),
            models.Index(
                F("price_max").desc(), F("id").desc(), name="product_dearest", condition=Q(listed=True)
            ),
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
    notice = models.JSONField(default=dict, db_default={})  # {"material": "백자토"}: rows of `notices.KINDS`
    guides = models.JSONField(default=list, db_default=[])  # [{"kind": "care", "title": …, "body": HTML}]
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
    price = models.PositiveIntegerField()  # won, VAT included: the regular one
    # What it costs now is `prices.effective`, a function of time. `price_told` is the one of which everybody was told:
    # listings are sorted and narrowed by it, and `pricing.settle` moves it when a window opens or closes.
    price_told = models.PositiveIntegerField(null=True)
    sale_price = models.PositiveIntegerField(null=True)  # won
    sale_from = models.DateTimeField(null=True)  # at once when there is none
    sale_until = models.DateTimeField(null=True)  # until further notice when there is none
    barcode = models.CharField(
        max_length=14, blank=True, default="", db_default=""
    )  # a GTIN, see `barcodes`; nothing where it has none
    content = models.PositiveIntegerField(null=True)  # how much is in it, in `content_unit`: 250 (ml)
    content_unit = models.CharField(
        max_length=4, blank=True, default="", db_default=""
    )  # a key of `units.UNITS`
    picture = models.CharField(max_length=64, blank=True)  # the name of the picture that shows it
    weight = models.PositiveIntegerField(default=0)  # grams
    active = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["barcode"], condition=Q(active=True) & ~Q(barcode=""), name="variant_barcode_once"
            ),
            models.CheckConstraint(
                condition=Q(sku__regex=r"^[A-Z0-9][A-Z0-9-]*$"), name="variant_sku_normalised"
            ),
            models.CheckConstraint(condition=Q(price__gt=0), name="variant_price_positive"),
            models.CheckConstraint(
                condition=Q(sale_price__isnull=True) | Q(sale_price__gt=0, sale_price__lt=F("price")),
                name="variant_sale_is_cheaper",
            ),
            models.CheckConstraint(
                condition=Q(sale_from__isnull=True)
                | Q(sale_until__isnull=True)
                | Q(sale_from__lt=F("sale_until")),
                name="variant_sale_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["product"], name="variant_on_sale", condition=Q(sale_price__isnull=False))
        ]

    def __str__(self) -> str:
        return self.sku


class PriceChange(models.Model):
    """What a variant costs from a moment on, for ever: a trigger refuses to change or delete it."""

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="price_changes")
    price = models.PositiveIntegerField()  # won: what a shopper pays
    regular = models.PositiveIntegerField()  # won
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["variant", "-at"], name="price_history")]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.price}"


class FacetValue(models.Model):
    """Something by which listings can be narrowed, as it is written somewhere: products know it by number.

    A value that is spelt in two ways in another language has two rows; counts add them up.
    """

    facet = models.CharField(max_length=80)  # "option:색상", "brand", "attribute:material"
    value = models.CharField(max_length=120)  # "백자", "maru", "white"
    names = models.JSONField(default=dict)  # of the facet: {"ko": "색상", "en": "Colour"}
    labels = models.JSONField(default=dict)  # of the value
    spelling = models.CharField(max_length=64)  # a digest of names and labels

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facet", "value", "spelling"], name="facet_value_once")
        ]

    def __str__(self) -> str:
        return f"{self.facet}: {self.value}"


class ProductFacets(models.Model):
    """Every facet value of a product on sale, by number: written by `projecting`, read by `facets`.

    Narrow on purpose: a listing counts tens of thousands of these rows.
    """

    product = models.OneToOneField(
        Product, on_delete=models.CASCADE, primary_key=True, related_name="facets", db_index=False
    )
    shared = ArrayField(models.IntegerField())  # what all of its variants have: brand, attributes
    every = ArrayField(models.IntegerField())  # those and what some variant has
    places = ArrayField(models.SmallIntegerField())  # where each of `every` stands within the product

    class Meta:
        indexes = [GinIndex(fields=["shared"], name="product_facets_shared", fastupdate=False)]

    def __str__(self) -> str:
        return str(self.product_id)


class VariantFacets(models.Model):
    """The facet values of a variant on sale that its siblings may not have: options, price band, reduced or not."""

    variant = models.OneToOneField(
        Variant, on_delete=models.CASCADE, primary_key=True, related_name="facets", db_index=False
    )
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variant_facets")
    own = ArrayField(models.IntegerField())

    class Meta:
        indexes = [GinIndex(fields=["own"], name="variant_facets_own", fastupdate=False)]

    def __str__(self) -> str:
        return str(self.variant_id)
