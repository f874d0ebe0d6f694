"""The number that a scanner reads off a variant."""

import cms.models.products
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cms", "0019_feed_readers")]

    operations = [
        migrations.AddField(
            model_name="productvariant",
            name="barcode",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="The number below the bars: 8, 12, 13 or 14 digits (GTIN, EAN, UPC).",
                max_length=20,
                validators=[cms.models.products.check_barcode],
                verbose_name="barcode",
            ),
        ),
    ]
