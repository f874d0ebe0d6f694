"""Let the carts and orders of a customer be found, without stopping those who buy meanwhile."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('commerce', '0020_customers'),
    ]

    operations = [
        migrations.RunSQL("ALTER TABLE commerce_cart VALIDATE CONSTRAINT commerce_cart_customer", migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TABLE commerce_order VALIDATE CONSTRAINT commerce_order_customer", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='cart',
            index=models.Index(condition=models.Q(('customer__isnull', False)), fields=['customer'], name='cart_of_customer'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('customer__isnull', False)), fields=['customer', '-placed_at'], name='order_of_customer'),
        ),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY cart_one_open_each ON commerce_cart (customer_id)"
            " WHERE customer_id IS NOT NULL AND ordered_at IS NULL",
            "DROP INDEX CONCURRENTLY cart_one_open_each",
            state_operations=[
                migrations.AddConstraint(
                    model_name='cart',
                    constraint=models.UniqueConstraint(condition=models.Q(('customer__isnull', False), ('ordered_at', None)), fields=('customer',), name='cart_one_open_each'),
                ),
            ],
        ),
    ]
