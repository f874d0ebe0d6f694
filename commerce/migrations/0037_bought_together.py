"""What was bought with a product, beside it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commerce", "0036_feeds")]

    operations = [
        migrations.AddField(
            model_name="product",
            name="together",
            field=models.JSONField(db_default=[], default=list, editable=False),
        ),
    ]
