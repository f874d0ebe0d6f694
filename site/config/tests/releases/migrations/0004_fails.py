from django.db import migrations


class Migration(migrations.Migration):
    """Half of it works: an expression divides by zero after a column was added."""

    dependencies = [("releases", "0003_index")]
    operations = [
        migrations.RunSQL("ALTER TABLE parcel ADD COLUMN height int", "ALTER TABLE parcel DROP COLUMN height"),
        migrations.RunSQL("SELECT 1 / 0", migrations.RunSQL.noop),
    ]
