"""Products are found by their whole title without reading all that have its words."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("commerce", "0040_coupons")]

    operations = [
        AddIndexConcurrently(
            model_name="product",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("search_title"), models.Value("="), function="string_to_array"),
                condition=models.Q(("listed", True)),
                fastupdate=False,
                name="product_full_titles",
            ),
        ),
    ]
