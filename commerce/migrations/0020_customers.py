"""Carts and orders know their customer, who keeps addresses."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def known_by(table, on_delete):
    """Add the column at once; that old rows fulfil the foreign key, which are all empty, is checked later."""
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} ADD COLUMN customer_id bigint NULL",
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_customer FOREIGN KEY (customer_id)"
            " REFERENCES commerce_user (id) DEFERRABLE INITIALLY DEFERRED NOT VALID",
        ],
        [f"ALTER TABLE {table} DROP COLUMN customer_id"],
        state_operations=[on_delete],
    )


class Migration(migrations.Migration):

    dependencies = [
        ('commerce', '0018_accounts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipient_name', models.CharField(max_length=60, verbose_name='recipient')),
                ('recipient_phone', models.CharField(max_length=13, verbose_name="recipient's phone")),
                ('postcode', models.CharField(max_length=5, verbose_name='postcode')),
                ('address1', models.CharField(max_length=200, verbose_name='address')),
                ('address2', models.CharField(blank=True, max_length=200, verbose_name='address detail')),
                ('delivery_note', models.CharField(blank=True, max_length=100, verbose_name='delivery request')),
                ('is_default', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-is_default', '-pk'],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('customer',), name='address_one_default'),
                    models.CheckConstraint(condition=models.Q(('postcode__regex', '^[0-9]{5}$')), name='address_postcode_digits'),
                ],
            },
        ),
        known_by('commerce_cart', migrations.AddField(
            model_name='cart',
            name='customer',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='carts', to=settings.AUTH_USER_MODEL),
        )),
        known_by('commerce_order', migrations.AddField(
            model_name='order',
            name='customer',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='orders', to=settings.AUTH_USER_MODEL, verbose_name='customer'),
        )),
    ]
