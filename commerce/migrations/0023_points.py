"""Points: a ledger that is only added to. The database keeps balances and lots in step with it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


LEDGER = """
CREATE FUNCTION commerce_points_are_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an entry of points is never changed or deleted: write another one'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER points_entry_is_for_ever BEFORE UPDATE OR DELETE ON commerce_pointsentry
FOR EACH ROW EXECUTE FUNCTION commerce_points_are_for_ever();
CREATE TRIGGER points_use_is_for_ever BEFORE UPDATE OR DELETE ON commerce_pointsuse
FOR EACH ROW EXECUTE FUNCTION commerce_points_are_for_ever();

CREATE FUNCTION commerce_points_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE commerce_pointsaccount SET balance = balance + NEW.amount WHERE id = NEW.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER points_balance AFTER INSERT ON commerce_pointsentry
FOR EACH ROW EXECUTE FUNCTION commerce_points_balance();

CREATE FUNCTION commerce_points_lot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lot commerce_pointsentry;
    entry commerce_pointsentry;
BEGIN
    SELECT * INTO STRICT lot FROM commerce_pointsentry WHERE id = NEW.lot_id;
    SELECT * INTO STRICT entry FROM commerce_pointsentry WHERE id = NEW.entry_id;
    PERFORM 1 FROM commerce_pointsaccount WHERE id = lot.account_id FOR UPDATE;
    IF lot.account_id <> entry.account_id OR lot.amount <= 0 OR entry.amount >= 0 THEN
        RAISE EXCEPTION 'points go from a lot of the same account' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.amount + (SELECT coalesce(sum(amount), 0) FROM commerce_pointsuse WHERE lot_id = NEW.lot_id) > lot.amount THEN
        RAISE EXCEPTION 'a lot of points holds no more than came' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER points_lot BEFORE INSERT ON commerce_pointsuse
FOR EACH ROW EXECUTE FUNCTION commerce_points_lot()
"""
NO_LEDGER = """
DROP TRIGGER points_lot ON commerce_pointsuse;
DROP FUNCTION commerce_points_lot();
DROP TRIGGER points_balance ON commerce_pointsentry;
DROP FUNCTION commerce_points_balance();
DROP TRIGGER points_use_is_for_ever ON commerce_pointsuse;
DROP TRIGGER points_entry_is_for_ever ON commerce_pointsentry;
DROP FUNCTION commerce_points_are_for_ever()
"""


class Migration(migrations.Migration):

    dependencies = [
        ('commerce', '0022_privacy'),
    ]

    operations = [
        migrations.CreateModel(
            name='PointsAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('balance', models.BigIntegerField(default=0)),
                ('customer', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='points', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PointsEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('earned', 'Earned with a purchase'), ('clawed_back', 'Taken back after a refund'), ('expired', 'Expired'), ('forfeited', 'Given up by leaving')], max_length=12)),
                ('amount', models.BigIntegerField()),
                ('cause', models.CharField(max_length=40)),
                ('base', models.PositiveBigIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='commerce.pointsaccount')),
                ('order', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commerce.order')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PointsUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.PositiveBigIntegerField()),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='commerce.pointsentry')),
                ('lot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='commerce.pointsentry')),
            ],
        ),
        migrations.AddConstraint(
            model_name='pointsaccount',
            constraint=models.CheckConstraint(condition=models.Q(('balance__gte', 0)), name='points_never_below_zero'),
        ),
        migrations.AddIndex(
            model_name='pointsentry',
            index=models.Index(condition=models.Q(('amount__gt', 0)), fields=['expires_at'], name='points_expiry'),
        ),
        migrations.AddConstraint(
            model_name='pointsentry',
            constraint=models.UniqueConstraint(fields=('account', 'cause'), name='points_once_per_cause'),
        ),
        migrations.AddConstraint(
            model_name='pointsentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('expires_at__isnull', False), ('kind', 'earned')), models.Q(models.Q(('kind', 'earned'), _negated=True), ('amount__lt', 0), ('expires_at', None)), _connector='OR'), name='points_come_or_go'),
        ),
        migrations.AddConstraint(
            model_name='pointsuse',
            constraint=models.UniqueConstraint(fields=('lot', 'entry'), name='points_use_once'),
        ),
        migrations.AddConstraint(
            model_name='pointsuse',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='points_use_positive'),
        ),
        migrations.RunSQL(LEDGER, NO_LEDGER),
    ]
