"""Sort listings by rating without reading every product."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("commerce", "0030_voices")]

    operations = [
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(
                models.F("rating_score").desc(), condition=models.Q(listed=True), name="product_rating"
            ),
        ),
    ]
