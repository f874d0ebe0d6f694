"""Write down by which values everything on sale can be found, some hundred products at a time."""

from django.db import migrations

from commerce.catalog import projecting


def fill(apps, schema_editor):
    """Project what is on sale; only columns that exist by now are read, and a second run changes nothing."""
    projecting.project_all()


class Migration(migrations.Migration):

    atomic = False  # each batch is a transaction of its own: shoppers wait for none

    dependencies = [
        ('commerce', '0027_catalog_indexes'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
