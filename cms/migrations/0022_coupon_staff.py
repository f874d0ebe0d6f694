"""Shop staff offers and gives coupons; editors see them."""

from django.db import migrations

from cms.backoffice.groups import ensure_groups


def grant(apps, schema_editor):
    ensure_groups(models=apps)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0021_barcodes"),
        ("commerce", "0040_coupons"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
