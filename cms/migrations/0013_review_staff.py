"""Shop staff judges reviews and answers questions."""

from django.db import migrations

from cms.backoffice.groups import ensure_groups


def grant(apps, schema_editor):
    ensure_groups(models=apps)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0011_collections"),
        ("commerce", "0030_voices"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
