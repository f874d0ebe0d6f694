"""Editors keep brands, product types and guides."""

from django.db import migrations

from cms.backoffice.groups import ensure_groups


def grant(apps, schema_editor):
    ensure_groups(models=apps)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0009_catalog_words"),
        ("commerce", "0025_catalog_model"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
