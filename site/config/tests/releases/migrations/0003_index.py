from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("releases", "0002_column")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY parcel_weight ON parcel (weight)",
            "DROP INDEX CONCURRENTLY parcel_weight",
        )
    ]
