"""Every shop can send a parcel from the first minute; staff change fee and threshold in the admin."""

from django.db import migrations


def create(apps, schema_editor):
    apps.get_model("commerce", "ShippingMethod").objects.get_or_create(
        code="parcel",
        defaults={
            "name_ko": "택배",
            "name_en": "Parcel",
            "fee": 3000,
            "free_from": 50000,
            "days_min": 1,
            "days_max": 3,
        },
    )


class Migration(migrations.Migration):
    dependencies = [("commerce", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
