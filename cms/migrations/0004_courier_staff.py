"""Shop staff works with couriers."""

from django.db import migrations

from cms.backoffice.groups import ensure_groups


def grant(apps, schema_editor):
    ensure_groups(models=apps)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0003_shop_staff"),
        ("commerce", "0008_fulfilment"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
