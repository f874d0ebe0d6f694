"""No two variants on sale have the same barcode."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("commerce", "0038_barcodes")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY variant_barcode_once ON commerce_variant (barcode) "
                    "WHERE (active AND NOT (barcode = ''))",
                    "DROP INDEX CONCURRENTLY IF EXISTS variant_barcode_once",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="variant",
                    constraint=models.UniqueConstraint(
                        fields=["barcode"],
                        condition=models.Q(active=True) & ~models.Q(barcode=""),
                        name="variant_barcode_once",
                    ),
                ),
            ],
        ),
    ]
