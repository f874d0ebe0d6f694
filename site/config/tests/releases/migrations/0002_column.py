from django.db import migrations


class Migration(migrations.Migration):
    """Takes a moment, so that two releases meet in it."""

    dependencies = [("releases", "0001_table")]
    operations = [
        migrations.RunSQL("ALTER TABLE parcel ADD COLUMN weight int", "ALTER TABLE parcel DROP COLUMN weight"),
        migrations.RunSQL("SELECT pg_sleep(0.7)", migrations.RunSQL.noop),
    ]
