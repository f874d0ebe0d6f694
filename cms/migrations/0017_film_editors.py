"""Editors keep films."""

from django.db import migrations

from cms.backoffice.groups import ensure_groups


def grant(apps, schema_editor):
    ensure_groups(models=apps)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0016_films"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
