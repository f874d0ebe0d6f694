"""Indexes by which listings are sorted and the clock finds what is on sale, grown while shoppers buy."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('commerce', '0026_price_history'),
    ]

    operations = [
        ValidateConstraint(model_name='variant', name='variant_sale_is_cheaper'),
        ValidateConstraint(model_name='variant', name='variant_sale_ends_after_it_begins'),
        AddIndexConcurrently(
            model_name='product',
            index=models.Index(models.OrderBy(models.F('rank'), descending=True), models.OrderBy(models.F('listed_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('listed', True)), name='product_recommended'),
        ),
        AddIndexConcurrently(
            model_name='product',
            index=models.Index(models.OrderBy(models.F('price_max'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('listed', True)), name='product_dearest'),
        ),
        AddIndexConcurrently(
            model_name='variant',
            index=models.Index(condition=models.Q(('sale_price__isnull', False)), fields=['product'], name='variant_on_sale'),
        ),
    ]
