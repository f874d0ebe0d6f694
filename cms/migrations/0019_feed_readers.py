"""Editors and shop staff see where product feeds are read."""

from django.db import migrations

from cms.backoffice.groups import ensure_groups


def grant(apps, schema_editor):
    ensure_groups(models=apps)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0018_landing_and_look"),
        ("commerce", "0036_feeds"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
