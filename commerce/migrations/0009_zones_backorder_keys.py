"""Remote areas, units sold before they are here, keys of requests, and a ledger that nobody can rewrite."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


JEJU = "63000-63644"
ISLANDS = """
22386-22388 23004-23010 23100-23116 23124-23136 31708 32133 33411 40200-40240 46768-46771 52570-52571 53031-53033
53089-53104 54000 56347-56349 57068-57069 58760-58762 58800-58810 58816-58818 58826 58828-58866 58953-58958
59102-59103 59106 59127 59129 59137-59166 59650 59766 59781-59790
"""  # what couriers publish; staff corrects it in the admin

# What was promised beyond the shelf becomes owed: the newest promises first, as they were made last.
SPLIT = """
UPDATE commerce_stockitem SET owed = greatest(reserved - on_hand, 0), reserved = least(reserved, on_hand);
UPDATE commerce_reservation r SET owed = least(r.quantity, greatest(0, w.owed - w.newer))
FROM (SELECT r.id, i.owed, coalesce(sum(r.quantity) OVER (
          PARTITION BY r.item_id ORDER BY r.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS newer
      FROM commerce_reservation r JOIN commerce_stockitem i ON i.id = r.item_id
      WHERE r.state = 'held' AND i.owed > 0) w
WHERE w.id = r.id
"""
# The ledger says all of it: one opening movement for what it did not know before.
OPENING = """
INSERT INTO commerce_stockmovement (item_id, kind, on_hand_difference, reserved_difference, owed_difference,
                                    limit_difference, reference, reason, actor, at)
SELECT id, 'terms', 0, -owed, owed, backorder_limit, '', 'opening', 'system', now()
FROM commerce_stockitem WHERE owed > 0 OR backorder_limit > 0
"""
CHECKED = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"  # a table with open checks cannot be altered
FOR_EVER = """
CREATE FUNCTION commerce_movement_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a stock movement is never changed or deleted: write another one'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER movement_is_for_ever BEFORE UPDATE OR DELETE ON commerce_stockmovement
FOR EACH ROW EXECUTE FUNCTION commerce_movement_is_for_ever()
"""
NOT_FOR_EVER = """
DROP TRIGGER movement_is_for_ever ON commerce_stockmovement;
DROP FUNCTION commerce_movement_is_for_ever()
"""


def first_zones(apps, schema_editor):
    zones, ranges = apps.get_model("commerce", "ShippingZone"), apps.get_model("commerce", "PostcodeRange")
    for position, (ko, en, surcharge, text) in enumerate(
        (("제주", "Jeju", 3_000, JEJU), ("도서 산간", "Islands", 5_000, ISLANDS))
    ):
        zone = zones.objects.create(name_ko=ko, name_en=en, surcharge=surcharge, position=position)
        for part in text.split():
            first, _, last = part.partition("-")
            ranges.objects.create(zone=zone, first=int(first), last=int(last or first))
    schema_editor.execute(CHECKED)  # indexes are made after this


class Migration(migrations.Migration):

    dependencies = [
        ('commerce', '0008_fulfilment'),
    ]

    operations = [
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(max_length=80)),
                ('key', models.CharField(max_length=255)),
                ('fingerprint', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('in_flight', 'in flight'), ('done', 'done')], default='in_flight', max_length=10)),
                ('work', models.UUIDField()),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('body', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('claimed_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='PostcodeRange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.PositiveIntegerField()),
                ('last', models.PositiveIntegerField()),
            ],
            options={
                'ordering': ['first'],
            },
        ),
        migrations.CreateModel(
            name='ShippingZone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_ko', models.CharField(max_length=40, verbose_name='name (Korean)')),
                ('name_en', models.CharField(max_length=40, verbose_name='name (English)')),
                ('surcharge', models.PositiveIntegerField(verbose_name='surcharge')),
                ('free_from', models.PositiveIntegerField(blank=True, null=True, verbose_name='no surcharge from')),
                ('active', models.BooleanField(default=True, verbose_name='active')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
            ],
            options={
                'verbose_name': 'shipping zone',
                'verbose_name_plural': 'shipping zones',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='stockitem',
            name='stock_not_oversold',
        ),
        migrations.RemoveConstraint(
            model_name='stockmovement',
            name='movement_moves_something',
        ),
        migrations.AddField(
            model_name='order',
            name='shipping_surcharge',
            field=models.PositiveBigIntegerField(default=0, verbose_name='surcharge'),
        ),
        migrations.AddField(
            model_name='orderline',
            name='late',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='orderline',
            name='ships_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='payment',
            name='window_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='reservation',
            name='owed',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='stockitem',
            name='doubt',
            field=models.CharField(blank=True, max_length=200, verbose_name='in doubt'),
        ),
        migrations.AddField(
            model_name='stockitem',
            name='owed',
            field=models.PositiveIntegerField(default=0, verbose_name='owed'),
        ),
        migrations.AddField(
            model_name='stockitem',
            name='ships_on',
            field=models.DateField(blank=True, null=True, verbose_name='ships on'),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='limit_difference',
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='owed_difference',
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name='stockmovement',
            name='ships_on',
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name='stockmovement',
            name='kind',
            field=models.CharField(choices=[('received', 'received'), ('reserved', 'reserved'), ('released', 'released'), ('sold', 'sold'), ('returned', 'returned'), ('adjusted', 'adjusted'), ('filled', 'given to a waiting order'), ('terms', 'backorder terms')], max_length=10),
        ),
        migrations.AddIndex(
            model_name='reservation',
            index=models.Index(condition=models.Q(('owed__gt', 0)), fields=['item', 'id'], name='reservation_waiting'),
        ),
        migrations.RunSQL(SPLIT, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('shipping_surcharge__lte', models.F('shipping_total'))), name='order_surcharge_is_shipping'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('late__lte', models.F('quantity'))), name='order_line_late'),
        ),
        migrations.AddConstraint(
            model_name='reservation',
            constraint=models.CheckConstraint(condition=models.Q(('owed__lte', models.F('quantity'))), name='reservation_owes_its_own'),
        ),
        migrations.AddConstraint(
            model_name='stockitem',
            constraint=models.CheckConstraint(condition=models.Q(('reserved__lte', models.F('on_hand'))), name='stock_not_oversold'),
        ),
        migrations.AddConstraint(
            model_name='stockitem',
            constraint=models.CheckConstraint(condition=models.Q(('owed__lte', models.F('backorder_limit'))), name='stock_not_overowed'),
        ),
        migrations.AddConstraint(
            model_name='stockmovement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('limit_difference', 0), ('on_hand_difference', 0), ('owed_difference', 0), ('reserved_difference', 0), _negated=True), ('kind__in', ['terms', 'sold']), _connector='OR'), name='movement_moves_something'),
        ),
        migrations.AddIndex(
            model_name='idempotencykey',
            index=models.Index(fields=['expires_at'], name='idempotency_expiry'),
        ),
        migrations.AddConstraint(
            model_name='idempotencykey',
            constraint=models.UniqueConstraint(fields=('scope', 'key'), name='idempotency_key_once'),
        ),
        migrations.AddConstraint(
            model_name='idempotencykey',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'in_flight'), ('status__isnull', False), _connector='OR'), name='idempotency_done_is_answered'),
        ),
        migrations.AddField(
            model_name='postcoderange',
            name='zone',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ranges', to='commerce.shippingzone'),
        ),
        migrations.AddConstraint(
            model_name='postcoderange',
            constraint=models.CheckConstraint(condition=models.Q(('first__lte', models.F('last')), ('last__lte', 99999)), name='postcode_range_in_order'),
        ),
        migrations.AddConstraint(
            model_name='postcoderange',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('first'), models.F('last'), django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True), function='int4range'), '&&')], name='postcode_in_one_zone'),
        ),
        migrations.RunSQL(OPENING, migrations.RunSQL.noop),
        migrations.RunSQL(CHECKED, migrations.RunSQL.noop),
        migrations.RunSQL(FOR_EVER, NOT_FOR_EVER),
        migrations.RunPython(first_zones, migrations.RunPython.noop),
    ]
