"""The number that a scanner reads off a variant."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commerce", "0037_bought_together")]

    operations = [
        migrations.AddField(
            model_name="variant",
            name="barcode",
            field=models.CharField(blank=True, db_default="", default="", max_length=14),
        ),
    ]
