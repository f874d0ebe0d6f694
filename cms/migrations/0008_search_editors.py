"""Editors teach the search and read what it could not find."""

from django.db import migrations

from cms.backoffice.groups import ensure_groups


def grant(apps, schema_editor):
    ensure_groups(models=apps)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0007_search_words"),
        ("commerce", "0016_search"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
