"""The group of people who run the shop."""

from django.db import migrations

from cms.backoffice.groups import ensure_groups


def grant(apps, schema_editor):
    ensure_groups(models=apps)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0002_who_may_publish"),
        ("commerce", "0003_back_office"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
