"""Fill the search columns of what is on sale, some hundred rows at a time, then let their indexes grow."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models, transaction

from commerce.catalog import keys

BATCH = 500


def fill(apps, schema_editor):
    """Let what is on sale be found by titles and SKUs; the nightly reconciliation adds everything else."""
    Product = apps.get_model("commerce", "Product")
    last = 0
    while rows := list(
        Product.objects.filter(pk__gt=last).order_by("pk").prefetch_related("texts", "variants")[:BATCH]
    ):
        for row in rows:
            titles = [text.title for text in row.texts.all()]
            codes = [variant.sku for variant in row.variants.all() if variant.active]
            row.search_title = keys.column([*keys.entries(titles), *(f"={keys.of(title)}=" for title in titles)])
            row.search_keys = keys.column(keys.entries([*titles, *codes]))
            row.search_initials = keys.column(keys.entries(titles, initial=True))
        with transaction.atomic():
            Product.objects.bulk_update(rows, ["search_title", "search_keys", "search_initials"])
        last = rows[-1].pk


class Migration(migrations.Migration):

    atomic = False  # shoppers buy while rows are filled and indexes grow

    dependencies = [
        ('commerce', '0016_search'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        AddIndexConcurrently(
            model_name='product',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('listed', True)), fields=['search_keys'], name='product_search_keys', opclasses=['gin_trgm_ops']),
        ),
        AddIndexConcurrently(
            model_name='product',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('listed', True)), fields=['search_initials'], name='product_search_initials', opclasses=['gin_trgm_ops']),
        ),
    ]
