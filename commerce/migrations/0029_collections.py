"""Collections: shelves that fill themselves."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('commerce', '0028_fill_facets'),
    ]

    operations = [
        migrations.AddField(
            model_name='category',
            name='collection',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='category',
            name='rule',
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
